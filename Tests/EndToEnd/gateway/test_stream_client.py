"""examples/stream_client.py, a client of the telemetry stream that was written from docs/stream.md alone."""
import contextlib
import importlib.util
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading

from support.checks import expect, same
from support.clients import Socket, run
from support.programs import ROOT
from support.terminal import run_top

CLIENT = f"{ROOT}/examples/stream_client.py"
FIELDS = ["service", "request_type", "version", "requests", "ok", "failed", "rejected", "in_flight", "retries", "p50_us",
          "p95_us", "p99_us", "max_us"]


class StreamClient:
    """The client as a process of its own, and what it prints."""

    def __init__(self, address, *options, environment={}):
        self.process = subprocess.Popen(
            [sys.executable, CLIENT, address, "--json", *options], env=os.environ | environment, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.lines = queue.Queue()
        threading.Thread(target=lambda: [self.lines.put(json.loads(line)) for line in self.process.stdout],
                         daemon=True).start()

    def until(self, wanted):
        """The first line from here on that is wanted."""
        while True:
            try:
                line = self.lines.get(timeout=20)
            except queue.Empty:
                raise AssertionError("nothing that was wanted came within 20 s") from None
            if wanted(line):
                return line

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


def once(address, *options, environment={}):
    return subprocess.run([sys.executable, CLIENT, address, "--once", "--json", *options], capture_output=True, text=True,
                          timeout=60, env=os.environ | environment)


def call(server, *calls):
    async def talk():
        async with Socket(server) as client:
            await client.join()
            for request_type, args in calls:
                await client.answer(request_type, args)
    run(talk())


def series_of(told):
    return {(one["service"], one["request_type"]): {name: one[name] for name in FIELDS if one.get(name) is not None}
            for one in told["series"]}


def test_its_numbers_are_those_of_the_dashboard(start_server):
    """Its totals, and the p50, p95 and p99 of every function, are those that genapi-top prints."""
    server = start_server(anonymous=True)
    slow = [("slow", {"ms": ms}) for ms in (1, 2, 3, 5, 8, 13, 40)]
    call(server, *[("echo", {"message": "hi"})] * 40, *[("fail", {})] * 3, *slow, ("add", {"a": "one"}), ("nothing", {}))
    done = once(server.addresses["telemetry"])
    expect(done.returncode == 0, done.stderr)
    told = json.loads(done.stdout)
    shown = json.loads(run_top("--once", "--json", server.addresses["telemetry"]).stdout)
    counts = [name for name in shown["totals"] if not name.startswith("events_")]
    same({name: told["totals"][name] for name in counts}, {name: shown["totals"][name] for name in counts}, "totals")
    expect(told["totals"]["requests"] == 52, told["totals"])
    same(series_of(told), series_of(shown), "series")
    echo = series_of(told)["demo", "echo"]
    expect(echo["requests"] == 40 and 0 < echo["p50_us"] <= echo["p95_us"] <= echo["p99_us"], echo)


def test_it_follows_changes_and_events(start_server):
    """It follows what changes, tells events that its filter lets pass as they come, and answers pings."""
    server = start_server(anonymous=True)
    call(server, ("echo", {"message": "hi"}))
    wanted = '{"names":["executor.request.stop"]}'
    with StreamClient(server.addresses["telemetry"], "--events", "--filter", wanted, "--interval-ms", "100") as client:
        client.until(lambda line: line.get("totals", {}).get("requests") == 1)
        call(server, ("echo", {"message": "hi"}), ("fail", {"reason": "no"}))
        ended = [client.until(lambda line: line.get("t") == "event")["d"] for _ in range(2)]
        same([event["outcome"] for event in ended], ["ok", "error"], "outcomes")
        told = client.until(lambda line: line.get("totals", {}).get("requests") == 3)
        same((told["totals"]["ok"], told["totals"]["failed"]), (2, 1), "ok and failed")
        same(series_of(told)["demo", "echo"]["requests"], 2, "requests of echo")


def test_it_connects_again(start_demo):
    """It finds a gateway again that was killed, and begins with its new state."""
    gateway = start_demo()
    with StreamClient(f"127.0.0.1:{gateway.port}", "--interval-ms", "100") as client:
        before = client.until(lambda line: line["totals"]["requests"] > 300)
        gateway.end(signal.SIGKILL)
        start_demo(gateway.port)
        client.until(lambda line: line["totals"]["requests"] < before["totals"]["requests"])


def test_it_shows_a_token(start_gateway):
    """It sends the token that it is given, and says when one is missing or wrong."""
    gateway = start_gateway(token="the right one, long enough")
    for token, code, words in [("the right one, long enough", 0, ""), ("another", 1, "unauthorized"), ("", 1, "GENAPI_STREAM_TOKEN")]:
        done = once(gateway.address, environment={"GENAPI_STREAM_TOKEN": token})
        same(done.returncode, code, f"exit code with {token!r}: {done.stderr}")
        expect(words in done.stderr, done.stderr)


def told_by(frames):
    """What the client prints of these frames, and what it sends."""
    sent = []

    def serve(listener):
        peer, _ = listener.accept()
        with peer, contextlib.suppress(OSError):
            peer.sendall(b'{"t":"hello","proto":1,"node":"gw","auth":"none"}\r\n\n')
            reader = peer.makefile("r")
            sent.append(json.loads(reader.readline()))
            for frame in frames:
                peer.sendall((frame if isinstance(frame, str) else json.dumps(frame)).encode() + b"\n")
            sent.extend(json.loads(line) for line in reader)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        with StreamClient(f"127.0.0.1:{listener.getsockname()[1]}") as client:
            lines = []
            while not lines or lines[-1]["at"] != frames[-1]["at"]:
                lines.append(client.until(lambda line: True))
        thread.join(10)
    return lines, sent


def function(name, count, **more):
    return dict(service="s", request_type=name, requests=count, outcomes={"ok": count}, retries=0, max_us=2_570, **more,
                latency=dict(sum=count, buckets=[[100, 1], [349, 2], [400, 1]][:count]))


def test_it_reads_all_that_the_document_says():
    """It takes a snapshot in pieces as one, changes and removals as the document says, and skips what it does not know."""
    totals = dict(requests=6, ok=6, failed=0, rejected=0, in_flight=0)
    lines, sent = told_by([
        {"t": "snapshot", "at": 1, "seq": 0, "more": True, "totals": totals, "series": [function("a", 1)]},
        {"t": "state", "at": 1, "seq": 0, "more": True, "series": [function("b", 2, version="1.0.0")]},
        {"t": "state", "at": 1, "seq": 0, "series": [function("c", 3)], "weather": [{"city": "here"}]},
        {"t": "ping", "at": 1}, {"t": "forecast", "rain": True}, {"t": "dropped", "at": 1, "count": 2, "from_seq": 1, "to_seq": 2},
        {"t": "state", "at": 2, "seq": 3, "series": [function("a", 2)], "removed": {
            "series": ["s\x1fb\x1f1.0.0"], "weather": ["here"]}},
        {"t": "snapshot", "at": 3, "seq": 4, "totals": dict(totals, requests=1), "series": [function("d", 1)]}])
    names = [[(one["request_type"], one["requests"]) for one in line["series"]] for line in lines]
    same(names, [[("c", 3), ("b", 2), ("a", 1)], [("c", 3), ("a", 2)], [("d", 1)]], "functions")
    same([line["totals"]["requests"] for line in lines], [6, 6, 1], "totals")
    # The document's example.
    same([lines[0]["series"][0][name] for name in ("p50_us", "p95_us")], [1_496, 2_570], "quantiles")
    same(sent[0]["t"], "subscribe", "the first frame sent")
    expect([frame["t"] for frame in sent[1:]] == ["pong"], sent)


def test_it_keeps_the_buckets_that_did_not_change():
    """Of a series of which only changed buckets come it keeps the others; whole ones take the place of all."""
    def latency(**told):
        return dict(function("a", 3), latency=dict(sum=1, **told))

    lines, sent = told_by([
        {"t": "snapshot", "at": 1, "seq": 0, "totals": {}, "series": [latency(buckets=[[100, 1], [349, 2]])]},
        {"t": "state", "at": 2, "seq": 0, "series": [latency(changed=[[90, 1], [349, 90], [400, 5]])]},
        {"t": "state", "at": 3, "seq": 0, "series": [latency(changed=[])]},
        {"t": "state", "at": 4, "seq": 0, "series": [latency(buckets=[[400, 1]])]}])
    same([(line["series"][0]["p50_us"], line["series"][0]["p95_us"]) for line in lines],
         [(1_496, 1_496), (1_496, 2_570), (1_496, 2_570), (2_570, 2_570)], "quantiles")
    expect(sent[0]["changed_buckets"] is True, sent[0])


def test_it_obeys_no_text_from_outside():
    """What a gateway says does not reach the terminal as orders."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            peer, _ = listener.accept()
            peer.sendall(b'{"t":"hello","proto":1,"node":"\\u001b[2J","auth":"none"}\n')
            peer.recv(1_000)
            peer.sendall(b'{"t":"snapshot","at":1,"seq":0,"totals":{}}\n')
            peer.recv(1_000)
            peer.close()
        threading.Thread(target=serve, daemon=True).start()
        done = subprocess.run([sys.executable, CLIENT, f"127.0.0.1:{listener.getsockname()[1]}", "--once"], capture_output=True,
                              text=True, timeout=30)
    expect(done.returncode == 0 and "\x1b" not in done.stdout and "[2J" in done.stdout, done)


HELLO = {"t": "hello", "proto": 1, "node": "gw", "auth": "none"}
SNAPSHOT = {"t": "snapshot", "at": 1, "seq": 0, "totals": {"requests": 1}, "series": []}
EVENT = {"t": "event", "seq": 1, "at": 1, "name": "x", "m": {}, "d": {}}
NOTHING = object()


def lines_of(*frames):
    return b"".join((frame if isinstance(frame, bytes) else json.dumps(frame).encode()) + b"\n" for frame in frames)


def mutations(value, *path):
    """Every field of a frame in turn, however deep: absent, and of every wrong kind."""
    yield from ((path, wrong) for wrong in (
        NOTHING, None, True, -1, 1.5, 1 << 70, 10 ** 400, "\x1b[2J\u202e\x07", [5], {"a": {}}, "\ud800"))
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, field in inside:
        yield from mutations(field, *path, name)


def changed(frame, path, wrong):
    copy = json.loads(json.dumps(frame))
    place = copy
    for name in path[:-1]:
        place = place[name]
    if wrong is NOTHING:
        del place[path[-1]]
    else:
        place[path[-1]] = wrong
    return copy


def hostile_answers():
    """What a gateway may say that is no gateway, or an older one, or one that means harm."""
    full = dict(SNAPSHOT, more=False, removed={"series": ["a"]}, series=[function("a", 1)], sockets={"open": 1},
                breakers=[dict(pool="p", worker=1, state="open")], limits=[dict(id="l")])
    full["totals"] = dict(requests=1, events={"x": 1})
    yield from ([changed(HELLO, *change), SNAPSHOT] for change in mutations(HELLO) if change[0])
    yield from ([HELLO, changed(full, *change)] for change in mutations(full) if change[0])
    for frame in (EVENT, {"t": "dropped", "count": 1}, {"t": "bye", "reason": "r"}, {"t": "error", "code": "c", "message": "m"}):
        yield from ([HELLO, changed(frame, *change)] for change in mutations(frame) if change[0])
    latency = dict(sum=1, buckets=[[10 ** 12, 1]])
    yield [HELLO, dict(SNAPSHOT, series=[dict(function("a", 1), latency=latency)])]
    change = {"t": "state", "at": 2, "seq": 1, "series": [dict(function("b", 1), latency=dict(sum=1, changed=[[5, 1]]))]}
    begun = dict(SNAPSHOT, more=True)
    yield [HELLO, begun, change]
    yield from ([HELLO, dict(begun, series=[function("b", 1)]), changed(change, *one)] for one in mutations(change) if one[0])
    yield from ([line] for line in (b"", b"HTTP/1.1 400 Bad Request\r\n", b"5", b"null", b"[]", b'"t"', b'{"t":5}', b"\xff\xfe{\x00}\x00"))
    yield from ([frame] for frame in (SNAPSHOT, EVENT, {"t": "ping"}))
    for line in (b"5", b"null", b"[]", b'"t"', b'{"t":[]}', b'{"t":"x","x":NaN}', b'{"t":"x","x":1e999}', b'{"t":"x","x":' + b"9" * 5_000 + b"}",
                 b'{"t":"x","x":' + b"[" * 200_000, b'{"t":"x","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", b"\xff",
                 b'{"t":"x","x":"' + b"z" * (1 << 20) + b'"}', b"x" * 1_300_000):
        yield [HELLO, line]


class Answers:
    """A listener that says one of many things to each that comes, and hangs up."""

    def __init__(self, answers):
        self.answers = answers
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        for answer in self.answers:
            peer, _ = self.listener.accept()
            with peer, contextlib.suppress(OSError):
                peer.settimeout(20)
                peer.sendall(answer)
                peer.shutdown(socket.SHUT_WR)
                while peer.recv(65_536):
                    pass


def test_no_answer_makes_it_fall_over(capsys, monkeypatch):
    """Whatever a gateway says, it is shown without orders to the terminal, or one line tells what is wrong with it."""
    client = load_client(monkeypatch)
    answers = [lines_of(*answer) for answer in hostile_answers()]
    server = Answers(answers)
    outcomes = {0: 0, 1: 0}
    for answer in answers:
        monkeypatch.setattr(sys, "argv", ["stream_client.py", "--once", "--events", "{}:{}".format(*server.address)])
        code = client.main()
        out, err = capsys.readouterr()
        outcomes[code] += 1
        shown = f"{answer[:400]}: {code} {out[:400]} {err[:400]}"
        same(len(err.splitlines()), 0 if code == 0 else 1, shown)
        expect(len(err) < 1_000 and not {"\x1b", "\x07", "\u202e"} & set(out + err), shown)
    # An older gateway has told enough.
    expect(outcomes[0] > 20 and outcomes[1] > 100, outcomes)


def load_client(monkeypatch):
    specification = importlib.util.spec_from_file_location("stream_client", CLIENT)
    client = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(client)
    monkeypatch.setattr(sys.stdout, "reconfigure", lambda **_: None, raising=False)
    return client


def test_fields_that_are_absent_are_zero_or_empty_or_unknown():
    """Of a gateway older than the document it shows what that tells."""
    entry = {"service": "s", "request_type": "t", "requests": 2, "outcomes": {"ok": 2}}
    answer = lines_of({"t": "hello", "proto": 1}, {"t": "snapshot", "at": 1, "seq": 0, "series": [entry]})
    done = once("{}:{}".format(*Answers([answer]).address))
    expect(done.returncode == 0, done.stderr)
    told = json.loads(done.stdout)
    same((told["node"], told["totals"]), ("unknown", {}), "node and totals")
    same(told["series"][0], dict(service="s", request_type="t", requests=2, ok=2, failed=0, rejected=0, in_flight=0, retries=0,
                                 max_us=None, p50_us=None, p95_us=None, p99_us=None), "series")


def test_what_is_no_address_is_a_usage_error():
    for address in ("gw1", "gw1:", ":4710", "gw1:x", "gw1:99999"):
        done = once(address)
        expect(done.returncode == 2 and "neither host:port" in done.stderr and "Traceback" not in done.stderr, done)
