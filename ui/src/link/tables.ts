// What the trading processes say, as tables: the state that pages show. `advance` makes the next one of it.
//
// Always true: rows of a channel that is `exact` are what the trading process had at number `seq`; rows of one that
// is not are what was known last, and are replaced as a whole by the next snapshot. Nothing is changed in place, so
// what is the same object has not changed.
import { NO_CHUNKS, type Chunks } from "../rows/chunks";
import { Watch, type FactChannel } from "./channels";
import type { Account, Channel, Contract, LogLine, Order, Position, Quote, Tick, Trade, TraderState } from "./types";

/** Log lines kept of one trading process, and a few more: older ones go many at a time. */
export const LOG_LINES = 100_000;

export interface Rows {
  readonly order: ReadonlyMap<string, Order>;
  readonly trade: ReadonlyMap<string, Trade>;
  readonly position: ReadonlyMap<string, Position>;
  readonly account: ReadonlyMap<string, Account>;
  readonly contract: ReadonlyMap<string, Contract>;
  readonly quote: ReadonlyMap<string, Quote>;
  /** Oldest first. */
  readonly log: Chunks<LogLine>;
}

/** One trading process. */
export interface Desk extends Rows {
  /** How the web process reaches it, and since when if it does not. */
  readonly state: TraderState;
  readonly since: string | null;
  readonly tick: ReadonlyMap<string, Tick>;
  readonly exact: ReadonlySet<FactChannel>;
  /** What we asked for, and its ticks. */
  readonly wanted: ReadonlySet<Channel>;
  readonly watch: Watch;
}

export interface Tables {
  /** Numbers are compared within one epoch only; `null` before the first hello. */
  readonly epoch: string | null;
  readonly seq: number;
  readonly fields: readonly string[];
  readonly barFields: readonly string[];
  readonly desks: ReadonlyMap<string, Desk>;
}

export const EMPTY: Tables = { epoch: null, seq: 0, fields: [], barFields: [], desks: new Map() };

export const NO_ROWS: Rows = {
  order: new Map(), trade: new Map(), position: new Map(), account: new Map(), contract: new Map(), quote: new Map(), log: NO_CHUNKS,
};
export const NEW_DESK: Desk = {
  ...NO_ROWS, state: "connecting", since: null, tick: new Map(), exact: new Set(), wanted: new Set(), watch: new Watch(),
};
