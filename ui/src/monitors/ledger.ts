// The rows of a list in order of arrival, kept from one state of the link's tables to the next. Pure. The link changes
// no map in place, puts what is new at its end and leaves what is changed where it stands; so the old rows are walked
// along the map once, and only what is another object is touched: 50,000 orders cost a fraction of a millisecond.
// Always true: `rows` has as many rows as the map, in its order; where nothing changed, the ledger is the same object.

export interface Ledger<T> {
  /** As they came. */
  readonly source: readonly T[];
  /** As they are shown: a changed row may keep some of what it said before. */
  readonly rows: readonly T[];
}

export const NO_LEDGER: Ledger<never> = { source: [], rows: [] };

/** What is shown of a row that changed. */
export type Keep<T> = (shown: T, now: T) => T;

export function advance<T>(before: Ledger<T>, now: ReadonlyMap<string, T>, keyOf: (row: T) => string, keep: Keep<T>): Ledger<T> {
  const { source } = before;
  let next: { source: T[]; rows: T[] } | null = null;
  let at = 0;
  for (const row of now.values()) {
    const was = source[at];
    if (was !== row) {
      next ??= { source: source.slice(), rows: before.rows.slice() };
      if (was !== undefined && keyOf(was) !== keyOf(row)) return anew(before, [...now.values()], keyOf, keep);
      next.rows[at] = was === undefined ? row : keep(before.rows[at] as T, row);
      next.source[at] = row;
    }
    at += 1;
  }
  if (at === source.length) return next ?? before;
  next ??= { source: source.slice(), rows: before.rows.slice() };
  next.source.length = at;
  next.rows.length = at;
  return next;
}

/** Rows came in another order, or some are gone: a snapshot. */
function anew<T>(before: Ledger<T>, source: readonly T[], keyOf: (row: T) => string, keep: Keep<T>): Ledger<T> {
  const places = new Map(before.source.map((row, index) => [keyOf(row), index]));
  const rows = source.map((row) => {
    const place = places.get(keyOf(row));
    if (place === undefined) return row;
    return before.source[place] === row ? (before.rows[place] as T) : keep(before.rows[place] as T, row);
  });
  return { source, rows };
}

/** The few rows of a list for which something holds, and where they stand in it. */
export interface Few<T> {
  readonly all: readonly T[];
  readonly places: readonly number[];
  readonly rows: readonly T[];
}

export const NONE: Few<never> = { all: [], places: [], rows: [] };

/** The next few: only rows that are another object are asked. The same object where nothing of it changed. */
export function few<T>(before: Few<T>, all: readonly T[], holds: (row: T) => boolean): Few<T> {
  const changed: number[] = [];
  for (let at = 0; at < all.length; at += 1) if (all[at] !== before.all[at]) changed.push(at);
  if (changed.length === 0 && all.length === before.all.length) return before;
  const asked = new Set(changed);
  const stay = before.places.filter((at) => at < all.length && !asked.has(at));
  const come = changed.filter((at) => holds(all[at] as T));
  if (come.length === 0 && stay.length === before.places.length) return { ...before, all };
  const places = [...stay, ...come].sort((a, b) => a - b);
  return { all, places, rows: places.map((at) => all[at] as T) };
}
