// The canonical JSON of `/api/v1` and of the stream, by hand until these types are generated from the OpenAPI
// document. Enums are member names, times RFC 3339 (one without offset is the venue's own clock), `null` is unknown.

export type Direction = "LONG" | "SHORT" | "NET";
export type Offset = "NONE" | "OPEN" | "CLOSE" | "CLOSETODAY" | "CLOSEYESTERDAY";
export type Status = "SUBMITTING" | "NOTTRADED" | "PARTTRADED" | "ALLTRADED" | "CANCELLED" | "REJECTED";
export type OrderType = "LIMIT" | "MARKET" | "STOP" | "FAK" | "FOK" | "RFQ" | "ETF";
export type Product =
  | "EQUITY" | "FUTURES" | "OPTION" | "INDEX" | "FOREX" | "SPOT" | "ETF" | "BOND" | "WARRANT" | "SPREAD" | "FUND"
  | "CFD" | "SWAP";
export type OptionType = "CALL" | "PUT";

/** A number that may be unknown. */
export type Numeric = number | null;
/** RFC 3339. */
export type Time = string;
/** What a gateway hung onto an object. */
export type Extra = Readonly<Record<string, unknown>>;

interface Row {
  readonly gateway_name: string;
  readonly extra?: Extra;
}

interface InstrumentRow extends Row {
  readonly symbol: string;
  readonly exchange: string;
  readonly vt_symbol: string;
}

export interface Order extends InstrumentRow {
  readonly orderid: string;
  readonly type: OrderType;
  readonly direction: Direction | null;
  readonly offset: Offset;
  readonly price: Numeric;
  readonly volume: Numeric;
  readonly traded: Numeric;
  readonly status: Status;
  readonly datetime: Time | null;
  readonly reference: string;
  readonly vt_orderid: string;
  /** The id under which the order was placed here; orders placed elsewhere have none. */
  readonly client_order_id?: string | null;
}

export interface Trade extends InstrumentRow {
  readonly orderid: string;
  readonly tradeid: string;
  readonly direction: Direction | null;
  readonly offset: Offset;
  readonly price: Numeric;
  readonly volume: Numeric;
  readonly datetime: Time | null;
  readonly vt_orderid: string;
  readonly vt_tradeid: string;
}

export interface Position extends InstrumentRow {
  readonly direction: Direction;
  readonly volume: Numeric;
  readonly frozen: Numeric;
  readonly price: Numeric;
  readonly pnl: Numeric;
  readonly yd_volume: Numeric;
  readonly vt_positionid: string;
}

export interface Account extends Row {
  readonly accountid: string;
  readonly balance: Numeric;
  readonly frozen: Numeric;
  readonly available: Numeric;
  readonly vt_accountid: string;
}

export interface Contract extends InstrumentRow {
  readonly name: string;
  readonly product: Product;
  readonly size: Numeric;
  readonly pricetick: Numeric;
  readonly min_volume: Numeric;
  readonly max_volume: Numeric;
  readonly stop_supported: boolean;
  readonly net_position: boolean;
  readonly history_data: boolean;
  readonly option_strike: Numeric;
  readonly option_underlying: string | null;
  readonly option_type: OptionType | null;
  readonly option_listed: Time | null;
  readonly option_expiry: Time | null;
  readonly option_portfolio: string | null;
  readonly option_index: string | null;
}

export interface Quote extends InstrumentRow {
  readonly quoteid: string;
  readonly bid_price: Numeric;
  readonly bid_volume: Numeric;
  readonly ask_price: Numeric;
  readonly ask_volume: Numeric;
  readonly bid_offset: Offset;
  readonly ask_offset: Offset;
  readonly status: Status;
  readonly datetime: Time | null;
  readonly reference: string;
  readonly vt_quoteid: string;
}

export interface LogLine extends Row {
  readonly msg: string;
  /** Python's logging level: 10 debug, 20 info, 30 warning, 40 error, 50 critical. */
  readonly level: number;
  readonly time: Time | null;
}

type Level = 1 | 2 | 3 | 4 | 5;
type Side = "bid" | "ask";
type Depth = { readonly [Key in `${Side}_${"price" | "volume"}_${Level}`]: Numeric };

/** A tick as the stream has it; what does not change with the market stands in the contract. */
export interface Tick extends Depth {
  readonly vt_symbol: string;
  readonly datetime: Time | null;
  readonly volume: Numeric;
  readonly turnover: Numeric;
  readonly open_interest: Numeric;
  readonly last_price: Numeric;
  readonly last_volume: Numeric;
  readonly limit_up: Numeric;
  readonly limit_down: Numeric;
  readonly open_price: Numeric;
  readonly high_price: Numeric;
  readonly low_price: Numeric;
  readonly pre_close: Numeric;
}

/** The channels that carry facts in rows, and the type of their rows. */
export interface RowOf {
  readonly order: Order;
  readonly trade: Trade;
  readonly position: Position;
  readonly account: Account;
  readonly contract: Contract;
  readonly quote: Quote;
  readonly log: LogLine;
}

export type RowChannel = keyof RowOf;

/** What can be subscribed to; an instrument's name may hold one `*`. */
export type Channel = RowChannel | "trader" | `tick:${string}`;

/** How a trading process is reached by the web process. */
export type TraderState = "connecting" | "syncing" | "live" | "stale";

/** RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly [member: string]: unknown;
}
