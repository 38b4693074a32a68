"""How a gateway starts, drains and ends."""
import asyncio
import json
import os
import resource
import signal
import socket
import subprocess
import tempfile
import time

import pytest
import websockets

from support.checks import expect, wait_for
from support.clients import Socket, plain_echo, run
from support.ports import free_port
from support.programs import BIN, ROOT


def test_a_reader_that_is_gone():
    """A reader of the log that is gone from the start does not end the gateway, and too few descriptors are told."""
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        [f"{BIN}/genapi-gateway", "--config", f"{ROOT}/examples/gateway.toml"], stdout=subprocess.PIPE, stderr=writer,
        text=True, restore_signals=True,
        env=os.environ | {"GENAPI_WEBSOCKET_LISTEN": "127.0.0.1:0", "GENAPI_TELEMETRY_LISTEN": "127.0.0.1:0"})
    os.close(writer)
    try:
        expect(process.stdout.readline().startswith("node"), "it did not start")
        process.send_signal(signal.SIGTERM)
        expect(process.wait(20) == 0, process.returncode)
    finally:
        process.kill()
    ended = subprocess.run(
        [f"{BIN}/genapi-gateway", "--config", f"{ROOT}/examples/gateway.toml"], capture_output=True, text=True, timeout=30,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16)))
    expect(ended.returncode == 1 and "the process have 16 descriptors" in ended.stderr, (ended.returncode, ended.stderr))


def test_sigterm_under_load(start_server):
    """SIGTERM under load: every request that was taken is answered or refused."""
    async def talk(server):
        sockets = [Socket(server) for _ in range(8)]
        for one in sockets:
            await one.__aenter__()
            await one.join()
        sent, answered, closed = set(), set(), []

        async def load(index, one):
            number = 0
            try:
                while True:
                    number += 1
                    request_id = f"{index}-{number}"
                    ref = await one.request("slow", {"ms": 50}, request_id)
                    sent.add(request_id)
                    receipt = answer = False
                    while not (receipt and answer):
                        message = await one.receive()
                        if message["event"] == "phoenix_gen_api":
                            answered.add(message["payload"]["request_id"])
                            answer = True
                        elif message["ref"] == ref:
                            receipt = True
            except websockets.exceptions.ConnectionClosed as error:
                closed.append(error.rcvd.code if error.rcvd else None)
        tasks = [asyncio.create_task(load(index, one)) for index, one in enumerate(sockets)]
        await asyncio.sleep(1)
        # What was sent a moment before the signal was taken; each socket has a request under way all the time.
        before = set(sent)
        await asyncio.sleep(0.02)
        server.process.send_signal(signal.SIGTERM)
        await asyncio.gather(*tasks)
        expect(len(before - answered) == 0, f"taken and never answered: {sorted(before - answered)}")
        expect(closed == [1001] * 8, closed)
        # A request that crossed the close on its way was never taken: at most the last of each socket.
        expect(len(sent - answered) <= 8 and len(answered) > 20, f"{len(answered)} answered")
    more = '\n[[rate_limiter.api_limits]]\nservice = "x"\nrequest_type = "y"\nkey = "user_id"\nmax_requests = 1\nwindow_ms = 1\n'
    server = start_server(anonymous=True, more=more)
    text = server.text.replace('max_requests = 30\n', 'max_requests = 1000000\n')
    server.write(text)
    server.process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    run(talk(server))
    expect(server.process.wait(timeout=15) == 0, server.process.returncode)


