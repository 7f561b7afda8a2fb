"""Writes the golden pickles beside this file: what VeighNa's processes send each other.

    python3 contract/pickle/make.py            # writes *.pickle and expected.txt
    python3 contract/pickle/make.py --check    # says which files would change; exit code 1 if any

Only the standard library (3.9 or later) is needed: the classes below stand in for VeighNa's, pytz's and numpy's
and are registered under their module names, so that CPython's own pickler writes what the real ones would. Each
sample is written in the protocols 0 to 5 as NAME.pN.pickle; a line of expected.txt has name, protocol and `canon`,
a text form of the value that every reader can make for itself:

    None, True, False, i12, f<16 hex digits, big-endian>, s"text", b<hex>, [list], (tuple), {key:value},
    set[sorted members], frozenset[sorted members], <module.name> for a class or function,
    new module.Class(args)state for an object, module.function(args)state for a call; state is empty or =value,
    and behind it +[items that were appended] and +{pairs that were set}.

Text is printable ASCII but for " and \\, everything else \\u{hex}; a lone surrogate is \\u{fffd}.
"""

import collections
import copyreg
import dataclasses
import datetime as dt
import enum
import io
import pathlib
import pickle
import struct
import sys
import types

HERE = pathlib.Path(__file__).resolve().parent
PROTOCOLS = range(6)
BY_NAME = False


def module(name, **members):
    """Registers a module with these classes and functions; its parents come into being with it."""
    parent, _, last = name.rpartition(".")
    made = sys.modules.setdefault(name, types.ModuleType(name))
    if parent:
        setattr(module(parent), last, made)
    for key, value in members.items():
        if hasattr(value, "__module__"):
            value.__module__, value.__qualname__ = name, key
        setattr(made, key, value)
    return made


# --- VeighNa -------------------------------------------------------------------------------------------------------


class Word(enum.Enum):
    """Most Pythons pickle members by value, some 3.11 releases by name: BY_NAME chooses."""

    def __reduce_ex__(self, protocol):
        return (getattr, (self.__class__, self.name)) if BY_NAME else (self.__class__, (self.value,))


Direction = Word("Direction", {"LONG": "多", "SHORT": "空", "NET": "净"})
Offset = Word("Offset", {"NONE": "", "OPEN": "开", "CLOSE": "平", "CLOSETODAY": "平今", "CLOSEYESTERDAY": "平昨"})
Status = Word("Status", {"SUBMITTING": "提交中", "NOTTRADED": "未成交", "ALLTRADED": "全部成交"})
Product = Word("Product", {"FUTURES": "期货", "OPTION": "期权"})
OrderType = Word("OrderType", {"LIMIT": "限价", "MARKET": "市价"})
OptionType = Word("OptionType", {"CALL": "看涨期权", "PUT": "看跌期权"})
Exchange = Word("Exchange", {"SHFE": "SHFE", "CFFEX": "CFFEX", "SSE": "SSE"})
Interval = Word("Interval", {"MINUTE": "1m", "DAILY": "d"})
module("vnpy.trader.constant", Direction=Direction, Offset=Offset, Status=Status, Product=Product,
       OrderType=OrderType, OptionType=OptionType, Exchange=Exchange, Interval=Interval)


