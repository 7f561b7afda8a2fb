"""Corner 3: VeighNa's own RpcGateway inside a VeighNa MainEngine, with our trading process behind it.

And what reaches the sockets of our trading process from people who are no VeighNa.
"""

import itertools
import pickle
import random
import socket

import pytest
import zmq

from processes import OurTrader, RpcGatewayClient, VeighnaTrader, wait_for

COMBINATIONS = [*itertools.product(["4.3", "4.5"], ["zh", "en"])]


@pytest.mark.parametrize(("generation", "language"), COMBINATIONS)
def test_a_veighna_trades_on_our_trading_process(ours, home, generation, language):
    with OurTrader(home / "t", "rpcservice", generation, language) as trader:
        trade(home / "c", trader, generation, language)


def test_the_same_steps_pass_on_veighnas_own_trading_process(home):
    """The control: what is asked of ours is what VeighNa does."""
    with VeighnaTrader(home / "t", app="rpcservice", ticks_per_second=20) as trader:
        trade(home / "c", trader, "4.5", "zh")


def trade(home, trader, generation: str, language: str) -> None:
    """Connect, subscribe, fill, cancel, history: what a desktop does."""
    with RpcGatewayClient(home, trader.rep, trader.pub, generation, language) as client:
        client.ask("connect")
        contracts = wait_for("contracts", lambda: client.ask("contracts"))
        contract = next(row for row in contracts if row["exchange"] == "SHFE" and row["product"] == "FUTURES")
        vt_symbol = contract["vt_symbol"]
        client.ask("subscribe", vt_symbol=vt_symbol)
        tick = wait_for("a tick", lambda: client.ask("tick", vt_symbol=vt_symbol), 30, trader)
        assert tick["gateway_name"] == "RPC" and tick["exchange"] == "SHFE"
        trade_through(client, trader, vt_symbol, tick)
        cancel_through(client, trader, vt_symbol, tick)
        bars = client.ask("history", vt_symbol=vt_symbol)
        assert bars and {bar["__class__"] for bar in bars} == {"BarData"} and bars[0]["interval"] == "MINUTE"
        state = client.ask("state")
        assert state["event_thread_alive"] and state["sub_thread_alive"]
        assert state["accounts"][0]["balance"] > 0
        assert any(position["vt_symbol"] == vt_symbol and position["volume"] for position in state["positions"])


def trade_through(client, trader, vt_symbol: str, tick: dict) -> None:
    """Buy at the limit: filled at once, with a trade."""
    vt_orderid = client.ask("order", vt_symbol=vt_symbol, direction="LONG", kind="LIMIT", volume=1, price=tick["limit_up"],
                            offset="OPEN", reference="desktop")
    assert vt_orderid.startswith("RPC."), vt_orderid
    order = wait_for("the order is filled", lambda: filled(client.ask("state"), vt_orderid), 30, trader)
    assert order["volume"] == order["traded"] == 1
    trade = wait_for("the trade", lambda: next(
        (row for row in client.ask("state")["trades"] if row["vt_orderid"] == vt_orderid), None), 30, trader)
    assert trade["price"] <= tick["limit_up"] and trade["direction"] == "LONG" and trade["offset"] == "OPEN"


def filled(state: dict, vt_orderid: str) -> dict | None:
    order = state["orders"].get(vt_orderid)
    return order if order and order["status"] == "ALLTRADED" else None


def cancel_through(client, trader, vt_symbol: str, tick: dict) -> None:
    """A resting order, cancelled."""
    vt_orderid = client.ask("order", vt_symbol=vt_symbol, direction="LONG", kind="LIMIT", volume=2, price=tick["limit_down"],
                            offset="OPEN")
    wait_for("it rests", lambda: client.ask("state")["orders"].get(vt_orderid, {}).get("status") == "NOTTRADED", 30, trader)
    client.ask("cancel", vt_orderid=vt_orderid)
    wait_for("it is cancelled", lambda: client.ask("state")["orders"][vt_orderid]["status"] == "CANCELLED", 30, trader)


def test_orders_of_before_are_there_for_a_desktop_that_comes_later(ours, home):
    with OurTrader(home / "t", "rpcservice") as trader:
        with RpcGatewayClient(home / "c", trader.rep, trader.pub) as first:
            first.ask("connect")
            contract = next(row for row in first.ask("contracts") if row["exchange"] == "SHFE" and row["product"] == "FUTURES")
            first.ask("subscribe", vt_symbol=contract["vt_symbol"])
            tick = wait_for("a tick", lambda: first.ask("tick", vt_symbol=contract["vt_symbol"]), 30, trader)
            vt_orderid = first.ask("order", vt_symbol=contract["vt_symbol"], direction="LONG", kind="LIMIT", volume=1,
                                   price=tick["limit_down"], offset="OPEN", reference="mine")
        with RpcGatewayClient(home / "d", trader.rep, trader.pub) as second:
            second.ask("connect")
            assert second.ask("state")["orders"][vt_orderid]["reference"] == "mine"


