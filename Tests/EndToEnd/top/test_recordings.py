"""Recordings: made, replayed, sought, checked."""
import gzip
import json
import os
import re
import time

from support.checks import contains, expect, lacks, same
from support.recordings import recording_of, six_minutes
from support.terminal import Patience, run_top


def test_record_and_replay(open_screen, watch, folder):
    """What is recorded can be replayed, faster too."""
    path = os.path.join(folder, "recording.jsonl")
    gateway, screen = watch("--record", path)
    time.sleep(2)
    screen.keys("q")
    screen.wait_for("ready>")
    with open(path) as file:
        first = json.loads(file.readline())
    same(first["t"], "recording", "the first line")
    done = run_top("--replay", path, "--speed", "100", "--once")
    same(done.returncode, 0, "exit code")
    contains(done.stdout, "user_service", "order_service")
    screen = open_screen()
    screen.start("--replay", path, "--speed", "2")
    screen.wait_for("replay", within=2)
    screen.wait_for("order_service", within=3)
    screen.keys("Space")
    screen.keys("q")
    screen.wait_for("ready>", within=3)


def test_record_in_the_middle(start_gateway, open_screen, folder):
    """R in the middle of a session records a hello and a snapshot first, and the header shows how it grows."""
    gateway = start_gateway(burst=200)
    screen = open_screen()
    recorded = os.path.join(folder, "recorded")
    os.makedirs(recorded)
    screen.type(f"cd {recorded}")
    screen.start(gateway.address)
    screen.wait_for("order_service", within=3)
    time.sleep(0.6)
    screen.keys("R")
    screen.wait_for(r"rec \d", within=3)
    sizes = set()
    deadline = time.time() + Patience.of(6)
    while len(sizes) < 3:
        sizes.update(re.findall(r"rec ([\d.]+[BKM]?)", screen.lines()[0]))
        if time.time() > deadline:
            raise AssertionError(f"the size does not grow: {sizes}")
        time.sleep(0.1)
    screen.keys("R")
    screen.wait_for("recorded .* to genapi-", within=3)
    lacks(screen.lines()[0], "rec ")
    screen.keys("q")
    path = os.path.join(recorded, os.listdir(recorded)[0])
    same(oct(os.stat(path).st_mode & 0o777), "0o600", "mode")
    with open(path) as file:
        kinds = [json.loads(line)["t"] for line in file]
    same(kinds[:3], ["recording", "hello", "snapshot"], "the first lines")
    done = run_top("--replay", path, "--speed", "100", "--once")
    contains(done.stdout, "order_service", "1/1 gateway")


def test_compressed(folder):
    """Recordings may be compressed, and one that is cut off is replayed as far as it goes."""
    plain, packed = recording_of(2), recording_of(2, "gz")
    with open(packed, "rb") as file:
        data = file.read()
    same(data[:2], b"\x1f\x8b", "the first bytes")
    lines = gzip.decompress(data).decode().splitlines()
    same([json.loads(line)["t"] for line in lines[:3]], ["recording", "hello", "snapshot"], "the first lines")
    for path in (plain, packed):
        done = run_top("--replay", path, "--speed", "100", "--once")
        same(done.returncode, 0, f"exit code ({done.stderr})")
        same(done.stderr, "", "standard error")
        contains(done.stdout, "order_service")
        same(oct(os.stat(path).st_mode & 0o777), "0o600", "mode")
    cut = os.path.join(folder, "cut.jsonl.gz")
    with open(cut, "wb") as file:
        file.write(data[:len(data) - 60])
    done = run_top("--replay", cut, "--speed", "100", "--once")
    same(done.returncode, 0, "exit code")
    contains(done.stdout, "order_service")
    contains(done.stderr, "cut off")
    # Its checksum is wrong: all of it was read, and it is not what was written.
    wrong = os.path.join(folder, "wrong.jsonl.gz")
    with open(wrong, "wb") as file:
        file.write(data[:-8] + bytes(byte ^ 0x55 for byte in data[-8:]))
    for arguments in (["--once"], ["--once", "--json"]):
        done = run_top("--replay", wrong, "--speed", "100", *arguments)
        same(done.returncode, 1, "exit code")
        contains(done.stdout, "order_service")
        contains(done.stderr, "wrong.jsonl.gz on: incorrect data check")
    done = run_top("events", "--replay", wrong)
    same(done.returncode, 1, "exit code of events")
    contains(done.stdout, "order_service")
    contains(done.stderr, "wrong.jsonl.gz on: incorrect data check")
    done = run_top("check", "no node down", "--replay", wrong)
    same(done.returncode in (1, 2), True, "exit code of check, which is not that it held")
    lacks(done.stderr + done.stdout, "<fd")


