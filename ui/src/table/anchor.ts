// How far what is being read has moved when rows came or went above it. Pure.
import type { View } from "./view";

/** In rows; 0 where nothing tells. `first` is the first row in sight, `count` how many are. */
export function anchorShift<T>(before: View<T>, now: View<T>, first: number, count: number, rowKey: (row: T) => unknown): number {
  if (first >= before.length || now.length === 0) return 0;
  if (before.picked === null && now.picked === null) return naturalShift(before, now, first, rowKey);
  if (before.picked === null || now.picked === null || before.picked.order === now.picked.order) return 0;
  return orderedShift(before, now, first, Math.min(before.length, first + count));
}

/** In the natural order the first row in sight is found by its key, most often where the new length says. */
function naturalShift<T>(before: View<T>, now: View<T>, first: number, rowKey: (row: T) => unknown): number {
  const key = rowKey(before.at(first));
  const has = (index: number): boolean => index >= 0 && index < now.length && rowKey(now.at(index)) === key;
  const grown = now.length - before.length;
  if (has(first)) return 0;
  if (has(first + grown)) return grown;
  for (let index = 0; index < now.length; index += 1) if (has(index)) return index - first;
  return 0;
}

/** In an order of the reader's a changed row may have gone elsewhere; one that did not change is what is held on to. */
function orderedShift<T>(before: View<T>, now: View<T>, first: number, until: number): number {
  const seen = new Map<T, number>();
  for (let index = first; index < until; index += 1) seen.set(before.at(index), index);
  let found = 0;
  let best = until;
  for (let index = 0; index < now.length && best > first; index += 1) {
    const was = seen.get(now.at(index));
    if (was !== undefined && was < best) [best, found] = [was, index - was];
  }
  return found;
}
