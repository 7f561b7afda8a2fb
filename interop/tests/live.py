"""A reader of the classic WebSocket, and of refused handshakes."""

import threading
import time
from urllib.parse import quote

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect


class Reader:
    """Collects every message in a thread of its own, so that it never lags because of the test."""

    def __init__(self, base: str, token: str, **options) -> None:
        url = f"{base.replace('http', 'ws', 1)}/ws/?token={quote(token)}"
        # websockets' own keepalive pings are off: the incumbent and we are judged by what we send.
        self.connection = connect(url, max_size=None, max_queue=None, ping_interval=None, compression=None, **options)
        self.socket = self.connection.__enter__()
        self.messages: list[str] = []
        self.closed: ConnectionClosed | None = None
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        try:
            while True:
                self.messages.append(self.socket.recv())
        except ConnectionClosed as closed:
            self.closed = closed
        except Exception as error:  # noqa: BLE001 - shown by the test that waits
            self.closed = error

    def wait(self, count: int, seconds: float = 20) -> list[str]:
        """The first `count` messages; fails where they do not come."""
        end = time.monotonic() + seconds
        while len(self.messages) < count:
            assert self.closed is None, f"closed after {len(self.messages)} messages: {self.closed}"
            assert time.monotonic() < end, f"{len(self.messages)} of {count} messages within {seconds} s"
            time.sleep(0.005)
        return self.messages[:count]

    def take(self, count: int, seconds: float = 20) -> list[str]:
        """The next `count` messages, and forget them."""
        taken = self.wait(count, seconds)
        del self.messages[:count]
        return taken

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.connection.__exit__(None, None, None)


def handshake(base: str, target: str, **options) -> dict:
    """How a handshake ends: the status of a refusal, or the close code, or that it is open."""
    url = base.replace("http", "ws", 1) + target
    try:
        with connect(url, open_timeout=10, **options) as socket:
            try:
                socket.recv(timeout=0.5)
            except TimeoutError:
                return {"open": True, "subprotocol": socket.subprotocol}
            except ConnectionClosed as closed:
                return {"closed": closed.rcvd.code if closed.rcvd else None}
            return {"open": True, "subprotocol": socket.subprotocol}
    except InvalidStatus as refused:
        return {"status": refused.response.status_code, "body": (refused.response.body or b"").decode("utf-8", "replace")}