def test_what_was_skipped(folder):
    """A replay says what it skipped, also without a screen; what it cannot show is an error."""
    path = six_minutes()
    with open(path) as file:
        lines = file.readlines()
    bad = os.path.join(folder, "bad.jsonl")
    with open(bad, "w") as file:
        file.writelines(lines[:50] + ["not a frame \x1b[2J\n"] + lines[50:])
    for arguments in (["--once"], ["--once", "--json"], ["--screenshot", os.path.join(folder, "bad.txt")]):
        done = run_top("--replay", bad, "--speed", "100", "--after", "6s", *arguments)
        # What was printed is of a part: a script sees that.
        same(done.returncode, 1, f"exit code ({done.stderr})")
        contains(done.stderr, "bad.jsonl line 51 is no frame")
        lacks(done.stderr, "\x1b")
    done = run_top("events", "--replay", bad, "--json")
    same(done.returncode, 1, f"exit code of events ({done.stderr})")
    contains(done.stderr, "bad.jsonl line 51 is no frame")
    done = run_top("--replay", path, "--once", "--from", "10m")
    same(done.returncode, 2, "exit code")
    contains(done.stderr, "--from 10m: .* is (5m|359s|5\\.9m|6m) long|is .* long")
    done = run_top("--replay", folder, "--once")
    same(done.returncode, 2, "exit code")
    contains(done.stderr, "it is a folder")
    done = run_top("--replay", path, "--once", "--from", "4m")
    same(done.returncode, 0, f"exit code ({done.stderr})")


def test_a_recording_without_numbers(folder):
    """A recording that is over without any numbers is told so at once: nobody waits for more of it."""
    with open(six_minutes()) as file:
        header = file.readline()
    for name, text in [("header", header), ("hello", header + '{"t":"rec","at":1,"target":"a:1","x":1}\n')]:
        path = os.path.join(folder, f"{name}.jsonl")
        with open(path, "w") as file:
            file.write(text)
        begun = time.monotonic()
        done = run_top("--replay", path, "--once")
        expect(time.monotonic() - begun < 4, "it waited for a gateway that a recording does not have")
        same(done.returncode, 1, f"exit code ({done.stderr})")
        contains(done.stderr, "the recording has no numbers to show")


def test_a_recording_that_has_ended(open_screen):
    """A recording that has ended does not say live."""
    path = recording_of(1)
    done = run_top("--replay", path, "--speed", "100", "--once", "--after", "1s")
    contains(done.stdout.splitlines()[0], "ended")
    lacks(done.stdout.splitlines()[0], "live")
    screen = open_screen()
    screen.start("--replay", path, "--speed", "50")
    screen.wait_for("ended", within=5)
    lacks(screen.lines()[0], "live")
    screen.keys("q")


