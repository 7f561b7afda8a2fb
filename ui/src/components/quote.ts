// What is derived from a tick for the screen.
import type { Level, Tick } from "../api/wire";

/** Last price against the previous close; unknown without either. */
export function change(tick: Tick | null): number | null {
  const { last, preClose } = tick ?? { last: null, preClose: null };
  return last === null || preClose === null || preClose === 0 ? null : last - preClose;
}

export function changeRatio(tick: Tick | null): number | null {
  const moved = change(tick);
  return moved === null || tick?.preClose == null ? null : moved / tick.preClose;
}

/** The largest of the visible queue sizes, which fills its bar. */
export function largest(...sides: readonly (readonly Level[])[]): number {
  return Math.max(1e-9, ...sides.flat().map((level) => level.volume ?? 0));
}
