"""VeighNa's own bare RPC: its `RpcClient` sends orders, one after the other.

    python bare_call.py --req tcp://... --sub tcp://...
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "interop" / "veighna"))

import control  # noqa: E402

ANSWERS = control.take_stdout()

from vnpy.rpc import RpcClient  # noqa: E402
from vnpy.trader.constant import Direction, Exchange, Offset, OrderType  # noqa: E402
from vnpy.trader.object import OrderRequest  # noqa: E402


class Caller:
    """The commands."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.client = RpcClient()
        self.client.start(options.req, options.sub)

    def orders(self, count: int) -> dict:
        """Milliseconds of `count` calls of `send_order`."""
        request = OrderRequest(
            symbol="rb2610", exchange=Exchange.SHFE, direction=Direction.LONG, type=OrderType.LIMIT,
            volume=1, price=3000.0, offset=Offset.OPEN, reference="bench",
        )
        took = []
        for _ in range(count):
            begun = time.perf_counter()
            self.client.send_order(request, "SIM")
            took.append((time.perf_counter() - begun) * 1000)
        took.sort()
        return {"p50": took[count // 2], "p99": took[count * 99 // 100]}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--req", required=True)
    parser.add_argument("--sub", required=True)
    caller = Caller(parser.parse_args())
    control.serve(ANSWERS, {}, {"orders": caller.orders})
    control.os._exit(0)


if __name__ == "__main__":
    main()
