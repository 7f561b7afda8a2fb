// Which part of the history to ask for. Always true: a page reaches back far enough to hold bars over a weekend, wider
// where the market was closed for longer, and never past what the chart keeps.
import type { Outcome } from "../link";
import type { BarRow } from "./bars";
import { DAY, type Period } from "./time";

export interface Span {
  readonly start: string;
  readonly end?: string;
  readonly limit: number;
}

export type Ask = (span: Span) => Promise<Outcome<readonly BarRow[]>>;

/** Bars of one page: several screens, and enough for the longest average. */
export const PAGE = 1000;
/** Bars that a chart keeps: two weeks of minutes of a market that never closes. */
export const MOST = 20_000;
/** Fewer than that on a page, and it is asked for again with a wider span: a long holiday. */
const FEW = 200;
const WIDEN = 5;
const TRIES = 3;
/** No wider: nobody looks at more, and some sources take long over it. */
const DAYS_MOST = 20 * 365;
/** Days that hold a page of bars where the market is open a fifth of the time, a weekend included. */
const DAYS: Readonly<Record<Period, number>> = { "1m": 4, "5m": 14, "15m": 40, "1h": 150, d: 1500 };

/**
 * The page of bars that ends at `end`, newest where that is left out; `reference` is a moment near its end.
 */
export async function page(ask: Ask, period: Period, reference: string, end?: string): Promise<Outcome<readonly BarRow[]>> {
  let [days, before] = [DAYS[period], 0];
  for (let attempt = 1; ; attempt += 1) {
    const span: Span = { start: shifted(reference, -days * DAY), limit: PAGE, ...(end === undefined ? {} : { end }) };
    const answer = await ask(span);
    if (answer.outcome !== "done" || answer.data.length >= FEW || attempt === TRIES || days === DAYS_MOST) return answer;
    // As many as in the narrower span: there are no more.
    if (before > 0 && answer.data.length === before) return answer;
    before = answer.data.length;
    days = Math.min(days * WIDEN, DAYS_MOST);
  }
}

/** A moment so many seconds away, written with an offset where the first one is. */
export function shifted(moment: string, seconds: number): string {
  const hasOffset = /(Z|[+-]\d\d:?\d\d)$/.test(moment);
  const at = Date.parse(hasOffset ? moment : `${moment}Z`) + seconds * 1000;
  const text = new Date(at).toISOString();
  return hasOffset ? text : text.replace("Z", "");
}

/** The earlier of now and what a venue's own clock shows: a replayed market lives in the past. */
export function referenceOf(now: Date, tick: string | null | undefined): string {
  const shown = Date.parse(tick ?? "");
  const at = Number.isNaN(shown) ? now.getTime() : Math.min(now.getTime(), shown);
  return new Date(at).toISOString();
}
