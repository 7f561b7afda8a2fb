// What is derived from a tick for the screen.
import { isNumber } from "../format";
import type { Tick } from "../link";

type Priced = Pick<Tick, "last_price" | "pre_close" | "volume">;

/** The last price; null where nothing has traded, for which VeighNa has 0. A spread may well trade at 0. */
export function lastOf(tick: Pick<Tick, "last_price" | "volume"> | null): number | null {
  const last = tick?.last_price;
  if (!isNumber(last)) return null;
  return last === 0 && (tick?.volume ?? 0) === 0 ? null : last;
}

/** Last price against the previous close; unknown without either. */
export function change(tick: Priced | null): number | null {
  const [last, before] = [lastOf(tick), tick?.pre_close];
  return last === null || !isNumber(before) || before === 0 ? null : last - before;
}

export function changeRatio(tick: Priced | null): number | null {
  const moved = change(tick);
  return moved === null || !isNumber(tick?.pre_close) ? null : moved / Math.abs(tick.pre_close);
}
