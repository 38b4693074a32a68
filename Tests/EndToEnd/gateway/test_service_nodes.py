"""Service nodes of an Erlang cluster, in Elixir and in Swift."""
import asyncio
import json
import os

from support.checks import expect
from support.clients import Socket, run
from support.programs import BIN, ROOT


def test_an_elixir_service(epmd):
    """An Elixir service pushes its functions, clients call them; it is killed and comes back."""
    def service():
        return epmd.start("elixir", "--name", "app@127.0.0.1", "--cookie", "e2e",
                          f"{ROOT}/examples/elixir/user_service.exs", "gateway@127.0.0.1")

    async def until(socket, holds):
        # Elixir's start takes long where other processes want the machine.
        for attempt in range(1200):
            answer = await socket.answer("get_user", {"user_id": "7"}, f"r{attempt}", service="user_service")
            if holds(answer):
                return answer
            await asyncio.sleep(0.05)
        raise AssertionError(answer)

    async def talk(server):
        async with Socket(server) as socket:
            await socket.join()
            answer = await until(socket, lambda answer: answer["success"])
            expect(answer["result"]["name"] == "Alice", answer)
            expect("genapi_node_up{node=\"app@127.0.0.1\"} 1" in server.get("metrics")[1], "the node is not up")
            running[0].kill()
            await until(socket, lambda answer: not answer["success"])
            status, body = server.get("health")
            expect(status == 200 and json.loads(body)["status"] == "degraded", body)
            running[0] = service()
            await until(socket, lambda answer: answer["success"])
            # A pull may have come before the service had compiled its modules; the next one is soon.
            for _ in range(200):
                if json.loads(server.get("health")[1])["status"] == "ok":
                    break
                await asyncio.sleep(0.05)
            expect(json.loads(server.get("health")[1])["status"] == "ok", server.get("health"))
    running = [service()]
    with epmd.gateway() as server:
        run(talk(server))


def test_two_swift_services(epmd):
    """Swift service nodes push their functions; one of two is killed, the other answers, and the first comes back."""
    def service(own, other):
        return epmd.start(os.path.join(BIN, "order-service"), "--name", f"{own}@127.0.0.1", "--also-on",
                          f"{other}@127.0.0.1", "--cookie", "e2e")

    async def until(socket, what, holds):
        seen = []
        # A start takes long where other processes want the machine.
        for attempt in range(1200):
            answer = await socket.answer("get_order", {"order_id": "o_7"}, f"{what}{attempt}", service="order_service")
            seen = (seen + [answer])[-20:]
            if holds(seen):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{what}: {seen[-3:]}")

    def nodes(seen):
        return {answer["result"]["node"] for answer in seen if answer["success"]}

    async def up(server):
        """The nodes that are up, of the two; the metrics are made once a second."""
        await asyncio.sleep(1.1)
        text = server.get("metrics")[1]
        return {node for node in ("orders1", "orders2") if f'genapi_node_up{{node="{node}@127.0.0.1"}} 1' in text}

    async def talk(server):
        async with Socket(server) as socket:
            await socket.join()
            await until(socket, "both answer", lambda seen: len(nodes(seen)) == 2)
            # Twice with one id: it is free again with the last part.
            for _ in range(2):
                await socket.request("track_order", {"order_id": "o_7"}, "track", service="order_service")
                parts = []
                while not parts or parts[-1]["has_more"]:
                    message = await socket.receive()
                    if message["event"] == "phoenix_gen_api":
                        parts.append(message["payload"])
                steps = [part["result"]["step"] for part in parts[1:]]
                expect(steps == ["packed", "on its way", "at the door", "delivered"], parts)
            running[0].kill()
            # Those that ran on the node that died may fail; soon all are answered by the other one.
            await until(socket, "one is left", lambda seen: len(seen) == 20 and all(a["success"] for a in seen)
                        and nodes(seen) == {"orders2@127.0.0.1"})
            expect(await up(server) == {"orders2"}, "the wrong nodes are up")
            running[0] = service("orders1", "orders2")
            await until(socket, "it is back", lambda seen: len(nodes(seen)) == 2)
            expect(await up(server) == {"orders1", "orders2"}, "the node is not up again")
    running = [service("orders1", "orders2"), service("orders2", "orders1")]
    with epmd.gateway() as server:
        run(talk(server))
