"""WebSocket readers that do not behave, and those beside them that must notice nothing."""

import json
import socket
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed

from clients import Client
from live import Reader
from processes import OurWeb, VeighnaTrader, wait_for
from recorder import login


def numbers(messages: list[str]) -> list[int]:
    return [json.loads(message)["data"]["volume"] for message in messages]


def stalled_reader(base: str, token: str) -> socket.socket:
    """Shakes hands and never reads again, with a small receive buffer."""
    parts = urlsplit(base)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect((parts.hostname, parts.port))
    connection.sendall(
        f"GET /ws/?token={token} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    connection.settimeout(10)
    assert b" 101 " in connection.recv(4096)
    return connection


def ended(connection: socket.socket) -> bool:
    """Whether the server has given the connection up; reads all that was still on its way."""
    connection.settimeout(0.2)
    try:
        while True:
            if not connection.recv(1 << 20):
                return True
    except TimeoutError:
        return False
    except OSError:
        return True


def test_a_stalled_reader_hurts_nobody_and_is_cut(ours, home):
    with VeighnaTrader(home / "t") as trader, OurWeb(home / "w", trader.rep, trader.pub) as web:
        web.live()
        token = login(web.base)
        with Reader(web.base, token) as early, stalled_reader(web.base, token) as stalled, Reader(web.base, token) as late:
            memory = web.resident_bytes()
            trader.ask("ticks", count=20000, rate=2500)  # 19 MB of text: more than any socket buffer
            assert numbers(early.take(20000, 60)) == list(range(1, 20001))
            assert numbers(late.take(20000, 60)) == list(range(1, 20001))
            sockets = web.open_sockets()
            with Reader(web.base, token) as newest:
                trader.ask("ticks", count=10)
                assert numbers(newest.take(10)) == list(range(20001, 20011))
            assert web.resident_bytes() < memory + 60e6, "a stalled reader makes us grow"
            wait_for("the stalled reader is cut", lambda: web.open_sockets() < sockets, 90, web)
            wait_for("it learns that", lambda: ended(stalled), 10, web)


def test_a_reader_that_keeps_up_gets_every_event_in_order(ours, home):
    with VeighnaTrader(home / "t") as trader, OurWeb(home / "w", trader.rep, trader.pub) as web:
        web.live()
        token = login(web.base)
        with Reader(web.base, token) as reader:
            # In bursts that VeighNa's socket holds: above 1,000 waiting messages it drops events itself.
            for first in range(1, 20001, 500):
                trader.ask("ticks", count=500)
                assert numbers(reader.take(500, 60)) == list(range(first, first + 500))


def test_what_a_client_sends_is_ignored_or_ends_its_own_connection_only(ours, home):
    with VeighnaTrader(home / "t") as trader, OurWeb(home / "w", trader.rep, trader.pub) as web:
        web.live()
        token = login(web.base)
        with Reader(web.base, token) as good, Reader(web.base, token) as talker, Reader(web.base, token) as binary:
            talker.socket.send("hello")
            talker.socket.ping().wait(10)
            try:
                binary.socket.send(b"\x00\xff")
                binary.socket.send("x" * 3_000_000)
            except ConnectionClosed:
                pass
            trader.ask("ticks", count=5)
            assert numbers(good.take(5)) == [1, 2, 3, 4, 5]
            assert numbers(talker.take(5)) == [1, 2, 3, 4, 5]
        with stalled_reader(web.base, token) as broken:
            broken.sendall(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")  # no frame at all
            wait_for("it is ended", lambda: ended(broken), 10, web)
        with Reader(web.base, token) as fresh:
            trader.ask("ticks", count=2)
            assert numbers(fresh.take(2)) == [6, 7]


def test_many_readers_come_and_go(ours, home):
    with VeighnaTrader(home / "t") as trader, OurWeb(home / "w", trader.rep, trader.pub) as web:
        client = Client(web.base, login(web.base))
        for _ in range(3):
            readers = [Reader(web.base, client.token) for _ in range(30)]
            trader.ask("ticks", count=20)
            first = [reader.take(20) for reader in readers]
            assert all(messages == first[0] for messages in first)
            for reader in readers:
                reader.__exit__()
        assert client.get("/account")
