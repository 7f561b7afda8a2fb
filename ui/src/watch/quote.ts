// What is derived from a tick for the screen.
import type { Tick } from "../link";

/** Last price against the previous close; unknown without either. */
export function change(tick: Tick | null): number | null {
  const { last_price: last, pre_close: before } = tick ?? { last_price: null, pre_close: null };
  return last === null || before === null || before === 0 ? null : last - before;
}

export function changeRatio(tick: Tick | null): number | null {
  const moved = change(tick);
  return moved === null || tick === null || tick.pre_close === null ? null : moved / tick.pre_close;
}
