"""Gateways whose numbers are known, and some that mean ill."""
import json
import socket
import threading
import time

from support.terminal import quietly


def bucket_of(us):
    """The latency bucket of a value, as docs/stream.md defines it."""
    if us < 128:
        return us
    exponent = us.bit_length() - 1
    return 128 + (exponent - 7) * 64 + ((us >> (exponent - 6)) & 63)


class ScriptedGateway:
    """A gateway that speaks the telemetry stream and whose numbers are known: what a test needs to compare."""

    def __init__(self, node="gw-test", port=0, services=(("user_service", "get_user"), ("order_service", "create_order")),
                 rate=100, events=True, token=None, burst=0, more=None, latencies=None, emit=None):
        self.more = more  # seconds since the start to sections that replace or add to the state's
        self.latencies = latencies or {}  # by service, in microseconds; 5 ms otherwise
        self.node, self.services, self.rate, self.events, self.token = node, services, rate, events, token
        self.emit = emit  # seconds since it was first watched to more events, every 0.2 s: (short name, measurements, metadata)
        self.burst = burst  # events more, every 0.2 s
        self.subscriptions = []
        self.peers = []
        self.alive = True
        self.begun = time.time()
        self.sequence = 0
        self.watched = None  # since when somebody does
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while self.alive:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            self.peers.append(peer)
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def state(self):
        """The numbers grow with time: `rate` requests a second and function, one in ten failing."""
        elapsed = time.time() - self.begun
        series, requests = [], 0
        for service, kind in self.services:
            count = int(elapsed * self.rate)
            took = self.latencies.get(service, 5_000)
            failed = count // 10
            requests += count
            series.append(dict(service=service, request_type=kind, version="1.0.0", requests=count,
                               outcomes=dict(ok=count - failed, error=failed), retries=0, max_us=max(took, 41_000),
                               latency=dict(sum=count * took, buckets=[[bucket_of(took), count]])))
        state = dict(
            totals=dict(requests=requests, ok=requests - requests // 10, failed=requests // 10, exceptions=0, rejected=0,
                        in_flight=0, invalid=0, retries=0, events_emitted=self.sequence, events_dropped=0, events={}),
            series=series,
            pools=[dict(name="async_pool", workers=8, busy=2, queued=1, queue_limit=100, breaker="closed",
                        consecutive_failures=0, threshold=5, open_workers=0, half_open_workers=0, executed=10, failed=0,
                        rejected=0, busy_slots=[0, 1])],
            sockets=dict(open=3, joined=3, opened=3, closed=0, by_transport=dict(websocket=3)),
            process=dict(cpu_seconds=elapsed / 100, resident_bytes=20_000_000, threads=4, uptime_ms=int(elapsed * 1000)))
        if self.more:
            state.update(self.more(elapsed))
        return state

    def serve(self, peer):
        lock = threading.Lock()

        def send(frame):
            with lock:
                peer.sendall((json.dumps(frame) + "\n").encode())

        def now():
            return int(time.time() * 1_000_000)

        try:
            send(dict(t="hello", proto=1, node=self.node, software="test 1", started_at=now(), interval_ms=200,
                      auth="token" if self.token else "none", categories=["executor"]))
            reader = peer.makefile("r")
            asked = json.loads(reader.readline())
            self.subscriptions.append(asked)
            if self.token and asked.get("token") != self.token:
                send(dict(t="error", code="unauthorized", message="the token is wrong"))
                peer.close()
                return
            send(dict(t="snapshot", at=now(), seq=self.sequence, **self.state()))
            self.watched = self.watched or time.time()

            def listen():
                for line in reader:
                    asked = json.loads(line)
                    if asked.get("t") == "subscribe":
                        self.subscriptions.append(asked)
                        send(dict(t="snapshot", at=now(), seq=self.sequence, **self.state()))

            threading.Thread(target=lambda: quietly(listen), daemon=True).start()
            while self.alive:
                time.sleep(0.2)
                send(dict(t="state", at=now(), seq=self.sequence, **self.state()))
                for service, kind in self.services if self.events else ():
                    self.sequence += 1
                    send(dict(t="event", seq=self.sequence, at=now(), name="phoenix_gen_api.executor.request.stop",
                              m=dict(duration_us=5_000),
                              d=dict(request_id=f"req_{self.sequence}", service=service, request_type=kind,
                                     user_id="u_1", success=True, outcome="ok", version="1.0.0", **{"async": False})))
                for name, measurements, metadata in self.emit(time.time() - self.watched) if self.emit else ():
                    self.sequence += 1
                    send(dict(t="event", seq=self.sequence, at=now(), name=f"phoenix_gen_api.{name}", m=measurements,
                              d=metadata))
                if self.burst:
                    line = (json.dumps(dict(t="event", seq=self.sequence, at=now(), m=dict(duration_us=5_000),
                                            name="phoenix_gen_api.executor.request.stop",
                                            d=dict(request_id="req", service="order_service", success=True,
                                                   request_type="create_order", outcome="ok"))) + "\n").encode()
                    with lock:
                        peer.sendall(line * self.burst)
        except (OSError, ValueError):
            pass

    def wait_for_events(self, seconds, within=10):
        """Until it told of so many seconds: what it counted before it was watched is of no event that a screen can have."""
        until = time.time() + within
        while not self.watched or time.time() - self.watched < seconds:
            assert time.time() < until, f"nobody watches {self.node}"
            time.sleep(0.05)

    def stop(self):
        self.alive = False
        # Closing alone would leave it listening for as long as the thread waits in accept.
        quietly(lambda: self.socket.shutdown(socket.SHUT_RDWR))
        self.socket.close()
        for peer in self.peers:
            try:
                peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            peer.close()


