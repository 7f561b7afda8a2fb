// My fills on the bars in which they happened. Always true: fills of one bar and side are one mark with their sum and
// average, so that a mark never hides another; a fill outside the bars that are shown has none.
import type { Trade } from "../link/types";
import type { Bar } from "./bars";
import { begin, wallOf, type Period, type Venue, type Wall } from "./time";

export interface Mark {
  readonly time: Wall;
  readonly side: "buy" | "sell";
  readonly price: number;
  readonly volume: number;
}

/** Marks in time order, for bars in time order. */
export function marks(trades: Iterable<Trade>, vtSymbol: string, bars: readonly Bar[], period: Period, venue: Venue): Mark[] {
  const sums = new Map<string, { time: Wall; side: Mark["side"]; volume: number; money: number }>();
  for (const trade of trades) {
    if (trade.vt_symbol !== vtSymbol || (trade.direction !== "LONG" && trade.direction !== "SHORT")) continue;
    const time = barTime(wallAt(trade, venue), bars, period, venue);
    if (time === null || trade.price === null || trade.volume === null) continue;
    const side = trade.direction === "LONG" ? "buy" : "sell";
    const key = `${time} ${side}`;
    const sum = sums.get(key) ?? { time, side, volume: 0, money: 0 };
    sums.set(key, sum);
    sum.volume += trade.volume;
    sum.money += trade.price * trade.volume;
  }
  return [...sums.values()]
    .filter((sum) => sum.volume > 0)
    .map((sum): Mark => ({ time: sum.time, side: sum.side, volume: Number(sum.volume.toFixed(8)), price: sum.money / sum.volume }))
    .sort((a, b) => a.time - b.time || (a.side < b.side ? -1 : 1));
}

/** The newest bar that does not begin after `time`; -1 where there is none. */
export function indexAt(bars: readonly Bar[], time: Wall): number {
  let [low, high] = [0, bars.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bars[middle]?.time ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

// Reading a date is slow, and the fills of a day are asked for again with each new one.
const walls = new WeakMap<Trade, { readonly venue: Venue; readonly wall: Wall | null }>();

function wallAt(trade: Trade, venue: Venue): Wall | null {
  const known = walls.get(trade);
  if (known?.venue === venue) return known.wall;
  const wall = wallOf(trade.datetime, venue);
  walls.set(trade, { venue, wall });
  return wall;
}

function barTime(wall: Wall | null, bars: readonly Bar[], period: Period, venue: Venue): Wall | null {
  if (wall === null) return null;
  // A day may be dated otherwise than the calendar says; then it is the last one that has begun.
  return bars[indexAt(bars, begin(wall, period, venue))]?.time ?? null;
}
