"""What many clients at once cannot do."""
import asyncio
import json
import os
import subprocess
import time
import urllib.error
import urllib.request

import pytest
import websockets

from support.checks import expect
from support.clients import Hold, Socket, hold_sockets, plain_echo, run
from support.programs import BIN, cpu_seconds
from support.terminal import run_top


@pytest.mark.alone
def test_a_thousand_idle_sockets(start_server):
    """A thousand idle sockets cost little memory each, and all are counted."""
    async def talk(server):
        before = server.resident()
        sockets = []
        for _ in range(1000):
            sockets.append(await websockets.connect(f"{server.url}?vsn=2.0.0"))
        for index, socket in enumerate(sockets):
            await socket.send(json.dumps(["1", "1", "api:lobby", "phx_join", {}]))
        for socket in sockets:
            await socket.recv()
        each = (server.resident() - before) / 1000
        print(f"      {each / 1024:.1f} KiB a socket")
        expect("genapi_sockets 1000" in server.get("metrics")[1], "the sockets are not all counted")
        expect(each < 64 * 1024, f"{each} bytes a socket")
        for socket in sockets:
            await socket.close()
    server = start_server(anonymous=True)
    server.write(server.text)
    run(talk(server))


def test_ten_thousand_connection_attempts(start_server):
    """Ten thousand connection attempts are refused with 503, and other clients are answered meanwhile."""
    async def one(server, results):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.split(":")[2].split("/")[0]))
            writer.write(b"GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                         b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                         b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            line = await asyncio.wait_for(reader.readline(), 20)
            status = int(line.split()[1]) if line else 0
            results[status] = results.get(status, 0) + 1
            if status == 101:
                held.append(writer)
            else:
                writer.close()
        except OSError:
            results["closed"] = results.get("closed", 0) + 1

    async def talk(server):
        async with Socket(server) as socket:
            await socket.join()
            results = {}

            async def storm():
                for _ in range(100):
                    await asyncio.gather(*(one(server, results) for _ in range(100)))
            attack = asyncio.create_task(storm())
            slowest, answers = 0, 0
            while not attack.done():
                start = time.monotonic()
                expect((await socket.answer("echo", {"message": "x"}))["success"], "echo")
                slowest, answers = max(slowest, time.monotonic() - start), answers + 1
            await attack
            print(f"      {results}, {answers} answers meanwhile, the slowest after {slowest * 1000:.0f} ms")
            expect(sum(results.values()) == 10000 and results.get(101, 0) == 49, results)
            expect(results.get(503, 0) + results.get("closed", 0) + results.get(0, 0) == 9951, results)
    held = []
    os.environ["GENAPI_WEBSOCKET_MAX_CONNECTIONS"] = "50"
    try:
        with start_server(anonymous=True) as server:
            run(talk(server))
    finally:
        del os.environ["GENAPI_WEBSOCKET_MAX_CONNECTIONS"]


@pytest.mark.alone
def test_no_listener_spins_without_descriptors(epmd):
    """Without descriptors no listener spins, and clients get in when some are free again."""
    def address(text):
        host, port = text.split("://")[-1].split("/")[0].rsplit(":", 1)
        return host, int(port)

    os.environ["GENAPI_HEALTH_LISTEN"] = "127.0.0.1:0"
    try:
        # That connections give way is a warning.
        server = epmd.gateway(descriptors=64, environment={"GENAPI_LOG_LEVEL": "warning"})
    finally:
        del os.environ["GENAPI_HEALTH_LISTEN"]
    with server:
        names = subprocess.run(["epmd", "-port", str(epmd.port), "-names"], capture_output=True, text=True,
                               env=epmd.environment).stdout
        cluster = int(next(line for line in names.splitlines() if line.startswith("name gateway")).split()[-1])
        listeners = {"websocket": address(server.url), "health": address(server.addresses["health"]),
                     "telemetry": address(server.addresses["telemetry"]), "cluster": ("127.0.0.1", cluster)}
        for name, listener in listeners.items():
            # The others' descriptors too, so that this one has none to give. They are held by sockets of clients,
            # which nobody may close, and the last of them, which no client gets, by others.
            held = run(hold_sockets(server))
            hold = Hold(listener, 100)
            time.sleep(0.3)
            before = cpu_seconds(server.process.pid)
            time.sleep(1)
            spent = cpu_seconds(server.process.pid) - before
            expect(spent < 0.3, f"{name}: {spent:.2f} s of processor time in a second")
            told = ["clients are refused"] if name == "websocket" else ["no connection can be accepted", "give way"]
            expect(any(text in line for text in told for line in server.errors), (name, server.errors))
            hold.close()
            for writer in held:
                writer.close()
            deadline = time.monotonic() + 10
            while True:
                try:
                    expect(server.get("health")[0] == 200, "health")
                    break
                except OSError:
                    expect(time.monotonic() < deadline, f"{name}: nobody gets in again")
            expect(run(plain_echo(server)), name)


@pytest.mark.parametrize("door", ["health", "telemetry", "control"])
def test_silent_connections_at_one_door(start_server, folder, door):
    """Silent connections at one door take no descriptors of the others: clients, health, control and the stream go on."""
    path = f"{folder}/control.sock"
    server = start_server(
        anonymous=True, descriptors=64,
        environment={"GENAPI_HEALTH_SOCKET": path, "GENAPI_HEALTH_LISTEN": "127.0.0.1:0"})
    doors = {"control": path}
    for name in ("health", "telemetry"):
        host, port = server.addresses[name].split("://")[-1].split("/")[0].rsplit(":", 1)
        doors[name] = (host, int(port))
    hold = Hold(doors[door], 74)
    try:
        expect(run(plain_echo(server)), "a client gets in")
        expect(server.get("health")[0] == 200, "health")
        told = subprocess.run([f"{BIN}/genapi-gateway", "ctl", "status", "--socket", path], capture_output=True, text=True,
                              timeout=20)
        expect(told.returncode == 0 and told.stdout, told)
        once = run_top("--once", "--json", server.addresses["telemetry"].split("://")[-1])
        expect(once.returncode == 0, once)
    finally:
        hold.close()


def test_the_last_descriptors_are_the_operators(start_server, folder):
    """With all descriptors taken by clients health, control and the telemetry stream still answer."""
    def status(url):
        try:
            return urllib.request.urlopen(url, timeout=5).status
        except urllib.error.HTTPError as error:
            return error.code
    path = f"{folder}/control.sock"
    server = start_server(
        anonymous=True, descriptors=64, environment={"GENAPI_HEALTH_SOCKET": path})
    held = run(hold_sockets(server))
    # Whoever says nothing gets not even an answer's place.
    host, port = server.url.split("://")[1].split("/")[0].rsplit(":", 1)
    http = server.addresses["metrics"].rsplit("/", 1)[0]
    expect(status(f"{http}/healthz") == 200, "the sockets' own listener answers while it gives no sockets")
    idle = Hold((host, int(port)), 40)
    for _ in range(3):
        told = subprocess.run([f"{BIN}/genapi-gateway", "ctl", "status", "--socket", path], capture_output=True, text=True,
                              timeout=20)
        expect(told.returncode == 0 and told.stdout, told)
    once = run_top("--once", "--json", server.addresses["telemetry"].split("://")[-1])
    expect(once.returncode == 0, once)
    refused = json.loads(once.stdout)["nodes"][0]["refused_handshakes"]
    expect(refused["descriptors"] >= 1, refused)
    expect(sum("the last descriptors are kept" in line for line in server.errors) == 1, server.errors)
    idle.close()
    for opened in held:
        opened.close()
    expect(run(plain_echo(server)), "a client gets in again")
