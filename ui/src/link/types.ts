// The canonical JSON of `/api/v1` and of the stream, by the types that are made of the OpenAPI document. Enums are member
// names, times RFC 3339 (one without offset is the venue's own clock), `null` is unknown.
import type { components } from "../api/openapi";

type Schemas = components["schemas"];

export type Order = Schemas["Order"];
export type Trade = Schemas["Trade"];
export type Position = Schemas["Position"];
export type Account = Schemas["Account"];
export type Contract = Schemas["Contract"];
export type Quote = Schemas["Quote"];
export type LogLine = Schemas["LogLine"];
export type Bar = Schemas["Bar"];

export type Direction = Position["direction"];
export type Offset = Order["offset"];
export type Status = Order["status"];
export type OrderType = Order["type"];
export type Product = Contract["product"];
export type OptionType = NonNullable<Contract["option_type"]>;

/** A number that may be unknown. */
export type Numeric = number | null;
/** RFC 3339. */
export type Time = string;

/** What the stream's ticks leave out of REST's: it does not change with the market and stands in the contract. */
type Static = "gateway_name" | "symbol" | "exchange" | "name" | "localtime" | "extra";

/** A tick as the stream has it. */
export type Tick = Omit<Schemas["Tick"], Static>;

export type Interval = "1m" | "5m" | "15m" | "30m" | "1h" | "d" | "w";

/** A bar as the stream has it; the names of its figures are those of REST's. */
export type LiveBar = Pick<
  Bar,
  "open_price" | "high_price" | "low_price" | "close_price" | "volume" | "turnover" | "open_interest"
> & {
  readonly vt_symbol: string;
  readonly datetime: string;
  readonly interval: Interval;
  /** Its last figures; those of a bar that runs are so far. */
  readonly finished: boolean;
};

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

/** What can be subscribed to; an instrument's name may hold one `*` for ticks, none for bars. */
export type Channel = RowChannel | "trader" | `tick:${string}` | `bar:${string}:${Interval}`;

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
