"""HTTP/1.1 with full control of the request: any target, any header bytes, any body.

One connection per request (`Connection: close`), so that one case cannot influence another.
"""

import http.client
import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "surrogateescape")


@dataclass
class Request:
    method: str
    target: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    send_length: bool = True

    def encoded(self, host: str) -> bytes:
        lines = [f"{self.method} {self.target} HTTP/1.1", f"Host: {host}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.send_length and (self.body or self.method in ("POST", "PUT", "PATCH")):
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + self.body


def send(base: str, request: Request, timeout: float = 40) -> Answer:
    """Send one request to `http://host:port`; raises OSError or http.client.HTTPException where no answer comes."""
    parts = urlsplit(base)
    with socket.create_connection((parts.hostname, parts.port), timeout=timeout) as connection:
        try:
            connection.sendall(request.encoded(parts.netloc))
        except (BrokenPipeError, ConnectionResetError):
            pass  # a server may answer and close before it has read the body: the answer decides
        response = http.client.HTTPResponse(connection, method=request.method)
        response.begin()
        return Answer(response.status, response.getheaders(), response.read())


def get(base: str, target: str, token: str | None = None, timeout: float = 40) -> Answer:
    return send(base, Request("GET", target, bearer(token)), timeout)


def bearer(token: str | None) -> list[tuple[str, str]]:
    return [("Authorization", f"Bearer {token}")] if token is not None else []
