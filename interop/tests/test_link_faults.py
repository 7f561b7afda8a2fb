"""The trading process goes away in every way, and comes back; what a client is told is true.

`requests` in the state of the gateway SIM is the list of orders that really reached it: an order whose
client was told "503, certainly not sent" must never be in it.
"""

import itertools
import json
import pickle
import random
import socket
import threading

import pytest
import zmq

from clients import Client
from http_raw import get
from live import Reader
from processes import OurWeb, VeighnaTrader, wait_for
from recorder import login

CERTAINLY_NOT_SENT, UNKNOWN = 503, 504


def connected(web: OurWeb) -> Client:
    client = Client(web.base, login(web.base))
    wait_for("the replica has the contracts", lambda: client.try_get("/contract") == 200 and client.get("/contract"), process=web)
    return client


def test_a_stopped_trading_process_is_told_apart_and_everything_goes_on_after_it(ours, home):
    with VeighnaTrader(home / "t") as trader, OurWeb(home / "w", trader.rep, trader.pub) as web:
        client = connected(web)
        with Reader(web.base, client.token) as reader:
            first = client.order()
            reader.wait(2)
            trader.stop()
            assert client.orders()[first]["status"] in ("未成交", "提交中"), "reads need no trading process"
            status = client.post_order(reference="while stopped", timeout=60).status
            assert status in (CERTAINLY_NOT_SENT, UNKNOWN)
            trader.resume()
            wait_for("orders go through again", lambda: client.try_order(reference="after") == 200, 30, web)
            seen = [request["reference"] for request in trader.ask("state")["requests"]]
            assert seen.count("while stopped") <= (status == UNKNOWN), seen
            before = len(reader.messages)
            trader.ask("ticks", count=5)
            reader.wait(before + 5)


def test_a_killed_trading_process_is_503_at_once_and_found_again(ours, home):
    with VeighnaTrader(home / "t") as trader, OurWeb(home / "w", trader.rep, trader.pub) as web:
        client = connected(web)
        client.order(reference="before")
        with Reader(web.base, client.token) as reader:
            trader.kill()
            wait_for("orders are refused", lambda: client.try_order(reference="refused") == CERTAINLY_NOT_SENT, 20, web)
            refused = [client.try_order(reference="refused") for _ in range(20)]
            assert set(refused) == {CERTAINLY_NOT_SENT}
            with VeighnaTrader(home / "t2", rep=trader.rep, pub=trader.pub) as again:
                wait_for("orders go through again", lambda: client.try_order(reference="after") == 200, 15, web)
                seen = {request["reference"] for request in again.ask("state")["requests"]}
                assert seen == {"after"}, "a refused order was sent later"
                wait_for("the old process's orders are gone", lambda: (
                    client.orders().keys() == again.ask("state")["orders"].keys()), 15, web)
                before = len(reader.messages)
                wait_for("its ticks", lambda: again.ask("ticks", count=1) and ticks(reader.messages[before:]), 15, web)


CHANGES = [
    (("4.3", "webtrader"), ("4.5", "webtrader")), (("4.5", "webtrader"), ("4.3", "webtrader")),
    (("4.3", "rpcservice"), ("4.5", "rpcservice")), (("4.5", "webtrader"), ("4.3", "rpcservice")),
]


@pytest.mark.parametrize(("before", "after"), CHANGES, ids=["-".join(a + b) for a, b in CHANGES])
def test_the_trading_process_is_replaced_by_another_generation_while_we_run(ours, home, before, after):
    with VeighnaTrader(home / "t", *before) as trader, OurWeb(home / "w", trader.rep, trader.pub) as web:
        client = connected(web)
        with Reader(web.base, client.token) as reader:
            client.order()
            trader.ask("ticks", count=3)
            reader.wait(5)
            trader.kill()
            with VeighnaTrader(home / "t2", *after, rep=trader.rep, pub=trader.pub) as upgraded:
                wait_for("orders go through", lambda: client.try_order() == 200, 15, web)
                received = len(reader.messages)
                wait_for("its ticks", lambda: upgraded.ask("ticks", count=1) and ticks(reader.messages[received:]), 15, web)
                wait_for("its lists", lambda: client.orders().keys() == upgraded.ask("state")["orders"].keys(), 15, web)
                assert upgraded.ask("state")["rpc_thread_alive"]


def ticks(messages: list[str]) -> list[int]:
    """The sequence numbers of the numbered ticks."""
    data = [json.loads(message) for message in messages]
    return [message["data"]["volume"] for message in data if message["topic"] == "eTick."]


def test_the_web_process_may_start_first_and_die_at_any_time(ours, home):
    with VeighnaTrader(home / "t0") as gone:
        rep, pub = gone.rep, gone.pub
    with OurWeb(home / "w", rep, pub) as web:
        client = Client(web.base, login(web.base))
        assert client.try_order() == CERTAINLY_NOT_SENT
        with VeighnaTrader(home / "t", rep=rep, pub=pub) as trader:
            wait_for("orders go through", lambda: client.try_order() == 200, 15, web)
            orders = client.orders()
            web.kill()
            with OurWeb(home / "w2", rep, pub) as second:
                assert connected(second).orders().keys() == orders.keys()
            state = trader.ask("state")
            assert state["rpc_thread_alive"] and state["event_thread_alive"]


