"""CPython's side of tests/cpython.rs: its own pickler and unpickler, and the text form of contract/pickle/make.py.

    oracle.py CONTRACT write SEED COUNT    # lines: protocol, pickle in hex, text form, of random values
    oracle.py CONTRACT read                # for each pickle in hex on standard input: its text form
"""

import datetime as dt
import pickle
import random
import struct
import sys

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import make  # noqa: E402

try:
    import zoneinfo
except ImportError:  # Python 3.8
    zoneinfo = None


class Values:
    """Random values of the data model; some objects come more than once, so that the memo is used."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.seen = []

    def value(self, depth):
        pick = self.random.random()
        if self.seen and pick < 0.1:
            return self.random.choice(self.seen)
        made = self.scalar() if depth == 0 or pick < 0.4 else self.compound(depth - 1)
        if len(self.seen) < 50:
            self.seen.append(made)
        return made

    def scalar(self):
        one = self.random
        return one.choice((
            lambda: None, lambda: one.random() < 0.5, lambda: one.randint(-10, 300),
            lambda: one.choice((-1, 1)) * one.getrandbits(one.randint(1, 200)),
            lambda: struct.unpack(">d", struct.pack(">Q", one.getrandbits(62)))[0],
            lambda: one.choice((0.0, -0.0, 1.5, float("inf"), float("-inf"), float("nan"), 1e-5)),
            self.text, self.text, lambda: bytes(one.getrandbits(8) for _ in range(one.choice((0, 3, 300)))),
            self.member, self.time, self.numpy,
        ))()

    def text(self):
        letters = "aZ09_ .\n\r\\'\"\x00\x1aé汉字😀\ud800\udfff"
        return "".join(self.random.choice(letters) for _ in range(self.random.choice((0, 1, 5, 20, 100))))

    def member(self):
        kind = self.random.choice((make.Direction, make.Offset, make.Status, make.Exchange, make.Interval))
        return self.random.choice(list(kind))

    def time(self):
        one = self.random
        zones = [None, dt.timezone.utc, dt.timezone(dt.timedelta(seconds=one.randint(-80000, 80000))),
                 dt.timezone(dt.timedelta(hours=8), "CST"), make._p("Asia/Shanghai", 28800, 0, "CST"), make._UTC()]
        if zoneinfo:
            zones += [zoneinfo.ZoneInfo("Asia/Shanghai"), zoneinfo.ZoneInfo.no_cache("Europe/London")]
        return dt.datetime(one.randint(1, 9999), one.randint(1, 12), one.randint(1, 28), one.randint(0, 23),
                           one.randint(0, 59), one.randint(0, 59), one.randint(0, 999999), one.choice(zones),
                           fold=one.randint(0, 1))

    def numpy(self):
        return make.Scalar(self.random.choice((make.scalar1, make.scalar2)), "f8", self.random.choice("<>"),
                           struct.pack("<d", self.random.random()))

    def compound(self, depth):
        one = self.random
        many = lambda: [self.value(depth) for _ in range(one.choice((0, 1, 2, 3, 4, 12)))]
        hashable = lambda: [one.choice((one.randint(0, 9), self.text(), (1, self.text()))) for _ in range(one.randint(0, 5))]
        return one.choice((
            many, lambda: tuple(many()), lambda: dict(zip(hashable(), many())), lambda: set(hashable()),
            lambda: frozenset(hashable()), lambda: self.instance(depth),
            lambda: make.Event(type=self.text(), data=self.value(depth)),
        ))()

    def instance(self, depth):
        kind = self.random.choice([make.CLASSES[name] for name in ("TickData", "OrderData", "LogData")])
        return kind(**{f"field_{n}": self.value(depth) for n in range(self.random.randint(0, 40))})


def write(seed, count):
    for number in range(count):
        values = Values(f"{seed} {number}")
        value = values.value(values.random.randint(1, 5))
        make.BY_NAME = number % 2 == 0
        for protocol in range(6):
            print(protocol, pickle.dumps(value, protocol).hex(), make.canon(value, protocol), sep="\t")


def read():
    make.BY_NAME = True
    for line in sys.stdin:
        try:
            print(make.canon(pickle.loads(bytes.fromhex(line)), 4))
        except Exception as error:
            print("error:", repr(error))


if __name__ == "__main__":
    write(sys.argv[3], int(sys.argv[4])) if sys.argv[2] == "write" else read()