def call(context: zmq.Context, address: str, payload: bytes, seconds: float = 10):
    """One request as VeighNa's client sends it; None where no answer comes."""
    with context.socket(zmq.REQ) as caller:
        caller.linger = 0
        caller.connect(address)
        caller.send(payload)
        return pickle.loads(caller.recv()) if caller.poll(seconds * 1000) else None


def test_bad_requests_get_an_answer_and_end_nothing(ours, home):
    """What kills the RPC thread of VeighNa's own server for good."""
    dice = random.Random(11)
    bad = [
        b"", b"\x80\x04.", bytes(dice.randrange(256) for _ in range(500)), pickle.dumps(None), pickle.dumps([]), pickle.dumps(["x"]),
        pickle.dumps(["x", (), {}, 1]), pickle.dumps([5, (), {}]), pickle.dumps(["send_order", (), {}]), pickle.dumps(["get_contract", (1, 2, 3), {}]),
        pickle.dumps(["send_order", ("text", 5), {}]), pickle.dumps(["get_order", (), {"vt_orderid": None}]), b"\x80\x04" + b"(" * 200000,
        b"\x80\x04cos\nsystem\n(S'true'\ntR.", b"\x80\x04\x8d" + (2**62).to_bytes(8, "little"), pickle.dumps(["__class__", (), {}]),
        pickle.dumps(["x" * 1_000_000, (), {}]), pickle.dumps(["get_all_ticks", [], {"timeout": 5}]),
    ]
    with OurTrader(home / "t", "rpcservice") as trader, zmq.Context() as context:
        good = pickle.dumps(["get_all_contracts", (), {}], 4)
        for payload in bad:
            answer = call(context, trader.rep, payload)
            assert isinstance(answer, list) and len(answer) == 2 and (answer[0] is False and isinstance(answer[1], str) or answer[0] is True), (
                payload[:60], answer)
        unknown = call(context, trader.rep, pickle.dumps(["no_such_function", (), {}]))
        assert unknown[0] is False and unknown[1].rstrip().endswith("KeyError: 'no_such_function'"), unknown
        assert "/" not in unknown[1].replace("://", ""), "no path of ours in an answer"
        raw_garbage(trader.rep)
        raw_garbage(trader.pub)
        with context.socket(zmq.REQ) as caller:
            caller.connect(trader.rep)
            caller.send(good)
            assert caller.poll(10_000), trader.log()
        assert trader.resident_bytes() < 300e6


def raw_garbage(address: str) -> None:
    """Bytes that are no ZeroMQ, and ZeroMQ that lies about its sizes."""
    host, port = address.removeprefix("tcp://").split(":")
    greeting = b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(16) + b"\x00" + bytes(31)
    for noise in (b"GET / HTTP/1.1\r\n\r\n", bytes(range(256)) * 50, greeting, greeting + b"\x02" + (2**62).to_bytes(8, "big"),
                  greeting + b"\x04\x05\x05READY" + b"\x00" * 300, b"\xff"):
        for _ in range(20):
            with socket.create_connection((host, int(port)), timeout=10) as connection:
                try:
                    connection.sendall(noise)
                except OSError:
                    pass


def test_a_heartbeat_comes_as_from_veighna(ours, home):
    """Topic `heartbeat` and the time, every 10 s, in the framing of the generation."""
    with OurTrader(home / "t", "webtrader", "4.5") as new, OurTrader(home / "o", "webtrader", "4.3") as old, zmq.Context() as context:
        with context.socket(zmq.SUB) as two_frames, context.socket(zmq.SUB) as one_frame:
            two_frames.connect(new.pub)
            one_frame.connect(old.pub)
            for subscriber in (two_frames, one_frame):
                subscriber.subscribe(b"")
            assert float(heartbeat(two_frames, lambda frames: frames[0] == b"heartbeat" and pickle.loads(frames[1]))) > 1e9
            assert float(heartbeat(one_frame, lambda frames: b"heartbeat" in frames[0] and pickle.loads(frames[0])[1])) > 1e9


def heartbeat(subscriber: zmq.Socket, read):
    """The first message that `read` makes something of."""
    while subscriber.poll(15_000):
        if value := read(subscriber.recv_multipart()):
            return value
    raise AssertionError("no heartbeat within 15 s")