class Data:
    """An object whose attributes are set in the order in which VeighNa's data classes set theirs."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


CLASSES = {name: type(name, (Data,), {}) for name in (
    "TickData", "BarData", "OrderData", "TradeData", "PositionData", "AccountData", "LogData", "ContractData",
    "QuoteData", "SubscribeRequest", "OrderRequest", "CancelRequest", "HistoryRequest", "QuoteRequest")}
module("vnpy.trader.object", **CLASSES)
Event = type("Event", (Data,), {})
module("vnpy.event.engine", Event=Event)


# --- pytz and numpy ------------------------------------------------------------------------------------------------


def _p(*args):
    return PytzZone(*args)


def _UTC():
    return PytzUtc()


class PytzZone(dt.tzinfo):
    def __init__(self, zone, seconds, dst, name):
        self.args = (zone, seconds, dst, name)

    def utcoffset(self, _):
        return dt.timedelta(seconds=self.args[1])

    def __reduce__(self):
        return _p, self.args


class PytzUtc(dt.tzinfo):
    def utcoffset(self, _):
        return dt.timedelta(0)

    def __reduce__(self):
        return _UTC, ()


module("pytz", _p=_p, _UTC=_UTC)


class dtype:
    def __init__(self, code, align=False, copy=True, order="<"):
        self.code, self.order = code, order

    def __setstate__(self, state):
        self.order = state[1]

    def __reduce__(self):
        return dtype, (self.code, False, True), (3, self.order, None, None, None, -1, -1, 0)


class Scalar:
    """numpy 2 writes numpy._core, numpy 1 numpy.core: `module` has the function."""

    def __init__(self, function, code, order, data):
        self.function, self.args = function, (dtype(code, order=order), data)

    def __reduce__(self):
        return self.function, self.args


def scalar1(kind, data):
    return Scalar(scalar1, kind.code, kind.order, data)


def scalar2(kind, data):
    return Scalar(scalar2, kind.code, kind.order, data)


module("numpy", dtype=dtype)
module("numpy.core.multiarray", scalar=scalar1)
module("numpy._core.multiarray", scalar=scalar2)


# --- the text form -------------------------------------------------------------------------------------------------


def canon(value, protocol):
    """The text form of what the pickle of `value` in `protocol` says."""
    kind = type(value)
    inner = lambda values: [canon(one, protocol) for one in values]
    if value is None or kind is bool:
        return str(value)
    if kind is int:
        return f"i{value}"
    if kind is float:
        return "f" + struct.pack(">d", value).hex()
    if kind is str:
        return 's"' + "".join(map(letter, value)) + '"'
    if kind in (bytes, bytearray):
        return "b" + value.hex()
    if kind is list:
        return "[" + ",".join(inner(value)) + "]"
    if kind is tuple:
        return "(" + ",".join(inner(value)) + ")"
    if kind in (set, frozenset):
        return kind.__name__ + "[" + ",".join(sorted(inner(value))) + "]"
    if kind is dict:
        return "{" + ",".join(canon(k, protocol) + ":" + canon(v, protocol) for k, v in value.items()) + "}"
    if isinstance(value, (type, types.FunctionType)):
        return f"<{value.__module__}.{value.__qualname__}>"
    reduced = value.__reduce_ex__(protocol)
    if isinstance(reduced, str):
        return f"<{value.__module__}.{reduced}>"
    return construction(reduced, protocol)


def construction(reduced, protocol):
    function, args, state, items, pairs = (*reduced, None, None, None)[:5]
    if function is copyreg.__newobj__:
        made = "new " + canon(args[0], protocol)[1:-1] + canon(tuple(args[1:]), protocol)
    elif function is copyreg.__newobj_ex__:
        made = "new " + canon(args[0], protocol)[1:-1] + canon(tuple(args[1]), protocol) + canon(args[2], protocol)
    elif function is copyreg._reconstructor and args[1] is object:
        made = "new " + canon(args[0], protocol)[1:-1] + "()"
    else:
        made = canon(function, protocol).strip("<>") + canon(tuple(args), protocol)
    if state is not None:
        made += "=" + canon(state, protocol)
    if items is not None:
        items = list(items)
        made += "+" + canon(items, protocol) if items else ""
    if pairs is not None:
        pairs = dict(pairs)
        made += "+" + canon(pairs, protocol) if pairs else ""
    return made


def letter(c):
    if 0xD800 <= ord(c) < 0xE000:
        return "\\u{fffd}"
    return c if " " <= c <= "~" and c not in '"\\' else "\\u{%x}" % ord(c)


# --- the samples ---------------------------------------------------------------------------------------------------


def shanghai():
    import zoneinfo

    return zoneinfo.ZoneInfo("Asia/Shanghai")


def tick(zone, number=float, **more):
    """A tick of CTP's size. Gateways give volumes as int or float as they please: `number`."""
    fields = dict(gateway_name="CTP", symbol="rb2610", exchange=Exchange.SHFE,
                  datetime=dt.datetime(2026, 1, 5, 9, 30, 0, 500000, zone), name="螺纹钢2610",
                  volume=number(1234567), turnover=45678901234.5, open_interest=1654321.0, last_price=3721.0, last_volume=number(12),
                  limit_up=3981.0, limit_down=3461.0, open_price=3715.0, high_price=3733.0, low_price=3702.0,
                  pre_close=3718.0)
    for side, first, step in (("bid", 3720.0, -1.0), ("ask", 3721.0, 1.0)):
        fields.update({f"{side}_price_{n + 1}": first + n * step for n in range(5)})
    for side in ("bid", "ask"):
        fields.update({f"{side}_volume_{n + 1}": number(17 * (n + 1)) for n in range(5)})
    fields.update(localtime=None, vt_symbol="rb2610.SHFE")
    return CLASSES["TickData"](**fields, **more)


