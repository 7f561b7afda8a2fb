"""A small VeighNa gateway for tests: name SIM, no clock, no randomness, does as it is told.

Everything that it emits follows from the commands that it got, so two runs give the same bytes.
Orders: what an order does is decided by its request (see `send_order`), so that a test can ask for
a resting, a filling, a partly filling, a rejected, a refused and a raising one.
As VeighNa's CTP gateway does, only the first push of an order carries its `reference`.
Tick sequence numbers are in `volume`; `localtime` and `open_interest` carry the time of sending
only where a command asks for it (latency measurements).
"""

import threading
import time
from copy import copy
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from vnpy.trader.constant import Direction, Exchange, Interval, Offset, OptionType, OrderType, Product, Status
from vnpy.trader.gateway import BaseGateway
from vnpy.trader.object import (
    AccountData,
    BarData,
    CancelRequest,
    ContractData,
    HistoryRequest,
    LogData,
    OrderData,
    OrderRequest,
    PositionData,
    SubscribeRequest,
    TickData,
    TradeData,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENING = datetime(2026, 1, 5, 9, 30, 0, 500000, tzinfo=SHANGHAI)

# Volumes and prices with a meaning; everything else rests below the market and fills at it.
REJECTED_VOLUME = 13      # comes back REJECTED, with a log
REFUSED_VOLUME = 14       # send_order returns ""
RAISING_VOLUME = 15       # send_order raises
PARTIAL_VOLUME = 16       # a quarter fills, the rest stays
MARKET = {"rb2610": 3600.0, "IF2612": 4000.2, "600000": 10.05, "EURUSD": 1.08005}


class FakeGateway(BaseGateway):
    """The gateway SIM."""

    default_name = "SIM"
    default_setting = {"用户名": "", "密码": "", "合约数": 0, "环境": ["实盘", "测试"]}
    exchanges = [Exchange.SHFE, Exchange.CFFEX, Exchange.SSE, Exchange.DCE, Exchange.IDEALPRO]

    def __init__(self, event_engine, gateway_name: str) -> None:
        super().__init__(event_engine, gateway_name)
        self.orders: dict[str, OrderData] = {}
        self.positions: dict[tuple, PositionData] = {}
        self.subscribed: list[str] = []
        self.requests: list[dict] = []
        self.order_count = 0
        self.trade_count = 0
        self.tick_count = 0
        self.hang_seconds = 0.0
        self.lock = threading.Lock()

    # What VeighNa calls.

    def connect(self, setting: dict) -> None:
        self.write_log("交易服务器登录成功")
        for contract in special_contracts(self.gateway_name):
            self.on_contract(contract)
        for index in range(int(setting.get("合约数", 0))):
            self.on_contract(numbered_contract(self.gateway_name, index))
        self.write_log("合约信息查询成功")
        self.on_account(self.account("88001234", 1_000_000.0, 25_000.5, available=974_999.25))
        self.on_account(self.account("USD", 5e-05, 0))
        self.set_position("rb2610", Exchange.SHFE, Direction.LONG, 5, price=3580.5, pnl=-1250.0, yd_volume=3)
        self.set_position("rb2610", Exchange.SHFE, Direction.SHORT, 2.0, price=3650.0, frozen=1)
        self.set_position("600000", Exchange.SSE, Direction.NET, 1200, price=9.876543210123)

    def close(self) -> None:
        pass

    def subscribe(self, req: SubscribeRequest) -> None:
        self.subscribed.append(req.vt_symbol)

    def send_order(self, req: OrderRequest) -> str:
        if self.hang_seconds:
            seconds, self.hang_seconds = self.hang_seconds, 0.0
            time.sleep(seconds)
        self.requests.append(plain(req))
        if req.volume == REFUSED_VOLUME:
            self.write_log("请选择开平方向")
            return ""
        if req.volume == RAISING_VOLUME:
            raise ValueError("a gateway that fails inside send_order")
        with self.lock:
            self.order_count += 1
            order = req.create_order_data(f"1_100_{self.order_count}", self.gateway_name)
            order.datetime = OPENING + timedelta(seconds=self.order_count)
            self.push_order(order)
            self.answer(order)
        return order.vt_orderid

    def cancel_order(self, req: CancelRequest) -> None:
        with self.lock:
            order = self.orders.get(req.orderid)
            if order is None or not order.is_active():
                self.write_log(f"撤单失败：{req.orderid}")
                return
            self.change(order, Status.CANCELLED)

    def query_account(self) -> None:
        pass

    def query_position(self) -> None:
        pass

    def query_history(self, req: HistoryRequest) -> list[BarData]:
        start = req.start
        return [
            BarData(
                symbol=req.symbol, exchange=req.exchange, datetime=start + timedelta(minutes=index),
                interval=req.interval or Interval.MINUTE, volume=100 + index, turnover=1e6 + index,
                open_interest=5000, open_price=3600 + index, high_price=3602.5 + index,
                low_price=3598 + index, close_price=3601 + index, gateway_name=self.gateway_name,
            )
            for index in range(5)
        ]

    # How an order goes on after its first push.

    def answer(self, order: OrderData) -> None:
        if order.volume == REJECTED_VOLUME:
            self.change(order, Status.REJECTED)
            self.write_log("交易委托失败，代码：31，信息：CTP:资金不足")
            return
        order = self.change(order, Status.NOTTRADED)
        if order.volume == PARTIAL_VOLUME:
            self.fill(order, order.volume / 4, Status.PARTTRADED)
        elif self.crosses(order):
            self.fill(order, order.volume, Status.ALLTRADED)

    def crosses(self, order: OrderData) -> bool:
        market = MARKET.get(order.symbol)
        if market is None or not order.volume > 0:
            return False
        if order.type == OrderType.MARKET:
            return True
        return order.price >= market if order.direction == Direction.LONG else order.price <= market

    def fill(self, order: OrderData, volume: float, status: Status) -> None:
        self.trade_count += 1
        self.on_trade(TradeData(
            symbol=order.symbol, exchange=order.exchange, orderid=order.orderid,
            tradeid=f"T{self.trade_count}", direction=order.direction, offset=order.offset,
            price=MARKET.get(order.symbol, order.price), volume=volume,
            datetime=order.datetime, gateway_name=self.gateway_name,
        ))
        self.change(order, status, traded=volume)

    def change(self, order: OrderData, status: Status, **fields) -> OrderData:
        """Push a later state of an order: without its reference, as CTP's own pushes are."""
        later = copy(order)
        later.status = status
        later.reference = ""
        for name, value in fields.items():
            setattr(later, name, value)
        self.push_order(later)
        return later

    def push_order(self, order: OrderData) -> None:
        self.orders[order.orderid] = order
        self.on_order(copy(order))

    # What a test commands.

    def order_behind_the_back(self, symbol="rb2610", exchange="SHFE", volume=1.0, price=3000.0, reference="desk") -> str:
        """An order of somebody at the trading process itself."""
        return self.send_order(OrderRequest(
            symbol=symbol, exchange=Exchange(exchange), direction=Direction.LONG,
            type=OrderType.LIMIT, volume=volume, price=price, offset=Offset.OPEN, reference=reference,
        ))

    def set_position(self, symbol, exchange, direction, volume, **fields) -> None:
        position = PositionData(
            symbol=symbol, exchange=exchange, direction=direction, volume=volume,
            gateway_name=self.gateway_name, **fields,
        )
        self.positions[(symbol, exchange, direction)] = position
        self.on_position(position)

    def account(self, accountid, balance, frozen, available=None) -> AccountData:
        account = AccountData(accountid=accountid, balance=balance, frozen=frozen, gateway_name=self.gateway_name)
        if available is not None:
            account.available = available
        return account

    def emit_ticks(self, count: int, rate: float = 0, symbols: int = 1, stamp: bool = False) -> int:
        """Send ticks `tick_count+1 ..`: in one burst, or `rate` a second. Returns the last number."""
        begun = time.perf_counter()
        for sent in range(count):
            if rate:
                ahead = begun + sent / rate - time.perf_counter()
                if ahead > 0.0005:
                    time.sleep(ahead)
            self.tick_count += 1
            self.on_tick(self.numbered_tick(self.tick_count, symbols, stamp))
        return self.tick_count

    def numbered_tick(self, number: int, symbols: int, stamp: bool) -> TickData:
        symbol, exchange = ("rb2610", Exchange.SHFE) if symbols == 1 else (f"t{number % symbols:05}", Exchange.DCE)
        price = 3600.0 + number % 40
        tick = TickData(
            symbol=symbol, exchange=exchange, datetime=OPENING + timedelta(milliseconds=500 * number),
            name="螺纹钢2610", volume=number, turnover=number * 36000.0, open_interest=1234567.0,
            last_price=price, last_volume=1, limit_up=3960.0, limit_down=3240.0, open_price=3598.0,
            high_price=3650.0, low_price=3590.0, pre_close=3597.0, gateway_name=self.gateway_name,
        )
        for level in range(1, 6):
            setattr(tick, f"bid_price_{level}", price - level)
            setattr(tick, f"ask_price_{level}", price + level)
            setattr(tick, f"bid_volume_{level}", 10 * level)
            setattr(tick, f"ask_volume_{level}", 11 * level)
        if stamp:
            tick.open_interest = time.time()
        return tick


def special_contracts(gateway_name: str) -> list[ContractData]:
    """A few that between them use every field: futures, index future, share, forex, options, names in Chinese."""
    def make(symbol, exchange, name, product, size, pricetick, **fields) -> ContractData:
        return ContractData(
            symbol=symbol, exchange=exchange, name=name, product=product, size=size,
            pricetick=pricetick, gateway_name=gateway_name, **fields,
        )

    listed, expiry = datetime(2026, 1, 16), datetime(2026, 9, 1)
    with_extra = make("IF2612", Exchange.CFFEX, "沪深300 \"IF\"/2612", Product.FUTURES, 300, 0.2, net_position=True)
    with_extra.extra = {"margin": 0.12, "fees": [1, 2.5, None, True], "note": "含<tag>&\u2028", "深": {"a": {}}}
    return [
        make("rb2610", Exchange.SHFE, "螺纹钢2610", Product.FUTURES, 10, 1, max_volume=500, history_data=True),
        with_extra,
        make("600000", Exchange.SSE, "浦发银行", Product.EQUITY, 1, 0.01, min_volume=100),
        make("EURUSD", Exchange.IDEALPRO, "EUR/USD", Product.FOREX, 100000, 5e-05, min_volume=0.01, stop_supported=True),
        make("m2609-C-3000", Exchange.DCE, "豆粕购2609-3000", Product.OPTION, 10, 0.5,
             option_strike=3000.0, option_underlying="m2609", option_type=OptionType.CALL, option_listed=listed,
             option_expiry=expiry, option_portfolio="m_o", option_index="3000"),
        make("10005555", Exchange.SSE, "50ETF沽9月2500", Product.OPTION, 10000, 0.0001,
             option_strike=2.5, option_underlying="510050", option_type=OptionType.PUT,
             option_expiry=expiry, option_portfolio="510050_O", option_index="2.5"),
        make("BTC/USDT", Exchange.SMART, "", Product.SPOT, 1, 1e-08, min_volume=1e-07),
        make("a.b", Exchange.SMART, "a dot in a symbol", Product.CFD, 1.0, 1e-05),
    ]


def numbered_contract(gateway_name: str, index: int) -> ContractData:
    return ContractData(
        symbol=f"t{index:05}", exchange=Exchange.DCE, name=f"合约{index:05}", product=Product.FUTURES,
        size=10, pricetick=0.5, min_volume=1, history_data=True, gateway_name=gateway_name,
    )


def plain(req: OrderRequest) -> dict:
    """What the gateway received, by member names: independent of the language."""
    return {
        "symbol": req.symbol, "exchange": req.exchange.name, "direction": req.direction.name,
        "type": req.type.name, "volume": repr(req.volume), "price": repr(req.price),
        "offset": req.offset.name, "reference": req.reference,
    }


def log_of(gateway_name: str, msg: str) -> LogData:
    return LogData(msg=msg, gateway_name=gateway_name)
