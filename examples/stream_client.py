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
import re
import socket
import sys
import time

PROTOCOL = 1
LONGEST_LINE = 1 << 20
DEEPEST = 64  # levels of a line
LARGEST = 1 << 53  # count, or time
MOST_ENTRIES = 100_000  # of a section
PING_AFTER, SILENT_AFTER, HELLO_AFTER, TOLD_AFTER = 15, 45, 10, 60  # seconds
LAST_BUCKET = 1_983  # of 2^36 - 1 microseconds
KEY_SEPARATOR = "\x1f"

# What an entry of each list is found by. Of a section that is not here, from a later gateway, nothing is kept.
KEYS = {
    "series": ["service", "request_type", "version"], "limits": ["id"], "hot_keys": ["limit", "key_value"], "pools": ["name"],
    "functions": ["service", "request_type", "version"], "services": ["service"], "config_changes": ["id"],
    "failed_configs": ["id"], "relay": ["group_id"], "hooks": ["phase", "module", "function"], "nodes": ["node"],
    "subscribers": ["id"]}
OBJECTS = ["totals", "sockets", "process"]
REJECTIONS = ["permission_denied", "rate_limited", "unavailable", "hook_rejected", "draining"]
GIVEN_UP = ["cancelled", "cut_off"]
# Codes of errors that pass by themselves.
PASSING = ["too_many_subscribers", "too_many_strangers", "silent"]


class Refused(Exception):
    """Trying again would not help."""


class Lost(Exception):
    """The connection is over; another one may do."""


def field(fields, name, kind, default):
    """A field of a line. One that is absent, from an older gateway, is 0, empty or unknown; one of another kind is no frame."""
    value = fields.get(name, default)
    is_right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if is_right and kind is int:
        is_right = 0 <= value <= LARGEST
    if not is_right:
        words = {int: f"a whole number of 0 to {LARGEST}", str: "a string", bool: "true or false", dict: "an object", list: "a list"}
        raise Lost(f"a line is no frame: {name} must be {words[kind]}")
    return value


def counts_of(fields, name):
    counts = field(fields, name, dict, {})
    return {key: field(counts, key, int, 0) for key in counts}


def objects_of(fields, name):
    entries = field(fields, name, list, [])
    if not all(isinstance(entry, dict) for entry in entries):
        raise Lost(f"a line is no frame: {name} must be a list of objects")
    return entries


def key_of(section, entry):
    parts = KEYS.get(section)
    if section == "breakers":
        parts = ["pool", "", "service", "node"] if "service" in entry else ["pool", "worker"]
    values = [entry.get(part, "") for part in parts]
    if not all(isinstance(value, (str, int)) and not isinstance(value, bool) for value in values):
        raise Lost(f"a line is no frame: an entry of {section} has no key")
    return KEY_SEPARATOR.join(map(str, values))


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
        removed = field(frame, "removed", dict, {})
        for section in removed:
            for key in field(removed, section, list, []):
                self.lists.get(section, {}).pop(key if isinstance(key, str) else None, None)
        for name in self.objects:
            self.objects[name] = field(frame, name, dict, self.objects[name])
        for name, entries in self.lists.items():
            told = {key_of(name, entry): entry for entry in objects_of(frame, name)}
            if name == "series":
                told = {key: with_all_buckets(entry, entries.get(key)) for key, entry in told.items()}
            entries.update(told)
            if len(entries) > MOST_ENTRIES:
                raise Lost(f"the gateway tells of more than {MOST_ENTRIES} {name}")
        self.at = field(frame, "at", int, 0)
        self.is_whole = not field(frame, "more", bool, False)


def middle(bucket):
    """The value that stands for a bucket, in microseconds."""
    if bucket < 128:
        return bucket
    exponent, index = (bucket - 128) // 64 + 7, (bucket - 128) % 64
    return ((64 + index) << (exponent - 6)) + (1 << (exponent - 7))


def buckets_of(histogram):
    buckets = field(histogram, "buckets", list, [])
    for bucket in buckets:
        is_pair = isinstance(bucket, list) and len(bucket) == 2 and all(type(number) is int for number in bucket)
        if not is_pair or not 0 <= bucket[0] <= LAST_BUCKET or not 0 <= bucket[1] <= LARGEST:
            raise Lost(f"a line is no frame: a bucket is a number of 0 to {LAST_BUCKET} and a count")
    return buckets


