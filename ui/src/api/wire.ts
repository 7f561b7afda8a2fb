// The classic surface's JSON as it arrives (enums in the trading process's language), and the one place
// where it becomes the page's own objects (enums by member name, absent numbers as null).
import { DIRECTION, type Direction, member, OFFSET, type Offset, ORDER_TYPE, type OrderType, PRODUCT, type Product, STATUS, type Status } from "../enums";
import { isNumber } from "../format";

export type Row = Readonly<Record<string, unknown>>;

export interface Contract {
  readonly vtSymbol: string;
  readonly symbol: string;
  readonly exchange: string;
  readonly name: string;
  readonly product: Product | null;
  readonly size: number | null;
  readonly pricetick: number | null;
  readonly minVolume: number | null;
  readonly maxVolume: number | null;
  readonly stopSupported: boolean;
  readonly netPosition: boolean;
  readonly gateway: string;
}

export interface Level {
  readonly price: number | null;
  readonly volume: number | null;
}

export interface Tick {
  readonly vtSymbol: string;
  readonly name: string;
  readonly time: string | null;
  readonly last: number | null;
  readonly volume: number | null;
  readonly openInterest: number | null;
  readonly open: number | null;
  readonly high: number | null;
  readonly low: number | null;
  readonly preClose: number | null;
  readonly limitUp: number | null;
  readonly limitDown: number | null;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

export interface Order {
  readonly vtOrderid: string;
  readonly orderid: string;
  readonly vtSymbol: string;
  readonly symbol: string;
  readonly exchange: string;
  readonly type: OrderType | null;
  readonly direction: Direction | null;
  readonly offset: Offset | null;
  readonly price: number | null;
  readonly volume: number | null;
  readonly traded: number | null;
  readonly status: Status | null;
  readonly time: string | null;
  readonly reference: string;
  readonly gateway: string;
  /** Why it was rejected, where the gateway says so beside the order; null where it does not. */
  readonly reason: Reason | null;
}

export interface Reason {
  readonly zh: string;
  readonly en: string;
}

export interface Trade {
  readonly key: string;
  readonly tradeid: string;
  readonly orderid: string;
  readonly vtSymbol: string;
  readonly symbol: string;
  readonly exchange: string;
  readonly direction: Direction | null;
  readonly offset: Offset | null;
  readonly price: number | null;
  readonly volume: number | null;
  readonly time: string | null;
  readonly gateway: string;
}

export interface Position {
  readonly key: string;
  readonly vtSymbol: string;
  readonly symbol: string;
  readonly exchange: string;
  readonly direction: Direction | null;
  readonly volume: number | null;
  readonly ydVolume: number | null;
  readonly frozen: number | null;
  readonly price: number | null;
  readonly pnl: number | null;
  readonly gateway: string;
}

export interface Account {
  readonly key: string;
  readonly accountid: string;
  readonly balance: number | null;
  readonly frozen: number | null;
  readonly available: number | null;
  readonly gateway: string;
}

export function contract(row: Row): Contract {
  return {
    ...instrument(row),
    name: text(row["name"]),
    product: member(PRODUCT, row["product"]),
    size: number(row["size"]),
    pricetick: number(row["pricetick"]),
    minVolume: number(row["min_volume"]),
    maxVolume: number(row["max_volume"]),
    stopSupported: row["stop_supported"] === true,
    netPosition: row["net_position"] === true,
  };
}

export function tick(row: Row): Tick {
  return {
    vtSymbol: text(row["vt_symbol"]),
    name: text(row["name"]),
    time: time(row["datetime"]),
    last: number(row["last_price"]),
    volume: number(row["volume"]),
    openInterest: number(row["open_interest"]),
    open: number(row["open_price"]),
    high: number(row["high_price"]),
    low: number(row["low_price"]),
    preClose: number(row["pre_close"]),
    limitUp: number(row["limit_up"]),
    limitDown: number(row["limit_down"]),
    bids: levels(row, "bid"),
    asks: levels(row, "ask"),
  };
}

export function order(row: Row): Order {
  return {
    ...instrument(row),
    vtOrderid: text(row["vt_orderid"]),
    orderid: text(row["orderid"]),
    type: member(ORDER_TYPE, row["type"]),
    direction: member(DIRECTION, row["direction"]),
    offset: member(OFFSET, row["offset"]),
    price: number(row["price"]),
    volume: number(row["volume"]),
    traded: number(row["traded"]),
    status: member(STATUS, row["status"]),
    time: time(row["datetime"]),
    reference: text(row["reference"]),
    reason: reason(row["extra"]),
  };
}

export function trade(row: Row): Trade {
  return {
    ...instrument(row),
    // An exchange may give both sides of one deal the same trade number.
    key: `${text(row["vt_tradeid"])}/${text(row["vt_orderid"])}`,
    tradeid: text(row["tradeid"]),
    orderid: text(row["orderid"]),
    direction: member(DIRECTION, row["direction"]),
    offset: member(OFFSET, row["offset"]),
    price: number(row["price"]),
    volume: number(row["volume"]),
    time: time(row["datetime"]),
  };
}

export function position(row: Row): Position {
  const direction = member(DIRECTION, row["direction"]);
  const where = instrument(row);
  return {
    ...where,
    // Not vt_positionid: that one contains the direction in the trading process's language.
    key: `${where.gateway}.${where.vtSymbol}.${direction ?? text(row["direction"])}`,
    direction,
    volume: number(row["volume"]),
    ydVolume: number(row["yd_volume"]),
    frozen: number(row["frozen"]),
    price: number(row["price"]),
    pnl: number(row["pnl"]),
  };
}

export function account(row: Row): Account {
  return {
    key: text(row["vt_accountid"]),
    accountid: text(row["accountid"]),
    balance: number(row["balance"]),
    frozen: number(row["frozen"]),
    available: number(row["available"]),
    gateway: text(row["gateway_name"]),
  };
}

function instrument(row: Row) {
  return {
    vtSymbol: text(row["vt_symbol"]),
    symbol: text(row["symbol"]),
    exchange: text(row["exchange"]),
    gateway: text(row["gateway_name"]),
  };
}

function levels(row: Row, side: "bid" | "ask"): readonly Level[] {
  return [1, 2, 3, 4, 5].map((n) => ({
    price: number(row[`${side}_price_${n}`]),
    volume: number(row[`${side}_volume_${n}`]),
  }));
}

/** VeighNa's orders have no field for it: our gateways put `reason_zh` and `reason_en` into `extra`. */
function reason(extra: unknown): Reason | null {
  if (typeof extra !== "object" || extra === null) return null;
  const fields = extra as Row;
  const zh = text(fields["reason_zh"]);
  const en = text(fields["reason_en"]);
  return zh === "" && en === "" ? null : { zh: zh || en, en: en || zh };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

function time(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function number(value: unknown): number | null {
  return isNumber(value) ? value : null;
}
