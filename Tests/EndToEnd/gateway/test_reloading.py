"""What SIGHUP reads again, and what it leaves alone."""
import asyncio
import json
import os
import resource
import re
import signal
import socket
import subprocess
import time

from support.checks import expect, wait_for
from support.clients import Socket, run
from support.programs import BIN, ROOT


def test_sighup_reads_functions_and_limits(start_server):
    """SIGHUP reads functions and limits again and keeps the connections."""
    async def talk(server):
        async with Socket(server) as socket:
            await socket.join()
            expect((await socket.answer("echo", {"message": "x"}))["success"], "echo")
            server.write(server.text.replace('request_type = "echo"', 'request_type = "repeat"') +
                         '\n[[rate_limiter.api_limits]]\nservice = "demo"\nrequest_type = "repeat"\n'
                         'key = "ip_address"\nmax_requests = 1\nwindow_ms = 60000\n')
            server.process.send_signal(signal.SIGHUP)
            for _ in range(100):
                if (await socket.answer("echo", {"message": "x"}))["error"]:
                    break
                await asyncio.sleep(0.05)
            else:
                raise AssertionError("echo is still there")
            expect((await socket.answer("repeat", {"message": "x"}))["result"] == "x", "repeat")
            limited = await socket.answer("repeat", {"message": "x"})
            expect(limited["error"].startswith("Rate limit exceeded") and limited["can_retry"], limited)
            server.write("[auth\n")
            server.process.send_signal(signal.SIGHUP)
            for _ in range(100):
                if any("stays as it is" in line for line in server.errors):
                    break
                await asyncio.sleep(0.05)
            expect(any("stays as it is" in line for line in server.errors), server.errors)
            expect((await socket.answer("time"))["success"], "time")
    server = start_server(anonymous=True)
    run(talk(server))


def test_a_storm_of_sighups(start_server):
    """A storm of SIGHUPs is a few readings, not one a signal for minutes, and what the file says last is in force."""
    def readings(server):
        answer = server.get("metrics")[1]
        return [line for line in answer.splitlines() if line.startswith("genapi_config_reloads_total")]

    async def last(server):
        async with Socket(server) as socket:
            await socket.join()
            expect((await socket.answer("last", {"message": "x"}))["result"] == "x", "the last text is not in force")

    server = start_server(anonymous=True)
    for _ in range(1_000):
        server.process.send_signal(signal.SIGHUP)
        time.sleep(0.001)
    server.write(server.text.replace('request_type = "echo"', 'request_type = "last"'))
    server.process.send_signal(signal.SIGHUP)
    # A reading may take long where others want the machine: so many seconds, not minutes.
    until = time.monotonic() + 20
    before, now = None, readings(server)
    while now != before or all(line.endswith(" 0") for line in now):
        expect(time.monotonic() < until, f"it reads on: {before}, and then {now}")
        time.sleep(2)
        before, now = now, readings(server)
    run(last(server))


def test_an_early_sighup(start_server):
    """SIGHUP ends no gateway that has just begun, and ends `call` as any program."""
    for _ in range(10):
        process = subprocess.Popen(
            [f"{BIN}/genapi-gateway", "--config", f"{ROOT}/examples/gateway.toml"], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
            env=os.environ | {"GENAPI_WEBSOCKET_LISTEN": "127.0.0.1:0", "GENAPI_TELEMETRY_LISTEN": "127.0.0.1:0"})
        try:
            # Until the system's loader has made the program: nobody could do anything about it before. It ignores SIGHUP
            # then, and takes it as soon as it has begun.
            guarded = False
            while not guarded:
                with open(f"/proc/{process.pid}/status") as file:
                    status = file.read()
                guarded = any(int(re.search(rf"{name}:\s*(\w+)", status)[1], 16) & 1 for name in ("SigIgn", "SigCgt"))
            process.send_signal(signal.SIGHUP)
            expect(process.stdout.readline().startswith("node"), f"SIGHUP ended it with {process.poll()}")
        finally:
            process.kill()
            process.communicate()
    server = start_server(anonymous=True)
    load = subprocess.Popen([f"{BIN}/genapi-gateway", "load", server.url, "--seconds", "60"], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    until = time.time() + 20
    while "genapi_sockets 16" not in server.get("metrics")[1]:
        expect(time.time() < until, "the load does not begin")
        time.sleep(0.1)
    load.send_signal(signal.SIGHUP)
    expect(load.wait(20) == -signal.SIGHUP, load.returncode)


def test_a_configuration_that_became_a_pipe(start_server):
    """A configuration that became a pipe is a failed reload, and neither hangs the next one nor the end."""
    server = start_server(anonymous=True, environment={"GENAPI_LOG_LEVEL": "notice"})
    def says(words):
        wait_for(f"{words}: {server.errors}", lambda: any(words in line for line in server.errors))
    os.unlink(server.file.name)
    os.mkfifo(server.file.name)
    server.process.send_signal(signal.SIGHUP)
    says("is no plain file")
    os.unlink(server.file.name)
    server.write(server.text)
    server.process.send_signal(signal.SIGHUP)
    says("the configuration was read again")
    server.process.send_signal(signal.SIGTERM)
    expect(server.process.wait(20) == 0, server.process.returncode)


def test_a_configuration_that_comes_back(start_server):
    """A watched file that is too large is a failed reload, as one that is gone, and its return makes up for it."""
    def health(server):
        checks = json.loads(server.get("health")[1])["checks"]
        return next(check for check in checks if check["name"] == "configuration")
    def until(server, status, words):
        end = time.time() + 20
        while not (health(server)["status"] == status and words in health(server)["detail"]):
            expect(time.time() < end, health(server))
            time.sleep(0.05)
    server = start_server(anonymous=True, environment={
        "GENAPI_RELOAD_WATCH": "all", "GENAPI_RELOAD_WATCH_INTERVAL_MS": "100"})
    with open(server.file.name, "a") as file:
        file.truncate(17 << 20)
    until(server, "degraded", "16777216")
    server.write(server.text)
    until(server, "ok", "last reload")
    os.rename(server.file.name, server.file.name + ".away")
    server.process.send_signal(signal.SIGHUP)
    until(server, "degraded", "No such file")
    os.rename(server.file.name + ".away", server.file.name)
    until(server, "ok", "last reload")


def test_a_reload_without_descriptors(start_server):
    """A reload without descriptors fails or not, and does not end the gateway."""
    def open_files(server):
        return len(os.listdir(f"/proc/{server.process.pid}/fd"))
    most = 64
    # Clients do not get the last ones.
    server = start_server(
        anonymous=True, descriptors=(most, most), environment={"GENAPI_HEALTH_LISTEN": "127.0.0.1:0"})
    host, port = server.addresses["health"].split("://")[-1].split("/")[0].rsplit(":", 1)
    for free in (2, 1, 0):
        clients = [socket.create_connection((host, int(port))) for _ in range(most)]
        # No door takes the last four, so the limit comes down to what is open, once all are that will be.
        steady = None
        while steady != open_files(server):
            steady = open_files(server)
            time.sleep(0.5)
        expect(open_files(server) <= most - 4, open_files(server))
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (open_files(server) + free, most))
        server.process.send_signal(signal.SIGHUP)
        time.sleep(1)
        expect(server.process.poll() is None, (free, server.whole_log()[-3:] if server.process.poll() else ""))
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (most, most))
        for client in clients:
            client.close()
        time.sleep(0.5)

    def is_well():
        try:
            return server.get("health")[0] == 200
        except OSError:
            return False
    wait_for("health", is_well)
