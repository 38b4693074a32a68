"""The programs of examples/, each built as a package of its own."""
import asyncio
import os
import subprocess

from support.checks import contains, expect, wait_for
from support.clients import Socket, run
from support.ports import free_ports
from support.programs import BIN
from support.terminal import run_top
from support.tokens import SECRET


# What clients may send where a number is meant: none of it ends a program.
EXTREMES = [-2 ** 63, -1, 0, 2 ** 63 - 1, 2 ** 64, 1e308, 0.5, "", "1", [0] * 1000, {}, None]


class Running:
    """What a client needs to know of an example that serves."""

    def __init__(self, port):
        self.url = f"ws://127.0.0.1:{port}/socket/websocket"


def test_a_gateway(ended):
    """The gateway answers, refuses in its own words, checks who asks, streams, and is seen by the dashboard."""
    channels, telemetry = free_ports(2)
    process = ended.enter_context(subprocess.Popen(
        [os.path.join(BIN, "user-gateway")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | {"CHANNELS_PORT": str(channels), "TELEMETRY_PORT": str(telemetry), "JWT_SECRET": SECRET}))
    ended.callback(process.kill)

    async def talk():
        async with Socket(Running(channels), "u_1") as socket:
            await socket.join()
            answer = await socket.answer("get_user", {"user_id": "u_2"}, service="user_service")
            expect(answer["result"] == {"id": "u_2", "name": "Bob"}, answer)
            answer = await socket.answer("get_user", {"user_id": "u_9"}, service="user_service")
            expect(answer["error"] == "there is no such user" and not answer["can_retry"], answer)
            answer = await socket.answer("rename", {"user_id": "u_2", "name": "Eve"}, service="user_service")
            expect(answer["error"] == "Permission denied", answer)
            answer = await socket.answer("rename", {"user_id": "u_1", "name": "Eve"}, service="user_service")
            expect(answer["result"]["name"] == "Eve", answer)
            for value in EXTREMES:
                for name, others in [("get_user", {}), ("rename", {"name": value})]:
                    answer = await socket.answer(name, {"user_id": value} | others, service="user_service")
                    expect(answer["error"] not in (None, "Internal Server Error"), (value, answer))
            await socket.request("all", {}, "all", service="user_service")
            parts = []
            while not parts or parts[-1]["has_more"]:
                message = await socket.receive()
                if message["event"] == "phoenix_gen_api":
                    parts.append(message["payload"])
            expect([part["result"]["name"] for part in parts[1:-1]] == ["Eve", "Bob"], parts)

    def serves():
        try:
            run(talk())
            return True
        except OSError:
            return False
    wait_for("the gateway serves", serves)
    contains(run_top("--once", "--json", f"127.0.0.1:{telemetry}").stdout, '"service":"user_service"')
    process.terminate()
    expect(process.wait(timeout=20) == 0, f"it ended with {process.returncode}")


def test_a_bus_handler_with_metrics_and_traces():
    """The handler, the metrics and the traces are told of the same requests."""
    done = subprocess.run([os.path.join(BIN, "watched-gateway")], capture_output=True, text=True, timeout=60)
    expect(done.returncode == 0, done.stderr)
    contains(done.stdout, "event: fail ended with error", "queue: 4 requests ended", "state: 4 requests",
             r"metric: phoenix_gen_api\.executor\.request\.duration .*double.* 3 ")
    expect(done.stdout.count("span: ") >= 4, done.stdout)


def test_a_cluster_member_and_a_service_node(epmd):
    """A service node pushes its functions to a gateway that was made from code, and is called by it."""
    port = free_ports(1)[0]
    epmd.start(os.path.join(BIN, "cluster-gateway"), "--name", "gateway@127.0.0.1", "--cookie", "e2e", "--port", str(port))
    epmd.start(os.path.join(BIN, "order-service"), "--name", "orders1@127.0.0.1", "--cookie", "e2e")

    async def asked():
        async with Socket(Running(port)) as socket:
            await socket.join()
            answer = {}
            for _ in range(400):
                answer = await socket.answer("get_order", {"order_id": "o_7"}, service="order_service")
                if answer["success"]:
                    expect(answer["result"]["node"] == "orders1@127.0.0.1", answer)
                    for value in EXTREMES:
                        order = {"user_id": "u_1", "amount": value}
                        answer = await socket.answer("create_order", order, service="order_service")
                        expect('argument "amount" must ' in (answer["error"] or ""), (value, answer))
                    return
                await asyncio.sleep(0.05)
            raise AssertionError(f"no order: {answer}")

    def answers():
        try:
            run(asked())
            return True
        except OSError:
            return False
    wait_for("the cluster answers", answers)
