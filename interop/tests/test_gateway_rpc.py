"""Our trading process with a VeighNa as its market: our `--rpc` gateway in front of VeighNa's own RPC apps.

Somebody in front of our trading process (VeighNa's RpcGateway, our web process) trades through it at a VeighNa behind
it; then everything that can go wrong between an order and its answer.
"""

import itertools
from contextlib import contextmanager

import pytest

from clients import Client
from processes import OurTrader, OurWeb, VeighnaTrader, wait_for
from recorder import WORDS, login
from test_rpc_gateway import trade

REMOTES = [*itertools.product(["4.3", "4.5"], ["rpcservice", "webtrader"], ["zh", "en"])]
SUBMITTING, NOTTRADED, CANCELLED, REJECTED = "提交中", "未成交", "已撤销", "拒单"
REST = {"symbol": "rb2610", "exchange": "SHFE", "type": WORDS["zh"]["LIMIT"], "direction": WORDS["zh"]["LONG"],
        "offset": WORDS["zh"]["OPEN"], "volume": 1, "price": 3000.0}


def remotes(**traders) -> list[str]:
    """The arguments for these markets, by the names that their gateways are to have."""
    return ["--no-sim", *(part for name, trader in traders.items() for part in ("--rpc", f"{name}={trader.rep},{trader.pub}"))]


@contextmanager
def desk(home, **traders):
    """Our trading process on these VeighNas, and our web process in front of it."""
    with OurTrader(home / "t", "rpcservice", arguments=remotes(**traders)) as trader:
        with OurWeb(home / "w", trader.rep, trader.pub) as web:
            web.live()
            client = Client(web.base, login(web.base))
            wait_for("contracts", lambda: client.get("/contract"), 30, trader)
            yield trader, client


def state(client: Client, vt_orderid: str) -> str:
    return client.orders().get(vt_orderid, {}).get("status", "")


@pytest.mark.parametrize(("generation", "app", "language"), REMOTES)
def test_a_desktop_trades_through_us_at_a_veighna(ours, home, generation, app, language):
    """VeighNa's RpcGateway, our trading process, our gateway, VeighNa: what a desktop does passes through all of it."""
    with VeighnaTrader(home / "v", generation, app, language, ticks_per_second=20) as market:
        if app == "rpcservice":
            with OurTrader(home / "t", "rpcservice", generation, language, arguments=remotes(CTP1=market)) as trader:
                trade(home / "c", trader, generation, language)
        with desk(home, CTP1=market) as (trader, client):
            assert {row["gateway_name"] for route in ("/contract", "/account", "/position") for row in client.get(route)} == {"CTP1"}
            vt_orderid = client.order(**REST, reference="mine")
            assert vt_orderid.startswith("CTP1."), vt_orderid
            wait_for("it rests", lambda: state(client, vt_orderid) == NOTTRADED, 20, trader)
            order = client.orders()[vt_orderid]
            assert (order["gateway_name"], order["reference"]) == ("CTP1", "mine")
            assert client.cancel(vt_orderid).status == 200
            wait_for("it is cancelled", lambda: state(client, vt_orderid) == CANCELLED, 20, trader)


def test_two_veighnas_are_kept_apart(ours, home):
    """The same ids and the same instruments at both; each cancel goes where its order is."""
    with VeighnaTrader(home / "a", "4.5", "rpcservice", contracts=3) as first, VeighnaTrader(home / "b", "4.3", "rpcservice") as second:
        with desk(home, CTP1=first, CTP2=second) as (trader, client):
            ids = [market.ask("order", price=3000.0 + at)["vt_orderid"] for at, market in enumerate((first, second))]
            assert ids[0] == ids[1]
            mine = [ids[0].replace("SIM", name) for name in ("CTP1", "CTP2")]
            for vt_orderid in mine:
                wait_for("both are there", lambda: state(client, vt_orderid) == NOTTRADED, 20, trader)
            assert client.cancel(mine[1]).status == 200
            wait_for("the second is cancelled", lambda: state(client, mine[1]) == CANCELLED, 20, trader)
            assert state(client, mine[0]) == NOTTRADED
            assert first.ask("state")["orders"][ids[0]] == "NOTTRADED"
            # An instrument that only one of them has.
            vt_orderid = client.order(**{**REST, "symbol": "t00001", "exchange": "DCE"})
            assert vt_orderid.startswith("CTP1.")
            wait_for("it arrives", lambda: first.ask("state")["requests"][-1]["symbol"] == "t00001", 20, trader)


