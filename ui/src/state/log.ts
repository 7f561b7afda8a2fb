// The page's own log: newest last, bounded. Entries hold message keys, so that they change language too.
import { price as priceText, volume as volumeText } from "../format";
import type { Key } from "../i18n";
import type { Fact, Lists } from "./desk";

export type Severity = "info" | "good" | "warn" | "bad";

export interface Entry {
  readonly id: number;
  readonly time: Date;
  readonly severity: Severity;
  readonly key: Key;
  readonly params: Readonly<Record<string, string>>;
}

export type Note = Pick<Entry, "severity" | "key" | "params">;

/** Enough for a day of manual trading; older entries go. */
const MOST = 500;

export function append(log: readonly Entry[], note: Note, time: Date): readonly Entry[] {
  const id = (log.at(-1)?.id ?? 0) + 1;
  return [...log.slice(-(MOST - 1)), { ...note, id, time }];
}

/** What a fact is worth saying in words, seen against what was known before it: a rejection, a fill. */
export function notable(before: Lists, fact: Fact, digits: (vtSymbol: string) => number | null): Note | null {
  if (fact.kind === "trade" && !before.trades.has(fact.data.key)) {
    const { vtSymbol, price, volume } = fact.data;
    return { severity: "good", key: "log.traded", params: { symbol: vtSymbol, price: priceText(price, digits(vtSymbol)), volume: volumeText(volume) } };
  }
  if (fact.kind !== "order" || fact.data.status !== "REJECTED") return null;
  if (before.orders.get(fact.data.vtOrderid)?.status === "REJECTED") return null;
  const { vtOrderid, vtSymbol, reason } = fact.data;
  return reason === null
    ? { severity: "bad", key: "log.rejected", params: { order: vtOrderid, symbol: vtSymbol } }
    : { severity: "bad", key: "log.rejectedWhy", params: { order: vtOrderid, symbol: vtSymbol, reason_zh: reason.zh, reason_en: reason.en } };
}
