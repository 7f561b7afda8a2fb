// Bars of one contract in one period: history, and at its end the live bar that ticks make.
//
// How data passes: `take` puts a tick into the last bar or begins the next one by the rules of VeighNa's BarGenerator;
// `load` lays a page of history underneath. Always true: bars are in time order, each time stands once, and where
// history and ticks both know a bar nothing is counted twice and nothing that either saw is missing.
import type { Tick } from "../link/types";
import { begin, DAY, isWeekend, wallOf, type Period, type Venue, type Wall } from "./time";

export interface Bar {
  readonly time: Wall;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** A bar of `/api/v1/bars`. */
export interface BarRow {
  readonly datetime: string | null;
  readonly open_price: number | null;
  readonly high_price: number | null;
  readonly low_price: number | null;
  readonly close_price: number | null;
  readonly volume: number | null;
}

export type TickPart = Pick<Tick, "datetime" | "last_price" | "volume" | "open_price" | "high_price" | "low_price">;

/** What a tick did to the bars. */
export type Change = "nothing" | "changed" | "began";

/** Bars of history as they are drawn; a row without a time or a price is passed over. Of two with one time the later counts. */
export function read(rows: readonly BarRow[], period: Period, venue: Venue): Bar[] {
  const bars = rows.flatMap((row) => barOf(row, period, venue) ?? []);
  return join(bars.sort((a, b) => a.time - b.time), []);
}

/** Both in time order, each time once; where both have a bar, `newer` has it. */
export function join(older: readonly Bar[], newer: readonly Bar[]): Bar[] {
  const byTime = new Map<Wall, Bar>();
  for (const bar of older) byTime.set(bar.time, bar);
  for (const bar of newer) byTime.set(bar.time, bar);
  return [...byTime.values()].sort((a, b) => a.time - b.time);
}

export class Bars {
  readonly period: Period;
  readonly venue: Venue;
  #bars: Bar[] = [];
  #last: { readonly volume: number; readonly high: number; readonly low: number; readonly mark: string } | null = null;
  /** When the bar begins that stands on nothing but the tick that was there before us. */
  #guessed: Wall | null = null;
  /** Ticks may have passed unseen since the last one. */
  #missed = false;
  #weekends = false;

  constructor(period: Period, venue: Venue) {
    this.period = period;
    this.venue = venue;
  }

  get all(): readonly Bar[] {
    return this.#bars;
  }

  get newest(): Bar | undefined {
    return this.#bars.at(-1);
  }

  /** Contact was lost, so ticks may have been missed; a reload of history will tell. */
  miss(): void {
    this.#missed = true;
  }

  /** A page of history in time order, of any part of the time. */
  load(page: readonly Bar[]): void {
    const running = this.newest;
    const newestOfPage = page.at(-1);
    // It may be hours old; where history ends before it, it is no bar.
    const isWrong = newestOfPage !== undefined && this.#guessed !== null && newestOfPage.time < this.#guessed;
    this.#bars = join(isWrong ? this.#bars.filter((bar) => bar.time !== this.#guessed) : this.#bars, page);
    if (isWrong) this.#guessed = null;
    this.#weekends = this.#bars.slice(-20).some((bar) => isWeekend(bar.time));
    if (running === undefined || newestOfPage?.time !== running.time) return;
    this.#bars[this.#bars.length - 1] = this.#seam(newestOfPage, running);
  }