def order(zone):
    return CLASSES["OrderData"](
        gateway_name="SIM", symbol="rb2610", exchange=Exchange.SHFE, orderid="1_100_1", type=OrderType.LIMIT,
        direction=Direction.LONG, offset=Offset.OPEN, price=3720.0, volume=5, traded=0, status=Status.NOTTRADED,
        datetime=dt.datetime(2026, 1, 5, 9, 30, tzinfo=zone), reference="WebTrader", vt_symbol="rb2610.SHFE",
        vt_orderid="SIM.1_100_1")


def contract(symbol, **option):
    return CLASSES["ContractData"](
        gateway_name="SIM", symbol=symbol, exchange=Exchange.SHFE, name=f"合约{symbol}", product=Product.FUTURES,
        size=10, pricetick=1.0, min_volume=1, max_volume=None, stop_supported=False, net_position=False,
        history_data=True, **option, vt_symbol=f"{symbol}.SHFE")


def option_fields():
    return dict(option_strike=3700.0, option_underlying="rb2610", option_type=OptionType.CALL,
                option_listed=dt.datetime(2025, 11, 3), option_expiry=dt.datetime(2026, 9, 24),
                option_portfolio="rb_o", option_index="3700")


def messages(zone):
    request = CLASSES["OrderRequest"](
        symbol="rb2610", exchange=Exchange.SHFE, direction=Direction.LONG, type=OrderType.LIMIT, volume=1.0,
        price=3720.0, offset=Offset.OPEN, reference="", vt_symbol="rb2610.SHFE")
    log = CLASSES["LogData"](gateway_name="SIM", msg="行情服务器连接成功", level=20, time=dt.datetime(2026, 1, 5, 9))
    account = CLASSES["AccountData"](gateway_name="SIM", accountid="SIM", balance=1e6, frozen=5e-05,
                                     available=1e6 - 5e-05, vt_accountid="SIM.SIM")
    position = CLASSES["PositionData"](
        gateway_name="SIM", symbol="rb2610", exchange=Exchange.SHFE, direction=Direction.SHORT, volume=3, frozen=0,
        price=3719.5, pnl=-15.0, yd_volume=2, vt_symbol="rb2610.SHFE", vt_positionid="SIM.rb2610.SHFE.空")
    trade = CLASSES["TradeData"](
        gateway_name="SIM", symbol="rb2610", exchange=Exchange.SHFE, orderid="1_100_1", tradeid="1",
        direction=Direction.LONG, offset=Offset.CLOSETODAY, price=3720.0, volume=1,
        datetime=dt.datetime(2026, 1, 5, 9, 30, 1, tzinfo=zone), vt_symbol="rb2610.SHFE",
        vt_orderid="SIM.1_100_1", vt_tradeid="SIM.1")
    return {
        "tick": ["eTick.", tick(zone)], "tick_alone": tick(zone),
        "tick_extra": ["eTick.", tick(zone, int, extra={"iv": 0.21, "tags": ["a", "b"], "n": 10**12})],
        "tick_event": ["", Event(type="eTick.rb2610.SHFE", data=tick(zone))],
        "order": ["eOrder.", order(zone)], "trade": ["eTrade.", trade], "position": ["ePosition.", position],
        "account": ["eAccount.", account], "log": ["", Event(type="eLog", data=log)],
        "contract": ["eContract.", contract("rb2610")],
        "heartbeat": ["heartbeat", 1767576600.25],
        "request": ["send_order", (request, "SIM"), {}],
        "reply_orders": [True, [order(zone), order(zone)]],
        "reply_contracts": [True, [contract("rb2610"), contract("rb2611"), contract("rb2610C3700", **option_fields())]],
        "reply_error": [False, 'Traceback (most recent call last):\n  File "server.py"\nKeyError: \'nope\'\n'],
    }


class Keyword:
    def __new__(cls, *args, **kwargs):
        return object.__new__(cls)

    def __getnewargs_ex__(self):
        return (1, "two"), {"three": 3}


module("vnpy_app.base", Keyword=Keyword)


