"""Events that a real trading process can emit by accident, by name, for one test each.

Every function returns the (event type, data) pairs to put into VeighNa's event engine.
Those in `HARMLESS_TO_THE_INCUMBENT` can be compared byte by byte; the others kill something there.
"""

import inspect
import math
import pickle
import zoneinfo
from datetime import datetime, timedelta, timezone

import numpy as np
from vnpy.trader.constant import Direction, Exchange, Offset, OrderType, Status
from vnpy.trader.event import EVENT_ACCOUNT, EVENT_ORDER, EVENT_POSITION, EVENT_TICK, EVENT_TRADE
from vnpy.trader.object import AccountData, OrderData, PositionData, TickData, TradeData

DBL_MAX = 1.7976931348623157e308


class UnknownClass:
    """A class that only this process has; with what VeighNa's own OMS looks for in a tick."""

    vt_symbol = "odd.SHFE"

    def __init__(self) -> None:
        self.vt_symbol = UnknownClass.vt_symbol


class FailsToUnpickle:
    """Pickles well; reading it back calls a function of this process that raises."""

    def __reduce__(self):
        return (explode, ("read back",))


def explode(why: str):
    raise RuntimeError(why)


def tick(**fields) -> TickData:
    extra = fields.pop("extra", None)
    values = {
        "symbol": "rb2610", "exchange": Exchange.SHFE, "gateway_name": "SIM",
        "datetime": datetime(2026, 1, 5, 9, 30, tzinfo=zoneinfo.ZoneInfo("Asia/Shanghai")),
    }
    made = TickData(**{**values, **fields})
    if extra is not None:
        made.extra = extra
    return made


def ticks(*list_of_fields) -> list[tuple[str, object]]:
    """One tick for each set of fields, each of its own symbol (the caller's name and a number)."""
    name = inspect.stack()[1].function
    return [
        (EVENT_TICK, tick(**{"symbol": f"{name}{index}", **fields})) for index, fields in enumerate(list_of_fields)
    ]


def floats():
    values = [
        0, 1, -1, 0.0, -0.0, 1.0, 0.1, 0.1 + 0.2, 1 / 3, 100.0, 3600.5, 1e-04, 1e-05, 5e-05, 1.5e-05, 1e-06, 1e-07,
        1.25e-07, 5e-324, 2.2250738585072014e-308, 1e15, 123456789012345680.0, 9007199254740993.0, 1e16, 1e17, 1e20,
        1e21, 1e22, 1.5e22, 1e100, 1e300, -1e16, -5e-05, 2**31, -(2**31), 2**53, -(2**53),
    ]
    return ticks(*({"last_price": value, "volume": value} for value in values))


def odd_numbers():
    """Python numbers that no double holds, and truth values where a number belongs."""
    return ticks(*({"volume": value} for value in (2**53 + 1, 2**63, 2**64, 2**70, -(2**70), 10**400, True, False)))


def times():
    shanghai, new_york = zoneinfo.ZoneInfo("Asia/Shanghai"), zoneinfo.ZoneInfo("America/New_York")
    values = [
        datetime(2026, 1, 5, 9, 30), datetime(2026, 1, 5, 9, 30, 0, 1), datetime(2026, 1, 5, 9, 30, 0, 500000, shanghai),
        datetime(1900, 1, 1, tzinfo=shanghai), datetime(1988, 7, 1, tzinfo=shanghai),
        datetime(2026, 7, 1, tzinfo=new_york), datetime(2026, 11, 1, 1, 30, tzinfo=new_york),
        datetime(2026, 11, 1, 1, 30, tzinfo=new_york, fold=1), datetime(2026, 3, 8, 2, 30, tzinfo=new_york),
        datetime(2026, 1, 1, tzinfo=timezone.utc), datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8))),
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8), "CST")),
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8, minutes=5, seconds=43))),
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(seconds=-1))),
        datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999), datetime(2026, 1, 1, tzinfo=zoneinfo.ZoneInfo("UTC")),
        datetime(2100, 7, 1, tzinfo=new_york), datetime(2100, 1, 1, tzinfo=new_york),
        datetime(2026, 4, 5, 2, 30, tzinfo=zoneinfo.ZoneInfo("Australia/Lord_Howe")),
    ]
    return ticks(*({"datetime": value, "localtime": value} for value in values), {"datetime": None})


def strings():
    values = [
        "", " ", "螺纹钢", "a\"b\\c/d", "\b\f\n\r\t", "".join(map(chr, range(32))), "\x7f\x80\x9f", "\u2028\u2029\ufeff",
        "\U0001f600", "<script>&amp;'", "é", "e\u0301", "\ufffe\uffff", "x" * 70000,
    ]
    return ticks(*({"name": value} for value in values))


