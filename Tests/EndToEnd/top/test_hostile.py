"""Gateways that mean ill."""
import contextlib
import json
import os
import re
import time
import xml.dom.minidom

import pytest

from support.checks import contains, expect, lacks, same, wait_for
from support.scripted import FLOODS, HostileGateway, MOST_MEMORY
from support.terminal import run_top


@pytest.mark.alone
@pytest.mark.parametrize("name", FLOODS)
def test_a_hostile_gateway(open_screen, name):
    """A hostile gateway gets a bounded share of the dashboard's memory, and the screen says what was cut."""
    with contextlib.closing(HostileGateway(FLOODS[name])) as gateway:
        screen = open_screen(160, 40)
        screen.start(gateway.address)
        expect(gateway.done.wait(30), "the flood does not end")
        if "names of 400 kB and long" in name:
            screen.wait_for(r"cut [1-9]", within=20)
        with open(f"/proc/{screen.pid()}/status") as file:
            peak = int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1)) // 1_000
        print(f"{gateway.sent // 1_000_000} MB sent, peak {peak} MB")
        expect(peak <= MOST_MEMORY, f"{peak} MB after {gateway.sent // 1_000_000} MB")
        screen.keys("q")
        wait_for("the dashboard quits", lambda: screen.flag("alternate_on") == "0")


def test_hostile_text(start_gateway, start_garbage, folder):
    """What a gateway sends cannot forge a line, act on a terminal or hide, wherever it is written."""
    evil = "a\x1b[2J\x9b31m\x7f\u202eb\U000e0041\ngenapi-top: all is well"
    hidden = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
    for frame in (dict(t="bye", reason=evil), dict(t="error", code="internal", message=evil)):
        answer = json.dumps(dict(t="hello", proto=1, node="gw", auth="none")) + "\n" + json.dumps(frame) + "\n"
        peer = start_garbage(answer.encode())
        try:
            done = run_top("--once", f"127.0.0.1:{peer.port}")
            same(done.returncode, 1, "exit code")
            contains(done.stderr, "␊genapi-top: all is well")
            lacks(done.stderr, hidden.pattern, "(?m)^genapi-top: all is well")
        finally:
            peer.close()
    gateway = start_gateway(services=((evil, evil), ("order_service", "create_order")))
    for arguments in (["events", "--json", "--count", "2"], ["events", "--count", "2"], ["events", "--toon", "--count", "2"],
                      ["--once", "--json"], ["--once", "--toon"], ["--once"]):
        done = run_top(*arguments, gateway.address)
        same(done.returncode, 0, f"exit code ({done.stderr})")
        lacks(done.stdout, hidden.pattern)
    done = run_top("events", "--json", "--count", "2", gateway.address)
    same([json.loads(line)["d"]["service"] for line in done.stdout.splitlines()], [evil, "order_service"], "services")
    shot = os.path.join(folder, "evil.svg")
    done = run_top("--screenshot", shot, gateway.address)
    xml.dom.minidom.parse(shot)


def test_hostile_names(watch):
    """Wide characters, emoji and escape sequences in the data break no border."""
    names = (("日本語サービス", "取得"), ("👩‍👩‍👧‍👦_family", "e\u0301\u0302"), ("\x1b[2J\x1b[31mred", "\x07bell\r\n"),
             ("order_service", "create_order"))
    gateway, screen = watch(services=names)
    time.sleep(1)
    for line in screen.lines():
        if line.startswith("│") and not line.rstrip().endswith(("│", "┃")):
            raise AssertionError(f"a broken border:\n{line}")
    contains(screen.lines()[0], "genapi-top")


def states_of_many_functions():
    """More than can be read: states with 2 000 functions each, seven times a second."""
    def series(number):
        return dict(service=f"s{number}", request_type="f", requests=1, outcomes=dict(ok=1), retries=0,
                    latency=dict(sum=100, buckets=[[100, 1]]), max_us=100)
    lists = [[series(part * 2_000 + place) for place in range(2_000)] for part in range(20)]

    def flood(number):
        time.sleep(0.15)
        return HostileGateway.line("state", series=lists[number % len(lists)])
    return flood


@pytest.mark.alone
@pytest.mark.parametrize("arguments", [("--once", "--json"), ("--batch", "2"), ("check", "p99 < 500ms")], ids=" ".join)
def test_more_than_can_be_read(arguments):
    """What is printed or checked beside a gateway that sends more than can be read comes to an end, and calls nobody silent."""
    with contextlib.closing(HostileGateway(states_of_many_functions())) as gateway:
        gateway.MOST_SECONDS = 90
        done = run_top(*arguments, gateway.address, timeout=60)
        expect(done.returncode in (0, 1, 2), f"exit code {done.returncode}: {done.stderr}")
        lacks(done.stderr, "silent")
