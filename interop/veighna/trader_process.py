"""A headless VeighNa trading process: MainEngine, the gateway SIM, and one of VeighNa's two RPC apps.

    python trader_process.py --app webtrader|rpcservice [--rep tcp://127.0.0.1:0] [--pub tcp://127.0.0.1:0]
                             [--contracts 20000] [--ticks-per-second 100]

Prints one JSON line when it serves (`{"ready": true, "rep": ..., "pub": ...}`) and then answers the
commands of `control.py`. The language is that of LANGUAGE, LC_ALL, LC_MESSAGES or LANG, as always in VeighNa.
"""

import argparse
import os
import sys
import threading
import time
from collections import Counter
from enum import Enum
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import control  # noqa: E402

ANSWERS = control.take_stdout()

import zmq  # noqa: E402
from vnpy.event import Event, EventEngine  # noqa: E402
from vnpy.trader import constant  # noqa: E402
from vnpy.trader.constant import Direction  # noqa: E402
from vnpy.trader.setting import SETTINGS  # noqa: E402

SETTINGS["log.active"] = False

from vnpy.trader.engine import MainEngine  # noqa: E402

import odd_events  # noqa: E402
from fake_gateway import FakeGateway, log_of  # noqa: E402


class Trader:
    """The process's engines and the commands on them."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.event_engine = EventEngine()
        self.main_engine = MainEngine(self.event_engine)
        self.gateway: FakeGateway = self.main_engine.add_gateway(FakeGateway)
        self.calls: Counter = Counter()
        self.stop = threading.Event()
        self.count_calls()
        self.server = self.start_rpc(options)
        self.main_engine.connect({"合约数": options.contracts}, "SIM")
        self.settle()
        if options.ticks_per_second:
            self.stream(options.ticks_per_second)

    def count_calls(self) -> None:
        """Count what arrives by RPC: the apps take the bound functions when they are added."""
        for name in dir(self.main_engine):
            function = getattr(self.main_engine, name)
            if callable(function) and name.startswith(("get_", "send_", "cancel_", "subscribe", "query_", "connect")):
                setattr(self.main_engine, name, self.counted(name, function))

    def counted(self, name: str, function):
        def call(*args, **kwargs):
            self.calls[name] += 1
            return function(*args, **kwargs)
        call.__name__ = name
        return call

    def start_rpc(self, options: argparse.Namespace):
        rep, pub = (address.replace(":0", ":*") if address.endswith(":0") else address for address in (options.rep, options.pub))
        if options.app == "webtrader":
            # Not by the package's own WebTraderApp: adding an app is the same call with the same engine class.
            from vnpy_webtrader.engine import WebEngine
            engine = self.main_engine.add_engine(WebEngine)
            engine.start_server(rep, pub)
        else:
            from vnpy_rpcservice.rpc_service.engine import RpcEngine
            engine = self.main_engine.add_engine(RpcEngine)
            if not engine.start(rep, pub):
                raise SystemExit(f"RpcEngine could not bind {rep} and {pub}")
        return engine.server

    def endpoints(self) -> dict:
        last = zmq.LAST_ENDPOINT
        rep = self.server._socket_rep.getsockopt(last).rstrip(b"\0").decode()
        pub = self.server._socket_pub.getsockopt(last).rstrip(b"\0").decode()
        return {"rep": rep, "pub": pub}

    def stream(self, rate: float) -> None:
        def run() -> None:
            while not self.stop.is_set():
                self.gateway.emit_ticks(max(1, int(rate / 10)), rate)
        threading.Thread(target=run, daemon=True).start()

    # Commands.

    def settle(self) -> dict:
        """Return when the event thread has handled everything that was put before."""
        done = threading.Event()
        name = f"eSettled{time.monotonic_ns()}"
        self.event_engine.register(name, lambda event: done.set())
        self.event_engine.put(Event(name))
        return {"settled": done.wait(30)}

    def ticks(self, count: int, rate: float = 0, symbols: int = 1, stamp: bool = False) -> dict:
        return {"last": self.gateway.emit_ticks(count, rate, symbols, stamp)}

    def odd(self, name: str) -> dict:
        events = odd_events.events_of(name)
        for kind, data in events:
            self.event_engine.put(Event(kind, data))
        return {"events": len(events)}

    def order(self, **fields) -> dict:
        return {"vt_orderid": self.gateway.order_behind_the_back(**fields)}

    def cancel(self, orderid: str) -> dict:
        order = self.gateway.orders[orderid]
        self.gateway.cancel_order(order.create_cancel_request())
        return {}

    def position(self, symbol: str, exchange: str, direction: str, volume: float) -> dict:
        from vnpy.trader.constant import Exchange
        self.gateway.set_position(symbol, Exchange[exchange], Direction[direction], volume)
        return {}

    def account(self, accountid: str, balance: float, frozen: float) -> dict:
        self.gateway.on_account(self.gateway.account(accountid, balance, frozen))
        return {}

    def log(self, msg: str) -> dict:
        self.gateway.on_log(log_of("SIM", msg))
        return {}

    def hang(self, seconds: float) -> dict:
        """The next order takes that long inside the gateway, and holds VeighNa's RPC thread."""
        self.gateway.hang_seconds = seconds
        return {}

    def state(self) -> dict:
        """What the process has, seen from inside."""
        main = self.main_engine
        return {
            "subscribed": self.gateway.subscribed,
            "requests": self.gateway.requests,
            "orders": {order.vt_orderid: order.status.name for order in main.get_all_orders()},
            "trades": len(main.get_all_trades()),
            "ticks": self.gateway.tick_count,
            "queue": self.event_engine._queue.qsize(),
            "rpc_thread_alive": bool(self.server._thread and self.server._thread.is_alive()),
            "event_thread_alive": self.event_engine._thread.is_alive(),
            "long": Direction.LONG.value,
        }

    def rpc_calls(self) -> dict:
        """How often each function was called since the last time this was asked."""
        calls, self.calls = self.calls, Counter()
        return dict(calls)

    def heartbeat_now(self) -> dict:
        self.server._heartbeat_at = time.time()
        return {}


def pickle_enums_by_name() -> None:
    """As Python 3.11.0 to 3.11.3 do by themselves, Debian 12's among them: getattr(Direction, "LONG")."""
    for enum in vars(constant).values():
        if isinstance(enum, type) and issubclass(enum, Enum) and enum is not Enum:
            enum.__reduce_ex__ = lambda self, protocol: (getattr, (self.__class__, self._name_))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--app", choices=["webtrader", "rpcservice"], default="webtrader")
    parser.add_argument("--rep", "--req", default="tcp://127.0.0.1:0")
    parser.add_argument("--pub", "--sub", default="tcp://127.0.0.1:0")
    parser.add_argument("--contracts", type=int, default=0)
    parser.add_argument("--ticks-per-second", type=float, default=0)
    parser.add_argument("--enums-by-name", action="store_true")
    options = parser.parse_args()
    if options.enums_by_name:
        pickle_enums_by_name()
    trader = Trader(options)
    commands = {
        name: getattr(trader, name)
        for name in ("settle", "ticks", "odd", "order", "cancel", "position", "account", "log", "hang", "state",
                     "rpc_calls", "heartbeat_now")
    }
    control.serve(ANSWERS, {**trader.endpoints(), "long": Direction.LONG.value}, commands)
    trader.stop.set()
    sys.stderr.flush()
    os._exit(0)  # VeighNa's threads are not daemons; nothing here needs an orderly end


if __name__ == "__main__":
    main()