def test_an_answer_that_comes_too_late_is_made_up_for_by_the_event(ours, home):
    """The order hangs inside VeighNa for longer than we wait for the answer; it is neither lost nor sent again."""
    with VeighnaTrader(home / "v", app="rpcservice") as market, desk(home, CTP1=market) as (trader, client):
        market.ask("hang", seconds=14)
        vt_orderid = client.order(**REST)
        assert vt_orderid.startswith("CTP1.")
        assert state(client, vt_orderid) == SUBMITTING
        wait_for("the event tells", lambda: state(client, vt_orderid) == NOTTRADED, 40, trader)
        assert len(market.ask("state")["requests"]) == 1
        assert client.cancel(vt_orderid).status == 200
        wait_for("it is cancelled", lambda: state(client, vt_orderid) == CANCELLED, 20, trader)


def test_a_veighna_that_dies_with_an_order_in_its_hands(ours, home):
    """Killed between the order and its answer, started again: unknown until it is back, then what it says."""
    with VeighnaTrader(home / "v", app="rpcservice") as market, desk(home, CTP1=market) as (trader, client):
        before = client.order(**REST)
        wait_for("it rests", lambda: state(client, before) == NOTTRADED, 20, trader)
        market.ask("hang", seconds=30)
        vt_orderid = client.order(**REST)
        # Nothing tells from outside that it has begun; what has not arrived when the process dies ends the same way.
        wait_for("it is under way", lambda: state(client, vt_orderid) == SUBMITTING, 20, trader)
        rep, pub = market.rep, market.pub
        market.kill()
        refused = wait_for("orders are refused", lambda: refused_order(client), 20, trader)
        assert refused.startswith("CTP1.")
        with VeighnaTrader(home / "v2", app="rpcservice", rep=rep, pub=pub) as again:
            wait_for("the remote never had it", lambda: state(client, vt_orderid) == REJECTED, 60, trader)
            assert again.ask("state")["requests"] == [], "nothing was sent again"
            after = client.order(**REST)
            wait_for("orders pass again", lambda: state(client, after) == NOTTRADED, 20, trader)
            assert len(again.ask("state")["requests"]) == 1


def refused_order(client: Client) -> str | None:
    """The id of an order that was refused because the market is away."""
    vt_orderid = client.order(**REST)
    wait_for("its state", lambda: state(client, vt_orderid), 10)
    return vt_orderid if state(client, vt_orderid) == REJECTED else None


def test_our_trading_process_is_killed_and_finds_everything_again(ours, home):
    with VeighnaTrader(home / "v", app="rpcservice") as market:
        with desk(home / "first", CTP1=market) as (trader, client):
            vt_orderid = client.order(**REST)
            wait_for("it rests", lambda: state(client, vt_orderid) == NOTTRADED, 20, trader)
        with desk(home / "second", CTP1=market) as (trader, client):
            # This market blanks references as CTP does: the order has the market's own id now, and is one order.
            orders = wait_for("the order", lambda: client.orders(), 20, trader)
            assert [order["status"] for order in orders.values()] == [NOTTRADED]
            (again,) = orders
            assert again == "CTP1.1_100_1"
            assert client.cancel(again).status == 200
            wait_for("it is cancelled", lambda: state(client, again) == CANCELLED, 20, trader)
        assert len(market.ask("state")["requests"]) == 1


def test_what_the_market_refuses_says_so(ours, home):
    """Refused without an id, refused with a log, and failing inside: none of them stays open, none is sent twice."""
    with VeighnaTrader(home / "v", app="rpcservice") as market, desk(home, CTP1=market) as (trader, client):
        for volume in (13, 14, 15):
            vt_orderid = client.order(**{**REST, "volume": volume})
            wait_for(f"volume {volume}", lambda: state(client, vt_orderid) == REJECTED, 40, trader)
        assert [float(request["volume"]) for request in market.ask("state")["requests"]] == [13, 14, 15]
