"""Phoenix clients that are not ours."""
import asyncio
import json
import subprocess

import websockets
from phoenix_channels_python_client.client import PHXChannelsClient

from support.checks import expect
from support.clients import Socket, TOONSocket, attempt, run
from support.programs import BIN
from support.tokens import token


def test_websockets_of_both_versions(start_server):
    """websockets, versions 2 and 1: join, echo, add, errors, async, stream, stop, leave, heartbeat."""
    async def talk(server, version):
        async with Socket(server, "ann", version) as socket:
            await socket.join()
            expect((await socket.answer("echo", {"message": "hé"}))["result"] == "hé", "echo")
            expect((await socket.answer("add", {"a": 2, "b": 40}))["result"] == 42, "add")
            expect((await socket.answer("fail", {"reason": "no"}))["error"] == "no", "fail")
            wrong = await socket.answer("add", {"a": "2", "b": 1})
            expect(wrong["error"].startswith("Invalid argument: "), wrong)
            numbered = await socket.answer("echo", {"message": 1}, 7)
            expect(numbered["request_id"] == 7, numbered)
            unknown = await socket.answer("nothing")
            expect(unknown["error"].startswith("unsupported function: nothing version latest of service "), unknown)
            accepted = await socket.answer("later", {"ms": 20}, "later")
            expect(accepted["async"] and accepted["success"], accepted)
            result = (await socket.receive())["payload"]
            expect(result["result"] == 20 and not result["async"], result)
            await socket.request("stream", {"count": 3, "interval_ms": 1}, "stream")
            parts = []
            while not parts or parts[-1]["has_more"]:
                message = await socket.receive()
                if message["event"] == "phoenix_gen_api":
                    parts.append(message["payload"])
            expect([part["result"] for part in parts] == ["init", 1, 2, 3, None], parts)
            await socket.answer("stream", {"count": 1000, "interval_ms": 1000}, "long")
            await socket.send("api:lobby", "stop_stream", {"request_id": "long"})
            ended = stopped = False
            while not (ended and stopped):
                message = await socket.receive()
                ended = ended or message["event"] == "phoenix_gen_api" and not message["payload"]["has_more"]
                stopped = stopped or message["event"] == "phx_reply" and message["payload"]["status"] == "ok"
            ref = await socket.send("phoenix", "heartbeat", {}, None)
            beat = await socket.receive()
            expect(beat["ref"] == ref and beat["payload"]["status"] == "ok", beat)
            await socket.send("api:lobby", "phx_leave", {})
            expect((await socket.receive())["payload"]["status"] == "ok", "leave")
            expect((await socket.receive())["event"] == "phx_close", "close")
    server = start_server()
    for version in ("2.0.0", "1.0.0"):
        run(talk(server, version))


def test_phoenix_channels_python_client(start_server):
    """phoenix-channels-python-client: subscribe, pushes of a relay group, unsubscribe."""
    async def talk(server):
        got = asyncio.Queue()
        client = PHXChannelsClient(f"{server.url}?token={token('bob')}", "unused", heartbeat_interval_s=0.2)

        async def took(message):
            await got.put(message)
        async with client:
            await client.subscribe_to_topic("api:lobby", took)
            async with Socket(server, "bob") as other, Socket(server, "ann") as ann:
                # The library only listens, so its user's membership is made on this second socket.
                await ann.join()
                await other.join()
                await ann.answer("create_group", {"group_id": "g", "type": "public"})
                await other.answer("join_group", {"group_id": "g"})
                await ann.answer("relay_msg", {"group_id": "g", "message": "hi"}, "m1")
                relayed = (await other.receive())["payload"]
                expect(relayed["result"]["message"] == "hi" and relayed["request_id"] == "m1", relayed)
                expect(relayed["relayed"] is True, relayed)
            # Several heartbeats pass.
            await asyncio.sleep(1)
            await client.unsubscribe_from_topic("api:lobby")
    server = start_server()
    run(talk(server))


