#!/usr/bin/env python3
"""Watches a gateway over its telemetry stream: calls and latencies of every function, and events as they come.

    stream_client.py [127.0.0.1:4710 | /path/of/a.sock] [--events] [--filter '{"services":["user_*"]}']
    stream_client.py --once --json | jq .series

Needs Python 3.9 and nothing else. Written from docs/stream.md alone, as a client in any other language may be. A token is taken
from the environment, GENAPI_STREAM_TOKEN: what stands on a command line is read by everybody.
"""
import argparse
import json
import math
import os
import random
import socket
import sys
import time

PROTOCOL = 1
LONGEST_LINE = 1 << 20
PING_AFTER, SILENT_AFTER = 15, 45  # seconds
KEY_SEPARATOR = "\x1f"

# What an entry of each list is found by. Of a section that is not here, from a later gateway, nothing is kept.
KEYS = {
    "series": ["service", "request_type", "version"], "limits": ["id"], "hot_keys": ["limit", "key_value"], "pools": ["name"],
    "functions": ["service", "request_type", "version"], "services": ["service"], "config_changes": ["id"],
    "failed_configs": ["id"], "relay": ["group_id"], "hooks": ["phase", "module", "function"], "nodes": ["node"],
    "subscribers": ["id"]}
OBJECTS = ["totals", "sockets", "process"]
REJECTIONS = ["permission_denied", "rate_limited", "unavailable", "hook_rejected"]
# Codes of errors that pass by themselves.
PASSING = ["too_many_subscribers", "too_many_strangers", "silent"]


class Refused(Exception):
    """Trying again would not help."""


class Lost(Exception):
    """The connection is over; another one may do."""


def key_of(section, entry):
    parts = KEYS.get(section)
    if section == "breakers":
        parts = ["pool", "", "service", "node"] if "service" in entry else ["pool", "worker"]
    return KEY_SEPARATOR.join(str(entry.get(part, "")) for part in parts)


class State:
    """What a gateway has told of itself."""

    def __init__(self):
        self.objects = {name: {} for name in OBJECTS}
        self.lists = {name: {} for name in [*KEYS, "breakers"]}
        self.at = 0
        self.is_whole = False

    def apply(self, frame):
        if frame["t"] == "snapshot":
            self.__init__()
        for section, keys in frame.get("removed", {}).items():
            for key in keys:
                self.lists.get(section, {}).pop(key, None)
        for name in self.objects:
            self.objects[name] = frame.get(name, self.objects[name])
        for name, entries in self.lists.items():
            entries.update((key_of(name, entry), entry) for entry in frame.get(name, []))
        self.at = frame["at"]
        self.is_whole = not frame.get("more", False)


def middle(bucket):
    """The value that stands for a bucket, in microseconds."""
    if bucket < 128:
        return bucket
    exponent, index = (bucket - 128) // 64 + 7, (bucket - 128) % 64
    return ((64 + index) << (exponent - 6)) + (1 << (exponent - 7))


def quantile(histogram, q):
    """The value below or at which a part of all values lies; None when there are none."""
    count = sum(n for _, n in histogram["buckets"])
    if not count:
        return None
    rank, seen = max(1, math.ceil(q * count)), 0
    for bucket, n in sorted(histogram["buckets"]):
        seen += n
        if seen >= rank:
            return middle(bucket)


def summary(state, hello):
    """The numbers of every function, as plain values."""
    series = []
    for entry in state.lists["series"].values():
        outcomes = entry["outcomes"]
        ended, ok = sum(outcomes.values()), outcomes.get("ok", 0)
        rejected = sum(outcomes.get(outcome, 0) for outcome in REJECTIONS)
        series.append({
            **{name: entry[name] for name in ("service", "request_type", "version") if name in entry},
            "requests": entry["requests"], "ok": ok, "failed": ended - ok - rejected, "rejected": rejected,
            "in_flight": entry["requests"] - ended, "retries": entry["retries"], "max_us": entry["max_us"] if ended else None,
            **{f"p{int(q * 100)}_us": quantile(entry["latency"], q) for q in (0.5, 0.95, 0.99)}})
    series.sort(key=lambda one: (-one["requests"], one["service"], one["request_type"], one.get("version", "")))
    return {"node": hello["node"], "at": state.at, "totals": state.objects["totals"], "series": series}


