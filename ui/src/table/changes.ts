// What changed between two versions of a list of immutable rows. Pure, and fast for what lists do: rows are replaced
// by newer ones, come in at one end, go at the other. Each row has a rank that orders it as the list does and stays
// while rows come and go around it, so that little has to be said of those that did not change.

export interface Ranked<T> {
  readonly rows: readonly T[];
  /** Handed on from version to version and brought up to date on the way: only the newest one's ranks are right. */
  readonly rank: Map<T, number>;
  /** Rank of the first row; a row's place is its rank less this. */
  readonly base: number;
}

export interface Changes<T> {
  readonly now: Ranked<T>;
  readonly removed: ReadonlySet<T>;
  readonly added: readonly T[];
}

/** More than these and the list is taken for another one. */
const MOST = 2000;

/** Null if too much changed. `before` is used up. */
export function changes<T>(before: Ranked<T>, rows: readonly T[]): Changes<T> | null {
  for (const offset of offsets(before, rows)) {
    const found = aligned(before, rows, offset);
    if (found !== null) return found;
  }
  return null;
}

export function ranked<T>(rows: readonly T[]): Ranked<T> {
  const rank = new Map<T, number>();
  rows.forEach((row, index) => rank.set(row, index));
  return { rows, rank, base: 0 };
}

export function placeOf<T>(ranks: Ranked<T>, row: T): number | null {
  const rank = ranks.rank.get(row);
  return rank === undefined ? null : rank - ranks.base;
}

/** Where the new list may begin within the old one: where its first or last row was, at its beginning, at its end. */
function offsets<T>(before: Ranked<T>, rows: readonly T[]): ReadonlySet<number> {
  const last = rows.length - 1;
  const first = rows.length === 0 ? null : placeOf(before, rows[0] as T);
  const end = rows.length === 0 ? null : placeOf(before, rows[last] as T);
  return new Set([...(first === null ? [] : [first]), ...(end === null ? [] : [end - last]), 0, before.rows.length - rows.length]);
}

function aligned<T>(before: Ranked<T>, rows: readonly T[], offset: number): Changes<T> | null {
  const old = before.rows;
  const places: number[] = [];
  const removed = new Set<T>();
  for (let index = 0; index < rows.length; index += 1) {
    const was = old[index + offset];
    if (was === rows[index]) continue;
    if (was !== undefined) removed.add(was);
    if (places.push(index) > MOST) return null;
  }
  const gone = [...old.slice(0, Math.max(0, offset)), ...old.slice(Math.max(0, offset + rows.length))];
  if (gone.length > MOST) return null;
  for (const row of gone) removed.add(row);
  const { rank } = before;
  const base = before.base + offset;
  for (const row of removed) rank.delete(row);
  for (const index of places) rank.set(rows[index] as T, base + index);
  return { now: { rows, rank, base }, removed, added: places.map((index) => rows[index] as T) };
}