def test_sigterm_drains_asynchronous_calls(start_server):
    """SIGTERM drains asynchronous calls and streams too."""
    async def talk(server):
        async with Socket(server) as socket:
            await socket.join()
            await socket.request("later", {"ms": 1500}, "later")
            await socket.request("stream", {"count": 5, "interval_ms": 300}, "stream")
            payloads = [(await socket.receive())["payload"]]
            while payloads[-1].get("request_id") != "stream" or payloads[-1]["result"] != 1:
                payloads.append((await socket.receive())["payload"])
            server.process.send_signal(signal.SIGTERM)
            try:
                while True:
                    payloads.append((await socket.receive())["payload"])
            except websockets.exceptions.ConnectionClosed as error:
                # How the server ended tells why a close frame is missing.
                expect(error.rcvd and error.rcvd.code == 1001, error.rcvd or (
                    error, payloads, server.process.wait(timeout=15), server.process.stderr.read()))
            ours = {name: [p for p in payloads if p.get("request_id") == name] for name in ("later", "stream")}
            expect(ours["later"] and ours["later"][-1]["result"] == 1500, payloads)
            expect([p["result"] for p in ours["stream"]][-6:] == [1, 2, 3, 4, 5, None], payloads)
    server = start_server(anonymous=True)
    run(talk(server))
    expect(server.process.wait(timeout=15) == 0, server.process.returncode)


@pytest.mark.alone
def test_the_steps_of_draining(start_server):
    """From SIGTERM on no listener is ready, the port takes clients for the delay, sockets close over the spread, a
    line a step."""
    def plain(address, text):
        """The first line of an answer, as HAProxy asks."""
        host, port = address.split("://")[1].split("/")[0].rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=5) as stream:
            stream.sendall(text.encode())
            return stream.makefile().readline().strip()

    def ready(server):
        addresses = (server.url, server.addresses["health"])
        return [plain(address, text) for address in addresses
                for text in ("OPTIONS / HTTP/1.0\r\n\r\n", "GET /readyz HTTP/1.0\r\n\r\n")]

    async def talk(server):
        sockets = [Socket(server) for _ in range(10)]
        for one in sockets:
            await one.__aenter__()
            await one.join()
        expect(ready(server) == ["HTTP/1.1 200 OK"] * 4, ready(server))
        expect(plain(server.url, "GET /healthz HTTP/1.0\r\n\r\n") == "HTTP/1.1 404 Not Found", "the report is public")
        server.process.send_signal(signal.SIGTERM)
        start = time.monotonic()
        await asyncio.sleep(0.3)
        expect(ready(server) == ["HTTP/1.1 503 Service Unavailable"] * 4, ready(server))
        expect(plain(server.url, "GET /livez HTTP/1.0\r\n\r\n") == "HTTP/1.1 200 OK", "livez")
        report = json.loads(server.get("health")[1])
        readiness = next(check for check in report["checks"] if check["name"] == "readiness")
        expect(report["status"] == "error" and "shuts down" in readiness["detail"], report)
        expect(await plain_echo(server), "a client that comes within the delay is not served")
        ends = []

        async def end(one):
            try:
                while True:
                    await one.receive()
            except websockets.exceptions.ConnectionClosed as error:
                ends.append((time.monotonic() - start, error.rcvd and error.rcvd.code))
        await asyncio.gather(*(end(one) for one in sockets))
        expect([code for _, code in ends] == [1001] * 10, ends)
        expect(ends[0][0] >= 1 and 0.7 < ends[-1][0] - ends[0][0] < 4, ends)
    environment = {"GENAPI_WEBSOCKET_DRAIN_DELAY_MS": "1000", "GENAPI_WEBSOCKET_DRAIN_SPREAD_MS": "1000",
                   "GENAPI_HEALTH_LISTEN": "127.0.0.1:0", "GENAPI_HEALTH_PUBLIC": "false", "GENAPI_LOG_LEVEL": "notice"}
    server = start_server(anonymous=True, environment=environment)
    run(talk(server))
    expect(server.process.wait(timeout=10) == 0, server.process.returncode)
    steps = ["shutting down", "not ready any more", "no new clients are accepted", "closed one after the other",
             "the sockets are closed left=0", "the telemetry stream is closed", "server: ended"]
    log = "".join(server.whole_log())
    places = [log.find(step) for step in steps]
    expect(-1 not in places and places == sorted(places), log)


def test_a_second_sigterm(start_server):
    """A second SIGTERM ends it at once, and a first within the first milliseconds in order."""
    environment = {"GENAPI_WEBSOCKET_DRAIN_DELAY_MS": "60000", "GENAPI_LOG_LEVEL": "notice"}
    server = start_server(anonymous=True, environment=environment)
    server.process.send_signal(signal.SIGTERM)
    # Two within half a second of each other are one, counted from when it took the first.
    wait_for("it shuts down", lambda: any("shutting down" in line for line in server.errors))
    time.sleep(0.8)
    expect(server.process.poll() is None, "it did not wait")
    server.process.send_signal(signal.SIGTERM)
    expect(server.process.wait(timeout=20) == 143, server.process.returncode)
    expect(any("ends at once" in line for line in server.whole_log()), server.errors)


