"""A VeighNa desktop without its window: MainEngine and VeighNa's own RpcGateway, driven by a test.

    python rpc_gateway_client.py --req tcp://... --sub tcp://...

Connects when told to, and answers the commands of `control.py`. Everything it says about orders,
trades, contracts is what VeighNa's own OMS holds after RpcGateway handed it over.
"""

import argparse
import os
import sys
import threading
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent))

import control  # noqa: E402

ANSWERS = control.take_stdout()

from vnpy.event import Event, EventEngine  # noqa: E402
from vnpy.trader.constant import Direction, Exchange, Interval, Offset, OrderType  # noqa: E402
from vnpy.trader.object import HistoryRequest, OrderRequest, SubscribeRequest  # noqa: E402
from vnpy.trader.setting import SETTINGS  # noqa: E402

SETTINGS["log.active"] = False

from vnpy.trader.engine import MainEngine  # noqa: E402
from vnpy_rpcservice.rpc_gateway.rpc_gateway import RpcGateway  # noqa: E402


class Client:
    """The engines and the commands on them."""

    def __init__(self, req: str, sub: str) -> None:
        self.addresses = {"主动请求地址": req, "推送订阅地址": sub}
        self.event_engine = EventEngine()
        self.events: Counter = Counter()
        self.logs: list[str] = []
        self.event_engine.register_general(self.note)
        self.main_engine = MainEngine(self.event_engine)
        self.main_engine.add_gateway(RpcGateway)

    def note(self, event: Event) -> None:
        self.events[event.type.split(".")[0] + ("." if event.type.endswith(".") else "")] += 1
        if event.type == "eLog":
            self.logs.append(event.data.msg)

    def connect(self) -> dict:
        self.main_engine.connect(self.addresses, "RPC")
        return self.settle()

    def settle(self) -> dict:
        done = threading.Event()
        self.event_engine.register("eSettled", lambda event: done.set())
        self.event_engine.put(Event("eSettled"))
        return {"settled": done.wait(30)}

    def contracts(self) -> list:
        return [described(contract) for contract in self.main_engine.get_all_contracts()]

    def subscribe(self, vt_symbol: str) -> dict:
        contract = self.main_engine.get_contract(vt_symbol)
        self.main_engine.subscribe(SubscribeRequest(contract.symbol, contract.exchange), "RPC")
        return {}

    def tick(self, vt_symbol: str) -> dict | None:
        tick = self.main_engine.get_tick(vt_symbol)
        return described(tick) if tick else None

    def order(self, vt_symbol, direction, kind, volume, price=0.0, offset="NONE", reference="") -> str:
        contract = self.main_engine.get_contract(vt_symbol)
        return self.main_engine.send_order(OrderRequest(
            symbol=contract.symbol, exchange=contract.exchange, direction=Direction[direction], type=OrderType[kind],
            volume=volume, price=price, offset=Offset[offset], reference=reference,
        ), "RPC")

    def cancel(self, vt_orderid: str) -> dict:
        order = self.main_engine.get_order(vt_orderid)
        self.main_engine.cancel_order(order.create_cancel_request(), "RPC")
        return {}

    def history(self, vt_symbol: str, days: int = 1) -> list:
        symbol, exchange = vt_symbol.rsplit(".", 1)
        end = datetime.now(ZoneInfo("Asia/Shanghai"))
        request = HistoryRequest(symbol, Exchange(exchange), end - timedelta(days=days), end, Interval.MINUTE)
        return [described(bar) for bar in self.main_engine.query_history(request, "RPC")]

    def state(self) -> dict:
        main = self.main_engine
        return {
            "events": dict(self.events), "logs": self.logs,
            "orders": {order.vt_orderid: described(order) for order in main.get_all_orders()},
            "trades": [described(trade) for trade in main.get_all_trades()],
            "positions": [described(position) for position in main.get_all_positions()],
            "accounts": [described(account) for account in main.get_all_accounts()],
            "event_thread_alive": self.event_engine._thread.is_alive(),
            "sub_thread_alive": main.get_gateway("RPC").client._thread.is_alive(),
        }


def described(data) -> dict:
    """The attributes; enums by member name, so that tests need no language."""
    out = {"__class__": type(data).__name__}
    for name, value in data.__dict__.items():
        member = getattr(value, "name", None)
        out[name] = member if member is not None and not isinstance(value, str) else value
    return out


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--req", required=True)
    parser.add_argument("--sub", required=True)
    options = parser.parse_args()
    client = Client(options.req, options.sub)
    names = ("connect", "settle", "contracts", "subscribe", "tick", "order", "cancel", "history", "state")
    control.serve(ANSWERS, {"long": Direction.LONG.value}, {name: getattr(client, name) for name in names})
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
