"""Secrets and certificates that change while the gateway runs."""
import asyncio
import json
import os
import socket
import ssl
import time

import websockets

from support.checks import expect, wait_for
from support.production import FUNCTIONS, call, certificate, connect, joined, status, trusting, with_event, write
from support.tokens import SECRET, token


ROTATING = """
[log]
level = "info"
[websocket]
listen = "127.0.0.1:0"
tls_certificate = "tls.crt"
tls_key = "tls.key"
[auth]
secret_files = ["secrets/new", "secrets/old"]
[health]
listen = "127.0.0.1:0"
[reload]
watch_interval_ms = 100
"""


def shown(port):
    """The certificate that a server shows."""
    with socket.create_connection(("127.0.0.1", port)) as plain, trusting().wrap_socket(plain) as tls:
        return tls.getpeercert(binary_form=True)


def test_secrets_and_certificates_rotate(start_configured, folder):
    """Secrets that a link leads to now, and a certificate in its place, are taken without a signal; sockets stay."""
    secrets = [f"secret number {number}, long enough" for number in range(3)]
    for name, pair in [("v1", (0, 0)), ("v2", (1, 0)), ("v3", (2, 1))]:
        os.mkdir(f"{folder}/{name}")
        for file, number in zip(("new", "old"), pair):
            write(f"{folder}/{name}/{file}", secrets[number])
    os.symlink("v1", f"{folder}/secrets")
    certificate(folder)
    gateway = start_configured(folder, with_event(ROTATING) + FUNCTIONS)
    url = f"wss://127.0.0.1:{gateway.port}"
    wait_for("the warning", lambda: gateway.says("the certificate", "expires in"))

    def point(name):
        os.symlink(name, f"{folder}/next")
        os.rename(f"{folder}/next", f"{folder}/secrets")

    def reloads(result="ok"):
        return gateway.metric(f'genapi_config_reloads_total{{result="{result}"}}')

    def configuration():
        time.sleep(0.2)  # The report is made ten times a second at most.
        report = json.loads(gateway.get(path="/healthz")[1])
        return next(check for check in report["checks"] if check["name"] == "configuration")

    async def run():
        async with connect(url, given=token(secret=secrets[0])) as ws:
            await joined(ws)
            expect(await status(url, given=token(secret=secrets[1])) == 403, "a secret of tomorrow is good")
            point("v2")
            await asyncio.to_thread(wait_for, "the first change", lambda: reloads() == 1)
            for number in (0, 1):
                expect(await status(url, given=token(secret=secrets[number])) == 101, f"secret {number}")
            point("v3")
            await asyncio.to_thread(wait_for, "the second change", lambda: reloads() == 2)
            expect(await status(url, given=token(secret=secrets[0])) == 403, "the old secret is still good")
            before, expiry = shown(gateway.port), gateway.metric(
                'genapi_certificate_expiry_timestamp_seconds{use="websocket"}')
            expect(0 < expiry - time.time() <= 10 * 86400, f"it expires at {expiry}")
            # The certificate alone, without its key, changes nothing.
            cert, key = certificate(folder, "next")
            write(f"{folder}/tls.crt", open(cert).read())
            await asyncio.to_thread(wait_for, "half a change", lambda: reloads("failed") == 1)
            expect(shown(gateway.port) == before, "half a change was taken")
            expect(gateway.metric("genapi_config_last_reload_successful") == 0, "it is not told")
            report = configuration()
            expect(report["status"] == "degraded" and " failed: " in report["detail"]
                   and "websocket.tls_key" in report["detail"], report)
            write(f"{folder}/tls.key", open(key).read())
            await asyncio.to_thread(wait_for, "the certificate", lambda: reloads() == 3)
            expect(shown(gateway.port) == ssl.PEM_cert_to_DER_cert(open(cert).read()), "it shows the old one")
            expect(gateway.metric("genapi_config_last_reload_successful") == 1, "it is not told")
            expect(configuration()["status"] == "ok", configuration())
            answer = await call(ws, "echo", 1, message="still here")
            expect(answer["result"] == "still here", answer)
    asyncio.run(run())


def test_a_socket_ends_with_its_token(start_configured, folder):
    """A socket ends with its token where that is wanted."""
    text = '[websocket]\nevent = "api"\nlisten = "127.0.0.1:0"\nend_with_token = true\n' + f'[auth]\nsecret = "{SECRET}"\n'
    gateway = start_configured(folder, text + FUNCTIONS)
    async def run():
        # The leeway of 30 s is nearly over, and what joins first has some seconds for it.
        given = token(exp=int(time.time()) - 23)
        async with connect(f"ws://127.0.0.1:{gateway.port}", given=given) as ws:
            await joined(ws)
            try:
                await asyncio.wait_for(ws.recv(), 20)
            except websockets.exceptions.ConnectionClosed as error:
                expect(error.rcvd and error.rcvd.code == 1008 and "expired" in error.rcvd.reason, error)
                return
            raise AssertionError("something else came")
    asyncio.run(run())
    # Counted when the client has answered the close, and told once a second.
    wait_for("its end in the metrics", lambda: gateway.metric('genapi_sockets_closed_total{reason="token_expired"}') == 1)
