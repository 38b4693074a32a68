"""Phoenix clients made of the `websockets` package, in JSON and in TOON."""
import asyncio
import json
import socket

import websockets

from support import toonframes
from support.checks import expect
from support.tokens import token


class Socket:
    """A client made of the `websockets` package alone."""

    def __init__(self, server, user=None, version="2.0.0"):
        self.version = version
        self.url = f"{server.url}?vsn={version}" + (f"&token={token(user)}" if user else "")
        self.ref = 0

    async def __aenter__(self):
        self.socket = await websockets.connect(self.url, max_size=None)
        return self

    async def __aexit__(self, *_):
        await self.socket.close()

    async def send(self, topic, event, payload, join="1"):
        self.ref += 1
        ref = str(self.ref)
        message = [join, ref, topic, event, payload] if self.version[0] == "2" else {
            "topic": topic, "event": event, "payload": payload, "ref": ref, "join_ref": join}
        await self.socket.send(json.dumps(message))
        return ref

    async def receive(self):
        message = json.loads(await asyncio.wait_for(self.socket.recv(), 20))
        if self.version[0] == "2":
            return dict(zip(("join_ref", "ref", "topic", "event", "payload"), message))
        return message

    async def join(self, topic="api:lobby"):
        await self.send(topic, "phx_join", {})
        reply = await self.receive()
        expect(reply["payload"] == {"status": "ok", "response": {}}, reply)

    async def request(self, request_type, args=None, request_id="req", service="demo"):
        return await self.send("api:lobby", "phoenix_gen_api", {
            "service": service, "request_type": request_type, "request_id": request_id, "args": args or {}})

    async def answer(self, request_type, args=None, request_id="req", service="demo"):
        """The push that answers; the receipt after it is taken too."""
        ref = await self.request(request_type, args, request_id, service)
        answer = receipt = None
        while answer is None or receipt is None:
            message = await self.receive()
            if message["event"] == "phx_reply" and message["ref"] == ref:
                receipt = message
            elif message["event"] == "phoenix_gen_api" and message["payload"]["request_id"] == request_id:
                answer = message["payload"]
        return answer


class TOONSocket(Socket):
    """The same in TOON, with a reader and a writer of its own."""

    def __init__(self, server, user):
        super().__init__(server, user)
        self.url = self.url.replace(server.url, server.addresses["toon"])

    async def send(self, topic, event, payload, join="1"):
        self.ref += 1
        await self.socket.send(toonframes.write([join, str(self.ref), topic, event, payload]))
        return str(self.ref)

    async def receive(self):
        text = await asyncio.wait_for(self.socket.recv(), 20)
        expect(isinstance(text, str) and text.startswith("["), f"no text frame with an array: {text!r}")
        return dict(zip(("join_ref", "ref", "topic", "event", "payload"), toonframes.read(text), strict=True))


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


async def attempt(server, query):
    try:
        async with websockets.connect(f"{server.url}?vsn=2.0.0{query}"):
            return 101
    except websockets.exceptions.InvalidStatus as error:
        return error.response.status_code


async def plain_echo(server):
    async with Socket(server) as socket:
        await socket.join()
        return (await socket.answer("echo", {"message": "x"}))["success"]


async def echoes(server, count):
    """So many requests, of which some are under way at one time."""
    async with Socket(server) as socket:
        await socket.join()
        for start in range(0, count, 50):
            for number in range(start, start + 50):
                await socket.request("echo", {"message": "x" * 100}, f"r{number}")
            for _ in range(100):
                await socket.receive()


async def hold_sockets(server):
    """Opens WebSockets until no more can be had."""
    host, port = server.url.split("://")[1].split("/")[0].rsplit(":", 1)
    held = []
    while len(held) < 100:
        opened = socket.create_connection((host, int(port)), timeout=2)
        opened.settimeout(2)
        opened.sendall(b"GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                       b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        answer = opened.recv(1000)
        if b" 101 " not in answer:
            expect(b" 503 " in answer, answer)
            opened.close()
            break
        held.append(opened)
    return held


class Hold:
    """Connections that say nothing, to a listener of another process."""

    def __init__(self, address, count):
        self.sockets = []
        for _ in range(count):
            opened = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
            opened.settimeout(2)
            try:
                opened.connect(address)
            except OSError:
                # The system's own queue is full too.
                opened.close()
                break
            self.sockets.append(opened)

    def close(self):
        for opened in self.sockets:
            opened.close()
