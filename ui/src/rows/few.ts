// The few rows of a list for which something holds, and where they stand in it, kept from one list to the next: only rows
// that are another object are asked. Always true: where none of the few changed, their list is the same object.
import { changed, NO_CHUNKS, type Chunks } from "./chunks";

export interface Few<T> {
  readonly all: Chunks<T>;
  readonly places: readonly number[];
  readonly rows: readonly T[];
}

export const NONE: Few<never> = { all: NO_CHUNKS, places: [], rows: [] };

/** `all` has lost no rows at its front. */
export function few<T>(before: Few<T>, all: Chunks<T>, holds: (row: T) => boolean): Few<T> {
  if (all === before.all) return before;
  const asked = new Set(changed(before.all, all));
  const stay = before.places.filter((at) => at < all.length && !asked.has(at));
  const come = [...asked].filter((at) => holds(all.at(at) as T));
  if (come.length === 0 && stay.length === before.places.length) return { ...before, all };
  const places = come.length === 0 ? stay : [...stay, ...come].sort((a, b) => a - b);
  return { all, places, rows: places.map((at) => all.at(at) as T) };
}