  /** A tick. Without a price or a time it says nothing; nor does one from before the newest bar. */
  take(tick: TickPart): Change {
    const wall = wallOf(tick.datetime, this.venue);
    const price = tick.last_price;
    if (wall === null || price === null || price === 0) return "nothing";
    const isFirst = this.#last === null;
    if (this.#last?.mark === markOf(tick)) return "nothing";
    const newest = this.newest;
    const time = this.#timeOf(wall);
    if (newest !== undefined && time < newest.time) return "nothing";
    const isOther = newest === undefined || time > newest.time;
    const step = this.#step(tick, isOther);
    // What was known when we came opens no bar behind a history that does not have it.
    if (isFirst && isOther && newest !== undefined) return "nothing";
    this.#guessed = isFirst && isOther ? time : null;
    if (isOther) this.#bars.push(this.#opened(time, price, tick, step));
    else this.#bars[this.#bars.length - 1] = extended(newest, price, step);
    return isOther ? "began" : "changed";
  }

  #timeOf(wall: Wall): Wall {
    const newest = this.newest?.time;
    if (this.period !== "d" || newest === undefined) return begin(wall, this.period, this.venue, this.#weekends);
    const today = wall - (wall % DAY);
    // History dates the running day itself: by the venue's calendar, which knows holidays and its own nights.
    if (newest > today && newest - today <= 12 * DAY) return newest;
    const day = begin(wall, "d", this.venue, this.#weekends);
    return newest === today && wall % DAY < 6 * 3600 ? newest : day;
  }

  /** What the tick adds to a bar, and remembers it. */
  #step(tick: TickPart, isOther: boolean): Step {
    const last = this.#last;
    const [volume, high, low] = [tick.volume ?? 0, tick.high_price ?? 0, tick.low_price ?? 0];
    // What was traded unseen over more than one bar belongs to nobody knows which of them.
    const isUnknown = last === null || (this.#missed && isOther);
    this.#missed = false;
    this.#last = { volume, high, low, mark: markOf(tick) };
    if (isUnknown) return { volume: 0, high: null, low: null };
    return {
      volume: Math.max(0, volume - last.volume),
      high: last.high !== 0 && high > last.high ? high : null,
      low: low !== 0 && low < last.low ? low : null,
    };
  }

  #opened(time: Wall, price: number, tick: TickPart, step: Step): Bar {
    const bar = extended({ time, open: price, high: price, low: price, close: price, volume: 0 }, price, step);
    const isDayKnown = this.period === "d" && this.#bars.length === 0 && (tick.open_price ?? 0) !== 0;
    if (!isDayKnown) return bar;
    // The tick knows the whole day by itself.
    return {
      time, close: price, open: tick.open_price ?? price, volume: tick.volume ?? 0,
      high: Math.max(price, tick.high_price ?? 0), low: Math.min(price, tick.low_price || price),
    };
  }

  /** The running bar as history and as ticks have it: history was there from its beginning, the ticks until just now. */
  #seam(history: Bar, ticks: Bar): Bar {
    const areTicksOld = this.#missed || this.#last === null;
    return {
      time: history.time, open: history.open, high: Math.max(history.high, ticks.high), low: Math.min(history.low, ticks.low),
      close: areTicksOld ? history.close : ticks.close, volume: Math.max(history.volume, ticks.volume),
    };
  }
}

interface Step {
  readonly volume: number;
  /** The day's high, where it was made since the tick before. */
  readonly high: number | null;
  readonly low: number | null;
}

/** Tells ticks apart: the same one comes again after every return of contact. */
function markOf(tick: TickPart): string {
  return `${tick.datetime} ${tick.last_price} ${tick.volume}`;
}

function extended(bar: Bar, price: number, step: Step): Bar {
  return {
    time: bar.time, open: bar.open, close: price, volume: bar.volume + step.volume,
    high: Math.max(bar.high, price, step.high ?? price), low: Math.min(bar.low, price, step.low ?? price),
  };
}

function barOf(row: BarRow, period: Period, venue: Venue): Bar | null {
  const wall = wallOf(row.datetime, venue);
  const { open_price: open, high_price: high, low_price: low, close_price: close } = row;
  if (wall === null || open === null || high === null || low === null || close === null) return null;
  // A day stands at midnight of its trading day, as VeighNa dates it.
  const time = period === "d" ? wall - (wall % DAY) : begin(wall, period, venue);
  return { time, open, high, low, close, volume: row.volume ?? 0 };
}
