"""nginx and HAProxy in front, as docs/production.md shows them."""
import asyncio
import subprocess

import pytest
import websockets

from support.checks import expect, wait_for
from support.ports import free_ports
from support.production import NAMED, Program, behind, call, certificate, connect, example, haproxy, is_ready, joined, replaced, status, write
from support.tokens import SECRET


@pytest.mark.parametrize("name", ["gateway-nginx", "gateway-haproxy"])
def test_the_examples_gateways_are_ready(start_configured, folder, name):
    """The gateways of the examples are ready as they are written."""
    one, health = free_ports(2)
    write(f"{folder}/auth_secret", SECRET)
    text = replaced(example(name), ("127.0.0.1:4701", f"127.0.0.1:{one}"), ("127.0.0.1:4721", f"127.0.0.1:{health}"),
                    ("/etc/genapi/auth_secret", f"{folder}/auth_secret"))
    gateway = start_configured(folder, text, {"GENAPI_TELEMETRY_LISTEN": "127.0.0.1:0"})
    is_ready(gateway)
    expect(not gateway.says("no function"), gateway.log)


def test_nginx(folder):
    """Behind nginx as documented clients have their own addresses, and Host is the client's."""
    front, one, other, health = free_ports(4)
    cert, key = certificate(folder)
    text = replaced(example("nginx"), ("listen 443 ssl", f"listen 127.0.0.1:{front} ssl"),
                    ("127.0.0.1:4701", f"127.0.0.1:{one}"), ("127.0.0.1:4702", f"127.0.0.1:{other}"),
                    ("/etc/ssl/genapi/tls.crt", cert), ("/etc/ssl/genapi/tls.key", key))
    # Without the rights and places of a service.
    paths = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in
                    ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
    text = replaced(text, ("http {\n", f"http {{\n  access_log off; {paths}\n"))
    write(f"{folder}/nginx.conf", f"pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off;\n" + text)
    arguments = ["nginx", "-p", folder, "-c", f"{folder}/nginx.conf"]
    tested = subprocess.run([*arguments, "-t"], capture_output=True, text=True)
    expect(tested.returncode == 0, tested.stderr)
    with behind("gateway-nginx", folder, one, health) as gateway, Program(arguments, front):
        async def run():
            url, name = f"wss://api.example.org:{front}", NAMED
            async with connect(url, **name) as ws:
                await joined(ws)
                answer = await call(ws, "echo", 1, message="through nginx")
                expect(answer["result"] == "through nginx", answer)
            # From an address of its own, with a header that it made up.
            refused = await status(
                url, given="nobody", local_addr=("127.0.0.7", 0), additional_headers={"X-Forwarded-For": "6.6.6.6"},
                **name)
            expect(refused == 403, refused)
            other_host = await status(f"wss://evil.example:{front}", **name)
            expect(other_host == 421, f"another Host got {other_host}")
        asyncio.run(run())
        expect(gateway.metric('genapi_handshakes_refused_total{reason="authentication"}') == 1, gateway.get()[1])
        expect(gateway.metric('genapi_handshakes_refused_total{reason="host"}') == 1, "the wrong Host is not counted")
        # 127.0.0.7 is no proxy that is trusted, 6.6.6.6 what the client says.
        wait_for("the client's address in the log", lambda: gateway.says("refused", "127.0.0.7"))
        expect(not gateway.says("6.6.6.6"), "what a client made up was believed")


def test_haproxy(folder):
    """Behind HAProxy as documented the PROXY protocol says who a client is, and checks go through it."""
    front, one, other, health = free_ports(4)
    with behind("gateway-haproxy", folder, one, health) as gateway, haproxy(folder, front, (one, other)):
        async def run():
            url, name = f"wss://api.example.org:{front}", NAMED
            async with connect(url, **name) as ws:
                answer = await call(await joined(ws), "echo", 1, message="through HAProxy")
                expect(answer["result"] == "through HAProxy", answer)
            refused = await status(url, given="nobody", local_addr=("127.0.0.8", 0), **name)
            expect(refused == 403, refused)
        asyncio.run(run())
        wait_for("the client's address in the log", lambda: gateway.says("refused", "127.0.0.8"))
        # A check without the header would have been refused, and the gateway taken out.
        expect(gateway.metric('genapi_handshakes_refused_total{reason="proxy_header"}') == 0, gateway.get()[1])


