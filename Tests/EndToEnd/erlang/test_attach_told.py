"""What a watcher of a gateway of the Elixir library is told when something goes wrong: of the node, of requests, of pools."""
import json
import re
import signal
import socket
import subprocess
import time

import pytest

from support.checks import expect
from support.programs import TOP
from support.standin import document, states, until

pytestmark = pytest.mark.timeout(240)
TARGET = "erlang:gateway@127.0.0.1"


@pytest.fixture
def dashboard(epmd, open_screen):
    """A dashboard in a terminal, once it is attached."""
    def start(*arguments, **options):
        screen = open_screen(ERL_EPMD_PORT=epmd.environment["ERL_EPMD_PORT"], GENAPI_COOKIE="secret", **options)
        screen.start(TARGET, *arguments)
        screen.wait_for("live", within=20)
        return screen
    return start


def test_a_node_that_hangs_is_silent_within_seconds_and_comes_back(gateway, dashboard):
    """A node that is stopped by SIGSTOP is told silent within seconds, and live when it goes on."""
    gateway.tell("traffic 1")
    screen = dashboard()
    gateway.process.send_signal(signal.SIGSTOP)
    try:
        took = screen.wait_for("silent", within=10)
        print(f"silent after {took:.1f} s")
        expect("gone" not in screen.lines()[0], screen.text())
    finally:
        gateway.process.send_signal(signal.SIGCONT)
    screen.wait_until_gone("silent", within=10)
    screen.wait_for("live", within=10)


def test_a_node_that_is_killed_is_gone_and_never_said_bye(gateway, bridge, dashboard):
    """A node that is killed is told gone, in the stream and on the screen: it did not stop by itself."""
    screen = dashboard()
    _, port, _ = bridge()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as stream, stream.makefile("rw") as lines:
        lines.write('{"t":"subscribe"}\n')
        lines.flush()
        expect(json.loads(lines.readline())["t"] == "hello", "the stream begins")
        gateway.kill()
        last = [json.loads(line) for line in lines][-1]
    expect((last["t"], last.get("code")) == ("error", "gone"), last)
    screen.wait_for(r"gateway@127\.0\.0\.1 gone|down|no node gateway is registered", within=10)
    expect("it said so" not in screen.text(), screen.text())