def test_check_and_events_of_recordings(start_gateway, folder):
    """check tells nothing before it has watched all it is asked about, events and check read recordings."""
    gateway = start_gateway()
    begun = time.time()
    done = run_top("check", "p99 < 60s", gateway.address)
    same(done.returncode, 0, f"a healthy gateway ({done.stdout}{done.stderr})")
    if time.time() - begun < 9:
        raise AssertionError("it was told before ten seconds were watched")
    done = run_top("check", "no breaker open(nosuch)", gateway.address, "--json")
    same((done.returncode, json.loads(done.stdout)["held"]), (2, None), "what is not there cannot be told")
    gateway.stop()
    done = run_top("check", "p99 < 60s", gateway.address)
    same(done.returncode, 2, "without its gateway nothing can be told")
    path = os.path.join(folder, "checked.jsonl")
    with open(path, "w") as file:
        def line(**fields):
            file.write(json.dumps(fields) + "\n")
        def totals(count):
            return dict(requests=count, ok=count, failed=0, exceptions=0, rejected=0, in_flight=0, invalid=0, retries=0,
                        events_emitted=count, events_dropped=0, events={})
        line(t="recording", proto=1, started_at=1_000_000, targets=["gw1:4710"])
        line(t="snapshot", at=1_000_000, seq=0, totals=totals(0))
        for second in range(2, 32):
            count = second - 1
            line(t="event", seq=count, at=second * 1_000_000 - 1, name="phoenix_gen_api.executor.request.stop", m={}, d={})
            line(t="state", at=second * 1_000_000, seq=count, totals=totals(count), series=[dict(
                service="s", request_type="t", requests=count, outcomes=dict(ok=count), retries=0, max_us=50,
                latency=dict(sum=50 * count, buckets=[[50, count]]))])
    for rule, code in (("p99 < 80us", 0), ("p99 < 40us", 1), ("p99 < 80us over 1m", 2), ("p99(other) < 1s", 2)):
        same(run_top("check", rule, "--replay", path).returncode, code, rule)
    seen = json.loads(run_top("check", "p99 < 80us", "--replay", path, "--json").stdout)["seen"][0]
    same((seen["last_us"], seen["lowest_us"], seen["highest_us"]), (50, 50, 50), "numbers with their unit")
    done = run_top("events", "--replay", path, "--json")
    same((done.returncode, len(done.stdout.splitlines())), (0, 30), "the events of a recording")
    same(run_top("events", "--replay", path, "--count", "3").stdout.count("\n"), 3, "three events of it")
    same(run_top("events", "--replay", "/nowhere").returncode, 2, "a recording that is not there")


def test_seeking(open_screen):
    """A replay starts later with --from, and is sought to and fro."""
    screen, path = open_screen(), six_minutes()
    screen.start("--replay", path, "--from", "4m", "--speed", "0.1")
    screen.wait_for("order_service", within=5)
    screen.keys("w", "w", "w")
    screen.wait_for(r"order_service.* 0\.0 ", within=3)
    # Four minutes are read in a moment: until the clock is where the replay begins.
    with open(path) as file:
        begun = json.loads(file.readline())["started_at"] / 1e6
    clocks = "|".join(time.strftime("%H:%M:%S", time.localtime(begun + second)) for second in (239, 240, 241))
    screen.wait_for(f"playing.*({clocks})")
    screen.keys("[", "[", "[")
    screen.wait_for(r"paused, (2m5\ds|3m(\ds)?) back", within=3)
    screen.wait_for(r"order_service.* [345]\d\.\d ", within=3)
    screen.keys("]", "]", "]")
    screen.wait_for(r"paused, 0s back", within=3)
    before = screen.lines()[0].split()[-1]
    screen.keys("]")
    deadline = time.time() + Patience.of(3)
    while screen.lines()[0].split()[-1] == before:
        if time.time() > deadline:
            raise AssertionError("the recording was not read on")
        time.sleep(0.05)
    screen.shows(r"paused, 0s back")


def test_what_happened_five_minutes_ago(open_screen):
    """Journey: what happened five minutes ago."""
    path = six_minutes()
    screen = open_screen()
    screen.start("--replay", path, "--speed", "100")
    screen.keys("w", "w", "w")
    screen.wait_for("Requests 10s", within=3)
    # The recording's six minutes take four seconds.
    screen.wait_for(r"order_service.* [345]\d\.\d ", within=6)
    screen.wait_for(r"order_service.* 0\.0 ", within=6)
    screen.wait_for(r"ended", within=10)
    screen.keys("Space")
    screen.wait_for("paused", within=3)
    for _ in range(30):
        screen.keys("S-Left")
    screen.wait_for(r"paused, (4m5\ds|5m(\ds)?) back", within=5)
    screen.wait_for(r"order_service.* [345]\d\.\d ", within=3)
    screen.wait_for(r"breaker\.open", within=3)
    # To the newest moment, to the oldest kept and back.
    screen.keys("End")
    screen.wait_for(r"paused, 0s back", within=3)
    screen.wait_for(r"order_service.* 0\.0 ", within=3)
    screen.keys("Home")
    screen.wait_for(r"paused, (5m5\ds|6m(\d+s)?) back", within=3)
    screen.keys("End", "C-Left")
    screen.wait_for(r"paused, 10s back", within=3)
    screen.keys("Space")
    screen.wait_until_gone(r"paused", within=3)
