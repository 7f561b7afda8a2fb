"""Bad requests beyond the cases of the differential test: too large, too slow, too many; and bad settings."""

import json
import socket
import threading
from urllib.parse import urlencode, urlsplit

import pytest

from clients import JSON, Client
from http_raw import Request, bearer, get, send
from processes import OurWeb, VeighnaTrader, binary, refused_start, wait_for, write_setting
from recorder import login

FORM = [("Content-Type", "application/x-www-form-urlencoded")]


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    home = tmp_path_factory.mktemp("bad-input")
    with VeighnaTrader(home / "t") as trader, OurWeb(home / "w", trader.rep, trader.pub) as web:
        client = Client(web.base, login(web.base))
        wait_for("contracts", lambda: client.get("/contract"))
        yield trader, web, client


def test_a_body_of_60_mb_is_refused_and_not_kept(ours, stack):
    trader, web, client = stack
    before = web.resident_bytes()
    for headers in ([], bearer(client.token)):
        try:
            answer = send(web.base, Request("POST", "/order", JSON + headers, b'{"symbol": "' + b"x" * 60_000_000 + b'"}'))
            assert answer.status == 413, (answer.status, answer.text[:300])
            assert json.loads(answer.body)["detail"]
        except ConnectionResetError:
            pass  # refused while we were still sending
    assert web.resident_bytes() < before + 20e6
    assert client.order()


def test_large_headers_are_refused(ours, stack):
    _, web, client = stack
    for headers in ([("X-Large", "x" * 200_000)], [(f"X-{index}", "y") for index in range(5000)]):
        try:
            assert send(web.base, Request("GET", "/account", headers + bearer(client.token))).status in (400, 431)
        except (ConnectionResetError, ConnectionAbortedError):
            pass
    assert client.get("/account")


@pytest.mark.parametrize("noise", [
    b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /account HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"POST /order HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"POST /order HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    b"POST /order HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", bytes(range(256)) * 50,
], ids=range(10))
def test_noise_on_the_http_port_ends_its_connection_only(ours, stack, noise):
    _, web, client = stack
    parts = urlsplit(web.base)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        try:
            # The server may have ended it already, at any of these.
            connection.sendall(noise)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(100)
        except OSError:
            answer = b""
        assert b" 500 " not in answer, answer
    assert client.get("/account")


def test_many_open_connections_that_say_nothing_stop_nobody(ours, stack):
    _, web, client = stack
    parts = urlsplit(web.base)
    idle = []
    try:
        for _ in range(300):
            connection = socket.create_connection((parts.hostname, parts.port), timeout=10)
            connection.sendall(b"GET /account HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            idle.append(connection)
        assert client.get("/account")
    finally:
        for connection in idle:
            connection.close()


def test_a_hundred_logins_at_once_do_not_stop_the_reads(ours, stack):
    _, web, client = stack
    answers: list[int] = []
    form = urlencode({"username": "vnpy", "password": "vnpy"}).encode()

    def log_in() -> None:
        answers.append(send(web.base, Request("POST", "/token", FORM, form), 120).status)

    threads = [threading.Thread(target=log_in) for _ in range(100)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert client.get("/account")
    assert set(answers) <= {200, 429, 503} and answers.count(200) >= 1, answers


def test_failed_logins_slow_down_and_a_good_one_still_passes(ours, stack):
    _, web, _ = stack
    wrong = urlencode({"username": "somebody", "password": "wrong"}).encode()
    statuses = [send(web.base, Request("POST", "/token", FORM, wrong), 120).status for _ in range(12)]
    assert set(statuses) <= {401, 429}, statuses
    assert wait_for("the right password", lambda: send(web.base, Request(
        "POST", "/token", FORM, urlencode({"username": "vnpy", "password": "vnpy"}).encode()), 120).status == 200, 60)


def test_neither_passwords_nor_tokens_are_logged(ours, home):
    secret = "a-password-nobody-guesses-7312"
    with VeighnaTrader(home / "t") as trader, OurWeb(home / "w", trader.rep, trader.pub, password=secret) as web:
        token = login(web.base, password=secret)
        get(web.base, f"/ws/?token={token}", token)
        get(web.base, f"/account?token={token}", token)
        send(web.base, Request("POST", "/token", FORM, urlencode({"username": "vnpy", "password": f"{secret}x"}).encode()))
        assert send(web.base, Request("POST", "/token", FORM, urlencode({"username": "vnpy", "password": "vnpy"}).encode())).status in (401, 429)
        web.terminate()
        log = web.log_path.read_text("utf-8", "replace")
        assert secret not in log and token not in log


def refused(home, arguments: list, setting: str | None = None) -> str:
    """Start our web process with settings that cannot work; what it says."""
    folder = home / ".vntrader"
    path = write_setting(folder, "tcp://127.0.0.1:1", "tcp://127.0.0.1:2")
    if setting is not None:
        path.write_text(setting, "utf-8")
    return refused_start([binary(), "web", "--vntrader", folder, "--state", home / "state", *arguments], home)


def test_a_port_in_use_is_named(ours, home):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert str(port) in refused(home, ["--listen", f"127.0.0.1:{port}"])


def test_the_default_password_stays_on_loopback(ours, home):
    assert "password" in refused(home, ["--listen", "0.0.0.0:0"]).lower()


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:99999", "tcp://127.0.0.1", ""])
def test_an_address_that_cannot_be_is_named(ours, home, address):
    setting = {"username": "vnpy", "password": "vnpy", "req_address": address, "sub_address": "tcp://127.0.0.1:4102"}
    said = refused(home, ["--listen", "127.0.0.1:0"], json.dumps(setting))
    assert "req_address" in said or (address and address in said), said


def test_a_setting_file_that_is_not_json_is_named_with_its_line(ours, home):
    said = refused(home, ["--listen", "127.0.0.1:0"], '{\n  "username": vnpy\n}')
    assert "web_trader_setting.json" in said and "line 2" in said, said


def test_an_unknown_key_of_our_configuration_is_named(ours, home):
    config = home / "webtrader.toml"
    config.write_text('[nonsense]\nkey = 1\n', "utf-8")
    said = refused_start([binary(), "web", "--config", config, "--listen", "127.0.0.1:0", "--state", home / "state"], home)
    assert "nonsense" in said and "webtrader.toml" in said, said