def test_many_that_begin_at_once_all_watch_and_leave_nothing(gateway, epmd):
    """Of several that begin to watch at the same moment all get in, and nothing is left when they are killed."""
    gateway.tell("traffic 1")
    for _ in range(3):
        processes = [subprocess.Popen([TOP, "events", TARGET, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                      env=epmd.environment | {"GENAPI_COOKIE": "secret"}) for _ in range(4)]
        epmd.processes.extend(processes)
        for process in processes:
            expect(process.stdout.readline(), "it sees events")
        for process in processes:
            process.kill()
        for process in processes:
            said = process.communicate()[1]
            expect("cookie" not in said, said)
        until(gateway.is_clean, f"left: {gateway.tell('left')}", 10)


def test_many_that_ask_once_at_the_same_moment_are_all_answered(gateway, epmd):
    """Ten that ask once at the same moment are all answered: one has the agent compiled, and the others wait for it."""
    gateway.tell("traffic 1")
    environment = epmd.environment | {"GENAPI_COOKIE": "secret"}
    began = time.monotonic()
    processes = [subprocess.Popen([TOP, *how, TARGET], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
                 for how in [["--once", "--json"], ["check", "no gateway unready"]] for _ in range(5)]
    epmd.processes.extend(processes)
    answers = [process.communicate(timeout=90) for process in processes]
    print(f"all after {time.monotonic() - began:.1f} s")
    expect([process.returncode for process in processes] == [0] * 10, [said for _, said in answers])
    until(gateway.is_clean, f"left: {gateway.tell('left')}", 10)


def test_a_gateway_of_thousands_of_functions_is_read_and_never_silent(gateway, epmd, open_screen):
    """While the functions of a large gateway are read that is said, and never that it is silent or down; all are there then."""
    gateway.tell("functions 5000")
    screen = open_screen(width=160, height=50, ERL_EPMD_PORT=epmd.environment["ERL_EPMD_PORT"], GENAPI_COOKIE="secret")
    screen.start(TARGET, "--press", "5")
    seen = []
    end = time.monotonic() + 60
    while not re.search(r"large_service\s+\S+\s+5", screen.text()) or "live" not in screen.lines()[0]:
        seen.append(screen.lines()[0])
        expect(time.monotonic() < end, screen.text())
        time.sleep(0.1)
    for header in seen:
        expect(not re.search("silent|gone|alert", header), header)
    print({header[:60] for header in seen})


def test_when_all_names_are_in_use_that_is_said(gateway, epmd, top):
    """Who finds all names of genapi-top in use is told so, and nothing of cookies."""
    others = [epmd.start("erl", "-noshell", "-hidden", "-name", f"genapi_top_{number}@127.0.0.1", "-setcookie", "secret")
              for number in range(1, 17)]
    for number in range(1, 17):
        until(lambda: gateway.tell(f"connect genapi_top_{number}@127.0.0.1") == ["true"], f"connected to the {number}th", 60)
    done = top("--once", TARGET)
    expect(done.returncode == 1 and "all 16 names of genapi-top are in use there" in done.stderr, done.stderr)
    expect("cookie" not in done.stderr, done.stderr)
    for other in others:
        other.kill()


def test_a_limiter_that_does_not_answer_is_said_everywhere(gateway, dashboard, top):
    """What nobody knows of limits is null, with the reason: on the screen, in the document and in a check."""
    gateway.tell("deafen rate_limiter_instance_0")
    shown = document(top, TARGET)
    expect(shown["rate_limits"] == {"limits": None, "hot_keys": None}, shown["rate_limits"])
    expect(shown["nodes"][0]["readiness_fault"].startswith("rate_limiter_instance_0 does not answer"), shown["nodes"])
    check = top("check", "rejects(*) < 1/s", TARGET)
    expect(check.returncode == 2 and "rate_limiter_instance_0 does not answer" in check.stdout, check.stdout)
    without = document(top, "--no-agent", TARGET)
    expect(without["rate_limits"]["limits"] is None, without["rate_limits"])
    screen = dashboard(width=160, height=50)
    screen.wait_for(r"1 not ready +rate_limiter_instance_0 does not answer", within=20)
    expect("no gateway tells of this" in screen.text() and "no rate limits configured" not in screen.text(), screen.text())


def test_a_node_that_was_never_connected_to_is_not_seen_and_no_alert(gateway, epmd, bridge, top):
    """A node that functions name is not seen until the gateway connects to it, is up then, and down when it goes, also for who comes later;
    before, no rule fires, and whether it is down cannot be told."""
    _, port, _ = bridge()

    def node():
        [shown] = [entry for entry in states(document(top, f"127.0.0.1:{port}")["service_nodes"]) if entry["node"] == "users@127.0.0.1"]
        return shown
    unseen = node()
    expect("up" not in unseen and "since" not in unseen, unseen)
    screen = top("--once", f"127.0.0.1:{port}", "--size", "160x60")
    expect(not re.search(r"users@127\S*.*\bdown\b|service node down", screen.stdout), screen.stdout)
    check = top("check", "no node down", f"127.0.0.1:{port}")
    expect(check.returncode == 2 and "is not connected to users@127.0.0.1" in check.stdout, check.stdout + check.stderr)
    users = epmd.start("erl", "-noshell", "-name", "users@127.0.0.1", "-setcookie", "secret")
    until(lambda: gateway.tell("connect users@127.0.0.1") == ["true"], "the gateway connects to it")
    until(lambda: node()["up"], "it is up", 30)
    users.kill()
    users.wait()
    until(lambda: not node()["up"] and node()["since"] > 0, "it is down, since then", 30)
    # Through the bridge, and by one that begins to watch when it is gone.
    for target in [f"127.0.0.1:{port}", TARGET]:
        check = top("check", "no node down", target)
        expect(check.returncode == 1 and "users@127.0.0.1" in check.stdout, check.stdout + check.stderr)


def test_limited_requests_are_no_errors_in_events(gateway, top):
    """The end of a request that a limit refused says so; what looks for errors does not find it, and the limit's own event names the limit."""
    gateway.tell("traffic 2")
    told = [json.loads(line) for line in top("events", TARGET, "--json", "--count", "400").stdout.splitlines()]
    refused = {event["d"]["request_id"] for event in told if event["d"].get("result") == "rate_limited"}
    ends = [event["d"] for event in told if event["name"].endswith("request.stop") and event["d"]["request_id"] in refused]
    expect(ends and all((end["success"], end["outcome"]) == (False, "rate_limited") for end in ends), ends)
    exceeded = [event["d"] for event in told if event["name"].endswith("rate_limiter.exceeded")]
    expect(exceeded and all((event["key"], event["window_ms"], event["scope"]) == ("user_id", 60_000, "global") for event in exceeded),
           exceeded)
    errors = top("events", TARGET, "--json", "--count", "20", "--filter", "status:error").stdout.splitlines()
    expect(errors and all(json.loads(line)["d"].get("outcome") != "rate_limited" for line in errors), errors)


def test_refusals_are_counted_at_their_limit(gateway, bridge, top):
    """A rule on refusals fires for the limit that refused, and its row counts every one of them."""
    _, port, _ = bridge()
    gateway.tell("load 2000")
    [limit] = states(document(top, f"127.0.0.1:{port}")["rate_limits"]["limits"])
    expect(limit["rejections"] == 100, limit)
    gateway.tell("traffic 3")
    check = top("check", "rejects(*) < 1/s", f"127.0.0.1:{port}")
    expect(check.returncode == 1, check.stdout + check.stderr)


def test_a_gateway_that_is_watched_directly_and_through_a_bridge_is_counted_once(gateway, bridge, top):
    """The same gateway by two ways is one: its requests are not doubled."""
    _, port, _ = bridge()
    gateway.tell("load 400")
    shown = document(top, TARGET, f"127.0.0.1:{port}")
    expect(shown["totals"]["requests"] == 400 and len(shown["nodes"]) == 1, [shown["totals"], shown["nodes"]])


def test_a_pool_blames_only_calls_of_its_own(gateway, dashboard):
    """Requests that failed elsewhere are not on the page of a pool whose tasks all ended well."""
    gateway.tell("traffic 2")
    screen = dashboard(width=140, height=50)
    screen.keys("4", "z")
    screen.wait_for("async_pool", within=10)
    # Requests have failed meanwhile, by a timeout.
    time.sleep(4)
    screen.keys("Enter")
    screen.wait_for(r"tasks +[1-9]\S* run, 0 failed", within=10)
    shown = screen.text()
    expect("Calls that failed" not in shown, shown)
