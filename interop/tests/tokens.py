"""JWTs of every bad kind, made by hand: the tests need what no library would sign."""

import base64
import hashlib
import hmac
import json
import time


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(payload, secret: str = "test", header=None) -> str:
    """A token signed with HS256, by default with the incumbent's constant secret."""
    header = header or {"alg": "HS256", "typ": "JWT"}
    text = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(payload).encode())}"
    return f"{text}.{b64(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())}"


def bad_tokens(valid: str) -> dict[str, str]:
    """By the names used in `cases.TOKENS`. `valid` is a token of the server under test."""
    later, before = int(time.time()) + 900, int(time.time()) - 60
    good = {"sub": "vnpy", "exp": later}
    head, body, signature = valid.split(".")
    none = {"alg": "none", "typ": "JWT"}
    return {
        "garbage": "garbage",
        "empty": "",
        "two parts": f"{head}.{body}",
        "three empty parts": "..",
        "alg none": f"{b64(json.dumps(none).encode())}.{b64(json.dumps(good).encode())}.",
        "alg NONE signed": sign(good, header={"alg": "NONE"}),
        "other secret": sign(good, "not the secret"),
        "expired": sign({"sub": "vnpy", "exp": before}),
        "no sub": sign({"exp": later}),
        "sub null": sign({"sub": None, "exp": later}),
        "sub other user": sign({"sub": "nobody", "exp": later}),
        "sub number": sign({"sub": 5, "exp": later}),
        "sub not ASCII": sign({"sub": "用户", "exp": later}),
        "aud present": sign({**good, "aud": "x"}),
        "nbf in the future": sign({**good, "nbf": later}),
        "no exp": sign({"sub": "vnpy"}),
        "float exp": sign({"sub": "vnpy", "exp": later + 0.5}),
        "exp text": sign({"sub": "vnpy", "exp": "soon"}),
        "secret test": sign(good),
        "rs256 header": sign(good, header={"alg": "RS256", "typ": "JWT"}),
        "payload list": sign([1]),
        "signature cut": valid[:-3],
        "trailing dot": valid + ".",
        "with padding": f"{head}=.{body}=.{signature}=",
        "huge": "a" * 60000,
    }
