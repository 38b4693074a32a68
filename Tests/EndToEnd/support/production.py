"""The examples of docs/production.md, and what runs gateways there."""
import asyncio
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request

import websockets

from support.checks import expect, wait_for
from support.programs import BIN, read
from support.tokens import SECRET, token


BLOCKS = {name: text for name, text in re.findall(
    r"<!-- run: ([\w-]+) -->\n```\w+\n(.*?)```", read("docs/production.md"), re.S)}


def example(name):
    return BLOCKS[name]


def write(path, text):
    """As a whole, as programs that rotate secrets do."""
    with open(path + ".new", "w") as file:
        file.write(text)
    os.chmod(path + ".new", 0o600)
    os.rename(path + ".new", path)


def replaced(text, *pairs):
    """An example with what is another here; what is to be replaced must be there."""
    for old, new in pairs:
        expect(old in text, f"the example does not have {old!r}")
        text = text.replace(old, new)
    return text


def certificate(folder, name="tls"):
    """A new one for api.example.org and this machine, with its key."""
    key, cert = f"{folder}/{name}.key", f"{folder}/{name}.crt"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "10", "-subj", "/CN=api.example.org", "-addext",
                    "subjectAltName=DNS:api.example.org,DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", cert],
                   check=True, capture_output=True)
    return cert, key


FUNCTIONS = """
[telemetry]
listen = ["127.0.0.1:0"]
[[functions]]
service = "demo"
request_type = "echo"
mfa = "Builtin.echo"
arg_types = { message = "string" }
[[functions]]
service = "demo"
request_type = "slow"
mfa = "Builtin.slow"
arg_types = { ms = "num" }
"""


def with_event(text):
    return replaced(text, ("[websocket]\n", '[websocket]\nevent = "api"\n'))


class ConfiguredGateway:
    """`genapi-gateway --config` as a process of its own."""

    def __init__(self, folder, text, environment={}, prefix=(), pass_fds=()):
        self.folder = folder
        self.file = f"{folder}/gateway-{time.monotonic_ns()}.toml"
        write(self.file, text)
        self.process = subprocess.Popen(
            [*prefix, f"{BIN}/genapi-gateway", "--config", self.file], env=os.environ | environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, pass_fds=pass_fds)
        self.addresses = {}
        while "metrics" not in self.addresses:
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError(f"the gateway ended with {self.process.wait()}: {self.process.stderr.read()}")
            name, address = line.split()
            self.addresses[name] = address
        self.log = []
        threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True).start()

    @property
    def port(self):
        return int(self.addresses["websocket"].split(":")[2].split("/")[0])

    def get(self, name="metrics", path=None):
        url = self.addresses[name] if path is None else self.addresses[name].rsplit("/", 1)[0] + path
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def metric(self, line):
        """The value of a sample; None when there is none."""
        for text in self.get()[1].splitlines():
            if text.startswith(line + " "):
                return float(text.rsplit(" ", 1)[1])
        return None

    def says(self, *words):
        return any(all(word in line for word in words) for line in self.log)

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(timeout=40)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Program:
    """A program in the foreground, ended by its own number."""

    def __init__(self, arguments, port):
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.process.kill()
                    raise AssertionError(f"{arguments[0]} does not listen: {self.process.communicate()[0]}")
                time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def trusting():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


# How clients of the examples come: by the name that is theirs.
NAMED = {"host": "127.0.0.1"}


def connect(url, given=None, **more):
    """A socket of a client; `given` is its token."""
    more.setdefault("max_size", None)
    if url.startswith("wss:"):
        more.setdefault("ssl", trusting())
    return websockets.connect(f"{url}/socket/websocket?vsn=2.0.0&token={given or token()}", proxy=None, **more)


async def joined(ws):
    await ws.send(json.dumps(["1", "1", "api:lobby", "phx_join", {}]))
    while True:
        message = json.loads(await asyncio.wait_for(ws.recv(), 20))
        if message[3] == "phx_reply" and message[1] == "1":
            expect(message[4]["status"] == "ok", message)
            return ws


async def call(ws, kind, number, **args):
    """The answer of one request."""
    await ws.send(json.dumps(["1", str(number), "api:lobby", "api", {
        "service": "demo", "request_type": kind, "request_id": str(number), "args": args}]))
    while True:
        message = json.loads(await asyncio.wait_for(ws.recv(), 20))
        if message[3] == "api" and message[4].get("request_id") == str(number):
            return message[4]


async def status(url, **more):
    """The HTTP status that a handshake gets; 101 for a socket."""
    try:
        async with connect(url, **more):
            return 101
    except websockets.exceptions.InvalidStatus as error:
        return error.response.status_code


def behind(name, folder, port, health):
    """The gateway of an example, on other ports and with a secret of its own."""
    write(f"{folder}/auth_secret", SECRET)
    text = replaced(example(name), ("127.0.0.1:4701", f"127.0.0.1:{port}"), ("127.0.0.1:4721", f"127.0.0.1:{health}"),
                    ("/etc/genapi/auth_secret", f"{folder}/auth_secret"))
    return ConfiguredGateway(folder, with_event(text) + FUNCTIONS)


def haproxy(folder, port, gateways):
    cert, key = certificate(folder)
    write(f"{folder}/haproxy.pem", open(cert).read() + open(key).read())
    text = replaced(example("haproxy"), ("maxconn 40000", "maxconn 2000"), (":443", f"127.0.0.1:{port}"), ("/etc/haproxy/genapi.pem", f"{folder}/haproxy.pem"),
                    ("127.0.0.1:4701", f"127.0.0.1:{gateways[0]}"), ("127.0.0.1:4702", f"127.0.0.1:{gateways[1]}"))
    write(f"{folder}/haproxy.cfg", text)
    checked = subprocess.run(["haproxy", "-c", "-f", f"{folder}/haproxy.cfg"], capture_output=True, text=True)
    expect(checked.returncode == 0, checked.stdout + checked.stderr)
    return Program(["haproxy", "-db", "-f", f"{folder}/haproxy.cfg"], port)


def asked(port, path, host, more=""):
    """The status and the body of a plain request to this machine under a name that it is given."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        plain.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n".encode())
        answer = b""
        while part := plain.recv(65_536):
            answer += part
    return int(answer.split()[1]), answer.decode().partition("\r\n\r\n")[2]


def is_ready(gateway):
    wait_for(f"ready: {gateway.get(path='/readyz')}", lambda: gateway.get(path="/readyz")[0] == 200, within=10)