def test_a_slow_call_delays_nobody_else(ours, home):
    """One order hangs in the gateway and holds VeighNa's RPC thread: reads answer, and the order's answer is its own."""
    with VeighnaTrader(home / "t") as trader, OurWeb(home / "w", trader.rep, trader.pub) as web:
        client = connected(web)
        trader.ask("hang", seconds=4)
        answers = []
        slow = threading.Thread(target=lambda: answers.append(client.post_order(reference="slow", timeout=60)))
        slow.start()
        for _ in range(50):
            client.get("/account")
        assert not answers, "the reads waited for the order"
        slow.join(60)
        assert answers[0].status in (200, UNKNOWN)
        wait_for("the order is there", lambda: trader.ask("state")["orders"], process=web)
        wait_for("orders go through", lambda: client.try_order() == 200, 15, web)


@pytest.mark.parametrize("app", ["webtrader", "rpcservice"])
def test_reads_cost_the_trading_process_nothing_and_an_order_is_readable_when_its_id_is_known(ours, home, app):
    with VeighnaTrader(home / "t", app=app) as trader, OurWeb(home / "w", trader.rep, trader.pub) as web:
        client = connected(web)
        for index in range(100):
            vt_orderid = client.order(reference=f"r{index}")
            order = client.orders().get(vt_orderid)
            assert order, f"{vt_orderid} was given, GET /order does not have it"
            assert order["reference"] == f"r{index}", "the reference is kept though the gateway blanks it"
        client.subscribe("rb2610.SHFE")
        trader.ask("rpc_calls")
        for route, _ in itertools.product(["/contract", "/tick", "/order", "/trade", "/position", "/account"], range(50)):
            client.get(route)
        large = {"get_all_contracts", "get_all_ticks", "get_all_orders", "get_all_trades"}
        calls = trader.ask("rpc_calls")
        assert not large & calls.keys(), calls
        assert sum(calls.values()) < 30, f"300 reads made {calls}"


def test_what_the_pub_socket_dropped_is_found_again(ours, home):
    """VeighNa's PUB drops at 1,000 waiting messages: an order and an account lost there must still appear."""
    with VeighnaTrader(home / "t") as trader, OurWeb(home / "w", trader.rep, trader.pub) as web:
        client = connected(web)
        web.stop()
        for _ in range(8):  # more than the sockets' buffers and the high-water mark hold
            trader.ask("ticks", count=10000)
        trader.ask("settle")
        lost = trader.ask("order", volume=1.0, price=2000.0)["vt_orderid"]
        trader.ask("account", accountid="88001234", balance=777.0, frozen=0)
        trader.ask("settle")
        web.resume()
        wait_for("the lost order", lambda: lost in client.orders(), 60, web)
        wait_for("the lost account", lambda: {a["accountid"]: a["balance"] for a in client.get("/account")}["88001234"] == 777.0, 60, web)


def test_garbage_from_the_trading_process_ends_nothing(ours, home):
    """Something that is no VeighNa answers on both sockets; then the real one comes to the same addresses."""
    with VeighnaTrader(home / "t0") as gone:
        rep, pub = gone.rep, gone.pub
    with OurWeb(home / "w", rep, pub) as web:
        client = Client(web.base, login(web.base))
        garbage_server(rep, pub, client)
        raw_garbage(rep, pub)
        assert client.try_order() in (CERTAINLY_NOT_SENT, UNKNOWN)
        assert web.resident_bytes() < 200e6
        with VeighnaTrader(home / "t", rep=rep, pub=pub):
            wait_for("orders go through", lambda: client.try_order() == 200, 30, web)
            assert client.get("/contract")


def garbage_server(rep: str, pub: str, client: Client) -> None:
    """A ZeroMQ peer that speaks nonsense for a while."""
    dice = random.Random(7)
    bombs = [
        b"", b"\x80\x04.", b"\x80\x05" + bytes(dice.randrange(256) for _ in range(300)), pickle.dumps([True]), pickle.dumps([True, 1, 2]),
        pickle.dumps(["x", None]), pickle.dumps({"a": 1}), b"\x80\x04cos\nsystem\n(S'true'\ntR.", b"\x80\x04]" + b"(" * 100000,
        b"\x80\x04\x8d" + (2**62).to_bytes(8, "little"), pickle.dumps([True, [5] * 10]),
    ]
    with zmq.Context() as context:
        router, publisher = context.socket(zmq.ROUTER), context.socket(zmq.PUB)
        router.linger = publisher.linger = 0
        router.bind(rep)
        publisher.bind(pub)
        answered = 0
        for index in range(300):
            if router.poll(10):
                frames = router.recv_multipart()
                router.send_multipart([*frames[:-1], bombs[answered % len(bombs)]])
                answered += 1
            publisher.send_multipart([bombs[index % len(bombs)]] * (index % 4 + 1))
            if index % 50 == 0:
                assert get(client.base, "/account", client.token).status in (200, CERTAINLY_NOT_SENT)
        assert answered, "nobody asked"
        router.close()
        publisher.close()


def raw_garbage(rep: str, pub: str) -> None:
    """A TCP server that is no ZeroMQ at all: noise, a frame of 2^62 bytes, silence."""
    greeting = b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(16) + b"\x00" + bytes(31)
    noises = [b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(range(256)) * 20, greeting + b"\x02" + (2**62).to_bytes(8, "big"), greeting, b""]
    for address in (rep, pub):
        host, port = address.removeprefix("tcp://").split(":")
        with socket.create_server((host, int(port))) as server:
            server.settimeout(15)
            for noise in noises:
                connection, _ = server.accept()
                with connection:
                    connection.sendall(noise)
                    connection.settimeout(0.2)
                    try:
                        connection.recv(1000)
                    except OSError:
                        pass
