// The rows of a list in order of arrival, kept from one state of the link's tables to the next. Pure. The link changes
// no table in place, shares what did not change, puts what is new at the end and leaves what is changed where it stands;
// so only rows that are another object are looked at, however many there are.
// Always true: `rows` has as many rows as the table, in its order; where nothing changed, the ledger is the same object.
import { changed, Chunks, NO_CHUNKS } from "../rows/chunks";

export interface Ledger<T> {
  /** As they came. */
  readonly source: Chunks<T>;
  /** As they are shown: a changed row may keep some of what it said before. */
  readonly rows: Chunks<T>;
}

export const NO_LEDGER: Ledger<never> = { source: NO_CHUNKS, rows: NO_CHUNKS };

/** What is shown of a row that changed. */
export type Keep<T> = (shown: T, now: T) => T;

export function advance<T>(before: Ledger<T>, now: Chunks<T>, keyOf: (row: T) => string, keep: Keep<T>): Ledger<T> {
  const { source } = before;
  if (now === source) return before;
  const places = changed(source, now);
  if (places.length === 0 && now.length === source.length) return before;
  const rows = before.rows.edit();
  for (const at of places) {
    const [was, row] = [source.at(at), now.at(at) as T];
    if (was === undefined) rows.push(row);
    else if (keyOf(was) === keyOf(row)) rows.set(at, keep(rows.at(at) as T, row));
    else return anew(before, now, keyOf, keep);
  }
  return now.length === rows.length ? { source: now, rows: rows.done() } : anew(before, now, keyOf, keep);
}

/** Rows came in another order, or some are gone: a snapshot. */
function anew<T>(before: Ledger<T>, source: Chunks<T>, keyOf: (row: T) => string, keep: Keep<T>): Ledger<T> {
  const known = [...before.source];
  const places = new Map(known.map((row, index) => [keyOf(row), index]));
  const rows = [...source].map((row) => {
    const place = places.get(keyOf(row));
    if (place === undefined) return row;
    const shown = before.rows.at(place) as T;
    return known[place] === row ? shown : keep(shown, row);
  });
  return { source, rows: Chunks.of(rows) };
}