def seen(text):
    """A text from outside, without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else f"\\u{{{ord(letter):x}}}" for letter in str(text))


def milliseconds(us):
    return "–" if us is None else f"{us / 1000:.1f}"


def print_summary(told, lost):
    totals = told["totals"]
    clock = time.strftime("%H:%M:%S", time.localtime(told["at"] / 1e6))
    names = ("requests", "ok", "failed", "rejected", "in_flight")
    missed = f", {lost} events missed" if lost else ""
    print(f"{clock} {seen(told['node'])}: " + ", ".join(f"{totals.get(name, 0)} {name}" for name in names) + missed)
    for one in told["series"]:
        name = f"{one['service']}/{one['request_type']} {one.get('version', '')}".strip()
        quantiles = " ".join(f"p{q} {milliseconds(one[f'p{q}_us'])} ms" for q in (50, 95, 99))
        print(f"  {seen(name)}: {one['requests']} requests, {one['failed']} failed, {one['rejected']} rejected, {quantiles}")
    sys.stdout.flush()


def print_event(frame):
    fields = {**frame.get("m", {}), **frame.get("d", {})}
    print(frame["name"].replace("phoenix_gen_api.", "", 1), *(f"{seen(k)}={seen(v)}" for k, v in fields.items()), flush=True)


class Connection:
    """One connection: lines in and out, and its pings."""

    def __init__(self, address):
        if "/" in address:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(10)
            self.socket.connect(address)
        else:
            host, _, port = address.rpartition(":")
            self.socket = socket.create_connection((host.strip("[]"), int(port)), timeout=10)
        self.socket.settimeout(1)
        self.rest = bytearray()
        self.heard = self.sent = time.monotonic()

    def send(self, frame):
        try:
            self.socket.sendall(json.dumps(frame).encode() + b"\n")
        except OSError as error:
            raise Lost(f"cannot write: {error}") from None
        self.sent = time.monotonic()

    def frames(self):
        """Every frame but pings and pongs, until the connection is over."""
        while True:
            line, end, rest = self.rest.partition(b"\n")
            if not end:
                if len(self.rest) > LONGEST_LINE + 1:
                    raise Lost("a line is longer than 1 MiB")
                self.rest += self.receive()
                continue
            self.rest = rest
            frame = self.read(line.strip()) if line.strip() else None
            if frame:
                yield frame

    def read(self, line):
        try:
            frame = json.loads(line)
            kind = frame["t"]
        except (ValueError, TypeError, KeyError) as error:
            raise Lost(f"a line is no frame: {error}") from None
        if kind == "ping":
            self.send({"t": "pong", "at": time.time_ns() // 1000})
        elif kind == "bye":
            raise Lost(f"the gateway says bye: {frame.get('reason', '')}")
        elif kind == "error":
            told = f"{frame['code']}: {frame.get('message', '')}"
            raise (Lost if frame["code"] in PASSING else Refused)(told)
        elif kind != "pong":
            return frame
        return None

    def receive(self):
        while True:
            try:
                data = self.socket.recv(65_536)
            except socket.timeout:
                now = time.monotonic()
                if now - self.heard > SILENT_AFTER:
                    raise Lost("nothing came for 45 s") from None
                if now - self.sent > PING_AFTER:
                    self.send({"t": "ping", "at": time.time_ns() // 1000})
                continue
            except OSError as error:
                raise Lost(f"cannot read: {error}") from None
            if not data:
                raise Lost("the gateway closed the connection")
            self.heard = time.monotonic()
            if self.heard - self.sent > PING_AFTER:
                self.send({"t": "ping", "at": time.time_ns() // 1000})
            return data


def watch(options):
    """One connection to its end."""
    connection = Connection(options.address)
    hello, state, lost = None, State(), 0
    for frame in connection.frames():
        kind = frame["t"]
        if kind == "hello":
            hello = frame
            if hello["proto"] != PROTOCOL:
                raise Refused(f"the gateway speaks version {hello['proto']} of the protocol, this client {PROTOCOL}")
            subscribe = {"t": "subscribe", "events": options.events, "interval_ms": options.interval_ms}
            if options.filter:
                subscribe["filter"] = options.filter
            if hello.get("auth") == "token":
                if not options.token:
                    raise Refused("the gateway wants a token: set GENAPI_STREAM_TOKEN")
                subscribe["token"] = options.token
            connection.send(subscribe)
        elif kind in ("snapshot", "state"):
            state.apply(frame)
            if not state.is_whole:
                continue
            options.failures = 0
            told = summary(state, hello)
            if options.json:
                print(json.dumps(told), flush=True)
            else:
                print_summary(told, lost)
            if options.once:
                connection.send({"t": "bye"})
                return True
        elif kind == "event":
            if options.json:
                print(json.dumps(frame), flush=True)
            else:
                print_event(frame)
        elif kind == "dropped":
            lost += frame["count"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("address", nargs="?", default="127.0.0.1:4710", help="host:port, or the path of a Unix socket")
    parser.add_argument("--events", action="store_true", help="also every event")
    parser.add_argument("--filter", type=json.loads, help="which events and services, as JSON")
    parser.add_argument("--interval-ms", type=int, default=1_000, help="how often numbers come: 100 to 60000")
    parser.add_argument("--once", action="store_true", help="the whole state once; fails when there is none")
    parser.add_argument("--json", action="store_true", help="a JSON object a line")
    options = parser.parse_args()
    options.token, options.failures = os.environ.get("GENAPI_STREAM_TOKEN"), 0
    while True:
        try:
            if watch(options):
                return 0
        except Refused as error:
            print(f"stream_client.py: {options.address}: {seen(error)}", file=sys.stderr)
            return 1
        except BrokenPipeError:
            raise  # Whoever read this is gone: the connection's own errors are Lost.
        except (Lost, OSError) as error:
            print(f"stream_client.py: {options.address}: {seen(error)}", file=sys.stderr, flush=True)
            if options.once:
                return 1
        longest = min(5, 0.5 * 2 ** min(options.failures, 4))
        options.failures += 1
        time.sleep(random.uniform(longest / 2, longest))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
