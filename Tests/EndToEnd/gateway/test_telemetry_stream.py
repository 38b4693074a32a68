"""What whoever connects to the telemetry stream of a gateway is told."""
import random
import signal
import time

import pytest

from support.checks import expect, wait_for
from support.demo import first, frames, latency


def test_the_first_frames_are_readable(start_demo):
    """Whoever connects reads JSON lines: hello, snapshot, state, events."""
    gateway = start_demo()
    with gateway.connect() as stream:
        seen = []
        for frame in frames(stream):
            if frame["t"] not in seen:
                seen.append(frame["t"])
            if {"hello", "snapshot", "state", "event"} <= set(seen):
                break
        expect(seen[:2] == ["hello", "snapshot"], f"the order was {seen}")


def test_a_filter_is_evaluated_in_the_gateway(start_demo):
    """A filter is evaluated in the gateway."""
    gateway = start_demo()
    with gateway.connect() as stream:
        stream.sendall(b'{"t":"subscribe","filter":{"services":["order_*"],"names":["executor.request.stop"]}}\n')
        count = 0
        for frame in frames(stream):
            if frame["t"] in ("snapshot", "state"):
                others = {entry["service"] for entry in frame.get("series", [])} - {"order_service"}
                expect(not others, f"state of {others} was sent")
            if frame["t"] == "event":
                expect(frame["d"]["service"] == "order_service", f"an event of {frame['d']} was sent")
                expect(frame["name"].endswith("executor.request.stop"), frame["name"])
                count += 1
                if count == 20:
                    break


def test_garbage_ends_in_an_error(start_demo):
    """Random bytes, half a line, an unknown frame and a wrong field each end in an error, and nothing else."""
    gateway = start_demo()
    noise = random.Random(7).randbytes(1 << 20).replace(b"\n", b" ")
    for sent, codes in [(noise, ["too_long", "malformed"]), (b"nonsense", ["malformed"]), (b'{"t":"wat"}', ["unknown_frame"]),
                        (b'{"t":"subscribe","interval_ms":5}', ["bad_field"])]:
        with gateway.connect() as stream:
            try:
                stream.sendall(sent + b"\n")
            except (BrokenPipeError, ConnectionResetError):
                pass  # It was cut off while sending: that is what a bound does.
            try:
                error = first(stream, "error")
            except ConnectionResetError:
                continue
            expect(error["code"] in codes and error["message"], f"{sent[:20]}: {error}")
    with gateway.connect() as stream:
        stream.sendall(b'{"t":"subscr')
    with gateway.connect() as stream:
        first(stream, "snapshot")


def miss(gateway):
    """How many subscribers have missed events."""
    with gateway.connect() as stream:
        subscribers = first(stream, "snapshot").get("subscribers", [])
    return sum(entry["dropped"] > 0 for entry in subscribers)


@pytest.mark.alone
def test_a_subscriber_that_never_reads(start_demo):
    """A subscriber that never reads changes no latency, takes bounded memory, and is told what it missed."""
    gateway = start_demo(None, "--load", "6")
    time.sleep(1)
    alone = latency(gateway, 3)
    memory = gateway.resident()
    sleepers = [gateway.connect(receive_buffer=4096) for _ in range(4)]
    for sleeper in sleepers:
        sleeper.sendall(b'{"t":"subscribe"}\n')
    # Until each of them missed something, which is when a gateway could begin to wait.
    wait_for("events are dropped", lambda: miss(gateway) == 4, within=30)
    beside = latency(gateway, 3)
    # Sleeping functions dominate: a gateway that waited for a subscriber would be seconds away.
    expect(beside < alone * 3 + 5_000, f"the median went from {alone} to {beside} µs")
    grown = gateway.resident() - memory
    expect(grown < 80 << 20, f"memory grew by {grown >> 20} MiB")
    dropped = first(sleepers[0], "dropped")
    expect(dropped["count"] > 0 and dropped["to_seq"] >= dropped["from_seq"], dropped)
    for sleeper in sleepers:
        sleeper.close()


def test_sigterm_says_bye(start_demo):
    """SIGTERM ends the gateway in order, with a bye."""
    gateway = start_demo()
    with gateway.connect() as stream:
        first(stream, "snapshot")
        gateway.process.send_signal(signal.SIGTERM)
        first(stream, "bye")
        expect(gateway.process.wait(timeout=10) == 0, f"it ended with {gateway.process.returncode}")


def test_the_dashboard_tells_of_a_killed_gateway(start_demo, open_screen):
    """The dashboard tells of a killed gateway process within 2 s, and finds it again."""
    gateway, screen = start_demo(), open_screen()
    screen.start(f"127.0.0.1:{gateway.port}")
    screen.wait_for("● live", within=5)
    screen.wait_for("user_service", within=5)
    gateway.end(signal.SIGKILL)
    screen.wait_for("down", within=2)
    screen.wait_for("stale", within=2)
    start_demo(gateway.port)
    screen.wait_for("● live", within=8)