class HostileGateway:
    """Begins as a gateway does, never reads, and sends what a flood makes for it: at most 300 MB, in at most 3 s."""

    MOST_BYTES, MOST_SECONDS = 300_000_000, 3

    def __init__(self, flood):
        self.flood, self.alive, self.sent, self.peers = flood, True, 0, []
        self.done = threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=lambda: quietly(self.serve), daemon=True).start()

    @staticmethod
    def line(kind, **fields):
        return (json.dumps(dict(t=kind, at=int(time.time() * 1_000_000), seq=1, **fields)) + "\n").encode()

    def serve(self):
        peer, _ = self.socket.accept()
        self.peers.append(peer)
        peer.sendall(self.line("hello", proto=1, node="hostile", software="none", started_at=1, auth="none",
                               interval_ms=1_000, categories=[]) + self.line("snapshot"))
        begun, number = time.time(), 0
        try:
            while self.alive and self.sent < self.MOST_BYTES and time.time() - begun < self.MOST_SECONDS:
                data = self.flood(number)
                # A dashboard that takes no more is what is hoped for.
                peer.settimeout(10)
                peer.sendall(data)
                self.sent += len(data)
                number += 1
        finally:
            self.done.set()
        while self.alive:
            peer.sendall(self.line("state"))
            time.sleep(0.2)

    def close(self):
        self.alive = False
        self.socket.close()
        for peer in self.peers:
            peer.close()


def series(service, **more):
    """The shortest entry of a function that takes the most memory."""
    return dict(dict(service=service, request_type="t", requests=1, outcomes={}, retries=0, max_us=0,
                     latency=dict(sum=0, buckets=[[1_983, 1]])), **more)


def config(service, nodes=()):
    return dict(service=service, request_type="t", enabled=True, nodes=list(nodes), response_type="sync", source="local",
                permission="false", choose_node="random", hooks=[], changed_at=1)


FLOODS = {
    "pings that are never answered": lambda number: b'{"t":"ping","at":1}\n' * 5_000,
    "events with names of 400 kB": lambda number: HostileGateway.line(
        "event", name="phoenix_gen_api.executor.request.start", m={},
        d=dict(service=f"{number}" + "s" * 400_000, request_type="t", request_id="r")),
    "events in another form than gateways send": lambda number: b"".join(
        HostileGateway.line("event", name="x.y", m={}, d={f"k{key}": [] for key in range(1_000)})
        for _ in range(20)),
    "ever new functions": lambda number: HostileGateway.line(
        "state", series=[series(f"s{number}_{index}") for index in range(3_500)],
        functions=[config(f"s{number}_{index}") for index in range(1_500)]),
    "names of 400 kB and long lists in a state": lambda number: HostileGateway.line(
        "state", series=[series(f"{number}" + "n" * 400_000, last_error="e" * 400_000)],
        functions=[config(f"f{number}", nodes=[f"n{index}" for index in range(10_000)])]),
    "hellos, byes of other types, and errors of a megabyte": lambda number: HostileGateway.line("x" * 900_000)
        + HostileGateway.line("dropped", count=2 ** 53, from_seq=1, to_seq=2 ** 53),
}


# What a dashboard takes at most of one gateway, in MB, itself included: docs/security.md.
MOST_MEMORY = 400


class GarbageServer:
    """Listens, and answers with what is no stream."""

    def __init__(self, answer):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.answer = answer
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            try:
                peer.sendall(self.answer)
                peer.settimeout(1)
                peer.recv(1)
            except OSError:
                pass
            peer.close()

    def close(self):
        self.socket.close()
