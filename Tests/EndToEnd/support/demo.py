"""`genapi-gateway --demo` as a process of its own, and its telemetry stream."""
import json
import os
import signal
import socket
import subprocess
import time

from support.checks import expect
from support.ports import free_ports
from support.programs import BIN


class TelemetryStream(socket.socket):
    """A connection with one reader for all its life: what that has read ahead is not lost."""

    def __init__(self):
        super().__init__()
        self.lines = self.makefile("rb")

    def close(self):
        self.lines.close()
        super().close()


class DemoGateway:
    """`genapi-gateway --demo` as a process of its own."""

    def __init__(self, port=None, *options):
        self.port = port or free_ports(3, together=True)[0]
        self.process = subprocess.Popen(
            [f"{BIN}/genapi-gateway", "--demo", "--telemetry", f"127.0.0.1:{self.port}", *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                self.connect().close()
                return
            except OSError:
                expect(time.monotonic() < deadline, "the gateway does not listen within 10 s")
                time.sleep(0.05)

    def connect(self, receive_buffer=None):
        stream = TelemetryStream()
        if receive_buffer:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        stream.settimeout(20)
        stream.connect(("127.0.0.1", self.port))
        return stream

    def resident(self):
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(timeout=10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def frames(stream):
    for line in stream.lines:
        yield json.loads(line)


def first(stream, kind):
    for frame in frames(stream):
        if frame["t"] == kind:
            return frame
    raise AssertionError(f"the stream ended without a {kind} frame")


def latency(gateway, seconds):
    """The p50 of what get_user took, in microseconds, over some seconds, from the gateway's exact histograms."""
    def buckets():
        with gateway.connect() as stream:
            stream.sendall(b'{"t":"subscribe","events":false}\n')
            series = first(stream, "snapshot").get("series", [])
        wanted = next(entry for entry in series if entry["request_type"] == "get_user")
        return dict(map(tuple, wanted["latency"]["buckets"]))
    before = buckets()
    time.sleep(seconds)
    counts = {bucket: count - before.get(bucket, 0) for bucket, count in buckets().items()}
    total, seen = sum(counts.values()), 0
    expect(total > 50, f"only {total} requests in {seconds} s")
    for bucket in sorted(counts):
        seen += counts[bucket]
        if seen * 2 >= total:
            exponent = (bucket - 128) // 64 + 7
            return bucket if bucket < 128 else (64 + (bucket - 128) % 64) << (exponent - 6)
