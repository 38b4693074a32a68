"""genapi-gateway ctl: a running gateway is looked into and operated over its Unix socket."""
import json
import os
import socket
import stat
import subprocess

from support.checks import expect
from support.programs import BIN, ROOT, program

SERVER = """
node = "gw"
[auth]
mode = "anonymous"
[websocket]
listen = "127.0.0.1:0"
[telemetry]
listen = ["127.0.0.1:0"]
[health]
listen = "127.0.0.1:0"
socket = "{path}"
[gateway]
admin_actions = ["change_functions", "push_config"]
[[functions]]
service = "demo"
request_type = "echo"
mfa = "Builtin.echo"
arg_types = {{ message = "string" }}
"""


def test_ctl_over_the_socket(start_configured, folder):
    """Reports as text and JSON, actions that are listed and others, the socket's mode; nothing of it over TCP."""
    path = f"{folder}/control.sock"
    gateway = start_configured(folder, SERVER.format(path=path))
    expect(gateway.addresses["control"] == f"unix:{path}", gateway.addresses)
    expect(stat.S_IMODE(os.stat(path).st_mode) == 0o600, oct(os.stat(path).st_mode))

    def ctl(*arguments, status=0, text=None):
        ended = subprocess.run([f"{BIN}/genapi-gateway", "ctl", *arguments, "--socket", path], input=text,
                               capture_output=True, text=True, timeout=30)
        expect(ended.returncode == status, f"{arguments}: {ended}")
        return ended.stdout if status == 0 else ended.stderr
    expect(ctl("status").startswith("gw (gateway): "), ctl("status"))
    functions = json.loads(ctl("functions", "--json"))
    expect(functions["total"] == 1 and functions["functions"][0]["request_type"] == "echo", functions)
    for command in ["limits", "pools", "failed", "services", "cluster", "streams", "groups", "stats"]:
        expect(ctl(command).strip() and isinstance(json.loads(ctl(command, "--json")), dict), command)
    expect("argument_validation" in ctl("call-flow", "demo/echo"), "call-flow")
    inspected = json.loads(ctl("inspect", "demo/echo", '{"message": 7}', "--user", "ann", "--json"))
    expect("message" in inspected["argument_error"], inspected)

    expect("demo/echo is disabled" in ctl("disable", "demo/echo"), "disable")
    expect(json.loads(ctl("functions", "--json"))["functions"][0]["enabled"] is False, "it is disabled")
    ctl("enable", "demo/echo")
    push = json.dumps({"service": "s", "nodes": ["a@b"], "config_version": "1",
                       "fun_configs": [{"service": "s", "request_type": "t", "mfa": "S.t"}]})
    expect("1 functions of s are stored" in ctl("push", "-", text=push), "push")
    refused = ctl("set-limit", "user_id", "--max", "1", "--window-ms", "1000", status=1)
    expect(refused == "genapi-gateway: ctl: update_rate_limit_config is not allowed: gateway.admin_actions does not "
           "list it\n", refused)
    expect(gateway.says("admin action denied", "update_rate_limit_config", f"uid {os.getuid()}"), gateway.log)
    expect(gateway.says("admin action allowed", "change_functions", "ctl disable"), gateway.log)
    expect("the service demo has no function nothing; it has " in ctl("enable", "demo/nothing", status=1), "unknown function")

    for name in ["health", "websocket"]:
        host, port = gateway.addresses[name].split("//")[1].split("/")[0].split(":")
        with socket.create_connection((host, int(port)), timeout=10) as client:
            client.sendall(b"POST /control/status HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n")
            expect(b" 405 " in client.recv(4_096).split(b"\r\n")[0], name)
        expect(gateway.get(name, "/control/status")[0] == 404 if name == "health" else True, name)
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        client.sendall(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n")
        expect(b" 200 " in client.recv(4_096).split(b"\r\n")[0], "health is told there, too")
    for wrong in [b"nosuch", b"STATUS"]:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)
            client.sendall(b"POST /control/%s HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n" % wrong)
            answer = client.recv(4_096)
            expect(b" 404 " in answer.split(b"\r\n")[0] and b"set-limit, " in answer, answer)
    gateway.end()
    expect("there is no socket at" in ctl("status", status=2), "a gateway that has ended")


def test_ctl_without_a_gateway(folder):
    """No socket, a wrong command, an option or a word that it does not take, and a configuration without a socket."""
    for arguments, status, words in [
        (["status", "--socket", f"{folder}/none.sock"], 2, "there is no socket at"),
        (["bogus"], 64, '"bogus" is no command'), (["status", "--user", "u"], 64, "status takes no --user"),
        (["disable"], 64, "It is: ctl disable SERVICE/TYPE"), (["status", "more"], 64, "It is: ctl status"),
        (["set-limit", "k", "--max", "-1", "--window-ms", "1"], 2, "there is no socket at"),
        (["set-limit", "k", "--max", "many", "--window-ms", "1"], 64, "must be a whole number"),
        (["inspect", "a/b", "[]"], 64, "must be a JSON object"),
        (["status", "--config", f"{ROOT}/examples/gateway.toml"], 64, "has no health.socket"),
    ]:
        code, _, text = program("ctl", *arguments)
        expect(code == status and words in text, f"{arguments}: {code} {text}")


def test_what_may_be_listed(folder):
    """An action that is none is named, and a listener has a bound."""
    for text, wanted in [('[gateway]\nadmin_actions = ["reboot"]', '"reboot" is no action; allowed are '),
                         (f'[health]\nsocket = "{"s" * 120}"', "health.socket: the path of a socket may have")]:
        path = f"{folder}/wrong.toml"
        with open(path, "w") as file:
            file.write('[auth]\nmode = "anonymous"\n' + text)
        code, _, said = program("--config", path, "--check-config")
        expect(code == 1 and wanted in said, said)