@pytest.mark.timeout(180)
def test_a_rolling_restart(folder):
    """A rolling restart of two gateways behind HAProxy refuses no connection and loses no answer."""
    front, one, other, health_one, health_other = free_ports(5)
    ports = [(one, health_one), (other, health_other)]
    gateways = [behind("gateway-haproxy", folder, *place) for place in ports]
    try:
        with haproxy(folder, front, (one, other)):
            url, name = f"wss://api.example.org:{front}", NAMED
            seen = {"connections": 0, "answers": 0, "moved": 0}
            faults = []
            over = asyncio.Event()

            async def visitor():
                """Comes, asks one thing and goes."""
                try:
                    async with connect(url, open_timeout=20, **name) as ws:
                        await joined(ws)
                        seen["connections"] += 1
                        answer = await call(ws, "slow", 1, ms=300)
                        expect(answer["success"], answer)
                        seen["answers"] += 1
                except websockets.exceptions.ConnectionClosed as error:
                    faults.append(f"a visitor's connection was lost: {error}")
                except Exception as error:
                    faults.append(f"a visitor: {type(error).__name__}: {error}")

            async def regular(number):
                """Stays, asks one thing after the other, and comes back when it is told that the server goes."""
                asked = 0
                while not over.is_set():
                    try:
                        async with connect(url, open_timeout=20, **name) as ws:
                            await joined(ws)
                            while not over.is_set():
                                asked += 1
                                answer = await call(ws, "slow", asked, ms=50)
                                if answer["success"]:
                                    seen["answers"] += 1
                                elif not answer.get("can_retry"):
                                    faults.append(f"regular {number}: {answer}")
                    except websockets.exceptions.ConnectionClosed as error:
                        # Told between two requests; one that was sent and not answered may be sent again only
                        # when it was never begun, which nobody knows then.
                        seen["moved"] += 1
                        if not error.rcvd or error.rcvd.code != 1001:
                            faults.append(f"regular {number}: {error}")
                    except Exception as error:
                        faults.append(f"regular {number}: {type(error).__name__}: {error}")

            async def restart():
                for index, place in enumerate(ports):
                    gateway = gateways[index]
                    gateway.process.terminate()
                    ended = await asyncio.to_thread(gateway.process.wait, 40)
                    expect(ended == 0, f"gateway {index + 1} ended with {ended}: {gateway.log[-5:]}")
                    gateways[index] = await asyncio.to_thread(behind, "gateway-haproxy", folder, *place)
                    # A check and its answer.
                    await asyncio.sleep(2.5)

            async def run():
                regulars = [asyncio.create_task(regular(number)) for number in range(20)]
                restarting = asyncio.create_task(restart())
                visitors = []
                while not restarting.done() or len(visitors) < 300:
                    visitors.append(asyncio.create_task(visitor()))
                    await asyncio.sleep(0.03)
                await asyncio.gather(*visitors)
                over.set()
                await asyncio.gather(*regulars)
                await restarting
                return len(visitors)

            came = asyncio.run(run())
            expect(not faults, f"{len(faults)} faults of {came} visitors: {faults[:5]}")
            expect(came >= 300 and seen["connections"] == came, f"{came} came, {seen} got in")
            expect(seen["moved"] >= 20, f"the restart moved only {seen['moved']} sockets")
            print(f"      {came} visitors, {seen['answers']} answers, {seen['moved']} moved", flush=True)
    finally:
        for gateway in gateways:
            gateway.__exit__()
