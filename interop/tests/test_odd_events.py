"""Events that a trading process can emit by accident: skipped, counted, logged once, and nothing else suffers."""

import json

import pytest

from clients import Client
from live import Reader
from processes import OurWeb, VeighnaTrader
from recorder import login

ODD = ["odd_numbers", "not_a_number", "double_max", "numpy_ints", "numpy_array", "datetime_in_extra", "unknown_class", "unknown_class_alone", "fails_to_unpickle", "recursive",
       "deep", "huge_string", "lone_surrogate", "not_an_object"]
ROUTES = ["/tick", "/order", "/trade", "/position", "/account", "/contract"]


@pytest.mark.parametrize("app", ["webtrader", "rpcservice"])
@pytest.mark.parametrize("generation", ["4.3", "4.5"])
def test_no_odd_event_stops_the_others(ours, home, generation, app):
    with VeighnaTrader(home / "t", generation, app) as trader, OurWeb(home / "w", trader.rep, trader.pub) as web:
        client = Client(web.base, login(web.base))
        with Reader(web.base, client.token) as reader:
            number = 0
            for name in ODD:
                trader.ask("odd", name=name)
                number = trader.ask("ticks", count=3)["last"]
                wait_for_tick(reader, number, name)
                for route in ROUTES:
                    strict(client, route, name)
            assert trader.ask("state")["event_thread_alive"], f"VeighNa itself died: the test is wrong\n{trader.log()}"
            for message in reader.messages:
                json.loads(message, parse_constant=no_constant)
            assert reader.closed is None
        assert web.resident_bytes() < 1.2e9, "a 100 MB string may pass through, not stay many times"


def wait_for_tick(reader: Reader, number: int, name: str) -> None:
    """Read on until the numbered tick has come."""
    position = 0
    while True:
        reader.wait(position + 1, 30)
        text = reader.messages[position]
        position += 1
        if len(text) < 10_000 and '"rb2610"' in text and f'"volume": {number},' in text:
            return


def strict(client: Client, route: str, name: str) -> None:
    """The list is there, and JSON as the standard has it."""
    from http_raw import get
    answer = get(client.base, route, client.token)
    assert answer.status == 200, f"{route} after {name}: {answer.status} {answer.text[:300]}"
    json.loads(answer.body.decode("utf-8"), parse_constant=no_constant)


def no_constant(text: str):
    raise AssertionError(f"{text} is not JSON")


def test_an_odd_event_is_logged_once_however_often_it_comes(ours, home):
    with VeighnaTrader(home / "t") as trader, OurWeb(home / "w", trader.rep, trader.pub) as web:
        client = Client(web.base, login(web.base))
        with Reader(web.base, client.token) as reader:
            for _ in range(100):
                trader.ask("odd", name="unknown_class_alone")
                trader.ask("odd", name="fails_to_unpickle")
            trader.ask("odd", name="of_many_lengths")
            number = trader.ask("ticks", count=1)["last"]
            wait_for_tick(reader, number, "both")
        log = web.log_path.read_text("utf-8", "replace")
        for culprit in ("UnknownClass", "explode"):
            lines = [line for line in log.splitlines() if culprit in line]
            assert 1 <= len(lines) <= 3, f"{culprit}: {len(lines)} lines\n" + "\n".join(lines[:5])


def test_an_odd_value_in_a_snapshot_spoils_no_list(ours, home):
    """The same values met by a web process that starts later, in the lists that it asks for."""
    with VeighnaTrader(home / "t") as trader:
        for name in ("numpy_ints", "numpy_array", "fails_to_unpickle", "odd_numbers", "datetime_in_extra", "not_a_number", "floats", "unknown_class"):
            trader.ask("odd", name=name)
        trader.ask("ticks", count=3)
        trader.ask("order")
        trader.ask("settle")
        with OurWeb(home / "w", trader.rep, trader.pub) as web:
            client = Client(web.base, login(web.base))
            with Reader(web.base, client.token) as reader:
                trader.ask("ticks", count=1)
                wait_for_tick(reader, 4, "snapshot")
            for route in ROUTES:
                strict(client, route, "snapshot")
            assert client.get("/contract") and client.get("/order") and client.get("/account")
            assert {"rb2610"} <= {tick["symbol"] for tick in client.get("/tick")}
