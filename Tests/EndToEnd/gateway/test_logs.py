"""What is logged, and what a log cannot do to the gateway."""
import json
import signal
import time

from support.checks import expect
from support.clients import Socket, attempt, echoes, run
from support.tokens import SECRET


def test_a_log_that_nobody_reads(start_server):
    """A log that nobody reads stops no client, no health check and no signal; what is missing is counted and told."""
    talkative = {"GENAPI_LOG_LEVEL": "trace", "GENAPI_LOG_EVENTS": "true"}

    def dropped(server):
        lines = server.get("metrics")[1].splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("genapi_log_lines_dropped_total")))

    with start_server(anonymous=True, environment=talkative, reads_log=False) as server:
        while dropped(server) == 0:
            run(echoes(server, 200))
        expect(server.get("health")[0] == 200, "health")
        server.log_reader.start()
        deadline = time.monotonic() + 10
        while not any("lines of the log are missing here" in line for line in server.errors):
            expect(time.monotonic() < deadline, "nobody is told how many lines are missing")
            time.sleep(0.05)
    server = start_server(anonymous=True, environment=talkative, reads_log=False)
    while dropped(server) == 0:
        run(echoes(server, 200))
    server.process.send_signal(signal.SIGTERM)
    expect(server.process.wait(timeout=20) == 0, server.process.returncode)


def test_a_flood_of_refused_clients(start_server):
    """A flood of refused clients is one line of the log, and one more with its number."""
    server = start_server(environment={"GENAPI_LOG_LEVEL": "info"})
    for _ in range(300):
        expect(run(attempt(server, "&token=x.y.z")) == 403, "let in")
    server.process.send_signal(signal.SIGTERM)
    expect(server.process.wait(timeout=15) == 0, server.process.returncode)
    log = server.whole_log()
    expect(len([line for line in log if "a client was refused" in line and "detail=" in line]) == 1, log)
    expect(any("left out here" in line and "count=299" in line for line in log), log)


def test_the_most_talkative_log(start_server):
    """A log at its most talkative has no secret, no line above 8 kB, and as JSON one object a line."""
    environment = {"GENAPI_LOG_LEVEL": "trace", "GENAPI_LOG_EVENTS": "true", "GENAPI_LOG_FORMAT": "json",
                   "GENAPI_TELEMETRY_TOKEN": SECRET[::-1], "GENAPI_GATEWAY_PUSH_TOKEN": "push-" + SECRET}

    async def talk(server):
        async with Socket(server, user="ann") as socket:
            await socket.join()
            await socket.answer("echo", {"message": "x" * 20_000})
    server = start_server(environment=environment)
    run(talk(server))
    server.process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    server.process.send_signal(signal.SIGTERM)
    expect(server.process.wait(timeout=15) == 0, server.process.returncode)
    log = server.whole_log()
    expect(len(log) > 20, log)
    for line in log:
        expect({"time", "level", "logger", "message"} <= set(json.loads(line)), line)
        expect(len(line.encode()) <= 8192, f"a line has {len(line.encode())} bytes: {line[:200]}")
        expect(SECRET not in line and SECRET[::-1] not in line, line)


def test_the_access_log(start_server):
    """The access log has a line for each request, with its trace, whatever the level; SIGHUP ends it."""
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    environment = {"GENAPI_LOG_LEVEL": "error", "GENAPI_LOG_FORMAT": "json"}

    async def talk(server):
        async with Socket(server, user="ann") as socket:
            await socket.join()
            await socket.answer("echo", {"message": "secret words"}, "r1")
            ref = await socket.send("api:lobby", "phoenix_gen_api", {
                "service": "demo", "request_type": "echo", "request_id": "r2", "args": {"message": "x"},
                "traceparent": parent})
            while (await socket.receive())["ref"] != ref:
                pass

    def lines(server):
        return [json.loads(line) for line in server.errors if "genapi.access" in line]

    def until(holds, what):
        deadline = time.monotonic() + 10
        while not holds():
            expect(time.monotonic() < deadline, what)
            time.sleep(0.05)
    server = start_server(environment=environment, more="\n[log]\naccess = true\n")
    run(talk(server))
    until(lambda: len(lines(server)) == 2, server.errors)
    first, second = lines(server)
    expect(first["request_id"] == "r1" and first["user_id"] == "ann" and first["result"] == "ok", first)
    expect(first["service"] == "demo" and first["duration_us"] >= 0 and "trace_id" not in first, first)
    expect(second["trace_id"] == parent.split("-")[1] and second["parent_span_id"] == parent.split("-")[2], second)
    expect(not any("secret words" in line for line in server.errors), server.errors)
    server.write(server.text)
    server.process.send_signal(signal.SIGHUP)
    until(lambda: 'genapi_config_reloads_total{result="ok"} 1' in server.get("metrics")[1], "it was not read again")
    run(talk(server))
    time.sleep(0.3)
    expect(len(lines(server)) == 2, server.errors)
