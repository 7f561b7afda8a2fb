// What the depth shows of a tick: levels with the length of their bars, and the facts of the day. Pure.
// Always true: a level that the exchange does not quote has no price, no volume and no bar.
import { isNumber } from "../format";
import type { Key } from "../i18n";
import type { Tick } from "../link";
import { lastOf } from "../watch/quote";

export interface Level {
  /** 1 to 5. */
  readonly n: number;
  readonly price: number | null;
  readonly volume: number | null;
  /** 0 to 1: its part of the largest volume that is shown. */
  readonly part: number;
}

export interface Book {
  /** From the farthest to the best. */
  readonly asks: readonly Level[];
  /** From the best to the farthest. */
  readonly bids: readonly Level[];
}

type Place = 1 | 2 | 3 | 4 | 5;
const PLACES: readonly Place[] = [1, 2, 3, 4, 5];

/** Five levels, or the best alone where the exchange quotes no more. */
export function book(tick: Tick | null): Book {
  const asks = PLACES.map((n) => level(n, tick?.[`ask_price_${n}`], tick?.[`ask_volume_${n}`]));
  const bids = PLACES.map((n) => level(n, tick?.[`bid_price_${n}`], tick?.[`bid_volume_${n}`]));
  const isDeep = [...asks, ...bids].some((one) => one.n > 1 && one.price !== null);
  const most = Math.max(...[...asks, ...bids].map((one) => one.volume ?? 0), Number.MIN_VALUE);
  const seen = (levels: readonly Level[]): readonly Level[] =>
    levels.filter((one) => isDeep || one.n === 1).map((one) => ({ ...one, part: (one.volume ?? 0) / most }));
  return { asks: [...seen(asks)].reverse(), bids: seen(bids) };
}

/** Where the last price stands at the end of what the exchange allows today. */
export function limitOf(tick: Tick | null): "up" | "down" | null {
  const last = lastOf(tick);
  if (last === null || tick === null) return null;
  if (isNumber(tick.limit_up) && tick.limit_up !== 0 && last >= tick.limit_up) return "up";
  return isNumber(tick.limit_down) && tick.limit_down !== 0 && last <= tick.limit_down ? "down" : null;
}

/** The best price of the side that an order in `direction` trades against. */
export function opposite(tick: Tick | null, direction: "LONG" | "SHORT"): number | null {
  const price = direction === "LONG" ? tick?.ask_price_1 : tick?.bid_price_1;
  return isNumber(price) && price !== 0 ? price : null;
}

export const PRICES: readonly (readonly [Key, "open_price" | "pre_close" | "high_price" | "limit_up" | "low_price" | "limit_down"])[] = [
  ["col.open", "open_price"], ["col.preClose", "pre_close"], ["col.high", "high_price"],
  ["col.limitUp", "limit_up"], ["col.low", "low_price"], ["col.limitDown", "limit_down"],
];

/** A price of 0 without a volume is how VeighNa says that there is no such level; a spread may be quoted at 0. */
function level(n: Place, price: number | null | undefined, volume: number | null | undefined): Level {
  const isThere = isNumber(price) && (price !== 0 || (isNumber(volume) && volume > 0));
  return { n, price: isThere ? price : null, volume: isThere && isNumber(volume) ? volume : null, part: 0 };
}