def with_all_buckets(entry, known):
    """A series of which only the buckets came that changed, with those that it had."""
    latency = field(entry, "latency", dict, {})
    if "buckets" in latency or "changed" not in latency:
        return entry
    if known is None:
        raise Lost("a line is no frame: buckets changed of a series that was not told")
    buckets = {number: count for number, count in buckets_of(field(known, "latency", dict, {}))}
    buckets.update(buckets_of({"buckets": latency["changed"]}))
    return {**entry, "latency": {"sum": field(latency, "sum", int, 0), "buckets": [list(pair) for pair in sorted(buckets.items())]}}


def quantile(histogram, q, longest=0):
    """The value below or at which a part of all values lies, never above the longest when one is known; None of no values."""
    buckets = buckets_of(histogram)
    count = sum(n for _, n in buckets)
    if not count:
        return None
    rank, seen = max(1, math.ceil(q * count)), 0
    for bucket, n in sorted(buckets):
        seen += n
        if seen >= rank:
            return min(middle(bucket), longest) if longest else middle(bucket)


def summary(state, hello):
    """The numbers of every function, as plain values."""
    series = []
    for entry in state.lists["series"].values():
        outcomes, latency = counts_of(entry, "outcomes"), field(entry, "latency", dict, {})
        requests, retries, longest = (field(entry, name, int, 0) for name in ("requests", "retries", "max_us"))
        ended, ok = sum(outcomes.values()), outcomes.get("ok", 0)
        rejected, given_up = (sum(outcomes.get(outcome, 0) for outcome in names) for names in (REJECTIONS, GIVEN_UP))
        series.append({
            **{name: field(entry, name, str, "") for name in ("service", "request_type")},
            **({"version": field(entry, "version", str, "")} if "version" in entry else {}),
            "requests": requests, "ok": ok, "failed": ended - ok - rejected - given_up, "rejected": rejected,
            "in_flight": requests - ended, "retries": retries, "max_us": longest if "max_us" in entry and quantile(latency, 0.5) is not None else None,
            **{f"p{int(q * 100)}_us": quantile(latency, q, longest) for q in (0.5, 0.95, 0.99)}})
    series.sort(key=lambda one: (-one["requests"], one["service"], one["request_type"], one.get("version", "")))
    totals = state.objects["totals"]
    told = {name: field(totals, name, int, 0) for name in totals if name != "events"}
    if "events" in totals:
        told["events"] = counts_of(totals, "events")
    return {"node": field(hello, "node", str, "unknown"), "at": state.at, "totals": told, "series": series}


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
    fields = {**field(frame, "m", dict, {}), **field(frame, "d", dict, {})}
    print(seen(field(frame, "name", str, "unknown").replace("phoenix_gen_api.", "", 1)), *(f"{seen(k)}={seen(v)}" for k, v in fields.items()), flush=True)


def refuse_number(text):
    raise ValueError(f"{text[:20]} is no number of a frame")


