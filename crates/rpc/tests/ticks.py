"""Random ticks as CPython's own pickler writes them, for src/decode/tests.rs.

    ticks.py CONTRACT SEED COUNT    # lines: protocol, shape (plain, list, event, both), pickle in hex
"""

import datetime as dt
import pickle
import random
import sys

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import make  # noqa: E402

try:
    import zoneinfo
except ImportError:  # Python 3.8
    zoneinfo = None

NUMBERS = (
    "volume turnover open_interest last_price last_volume limit_up limit_down open_price high_price low_price pre_close"
).split() + [f"{side}_{what}_{row}" for what in ("price", "volume") for side in ("bid", "ask") for row in range(1, 6)]
NAMES = ["gateway_name", "symbol", "exchange", "datetime", "name", *NUMBERS, "localtime", "vt_symbol"]


class Ticks:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def rare(self, chance=0.04):
        return self.random.random() < chance

    def tick(self):
        one = self.random
        symbol = one.choice(("rb2610", "IF2612", "600000", "a" * 300, "")) if self.rare() else "rb2610"
        zone = self.zone()
        values = {
            "gateway_name": None if self.rare() else one.choice(("CTP", "SIM")),
            "symbol": symbol,
            "exchange": None if self.rare() else one.choice(list(make.Exchange)),
            "datetime": None if self.rare() else self.time(zone),
            "name": one.choice(("螺纹钢2610", "", symbol, "\ud800" if self.rare() else "é")),
            **{name: self.number() for name in NUMBERS},
            "localtime": None if one.random() < 0.5 else self.time(one.choice((None, zone, zone, self.zone()))),
            "vt_symbol": f"{symbol}.SHFE",
        }
        names = [name for name in NAMES if not self.rare(0.002)]
        if self.rare():
            one.shuffle(names)
        values = {name: values[name] for name in names}
        if self.rare():
            values["extra"] = {"a": 1}
        return make.CLASSES["TickData"](**values)

    def number(self):
        one = self.random
        if self.rare(0.005):
            return one.choice((None, True, "1", 1 << 40, -1, 70_000, -(1 << 31), 1 << 31, float("nan"), float("inf")))
        return one.choice((one.randint(0, 300), one.randint(0, 70_000), one.random() * 4_000, one.random()))

    def zone(self):
        zones = [None, dt.timezone.utc, dt.timezone(dt.timedelta(hours=8)), make._p("Asia/Shanghai", 28800, 0, "CST")]
        if not zoneinfo:
            return self.random.choice(zones)
        shanghai = zoneinfo.ZoneInfo("Asia/Shanghai")
        others = [zoneinfo.ZoneInfo("Europe/London"), zoneinfo.ZoneInfo.no_cache("Asia/Shanghai")]
        return self.random.choice([shanghai] * 12 + others + zones)

    def time(self, zone):
        one = self.random
        return dt.datetime(one.randint(1985, 2030), one.randint(1, 12), one.randint(1, 28), one.randint(0, 23),
                           one.randint(0, 59), one.randint(0, 59), one.randint(0, 999_999), zone, fold=one.randint(0, 1))


def main():
    ticks = Ticks(sys.argv[2])
    for number in range(int(sys.argv[3])):
        make.BY_NAME = number % 8 == 7
        tick, topic = ticks.tick(), "eTick."
        for shape in ("plain", "list", "event", "both"):
            value = tick if shape in ("plain", "list") else make.Event(type=topic, data=tick)
            value = [topic, value] if shape in ("list", "both") else value
            for protocol in range(6):
                print(protocol, shape, pickle.dumps(value, protocol).hex(), sep="\t")


main()
