"""Calls from the command line, and the load generator."""
import json
import os
import re
import subprocess
import sys
import time

import pytest

from support.checks import expect
from support.programs import BIN, ROOT, program
from support.tokens import token


def test_the_example_and_its_client(start_server):
    """The example and its ten-line client make a round trip."""
    server = start_server(anonymous=True)
    with open(f"{ROOT}/examples/client.py") as file:
        source = file.read().replace("ws://127.0.0.1:4700/socket/websocket", server.url)
    ended = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=30)
    expect('"result":"hello"' in ended.stdout, ended.stdout + ended.stderr)


def test_call(start_server):
    """`call` makes a round trip, prints a stream's parts as lines, and its exit code tells an error from no answer."""
    server = start_server()
    def call(function, *arguments, user="ann", **options):
        return program("call", function, *arguments, "--url", server.url,
                       **(options | {"env": os.environ | {"GENAPI_CLIENT_TOKEN": token(user)}}))
    expect(call("demo/echo", '{"message":"hé \\"x\\""}') == (0, '"hé \\"x\\""\n', ""), "echo")
    expect(call("demo/add", "-", input='{"a":2,"b":40}')[:2] == (0, "42\n"), "arguments from a pipe")
    expect(call("demo/later", '{"ms":1}')[:2] == (0, "1\n"), "an asynchronous function")
    expect(call("demo/stream", '{"count":3,"interval_ms":1}')[:2] == (0, "1\n2\n3\n"), "a stream")
    code, out, _ = call("demo/stream", '{"count":2,"interval_ms":1}', "--json", "--vsn", "1.0.0")
    parts = [json.loads(line) for line in out.splitlines()]
    expect(code == 0 and [part["result"] for part in parts] == ["init", 1, 2, None], out)
    code, out, error = call("demo/fail", '{"reason":"on purpose"}')
    expect((code, out) == (1, "") and "on purpose" in error, error)
    code, out, _ = call("demo/fail", '{"reason":"on purpose"}', "--json")
    expect(code == 1 and json.loads(out)["error"] == "on purpose", out)
    expect(call("demo/echo", '{"message":"x"}', "--topic", "other:x")[0] == 2, "a topic that is refused")
    expect(program("call", "demo/time", "--url", "ws://127.0.0.1:1")[0] == 2, "nobody listens")
    expect(program("call", "demo/time", "--url", server.url)[0] == 2, "a client without a token")
    folder = os.open("/tmp", os.O_RDONLY)
    code, _, error = program("call", "demo/echo", "-", "--url", server.url, stdin=folder)
    os.close(folder)
    expect(code == 1 and "standard input cannot be read: Is a directory" in error, error)
    closed = subprocess.run(["sh", "-c", f"exec {BIN}/genapi-gateway call demo/echo - --url {server.url} <&-"],
                            capture_output=True, text=True, timeout=60)
    expect(closed.returncode == 1 and "standard input cannot be read" in closed.stderr, closed.stderr)
    expect(program("toon", "--decode", input="\ufeffa: 1\n")[:2] == (0, '{"a":1}\n'), "a mark of byte order")
    expect(program("--help", env=os.environ | {"COLUMNS": "20"})[0] == 0, "help in a narrow terminal")
    for arguments in (["demo"], ["demo/echo", "{"], ["demo/echo", "[1]"], ["demo/echo", "--url", "http://x"],
                      ["demo/echo", "--timeout", "nan"]):
        expect(program("call", *arguments)[0] == 64, arguments)
    with open("/dev/full", "w") as full:
        ended = subprocess.run([f"{BIN}/genapi-gateway", "call", "demo/echo", '{"message":"x"}', "--url", server.url],
                               env=os.environ | {"GENAPI_CLIENT_TOKEN": token("ann")}, stdout=full,
                               stderr=subprocess.PIPE, timeout=60)
    expect(ended.returncode == 1, "what could not be written ends with 0")
    metrics = server.get("metrics")[1]
    expect(re.search(r'sockets_closed_total.*reason="closed".* [1-9]', metrics), metrics)
    expect(not re.search(r'sockets_closed_total.*reason="lost".* [1-9]', metrics), "a call does not say goodbye")


def test_call_to_an_ipv6_address(start_server):
    """Our own client connects to an IPv6 address."""
    server = start_server(anonymous=True, environment={"GENAPI_WEBSOCKET_LISTEN": "[::1]:0"})
    expect(server.url.startswith("ws://[::1]:"), server.url)
    expect(program("call", "demo/echo", '{"message":"six"}', "--url", server.url)[:2] == (0, '"six"\n'), "call")


@pytest.mark.alone
def test_load_goes_on_after_a_restart(start_server):
    """`load` goes on when the server is restarted, tells what was lost, and ends with 1 when nothing answered."""
    with start_server(anonymous=True) as server:
        port = server.url.split(":")[2].split("/")[0]
        loading = subprocess.Popen(
            [f"{BIN}/genapi-gateway", "load", server.url, "--connections", "4", "--rate", "400", "--seconds", "3",
             "--warm-up", "0", "--request", "demo/time", "--json"], stdout=subprocess.PIPE, text=True)
        time.sleep(1)
        server.process.kill()
        server.process.wait()
        with start_server(anonymous=True, environment={"GENAPI_WEBSOCKET_LISTEN": f"127.0.0.1:{port}"}):
            report = json.loads(loading.communicate(timeout=30)[0])
        expect(loading.returncode == 0, loading.returncode)
        expect(report["lost_connections"] == 4 and report["reconnects"] == 4, report)
        expect(report["connection_errors"] and report["ok"] > 400 and report["not_sent"] > 0, report)
        expect(report["due"] == report["sent"] + report["not_sent"]
               and report["sent"] == report["ok"] + report["failed"] + report["unanswered"] + report["lost_requests"],
               report)
    code, _, error = program("load", server.url, "--seconds", "1")
    expect(code == 1 and "connect" in error, error)
    for arguments in (["--rate", "0"], ["--rate", "nan"], ["--rate", "1e300"], ["--seconds", "inf"],
                      ["--seconds", "1e300"], ["--warm-up", "-1"], ["--think", "99999999999"],
                      ["--connections", "9223372036854775807"]):
        expect(program("load", server.url, *arguments)[0] == 64, arguments)


@pytest.mark.alone
def test_load_agrees_with_the_gateway(start_server):
    """The load generator's sums agree with what the gateway counted."""
    server = start_server(anonymous=True)
    ended = subprocess.run(
        [f"{BIN}/genapi-gateway", "load", server.url, "--connections", "8", "--depth", "4", "--seconds", "2",
         "--request", 'demo/echo={"message":"x"}*3', "--request", "demo/time", "--json"],
        capture_output=True, text=True, timeout=60)
    expect(ended.returncode == 0, ended.stderr)
    report = json.loads(ended.stdout)
    expect(report["sent"] == report["ok"] and report["unanswered"] == 0, report)
    expect(report["latency_us"]["p50"] <= report["latency_us"]["p99"] <= report["latency_us"]["max"], report)
    counted = sum(int(line.split()[-1]) for line in server.get("metrics")[1].splitlines()
                  if line.startswith("genapi_requests_total"))
    expect(counted >= report["sent"], f"{counted} counted, {report['sent']} sent")