def test_json_and_toon_in_one_group(start_server):
    """A client of JSON and one of TOON: echo, errors, a stream, heartbeats, one relay group."""
    texts = ["hé", "", "true", "05", "- a", "#", "a: b, c", '"', "\\", "\n\t", " x ", "[1]: 2", "👩‍👩‍👧"]

    async def talk(server):
        async with Socket(server, "ann") as ann, TOONSocket(server, "bob") as bob:
            await ann.join()
            await bob.join()
            for text in texts:
                expect((await bob.answer("echo", {"message": text}))["result"] == text, f"echo of {text!r}")
            expect((await bob.answer("add", {"a": 2.5, "b": 40}))["result"] == 42.5, "add")
            expect((await bob.answer("fail", {"reason": "no: 1"}))["error"] == "no: 1", "fail")
            await bob.request("stream", {"count": 3, "interval_ms": 1}, "stream")
            parts = []
            while not parts or parts[-1]["has_more"]:
                message = await bob.receive()
                if message["event"] == "phoenix_gen_api":
                    parts.append(message["payload"])
            expect([part["result"] for part in parts] == ["init", 1, 2, 3, None], parts)
            ref = await bob.send("phoenix", "heartbeat", {}, None)
            beat = await bob.receive()
            expect(beat["ref"] == ref and beat["join_ref"] is None and beat["payload"]["status"] == "ok", beat)
            await ann.answer("create_group", {"group_id": "g", "type": "public"})
            await bob.answer("join_group", {"group_id": "g"})
            for number, text in enumerate(texts[3:8]):
                for sender, other in ((ann, bob), (bob, ann)):
                    request = f"m{number}{sender is ann}"
                    await sender.answer("relay_msg", {"group_id": "g", "message": text}, request)
                    relayed = (await other.receive())["payload"]
                    expect(relayed["request_id"] == request and relayed["result"]["message"] == text, relayed)
            await bob.send("api:lobby", "phx_leave", {})
            expect((await bob.receive())["payload"]["status"] == "ok", "leave")
            expect((await bob.receive())["event"] == "phx_close", "close")
            await bob.socket.send('{"no": "TOON", "at": all}')
            try:
                await asyncio.wait_for(bob.socket.recv(), 20)
            except websockets.exceptions.ConnectionClosed as closed:
                expect(closed.rcvd.code in (1003, 1007), closed)
            else:
                raise AssertionError("a frame that is no TOON was answered")
    server = start_server(environment={"GENAPI_WEBSOCKET_TOON_PATH": "/toon/websocket"})
    expect("toon" in server.addresses, server.addresses)
    run(talk(server))
    ended = subprocess.run(
        [f"{BIN}/genapi-gateway", "load", server.addresses["toon"], "--toon", "--connections", "4", "--depth", "2",
         "--seconds", "1", "--token", token("ann"), "--json"], capture_output=True, text=True, timeout=60)
    expect(ended.returncode == 0, ended.stderr)
    report = json.loads(ended.stdout)
    expect(report["ok"] and report["sent"] == report["ok"] and report["unanswered"] == 0, report)


def test_tokens_that_are_refused(start_server):
    """A wrong, an expired and no token are refused with 403."""
    server = start_server()
    for query in ("", "&token=x.y.z", f"&token={token('ann', exp=1)}", f"&token={token('ann')}x"):
        status = run(attempt(server, query))
        expect(status == 403, f"{query}: {status}")


def test_a_slow_reader_of_a_long_stream(start_server):
    """200 000 parts of a stream reach a client that reads slowly, and the gateway's memory stays small."""
    count = 200_000

    async def talk(server):
        async with Socket(server) as socket:
            await socket.join()
            await socket.request("stream", {"count": count, "interval_ms": 0})
            await asyncio.sleep(2)
            before = server.resident()
            expected = 1
            while expected <= count:
                message = await socket.receive()
                result = message["payload"].get("result")
                if isinstance(result, int):
                    expect(result == expected, f"{result} instead of {expected}")
                    expected += 1
                    if expected == count // 2:
                        await asyncio.sleep(1)
            last = (await socket.receive())["payload"]
            expect(last["success"] and not last["has_more"], last)
            expect(server.resident() - before < 40_000_000, f"{before} bytes, then {server.resident()}")
    server = start_server(anonymous=True)
    run(talk(server))