def values(zone):
    import zoneinfo

    utc = dt.timezone.utc
    eight = dt.timezone(dt.timedelta(hours=8))
    named = dt.timezone(dt.timedelta(hours=-5, minutes=-30), "EST")
    pytz = _p("Asia/Shanghai", 28800, 0, "CST")
    at = lambda tz, **more: dt.datetime(2026, 1, 5, 9, 30, 0, 500000, tz, **more)
    shared = ["shared"]
    return {
        "scalars": [None, True, False, 0, 1, 255, 256, 65535, 65536, -1, 2**31 - 1, -2**31, 2**31, 2**63 - 1, -2**63,
                    2**63, -2**63 - 1, 10**30, 0.0, -0.0, 1.5, 1e-300, float("inf"), float("-inf"), float("nan")],
        "texts": ["", "a", "螺纹钢", "é", "😀", "tab\tline\nback\\slash \\u0041 'q' \"q\"", "x" * 300, "汉" * 100,
                  "lone \ud800 surrogate", "\x00\r\x1a"],
        "bytes": [b"", b"abc", bytes(range(256)), b"\x80" * 300, bytearray(b""), bytearray(b"ab\xff")],
        "collections": [[], (), {}, set(), frozenset(), [1, [2, [3]]], (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4),
                        {"a": 1, 2: "b", (3, 4): None, 1.5: []}, {1, 20}, frozenset({1.5, 7}),
                        list(range(2500)), {str(n): n for n in range(1200)}, [shared, shared, (shared,)]],
        "objects": [collections.OrderedDict(a=1, b=2), collections.defaultdict(list, {"k": [1]}),
                    collections.deque([1, 2], 5), len, list],
        "keywords": [Keyword()],
        "datetimes": [at(zone), at(zone, fold=1), at(zoneinfo.ZoneInfo.no_cache("America/New_York")), at(utc),
                      at(eight), at(named), at(pytz), at(PytzUtc()), at(None), dt.date(2026, 1, 5),
                      dt.time(9, 30, 0, 500000), dt.time(9, 30, tzinfo=eight), dt.timedelta(-1, 2, 3)],
        "numpy": [Scalar(function, code, order, data) for function in (scalar1, scalar2) for code, order, data in (
            ("b1", "|", b"\x01"), ("i1", "|", b"\xfe"), ("u1", "|", b"\xfe"), ("i2", "<", b"\xfe\xff"),
            ("i2", ">", b"\xff\xfe"), ("u2", "<", b"\xfe\xff"), ("i4", "<", struct.pack("<i", -70000)),
            ("u4", "<", struct.pack("<I", 4000000000)), ("i8", "<", struct.pack("<q", -5 * 10**12)),
            ("i8", ">", struct.pack(">q", -5 * 10**12)), ("u8", "<", struct.pack("<Q", 2**64 - 1)),
            ("f2", "<", struct.pack("<e", -0.333251953125)), ("f4", "<", struct.pack("<f", 1.5)),
            ("f8", "<", struct.pack("<d", 3721.2)), ("f8", ">", struct.pack(">d", 3721.2)))],
    }


def goldens():
    """(file name, bytes, line of expected.txt) of every golden."""
    global BY_NAME
    zone = shanghai()
    for suffix, BY_NAME in (("", False), ("_by_name", True)):
        samples = messages(zone) if BY_NAME else {**messages(zone), **values(zone)}
        for name, value in samples.items():
            if BY_NAME and name not in ("tick", "order", "request"):
                continue
            for protocol in PROTOCOLS:
                if name == "keywords" and protocol < 4:
                    continue  # before NEWOBJ_EX, keyword arguments took a functools.partial of __new__
                data = io.BytesIO()
                pickle.Pickler(data, protocol).dump(value)
                yield (f"{name}{suffix}.p{protocol}.pickle", data.getvalue(),
                       f"{name}{suffix}\t{protocol}\t{canon(value, protocol)}\n")


def main():
    made = list(goldens())
    files = {name: data for name, data, _ in made}
    files["expected.txt"] = "".join(line for _, _, line in made).encode()
    changed = [name for name, data in files.items()
               if not (HERE / name).exists() or (HERE / name).read_bytes() != data]
    if "--check" in sys.argv[1:]:
        print("\n".join(f"differs: {name}" for name in changed) or f"{len(files)} files are as they would be written")
        sys.exit(1 if changed else 0)
    for name in changed:
        (HERE / name).write_bytes(files[name])
    print(f"{len(changed)} of {len(files)} files written")


if __name__ == "__main__":
    main()
