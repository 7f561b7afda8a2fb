// What is lost while not everything is live, in words: since when, what follows of it, what still works. Pure.
import type { Key, Params } from "../i18n";
import type { Phase, TraderState } from "../link";

export interface Away {
  readonly key: Key;
  readonly params: Params;
  /** What follows of it. */
  readonly means: Key;
  /** Milliseconds since 1970; null where it was never there. */
  readonly since: number | null;
}

export interface Contact {
  readonly phase: Phase;
  readonly trader: string;
  readonly state: TraderState;
  /** Of the trading process, RFC 3339. */
  readonly since: string | null;
}

/** Null where what is shown is true, or the page is still loading for the first time. */
export function awayOf({ phase, trader, state, since }: Contact, time: (ms: number) => string): Away | null {
  switch (phase.name) {
    case "connecting":
      return { key: "away.webNever", params: {}, means: "away.never", since: null };
    case "stale":
      return { key: "away.web", params: { time: time(phase.since) }, means: "away.old", since: phase.since };
    case "syncing":
      if (phase.since === null) return null;
      return { key: "away.syncing", params: { time: time(phase.since) }, means: "away.old", since: phase.since };
    case "ended":
      return null;
    case "live":
      return trader === "" ? null : traderAway(trader, state, since, time);
  }
}

function traderAway(trader: string, state: TraderState, text: string | null, time: (ms: number) => string): Away | null {
  const parsed = Date.parse(text ?? "");
  const since = Number.isNaN(parsed) ? null : parsed;
  if (state === "live") return null;
  if (since !== null) return { key: "away.trader", params: { trader, time: time(since) }, means: "away.oldTrader", since };
  return { key: state === "syncing" ? "away.traderSyncing" : "away.traderNever", params: { trader }, means: "away.never", since };
}
