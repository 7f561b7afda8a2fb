"""Our trading process by its bridge, from Python's standard library, and the golden messages read by both."""

import json
import socket
import sys
import threading
import urllib.error
import urllib.request

import pytest

from processes import ROOT, OurTrader, OurWeb, wait_for

sys.path.insert(0, str(ROOT / "interop"))

from bridge_client import Bridge, Refused, proof  # noqa: E402

GOLDEN = ROOT / "contract" / "bridge"


class Trader(OurTrader):
    """Our trading process, with the address of its bridge."""

    def __init__(self, home, bridge: str) -> None:
        super().__init__(home, arguments=["--bridge", bridge])
        self.token = home / "state" / "bridge.token"

    def ready(self, fields: dict[str, str]) -> None:
        self.bridge, self.fingerprint = fields["bridge"], fields.get("fingerprint", "")

    def client(self, **changes) -> Bridge:
        return Bridge(**{"address": self.bridge, "secret_file": self.token, "fingerprint": self.fingerprint, **changes})


def golden(name: str) -> list[dict]:
    return [json.loads(line) for line in (GOLDEN / name).read_text("utf-8").splitlines()]


def limit_order(tick: dict) -> dict:
    """Far from the market, so that it rests."""
    return {"symbol": tick["symbol"], "exchange": tick["exchange"], "direction": "LONG", "type": "LIMIT", "volume": 1,
            "price": tick["limit_down"], "offset": "OPEN", "reference": "python"}


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def watch(bridge: Bridge) -> dict:
    """Has the venue send the first contract's ticks; the contract."""
    snapshot = wait_for("contracts are there", lambda: (taken := bridge.snapshot()).get("contracts") and taken)
    contract = snapshot["contracts"][0]
    request = {"symbol": contract["symbol"], "exchange": contract["exchange"]}
    bridge.call("subscribe_venue", {"gateway_name": contract["gateway_name"], "request": request})
    return contract


def test_the_proofs_of_the_contract():
    hello, answer, shown, welcome = golden("handshake.jsonl")
    secret, nonces = b"0123456789abcdef0123456789abcdef", (hello["nonce"], answer["nonce"])
    assert proof(secret, "client", *nonces, "tcp") == shown["mac"]
    assert proof(secret, "server", *nonces, "tcp") == welcome["mac"]
    for case in json.loads((GOLDEN / "proofs.json").read_text("utf-8")):
        assert proof(secret, "client", *nonces, case["channel"]) == case["client"]


def test_the_golden_answers_and_facts_are_understood():
    """A server that says what stands in the files."""
    ours, theirs = socket.socketpair()
    lines = [json.dumps(line) for line in golden("handshake.jsonl")]
    hello = lines[1].replace("hmac-sha256", "none")
    answers = [line for line in golden("answers.jsonl") if line.get("id") == 4]
    facts = (GOLDEN / "facts.jsonl").read_text("utf-8")

    def serve() -> None:
        theirs.sendall(f"{hello}\n{lines[3]}\n{facts}".encode())
        for answer in answers:
            theirs.sendall(json.dumps({**answer, "id": 1}).encode() + b"\n")

    thread = threading.Thread(target=serve)
    thread.start()
    client = object.__new__(Bridge)
    client.secret, client.socket, client.channel, client.reader = None, ours, "unix", ours.makefile("rb")
    client.facts, client.ticks, client.last_id = [], [], 0
    client.welcome = client._handshake()
    client.seq = client.welcome["seq"]
    snapshot = client.snapshot()
    thread.join()
    assert snapshot["orders"][0]["vt_orderid"] == "SIM.1" and snapshot["ticks"][0]["limit_up"] is None
    assert [fact["seq"] for fact in client.facts] == list(range(snapshot["seq"] + 1, 1211))
    assert {"quote", "log", "gateway", "trading_state", "cta.strategy"} <= {fact["kind"] for fact in client.facts}
    client.close()
    theirs.close()


@pytest.mark.parametrize("address", ["unix", "tcp://127.0.0.1:0", "tls://127.0.0.1:0"])
def test_an_order_from_python(ours, home, address):
    with Trader(home, f"unix:{home}/b.sock" if address == "unix" else address) as trader, trader.client() as bridge:
        watched = watch(bridge)
        snapshot = wait_for("its market is there", lambda: (taken := bridge.snapshot()).get("ticks") and taken)
        assert watched in snapshot["contracts"] and snapshot["accounts"] and snapshot["epoch"] == bridge.welcome["epoch"]
        tick = snapshot["ticks"][0]
        sent = bridge.call("send_order", {"gateway_name": tick["gateway_name"], "request": limit_order(tick)})
        told = {}
        for line in bridge.lines():
            if line["type"] == "fact" and line["kind"] == "order" and line["data"]["vt_orderid"] == sent["vt_orderid"]:
                told = line["data"]
                if told["status"] == "NOTTRADED":
                    break
        cancel = {key: told[key] for key in ("orderid", "symbol", "exchange")}
        bridge.call("cancel_order", {"gateway_name": told["gateway_name"], "request": cancel})
        mine = lambda: [order for order in bridge.call("orders") if order["vt_orderid"] == sent["vt_orderid"]]
        assert wait_for("it is cancelled", lambda: (found := mine()) and found[0]["status"] == "CANCELLED" and found)
        assert bridge.call("ping")["seq"] >= bridge.seq - 1


def test_ticks_at_an_interval(ours, home):
    with Trader(home, f"unix:{home}/b.sock") as trader, trader.client() as bridge:
        contract = watch(bridge)
        bridge.call("subscribe", {"patterns": [contract["vt_symbol"]], "interval_ms": 200})
        heard = []
        for line in bridge.lines():
            heard += [tick["vt_symbol"] for tick in line["data"]] if line["type"] == "ticks" else []
            if len(heard) == 3:
                break
        assert set(heard) == {contract["vt_symbol"]}


def test_strangers_and_nonsense(ours, home):
    (home / "other").write_text("x" * 40)
    with Trader(home, "tls://127.0.0.1:0") as trader, trader.client() as bridge:
        with pytest.raises(ConnectionError, match="auth"):
            trader.client(secret_file=home / "other")
        with pytest.raises(ConnectionError, match="fingerprint"):
            trader.client(fingerprint="ab" * 32)
        for method, params, code in [("fly", {}, "unsupported"), ("send_order", {}, "malformed"),
                                     ("send_order", {"gateway_name": "NOWHERE", "request": {}}, "malformed")]:
            with pytest.raises(Refused) as refused:
                bridge.call(method, params)
            assert refused.value.code == code
        assert bridge.call("ping")


def test_our_web_process_follows_our_trader_by_its_bridge(ours, home):
    with Trader(home, "tcp://127.0.0.1:0") as trader:
        arguments = ["--bridge", trader.bridge]
        with OurWeb(home, "", "", arguments=arguments) as web:
            web.live()


def test_a_killed_trader_comes_back_by_the_same_socket(ours, home):
    """The socket's file is left behind; the web process finds the new run there, with a new epoch."""
    address = f"unix:{home}/b.sock"
    first = Trader(home, address)
    with OurWeb(home, "", "", arguments=["--bridge", address]) as web:
        web.live()
        with first.client() as bridge:
            epoch = bridge.welcome["epoch"]
        first.kill()
        wait_for("the web process knows", lambda: status(web.base + "/readyz") == 503, 20, web)
        with Trader(home, address) as second, second.client() as bridge:
            assert bridge.welcome["epoch"] != epoch
            web.live()
