// The names of channels: which of them carry rows, what a row's key is, which instruments a pattern means. Pure.
import type { Channel, Interval, RowChannel, RowOf } from "./types";

/** Where a row's key stands; log lines have none and are kept in the order of their coming. */
const KEY: Readonly<Record<Exclude<RowChannel, "log">, string>> = {
  order: "vt_orderid",
  trade: "vt_tradeid",
  position: "vt_positionid",
  account: "vt_accountid",
  contract: "vt_symbol",
  quote: "vt_quoteid",
} satisfies { [C in Exclude<RowChannel, "log">]: keyof RowOf[C] };

export function keyOf(channel: Exclude<RowChannel, "log">, row: object): string {
  return String((row as Readonly<Record<string, unknown>>)[KEY[channel]]);
}

/** Channels whose messages are facts with a number: rows, and the state of the trading process. */
export type FactChannel = RowChannel | "trader";

export function isFact(channel: Channel): channel is FactChannel {
  return !isTicks(channel) && !isBars(channel);
}

function isTicks(channel: Channel): boolean {
  return channel.startsWith("tick:");
}

function isBars(channel: Channel): boolean {
  return channel.startsWith("bar:");
}

/** The channel of a bar's line. */
export function lineOf(vtSymbol: string, interval: Interval): Channel {
  return `bar:${vtSymbol}:${interval}`;
}

/** The instruments that are watched. */
export class Watch {
  readonly patterns: readonly string[];
  readonly #exact: ReadonlySet<string>;
  readonly #globs: readonly (readonly [string, string])[];

  /** From channels; those that are no ticks are passed over. */
  constructor(channels: Iterable<Channel> = []) {
    this.patterns = [...channels].filter(isTicks).map((channel) => channel.slice("tick:".length));
    this.#exact = new Set(this.patterns.filter((pattern) => !pattern.includes("*")));
    this.#globs = this.patterns.filter((pattern) => pattern.includes("*")).map(ends);
  }

  has(vtSymbol: string): boolean {
    return this.#exact.has(vtSymbol) || this.#globs.some(([start, end]) => fits(vtSymbol, start, end));
  }
}

function ends(pattern: string): readonly [string, string] {
  const star = pattern.indexOf("*");
  return [pattern.slice(0, star), pattern.slice(star + 1)];
}

function fits(name: string, start: string, end: string): boolean {
  return name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end);
}
