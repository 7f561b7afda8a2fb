"""VeighNa's database object with `vnpy_sqlite`, driven by a test.

    python database.py --zone Asia/Shanghai

The file is `.vntrader/database.db` in the current folder, the zone both the process's own and
VeighNa's `database.timezone`, as it is where nobody has set it. Bars travel as lists: symbol,
exchange, time with offset, interval, then the seven numbers of NUMBERS.
"""

import argparse
import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import control  # noqa: E402

ANSWERS = control.take_stdout()
PARSER = argparse.ArgumentParser()
PARSER.add_argument("--zone", required=True)
ZONE = PARSER.parse_args().zone
os.environ["TZ"] = ZONE
time.tzset()
Path(".vntrader").mkdir(exist_ok=True)  # what makes the current folder VeighNa's

from vnpy.trader.constant import Exchange, Interval  # noqa: E402
from vnpy.trader.database import DB_TZ, get_database  # noqa: E402
from vnpy.trader.object import BarData, TickData  # noqa: E402
from vnpy.trader.utility import TRADER_DIR  # noqa: E402

NUMBERS = ["open_price", "high_price", "low_price", "close_price", "volume", "turnover", "open_interest"]


def bar_of(row: list) -> BarData:
    symbol, exchange, at, interval, *numbers = row
    named = dict(zip(NUMBERS, numbers, strict=True))
    return BarData(symbol=symbol, exchange=Exchange(exchange), datetime=datetime.fromisoformat(at),
                   interval=Interval(interval), gateway_name="TEST", **named)


def row_of(bar: BarData) -> list:
    numbers = [getattr(bar, name) for name in NUMBERS]
    return [bar.symbol, bar.exchange.value, bar.datetime.isoformat(), bar.interval.value, *numbers]


class Database:
    """The commands."""

    def __init__(self) -> None:
        self.database = get_database()

    def save(self, bars: list, stream: bool = False) -> bool:
        return self.database.save_bar_data([bar_of(row) for row in bars], stream)

    def record(self, symbol: str, start: str, bars: int) -> bool:
        """One save for each minute, as VeighNa's DataRecorder does."""
        first = datetime.fromisoformat(start)
        for minute in range(bars):
            at = (first + timedelta(minutes=minute)).isoformat()
            self.save([[symbol, "SHFE", at, "1m", 1, 2, 0.5, 1.5, minute, 0, 0]], stream=True)
        return True

    def load(self, symbol: str, exchange: str, interval: str, start: str = "1990-01-01", end: str = "2100-01-01") -> list:
        bounds = [datetime.fromisoformat(text) for text in (start, end)]
        return [row_of(bar) for bar in self.database.load_bar_data(symbol, Exchange(exchange), Interval(interval), *bounds)]

    def save_ticks(self, symbol: str, exchange: str, times: list[str]) -> bool:
        ticks = [TickData(symbol=symbol, exchange=Exchange(exchange), datetime=datetime.fromisoformat(at),
                          gateway_name="TEST", last_price=number + 0.1) for number, at in enumerate(times)]
        return self.database.save_tick_data(ticks)

    def overviews(self) -> list:
        """Symbol, exchange, interval, count, start and end, in the order of their keys."""
        bars = [(row, row.interval.value) for row in self.database.get_bar_overview()]
        ticks = [(row, "tick") for row in self.database.get_tick_overview()]
        found = [[row.symbol, row.exchange.value, interval, row.count, *(at.replace(tzinfo=DB_TZ).isoformat() for at in (row.start, row.end))]
                 for row, interval in [*bars, *ticks]]
        return sorted(found)

    def delete(self, symbol: str, exchange: str, interval: str) -> int:
        return self.database.delete_bar_data(symbol, Exchange(exchange), Interval(interval))


DATABASE = Database()
control.serve(ANSWERS, {"file": str(TRADER_DIR / ".vntrader" / "database.db"), "zone": str(DB_TZ)}, {
    name: getattr(DATABASE, name) for name in ("save", "record", "load", "save_ticks", "overviews", "delete")
})
