"""A client of the bridge protocol (contract/bridge.md) in Python's standard library, blocking and small.

    with Bridge("unix:.webtrader/bridge.sock", secret_file=".webtrader/bridge.token") as bridge:
        bridge.call("subscribe", {"patterns": ["rb*.SHFE"], "interval_ms": 500})
        snapshot = bridge.snapshot()
        for line in bridge.lines():
            print(line)

One thread uses it. A lost connection, or a number that does not follow, is an exception: make a new client then, take a
new snapshot, and go on.
"""

import hashlib
import hmac
import json
import secrets
import socket
import ssl
import time
from pathlib import Path

PROTOCOL = "webtrader-bridge"


class Refused(Exception):
    """The trading process said no; `code` says how far the request came."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


def proof(secret: bytes, role: str, client_nonce: str, server_nonce: str, channel: str) -> str:
    """What shows that this side knows the secret."""
    text = f"{PROTOCOL} 1 {role}\n{client_nonce}\n{server_nonce}\n{channel}\n"
    return hmac.new(secret, text.encode(), "sha256").hexdigest()


class Bridge:
    held = 0  # facts up to this number are in the snapshot, also those that come behind its answer

    def __init__(self, address: str, secret_file: str | Path | None = None, fingerprint: str = "", timeout: float = 10) -> None:
        self.secret = Path(secret_file).read_bytes().strip() if secret_file else None
        self.socket, self.channel = connect(address, fingerprint.replace(":", "").lower(), timeout)
        self.reader = self.socket.makefile("rb")
        self.facts: list[dict] = []
        self.ticks: list[dict] = []
        self.last_id = 0
        self.welcome = self._handshake()
        self.seq = self.welcome["seq"]

    def _handshake(self) -> dict:
        nonce = secrets.token_hex(16)
        self._write({"type": "hello", "protocol": PROTOCOL, "versions": [1], "nonce": nonce, "client": "python"})
        hello = self._read()
        nonces = (nonce, hello["nonce"], self.channel)
        if self.secret and hello["auth"] != "hmac-sha256":
            raise ConnectionError("it does not know the secret")
        if hello["auth"] == "hmac-sha256":
            self._write({"type": "proof", "mac": proof(self.secret or b"", "client", *nonces)})
        welcome = self._read()
        if self.secret and not hmac.compare_digest(welcome["mac"], proof(self.secret, "server", *nonces)):
            raise ConnectionError("it does not know the secret")
        return welcome

    def call(self, method: str, params: dict | None = None, deadline_ms: int = 5000):
        """Ask and wait. Lists come whole; facts and ticks that arrive meanwhile are kept."""
        self.last_id += 1
        self._write({"id": self.last_id, "method": method, "params": params or {}, "deadline_ms": deadline_ms})
        parts, end = [], time.monotonic() + deadline_ms / 1000
        while True:
            line = self._next()
            if line["type"] == "reply" and line["id"] == self.last_id:
                if not line["ok"]:
                    raise Refused(line["error"]["code"], line["error"].get("message", ""))
                parts.append(line["data"])
                if not line.get("more"):
                    rows = [row for part in parts if "table" not in part for row in part.get("rows", [])]
                    return parts if "table" in parts[0] else rows if "rows" in parts[-1] else parts[-1]
            if time.monotonic() > end:
                raise TimeoutError(f"{method}: no answer; of a command nobody knows whether it was done")

    def snapshot(self) -> dict:
        """Every table as a list, with `epoch` and `seq`; facts that are in it are dropped."""
        parts = self.call("snapshot", deadline_ms=60_000)
        parts = parts if isinstance(parts, list) else [parts]
        tables: dict = {**parts[-1]}
        for part in parts[:-1]:
            tables.setdefault(part["table"], []).extend(part["rows"])
        self.held = tables["seq"]
        self.facts = [fact for fact in self.facts if fact["seq"] > self.held]
        return tables

    def lines(self):
        """Facts and ticks as they come, for ever."""
        while True:
            yield from self.facts + self.ticks
            self.facts, self.ticks = [], []
            self._next()

    def _next(self) -> dict:
        line = self._read()
        if line["type"] in ("fact", "heartbeat"):
            expected = self.seq + (line["type"] == "fact")
            if line["seq"] != expected:
                raise ConnectionError(f"fact {expected} is missing: {line['seq']} came")
            self.seq = expected
        if line["type"] == "fact" and line["seq"] > self.held:
            self.facts.append(line)
        elif line["type"] == "ticks":
            self.ticks.append(line)
        return line

    def _read(self) -> dict:
        text = self.reader.readline()
        if not text:
            raise ConnectionError("it closed the connection")
        line = json.loads(text)
        if line["type"] == "bye":
            raise ConnectionError(f"{line['reason']}: {line['message']}")
        return line

    def _write(self, message: dict) -> None:
        self.socket.sendall(json.dumps(message, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        self.reader.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.close()


def connect(address: str, fingerprint: str, timeout: float) -> tuple[socket.socket, str]:
    """A connection, and its channel as the proof names it."""
    if address.startswith("unix:"):
        plain = socket.socket(socket.AF_UNIX)
        plain.settimeout(timeout)
        plain.connect(address.removeprefix("unix:"))
        return plain, "unix"
    scheme, _, rest = address.partition("://")
    host, _, port = rest.rpartition(":")
    plain = socket.create_connection((host.strip("[]"), int(port)), timeout)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if scheme == "tcp":
        return plain, "tcp"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    secure = context.wrap_socket(plain)
    shown = hashlib.sha256(secure.getpeercert(binary_form=True)).hexdigest()
    if shown != fingerprint:
        secure.close()
        raise ConnectionError(f"its certificate has the fingerprint {shown}")
    return secure, f"tls {shown}"
