"""The trading process of the bench: that of the interop tests, with commands for large numbers.

    python trader.py [--contracts 20000]

`fill` makes many orders at once; `flood` lets VeighNa's event thread publish as fast as it can.
"""

import argparse
import sys
import threading
import time
from pathlib import Path

INTEROP = Path(__file__).resolve().parents[2] / "interop" / "veighna"
sys.path.insert(0, str(INTEROP))

import control  # noqa: E402
import trader_process  # noqa: E402  (takes the standard output, before VeighNa can print to it)
from vnpy.event import Event  # noqa: E402
from vnpy.trader.event import EVENT_TICK  # noqa: E402

RESTING = 100  # of the orders that `fill` makes; the others fill at once
HELD_SECONDS = 120
SLEEP_SECONDS = 0.0005  # shorter sleeps cost more than they are exact


class BenchTrader(trader_process.Trader):
    """With commands for large numbers."""

    def fill(self, orders: int) -> dict:
        for number in range(orders):
            self.gateway.order_behind_the_back(price=3000.0 if number < RESTING else 3600.0)
            if number % 1000 == 999:
                self.settle()
        return self.settle()

    def cancel_all(self) -> dict:
        """End every order that still rests: VeighNa walks through all of them at every order's event."""
        for order in list(self.gateway.orders.values()):
            if order.is_active():
                self.gateway.cancel_order(order.create_cancel_request())
        return self.settle()

    def flood(self, count: int, rate: float = 0) -> dict:
        """Publish `count` ticks, `rate` a second, or with 0 as fast as the event thread can.

        They are put while the event thread is held, so that it afterwards has the interpreter for
        itself; each is numbered and stamped when its turn comes, so that latency is counted from
        the moment of publishing and not from a place in VeighNa's queue.
        """
        engine = self.event_engine
        held, go = threading.Event(), threading.Event()
        published, begun = 0, 0.0

        def hold(_: Event) -> None:
            held.set()
            go.wait(HELD_SECONDS)

        def stamp(event: Event) -> None:
            nonlocal published
            ahead = begun + published / rate - time.perf_counter() if rate else 0.0
            if ahead > SLEEP_SECONDS:
                time.sleep(ahead)
            published += 1
            self.gateway.tick_count += 1
            event.data.volume = self.gateway.tick_count
            event.data.open_interest = time.time()

        engine.register("eHold", hold)
        engine.put(Event("eHold"))
        held.wait(HELD_SECONDS)
        handlers = engine._handlers[EVENT_TICK]
        handlers.insert(0, stamp)
        tick = self.gateway.numbered_tick(1, 1, True)
        for _ in range(count):
            self.gateway.on_tick(tick)
        begun = time.perf_counter()
        go.set()
        self.settle()
        seconds = time.perf_counter() - begun
        handlers.remove(stamp)
        engine.unregister("eHold", hold)
        return {"last": self.gateway.tick_count, "seconds": seconds}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--contracts", type=int, default=0)
    options = parser.parse_args()
    local = "tcp://127.0.0.1:0"
    trader = BenchTrader(argparse.Namespace(
        app="webtrader", rep=local, pub=local, contracts=options.contracts, ticks_per_second=0,
    ))
    names = ("settle", "ticks", "fill", "cancel_all", "flood", "rpc_calls")
    control.serve(trader_process.ANSWERS, trader.endpoints(), {name: getattr(trader, name) for name in names})
    trader.stop.set()
    trader_process.os._exit(0)


if __name__ == "__main__":
    main()
