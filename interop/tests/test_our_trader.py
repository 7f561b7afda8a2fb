"""Corners 2 and 4: our trading process with its simulated exchange, behind the incumbent's web process and behind ours.

Both web processes are on it at once, so they must say the same. The market moves by itself: lists of
ticks are compared by shape, and messages from the first one that both have seen.
"""

import itertools
import json

import pytest

from clients import Client
from differences import first_difference, normalised
from http_raw import get
from live import Reader
from processes import IncumbentWeb, OurTrader, OurWeb, wait_for
from recorder import WORDS, login

GENERATIONS = ["4.3", "4.5"]
LANGUAGES = ["zh", "en"]
STILL = ["/contract", "/order", "/trade"]


@pytest.fixture(scope="module", params=[*itertools.product(GENERATIONS, LANGUAGES)], ids=lambda value: "-".join(value))
def stack(request, tmp_path_factory):
    """Our trader, the incumbent's web process (of the same generation) and ours on it."""
    generation, language = request.param
    home = tmp_path_factory.mktemp("our-trader")
    with OurTrader(home / "t", "webtrader", generation, language) as trader:
        with IncumbentWeb(home / "i", trader.rep, trader.pub, generation, language) as incumbent:
            with OurWeb(home / "w", trader.rep, trader.pub, language) as web:
                yield language, trader, Client(incumbent.base, login(incumbent.base)), Client(web.base, login(web.base)), web


def future(client: Client) -> dict:
    """A futures contract of SHFE with a tick."""
    contracts = wait_for("contracts", lambda: client.get("/contract"))
    return next(contract for contract in contracts if contract["exchange"] == "SHFE" and contract["option_strike"] is None)


def tick_of(client: Client, vt_symbol: str) -> dict:
    client.subscribe(vt_symbol)
    return wait_for(f"a tick of {vt_symbol}", lambda: next(
        (tick for tick in client.get("/tick") if tick["vt_symbol"] == vt_symbol and tick["ask_price_1"]), None), 20)


def test_both_show_the_same_contracts_orders_and_trades(ours, stack):
    language, trader, incumbent, web, process = stack
    contract = future(web)
    words = WORDS[language]
    tick = tick_of(incumbent, contract["vt_symbol"])
    fields = {"symbol": contract["symbol"], "exchange": contract["exchange"], "type": words["LIMIT"], "offset": words["OPEN"]}
    for client in (incumbent, web):
        filled = client.order(**fields, direction=words["LONG"], price=tick["limit_up"], reference="filled")
        resting = client.order(**fields, direction=words["LONG"], price=tick["limit_down"], reference="resting")
        for reader in (incumbent, web):
            wait_for("the order filled", lambda: not reader.orders()[filled]["volume"] > reader.orders()[filled]["traded"], 20, process)
            assert any(trade["vt_orderid"] == filled for trade in reader.get("/trade"))
            assert reader.orders()[resting]["traded"] == 0
        assert client.cancel(resting).status == 200
        for reader in (incumbent, web):
            wait_for("the order is cancelled", lambda: reader.orders()[resting]["status"] in ("已撤销", "Cancelled"), 20, process)
    for route in STILL:
        theirs, mine = get(incumbent.base, route, incumbent.token), get(web.base, route, web.token)
        their_text, our_text = normalised(theirs.text, mine.text)
        if their_text != our_text:
            pytest.fail(f"GET {route} {first_difference(their_text, our_text)}", pytrace=False)
    for route in ("/tick", "/position", "/account"):
        theirs, mine = incumbent.get(route), web.get(route)
        assert theirs and [list(row) for row in theirs] == [list(row) for row in mine], route


def test_both_send_the_same_messages(ours, stack):
    language, trader, incumbent, web, process = stack
    for contract in wait_for("contracts", lambda: web.get("/contract"))[:5]:
        web.subscribe(contract["vt_symbol"])
    with Reader(incumbent.base, incumbent.token) as theirs, Reader(web.base, web.token) as mine:
        theirs.wait(100, 60)
        mine.wait(100, 60)
        their_texts, our_texts = theirs.messages[:60], mine.messages[:100]
        # The one that was connected later lacks the beginning.
        start = next((index for index, text in enumerate(their_texts) if text == our_texts[0]), None)
        if start is None:
            first = our_texts.index(their_texts[0])
            our_texts, start = our_texts[first:], 0
        pairs = list(zip(their_texts[start:], our_texts))
        assert len(pairs) >= 10
        for their_text, our_text in pairs:
            assert normalised(their_text, our_text)[0] == normalised(their_text, our_text)[1]
        assert all(json.loads(text)["topic"] in ("eTick.", "eTrade.", "eOrder.", "ePosition.", "eAccount.") for text in our_texts)


@pytest.mark.parametrize("body", [
    {"volume": 0}, {"volume": -1}, {"price": 1e9}, {"price": 0.123456}, {"volume": 1e12}, {"volume": 0.5},
], ids=str)
def test_an_order_that_the_exchange_refuses_says_why_to_both(ours, stack, body):
    language, trader, incumbent, web, process = stack
    contract = future(web)
    words = WORDS[language]
    fields = {"symbol": contract["symbol"], "exchange": contract["exchange"], "type": words["LIMIT"], "offset": words["OPEN"],
              "direction": words["LONG"], "price": tick_of(web, contract["vt_symbol"])["last_price"], **body}
    for client in (incumbent, web):
        answer = client.post_order(**fields)
        assert answer.status in (200, 422), answer.text
        vt_orderid = json.loads(answer.body) if answer.status == 200 else ""
        if vt_orderid:
            wait_for("it is rejected", lambda: client.orders()[vt_orderid]["status"] in ("拒单", "Rejected"), 20, process)
    assert web.get("/account")


def test_it_survives_kill_9_with_its_orders(ours, home):
    """Killed and started again on the same state: our web process goes on, orders, trades and positions are still there."""
    with OurTrader(home / "t") as trader, OurWeb(home / "w", trader.rep, trader.pub) as web:
        client = Client(web.base, login(web.base))
        contract = future(client)
        tick = tick_of(client, contract["vt_symbol"])
        fields = {"symbol": contract["symbol"], "exchange": contract["exchange"]}
        filled = client.order(**fields, price=tick["limit_up"], reference="filled")
        resting = client.order(**fields, price=tick["limit_down"], reference="resting")
        wait_for("filled", lambda: any(trade["vt_orderid"] == filled for trade in client.get("/trade")), 20, web)
        before = {"orders": client.orders().keys(), "trades": {trade["vt_tradeid"] for trade in client.get("/trade")}}
        trader.kill()
        wait_for("orders are refused", lambda: client.try_order(**fields, price=tick["limit_down"]) == 503, 20, web)
        with OurTrader(home / "t", rep=trader.rep, pub=trader.pub):
            wait_for("it serves again", lambda: client.cancel(resting).status == 200, 20, web)
            assert before["orders"] <= client.orders().keys()
            assert before["trades"] <= {trade["vt_tradeid"] for trade in client.get("/trade")}
            assert client.orders()[filled]["reference"] == "filled"
            assert any(row["volume"] for row in client.get("/position") if row["symbol"] == contract["symbol"])