def parse(line):
    """A line as a frame: within the bounds of the document, whoever sent it."""
    if line.count(b"[") + line.count(b"{") > DEEPEST:
        depth = 0
        for bracket in re.finditer(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', line):
            depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(bracket.group()[:1], 0)
            if depth > DEEPEST:
                raise ValueError(f"it has more than {DEEPEST} levels")
    frame = json.loads(
        line.decode(), parse_constant=refuse_number,
        parse_int=lambda text: int(text) if len(text) <= 20 else refuse_number(text),
        parse_float=lambda text: float(text) if math.isfinite(float(text)) else refuse_number(text))
    if not isinstance(frame, dict) or not isinstance(frame.get("t"), str):
        raise ValueError("it is no object with a type t")
    return frame


class Connection:
    """One connection: lines in and out, and its pings."""

    def __init__(self, address):
        if isinstance(address, str):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(10)
            self.socket.connect(address)
        else:
            self.socket = socket.create_connection(address, timeout=10)
        self.socket.settimeout(1)
        self.opened = self.heard = self.sent = time.monotonic()
        self.is_greeted = self.is_told = False

    def send(self, frame):
        try:
            self.socket.sendall(json.dumps(frame).encode() + b"\n")
        except OSError as error:
            raise Lost(f"cannot write: {error}") from None
        self.sent = time.monotonic()

    def frames(self):
        """Every frame but pings and pongs, until the connection is over; the first one is a hello."""
        rest = b""
        while True:
            *lines, rest = (rest + self.receive()).split(b"\n")
            for line in lines:
                self.check_length(line)
                frame = self.read(line.strip()) if line.strip() else None
                if frame:
                    yield frame
            self.check_length(rest)

    def check_length(self, line):
        if len(line) > LONGEST_LINE + line.endswith(b"\r"):
            raise Lost("a line is longer than 1 MiB")

    def read(self, line):
        try:
            frame = parse(line)
        except ValueError as error:
            raise Lost(f"a line is no frame: {error}") from None
        kind = frame["t"]
        if kind == "bye":
            raise Lost(f"the gateway says bye: {field(frame, 'reason', str, '')}")
        if kind == "error":
            code = field(frame, "code", str, "unknown")
            raise (Lost if code in PASSING else Refused)(f"{code}: {field(frame, 'message', str, '')}")
        if kind != "hello" and not self.is_greeted:
            raise Lost("the first frame is no hello: is this a telemetry stream?")
        if kind == "hello" and self.is_greeted:
            return None
        self.is_greeted = True
        if kind == "ping":
            self.send({"t": "pong", "at": time.time_ns() // 1000})
        elif kind != "pong":
            return frame
        return None

    def receive(self):
        while True:
            now = time.monotonic()
            if not self.is_greeted and now - self.opened > HELLO_AFTER:
                raise Lost(f"no hello came within {HELLO_AFTER} s: is this a telemetry stream?")
            if not self.is_told and now - self.opened > TOLD_AFTER:
                raise Lost(f"no whole state came within {TOLD_AFTER} s")
            try:
                data = self.socket.recv(65_536)
            except socket.timeout:
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
            version, auth = field(hello, "proto", int, 0), field(hello, "auth", str, "none")
            if version != PROTOCOL:
                raise Refused(f"the gateway speaks version {version} of the protocol, this client {PROTOCOL}")
            if auth not in ("none", "token"):
                raise Refused(f"the gateway wants \"{auth}\", which this client does not know")
            subscribe = {"t": "subscribe", "events": options.events, "interval_ms": options.interval_ms, "changed_buckets": True}
            if options.filter:
                subscribe["filter"] = options.filter
            if auth == "token":
                if not options.token:
                    raise Refused("the gateway wants a token: set GENAPI_STREAM_TOKEN")
                subscribe["token"] = options.token
            connection.send(subscribe)
        elif kind in ("snapshot", "state"):
            state.apply(frame)
            if not state.is_whole:
                continue
            options.failures, connection.is_told = 0, True
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
            lost += field(frame, "count", int, 0)


def address_of(text):
    """A host and a port, or the path of a Unix socket."""
    if "/" in text:
        return text
    host, colon, port = text.rpartition(":")
    if not colon or not host or not re.fullmatch("[0-9]{1,5}", port) or not 1 <= int(port) <= 65_535:
        raise argparse.ArgumentTypeError(f"{seen(text)} is neither host:port nor the path of a Unix socket")
    return host.strip("[]"), int(port)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("address", nargs="?", default="127.0.0.1:4710", type=address_of, help="host:port, or the path of a Unix socket")
    parser.add_argument("--events", action="store_true", help="also every event")
    parser.add_argument("--filter", type=json.loads, help="which events and services, as JSON")
    parser.add_argument("--interval-ms", type=int, default=1_000, help="how often numbers come: 100 to 60000")
    parser.add_argument("--once", action="store_true", help="the whole state once; fails when there is none")
    parser.add_argument("--json", action="store_true", help="a JSON object a line")
    options = parser.parse_args()
    options.token, options.failures = os.environ.get("GENAPI_STREAM_TOKEN"), 0
    place = options.address if isinstance(options.address, str) else ":".join(map(str, options.address))
    sys.stdout.reconfigure(errors="backslashreplace")
    while True:
        try:
            if watch(options):
                return 0
        except Refused as error:
            print(f"stream_client.py: {seen(place)}: {seen(error)}", file=sys.stderr)
            return 1
        except BrokenPipeError:
            raise  # Whoever read this is gone: the connection's own errors are Lost.
        except (Lost, OSError) as error:
            print(f"stream_client.py: {seen(place)}: {seen(error)}", file=sys.stderr, flush=True)
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
