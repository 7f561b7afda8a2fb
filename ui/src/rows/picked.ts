// The rows of a growing list that are wanted, kept from one list to the next: only what has come is asked.
import { changed, goesOn, NO_CHUNKS, type Chunks } from "./chunks";

export interface Picked<T> {
  readonly all: Chunks<T>;
  readonly rows: Chunks<T>;
}

/** `before`: by the same wish, or null. More than `most` may stay for a while where the list has let its oldest go. */
export function picked<T>(before: Picked<T> | null, all: Chunks<T>, wanted: (row: T) => boolean, most: number): Picked<T> {
  if (before?.all === all) return before;
  const from = before !== null && goesOn(before.all, all) ? before : { all: NO_CHUNKS as Chunks<T>, rows: NO_CHUNKS as Chunks<T> };
  const rows = from.rows.edit();
  for (const at of changed(from.all, all)) {
    const row = all.at(at) as T;
    if (wanted(row)) rows.push(row);
  }
  rows.keep(most);
  return { all, rows: rows.done() };
}
