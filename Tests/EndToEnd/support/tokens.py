"""Tokens of clients."""
import base64
import hashlib
import hmac
import json


SECRET = "a-secret-for-the-end-to-end-checks"


def token(user="u1", secret=SECRET, **claims):
    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    signed = encode(b'{"alg":"HS256","typ":"JWT"}') + "." + encode(json.dumps({"sub": user, **claims}).encode())
    return signed + "." + encode(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())