def extras():
    values = [
        {}, {"a": 1}, {"a": None, "b": True, "c": [1, [2.5, []], {}], "d": {"e": {"f": "深"}}}, {"1e-05": 1e-05, "big": 1e16},
        {1: "int key"}, {True: 2, 1.5: 3}, {"tuple": (1, 2, (3,))},
    ]
    return ticks(*({"extra": value} for value in values))


def missing_members():
    """None where an enum or a text is expected; an attribute that no class knows."""
    order = OrderData(symbol="rb2610", exchange=Exchange.SHFE, orderid="x1", direction=None, gateway_name="SIM")
    order.front_id = -1795780178
    trade = TradeData(symbol="rb2610", exchange=Exchange.SHFE, orderid="x1", tradeid="t1", direction=None, gateway_name="SIM")
    account = AccountData(accountid="深圳 1", balance=1e16, frozen=-0.0, gateway_name="SIM")
    account.extra = {"currency": "CNY"}
    position = PositionData(
        symbol="IF2612", exchange=Exchange.CFFEX, direction=Direction.NET, volume=-3, price=1e-07, gateway_name="SIM"
    )
    return [(EVENT_ORDER, order), (EVENT_TRADE, trade), (EVENT_ACCOUNT, account), (EVENT_POSITION, position)]


def all_enums():
    events = []
    for direction in Direction:
        for offset in Offset:
            for status in Status:
                events.append((EVENT_ORDER, OrderData(
                    symbol="rb2610", exchange=Exchange.SHFE, orderid="enum", direction=direction, offset=offset,
                    status=status, gateway_name="SIM",
                )))
    for kind in OrderType:
        events.append((EVENT_ORDER, OrderData(
            symbol="rb2610", exchange=Exchange.SHFE, orderid="enum", type=kind, gateway_name="SIM")))
    for exchange in Exchange:
        events.append((EVENT_TICK, tick(exchange=exchange)))
    return events


def numpy_floats():
    """A float64 is a Python float to json; upstream sends it."""
    return ticks({"last_price": np.float64(3600.5), "volume": np.float64(1e16)}, {"last_price": np.float64(5e-05)})


def not_a_number():
    return ticks(
        {"last_price": math.nan}, {"last_price": math.inf}, {"last_price": -math.inf}, {"last_price": np.float64("nan")},
        {"extra": {"deep": [math.nan, {"x": math.inf}]}},
    )


def double_max():
    return ticks({"limit_up": DBL_MAX, "limit_down": -DBL_MAX, "turnover": DBL_MAX, "last_price": 3600.0})


def numpy_ints():
    return ticks({"volume": np.int64(7), "last_volume": np.int32(-3), "ask_volume_1": np.float32(0.1), "bid_volume_1": np.bool_(True)})


def numpy_array():
    return ticks({"extra": {"prices": np.array([1.0, 2.0])}})


def datetime_in_extra():
    return ticks({"extra": {"at": datetime(2026, 1, 5, 9, 30), "side": Direction.LONG}})


def unknown_class():
    return ticks({"extra": {"odd": UnknownClass()}})


def unknown_class_alone():
    return [(EVENT_TICK, UnknownClass())]


def fails_to_unpickle():
    return ticks({"extra": {"odd": FailsToUnpickle()}})


def recursive():
    loop: dict = {}
    loop["self"] = loop
    return ticks({"extra": loop})


def deep():
    nest: list = []
    for _ in range(200):
        nest = [nest]
    return ticks({"extra": {"nest": nest}})


def huge_string():
    return ticks({"name": "x" * 100_000_000})


def lone_surrogate():
    return ticks({"name": "a\ud800b"})


def of_many_lengths():
    """The same unknown class at 30 places of the pickle: one kind, not 30."""
    return ticks(*({"name": "x" * length, "extra": {"odd": UnknownClass()}} for length in range(30)))


def not_an_object():
    """Events of an app's own types (by vnpy_rpcservice only), whose data is no data class."""
    return [("eCtaStrategy", {"strategy_name": "a", "parameters": {"n": 1}}), ("eMine", None), ("eRiskNotify", "text"), ("eMine", 5)]


HARMLESS_TO_THE_INCUMBENT = ["floats", "times", "strings", "extras", "missing_members", "all_enums", "numpy_floats", "double_max"]
ODD = {
    function.__name__: function
    for function in (
        floats, odd_numbers, times, strings, extras, missing_members, all_enums, numpy_floats, not_a_number, double_max, numpy_ints,
        numpy_array, datetime_in_extra, unknown_class, unknown_class_alone, of_many_lengths, fails_to_unpickle, recursive, deep,
        huge_string, lone_surrogate, not_an_object,
    )
}


def events_of(name: str) -> list[tuple[str, object]]:
    events = ODD[name]()
    for _, data in events:
        pickle.dumps(data)  # one that cannot even be pickled would end VeighNa's own event thread
    return events