@pytest.mark.parametrize("first, second", [(signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGTERM)], ids=str)
def test_a_sigterm_that_comes_twice(start_server, first, second):
    """Two signals at once, as timeout(1) and wrappers send them, are one: it drains, at every stage of a start too."""
    def twice(process):
        process.send_signal(first)
        # Two that wait to be taken are one for the system already.
        time.sleep(0.02)
        process.send_signal(second)
    server = start_server(anonymous=True, environment={"GENAPI_WEBSOCKET_DRAIN_DELAY_MS": "4000", "GENAPI_LOG_LEVEL": "notice"})
    twice(server.process)
    time.sleep(0.8)
    expect(server.process.poll() is None, "it did not drain")
    expect(server.process.wait(timeout=20) == 0, server.process.returncode)
    log = server.whole_log()
    expect(any("server: ended" in line for line in log) and not any("ends at once" in line for line in log), log)
    # Before the signals are trapped they end it as any program, afterwards in order.
    for delay in (0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8):
        environment = os.environ | {"GENAPI_WEBSOCKET_LISTEN": "127.0.0.1:0", "GENAPI_TELEMETRY_LISTEN": "127.0.0.1:0"}
        process = subprocess.Popen([f"{BIN}/genapi-gateway", "--config", f"{ROOT}/examples/gateway.toml"], env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(delay)
        twice(process)
        _, errors = process.communicate(timeout=20)
        expect(process.returncode in (0, -first) and "ends at once" not in errors, (delay, process.returncode, errors))


def test_signals_of_a_watchdog(start_server):
    """SIGQUIT and SIGABRT from outside end it, where Swift's backtraces are on, too."""
    for number in (signal.SIGQUIT, signal.SIGABRT):
        server = start_server(anonymous=True, environment={"SWIFT_BACKTRACE": "enable=yes"})
        server.process.send_signal(number)
        expect(server.process.wait(timeout=40) == -number, server.process.returncode)


def test_no_standard_output():
    """A standard output that is closed, full or without a reader is an error in words, and nothing goes on listening."""
    def start(**options):
        port = free_port()
        environment = os.environ | {"GENAPI_WEBSOCKET_LISTEN": f"127.0.0.1:{port}",
                                    "GENAPI_TELEMETRY_LISTEN": "127.0.0.1:0"}
        process = subprocess.Popen([f"{BIN}/genapi-gateway", "--config", f"{ROOT}/examples/gateway.toml"],
                                   env=environment, stderr=subprocess.PIPE, text=True, **options)
        _, errors = process.communicate(timeout=20)
        expect(process.returncode == 1, (options, process.returncode, errors))
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            return errors
        raise AssertionError("it still listens")
    closed = start(preexec_fn=lambda: os.close(1))
    expect("cannot write to standard output: Bad file descriptor" in closed, closed)
    with open("/dev/full", "w") as full:
        told = start(stdout=full)
        expect("cannot write to standard output: No space left on device" in told, told)
    reading, writing = os.pipe()
    os.close(reading)
    told = start(stdout=writing)
    os.close(writing)
    expect("nobody reads it any more" in told, told)
    for command in (["call", "demo/echo", "{}"], ["toon"]):
        ended = subprocess.run([f"{BIN}/genapi-gateway", *command], input="{}", stderr=subprocess.PIPE, text=True,
                               preexec_fn=lambda: os.close(1), timeout=20)
        expect(ended.returncode in (1, 2) and "genapi-gateway: " in ended.stderr, ended)


def test_help_that_cannot_be_written():
    """Help and the version that could not be written end with 1 and say why, whatever command they are of."""
    for arguments in (["--help"], ["--version"], ["help"], ["help", "load"], ["ctl", "--help"], ["load", "--help"],
                      ["--generate-completion-script", "bash"]):
        with open("/dev/full", "w") as full:
            ended = subprocess.run([f"{BIN}/genapi-gateway", *arguments], stdout=full, stderr=subprocess.PIPE, text=True,
                                   timeout=20)
        expect((ended.returncode, ended.stderr)
               == (1, "genapi-gateway: cannot write to standard output: No space left on device\n"), (arguments, ended))
        good = subprocess.run([f"{BIN}/genapi-gateway", *arguments], capture_output=True, text=True, timeout=20)
        expect(good.returncode == 0 and good.stdout and not good.stderr, (arguments, good))


def test_a_start_waits_for_epmd():
    """A start waits for epmd, so long at most; SIGHUP meanwhile reads again, SIGTERM ends it."""
    port = free_port()
    more = f'\n[cluster]\nname = "gateway@127.0.0.1"\ncookie = "e2e"\nepmd_port = {port}\n'

    def started(wait="60000"):
        with tempfile.NamedTemporaryFile("w", suffix=".toml", delete=False) as file:
            with open(f"{ROOT}/examples/gateway.toml") as example:
                file.write(example.read() + more)
        process = subprocess.Popen(
            [f"{BIN}/genapi-gateway", "--config", file.name], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=os.environ | {"GENAPI_WEBSOCKET_LISTEN": "127.0.0.1:0", "GENAPI_TELEMETRY_LISTEN": "127.0.0.1:0",
                              "GENAPI_CLUSTER_EPMD_WAIT_MS": wait})
        line = ""
        while "the start waits for epmd" not in line:
            line = process.stderr.readline()
            expect(line, "it ended, or waits for something else")
        return process, file.name

    # Too long: in words.
    process, path = started(wait="1500")
    _, errors = process.communicate(timeout=10)
    os.unlink(path)
    expect(process.returncode == 1 and "epmd cannot be reached" in errors, (process.returncode, errors))
    # A signal ends it.
    process, path = started()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=10)
    os.unlink(path)
    expect(process.returncode == 0 and "stopped before it had started" in errors, (process.returncode, errors))
    # SIGHUP before anybody is told that the server is there is done when it is.
    process, path = started()
    epmd = None
    try:
        process.send_signal(signal.SIGHUP)
        time.sleep(0.2)
        expect(process.poll() is None, f"SIGHUP ended it with {process.returncode}")
        epmd = subprocess.Popen(["epmd", "-port", str(port), "-address", "127.0.0.1"])
        expect(process.stdout.readline().startswith("node"), "it does not start though epmd is there")
        line = ""
        while "the configuration was read again" not in line:
            line = process.stderr.readline()
            expect(line, "the configuration was not read again")
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=15)
        expect(process.returncode == 0, (process.returncode, errors))
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
        os.unlink(path)
        if epmd:
            epmd.kill()
            epmd.wait()


