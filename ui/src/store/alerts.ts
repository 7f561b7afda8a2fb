// What a trader wants to be told of: fills, rejections, lost links. Pure: from what the stream says to what is told.
// Always true: one event is told once, and many in one moment are told as one.
import type { Fact, Order, Trade } from "../link";
import type { Alert, Settings } from "./settings";

export type AlertKind = keyof Settings["alerts"];

export type Event =
  | { readonly kind: "fill"; readonly trade: Trade }
  | { readonly kind: "reject"; readonly order: Order }
  /** `trader`: null where it is the web process that is away. */
  | { readonly kind: "link"; readonly trader: string | null; readonly isBack: boolean };

/** More than this many of a kind at once would hide the page and each other. */
export const MOST_AT_ONCE = 3;
/** How many rejected orders are remembered, so that a second message about one is not told. */
const MOST_KNOWN = 1000;

/** Turns the stream's facts into events. It remembers which rejections it has told. */
export class Events {
  readonly #rejected = new Set<string>();

  of(fact: Fact): Event | null {
    if (fact.channel === "trade") return { kind: "fill", trade: fact.data as Trade };
    if (fact.channel !== "order") return null;
    const order = fact.data as Order;
    const key = `${fact.trader} ${order.vt_orderid}`;
    if (order.status !== "REJECTED" || this.#rejected.has(key)) return null;
    this.#rejected.add(key);
    const [oldest] = this.#rejected;
    if (this.#rejected.size > MOST_KNOWN && oldest !== undefined) this.#rejected.delete(oldest);
    return { kind: "reject", order };
  }
}

export type Telling =
  | { readonly one: Event }
  /** Too many to tell each. */
  | { readonly many: Exclude<AlertKind, "link">; readonly count: number };

/** What is told of the events of one moment, in their order. */
export function tellings(events: readonly Event[]): Telling[] {
  const told: Telling[] = [];
  for (const event of events) {
    const { kind } = event;
    const count = events.filter((other) => other.kind === kind).length;
    if (kind === "link" || count <= MOST_AT_ONCE) told.push({ one: event });
    else if (!told.some((telling) => "many" in telling && telling.many === kind)) told.push({ many: kind, count });
  }
  return told;
}

/** Which ways of telling are wanted for at least one of these. */
export function ways(kinds: Iterable<AlertKind>, alerts: Readonly<Record<AlertKind, Alert>>): Alert {
  const wanted = [...kinds].map((kind) => alerts[kind]);
  return {
    toast: wanted.some((way) => way.toast),
    sound: wanted.some((way) => way.sound),
    browser: wanted.some((way) => way.browser),
  };
}

/** Why an order was rejected, in both languages. VeighNa's orders have no field for it; our gateways put it into `extra`. */
export function reasonOf(order: Order): { readonly reason_zh: string; readonly reason_en: string } | null {
  const { reason_zh, reason_en } = order.extra ?? {};
  if (typeof reason_zh !== "string" && typeof reason_en !== "string") return null;
  const [zh, en] = [String(reason_zh ?? reason_en), String(reason_en ?? reason_zh)];
  return { reason_zh: zh, reason_en: en };
}

export interface Contacts {
  readonly web: "live" | "lost" | "other";
  readonly traders: ReadonlyMap<string, string>;
}

/** Tells what was lost and what of it is back. While the web process is away, nothing is known of what is behind it. */
export class Losses {
  #isWebLost = false;
  readonly #live = new Set<string>();
  readonly #lost = new Set<string>();

  of({ web, traders }: Contacts): Event[] {
    if (web !== "live") {
      if (web === "other" || this.#isWebLost) return [];
      this.#isWebLost = true;
      return [{ kind: "link", trader: null, isBack: false }];
    }
    const events: Event[] = this.#isWebLost ? [{ kind: "link", trader: null, isBack: true }] : [];
    this.#isWebLost = false;
    for (const [trader, state] of traders) events.push(...this.#trader(trader, state));
    return events;
  }

  #trader(trader: string, state: string): Event[] {
    if (state === "live") {
      this.#live.add(trader);
      return this.#lost.delete(trader) ? [{ kind: "link", trader, isBack: true }] : [];
    }
    // On its way back after the web process was: known to be lost only when that is said.
    if (state !== "stale" || !this.#live.delete(trader)) return [];
    this.#lost.add(trader);
    return [{ kind: "link", trader, isBack: false }];
  }
}
