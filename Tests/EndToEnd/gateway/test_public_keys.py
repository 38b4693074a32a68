"""Tokens that an identity provider signs, and its keys in a file."""
import base64
import http.client
import json
import os
import signal
import subprocess
import time
import urllib.parse

from support.checks import expect


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Provider:
    """Signs with an RSA key of its own, by openssl: another program than the one that verifies."""

    def __init__(self, folder, kid):
        self.kid = kid
        self.key = f"{folder}/{kid}.pem"
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True, capture_output=True)
        modulus = subprocess.run(["openssl", "rsa", "-in", self.key, "-noout", "-modulus"], check=True,
                                 capture_output=True, text=True).stdout.strip().partition("=")[2]
        self.jwk = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": encode(bytes.fromhex(modulus)),
                    "e": "AQAB"}

    def token(self, kid=None, algorithm="RS256"):
        header = {"alg": algorithm, "kid": kid or self.kid}
        signed = ".".join(encode(json.dumps(part).encode()) for part in (header, {"sub": "u1"}))
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=signed.encode(), check=True,
                                   capture_output=True).stdout
        return f"{signed}.{encode(signature)}"


def status(server, token):
    """What a handshake with a token is answered."""
    url = urllib.parse.urlsplit(server.url)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
    try:
        connection.request("GET", f"{url.path}?vsn=2.0.0&token={token}", headers={
            "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="})
        return connection.getresponse().status
    finally:
        connection.close()


def test_keys_of_a_provider(start_server, tmp_path):
    """Who has a token of a published key is let in, nobody else, and a new set of keys is taken while clients come."""
    first, second = Provider(tmp_path, "first"), Provider(tmp_path, "second")
    keys = tmp_path / "keys.json"

    def publish(*providers):
        new = tmp_path / "keys.new"
        new.write_text(json.dumps({"keys": [provider.jwk for provider in providers]}))
        os.replace(new, keys)

    def until(token, wanted):
        end = time.time() + 20
        while status(server, token) != wanted:
            expect(time.time() < end, f"still not {wanted}: {server.errors}")
            time.sleep(0.1)

    publish(first)
    server = start_server(anonymous=True, environment={
        "GENAPI_AUTH_MODE": "jwt", "GENAPI_AUTH_JWKS_FILE": str(keys), "GENAPI_RELOAD_WATCH_INTERVAL_MS": "200"})
    expect(status(server, first.token()) == 101, "a token of the published key")
    for token in (second.token(), second.token(kid="first"), first.token(algorithm="HS256"),
                  first.token(algorithm="none"), first.token().rpartition(".")[0] + "."):
        expect(status(server, token) == 403, token)
    publish(first, second)
    until(second.token(), 101)
    expect(status(server, first.token()) == 101, "the old key is good beside the new one")
    publish(second)
    until(first.token(), 403)
    # A file that is no set of keys changes nothing.
    keys.write_text("{}")
    server.process.send_signal(signal.SIGHUP)
    end = time.time() + 20
    while not any("jwks_file" in line for line in server.errors):
        expect(time.time() < end, server.errors)
        time.sleep(0.1)
    expect(status(server, second.token()) == 101, "the keys before the fault")