def test_the_limit_of_descriptors(start_server):
    """The limit of descriptors is raised to what is needed, and told where it is too low."""
    def limit(server):
        with open(f"/proc/{server.process.pid}/limits") as file:
            return int(next(line for line in file if line.startswith("Max open files")).split()[3])
    environment = {"GENAPI_LOG_LEVEL": "warning"}
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with start_server(anonymous=True, environment=environment | {"GENAPI_WEBSOCKET_MAX_CONNECTIONS": "2000"},
                descriptors=(256, min(hard, 8192))) as server:
        expect(2000 < limit(server) < 4000, limit(server))
    server = start_server(anonymous=True, environment=environment, descriptors=(256, 4096))
    expect(limit(server) == 4096, limit(server))
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(timeout=15)
    expect(any("max_connections" in line and "4096" in line for line in server.whole_log()), server.errors)


def test_signals_that_mean_nothing(start_server):
    """SIGUSR1 and SIGUSR2, which reopen the logs of other servers, do not end a gateway."""
    server = start_server(anonymous=True)
    for _ in range(3):
        for number in (signal.SIGUSR1, signal.SIGUSR2):
            server.process.send_signal(number)
        time.sleep(0.1)
    expect(server.process.poll() is None and server.get("livez")[0] == 200, server.process.returncode)
