// From the rows of a list to what is shown of them: filtered and ordered. Pure. The natural order costs nothing,
// whatever the length. An order is made anew from the one before: rows that did not change keep their place among
// each other, so only the changed ones are looked up and compared.
import type { Language } from "../enums";
import type { Column } from "./columns";
import { valueOf } from "./columns";
import { comparison, sortKey, type SortKey } from "./sortkey";

/** What is shown, from top to bottom. */
export interface View<T> {
  readonly length: number;
  at(index: number): T;
  /** Which rows, in which order; two views of the same picking differ only in what changed within the rows. */
  readonly picked: Picked<T> | null;
  readonly rows: readonly T[];
}

export interface Picked<T> {
  readonly order: readonly T[];
  /** Where each row stood in the list. */
  readonly place: ReadonlyMap<T, number>;
}

/** How the reader wants to see the list. Keys are kept as long as the wish is the same object. */
export interface Wish<T> {
  /** Lower case; empty for all rows. */
  readonly filter: string;
  /** False: the order of the list, or by `key`. */
  readonly sorted: boolean;
  compare(a: SortKey, b: SortKey): number;
  key(row: T): SortKey;
  /** All that the filter looks at, in lower case. */
  haystack(row: T): string;
}

/** Rows come in order of arrival, and the newest is shown first. */
export interface Arrival {
  readonly newestFirst: boolean;
}

/** Caches that outlive a wish, as long as columns and language stay. */
export function haystacks<T extends object>(columns: readonly Column<T>[]): (row: T) => string {
  return cached((row) => columns.map((column) => column.text(row)).join("\u0001").toLowerCase());
}

export function sortKeys<T extends object>(column: Column<T>): (row: T) => SortKey {
  return cached((row) => sortKey(valueOf(column, row)));
}

export function wish<T extends object>(
  filter: string,
  sort: { readonly key: (row: T) => SortKey; readonly descending: boolean } | null,
  haystack: (row: T) => string,
  language: Language,
): Wish<T> {
  const key = sort?.key ?? (() => null);
  return { filter: filter.trim().toLowerCase(), sorted: sort !== null, compare: comparison(language, sort?.descending ?? false), key, haystack };
}

export function isNatural<T>(wished: Wish<T>): boolean {
  return !wished.sorted && wished.filter === "";
}

/** The list as it comes. */
export function natural<T>(rows: readonly T[], { newestFirst }: Arrival): View<T> {
  const last = rows.length - 1;
  return { length: rows.length, rows, picked: null, at: (index) => rows[newestFirst ? last - index : index] as T };
}

/** The same rows in the same order as when they were picked, but as they are now, if they are found near their old place. */
export function refreshed<T>(picked: Picked<T>, rows: readonly T[], rowKey: (row: T) => unknown): View<T> {
  const moved = rows.length - picked.place.size;
  const at = (index: number): T => {
    const row = picked.order[index] as T;
    const place = picked.place.get(row) ?? 0;
    const key = rowKey(row);
    const found = [rows[place], rows[place + moved]].find((each) => each !== undefined && rowKey(each) === key);
    return found ?? row;
  };
  return { length: picked.order.length, rows, picked, at };
}

export function view<T>(picked: Picked<T>, rows: readonly T[]): View<T> {
  return { length: picked.order.length, rows, picked, at: (index) => picked.order[index] as T };
}

/** Filters and orders. `before` must have been picked by the same wish and arrival, or be null. */
export function pick<T>(rows: readonly T[], wished: Wish<T>, arrival: Arrival, before: Picked<T> | null): Picked<T> {
  const place = new Map<T, number>();
  rows.forEach((row, index) => place.set(row, index));
  if (!wished.sorted) return { place, order: inSequence(rows, arrival).filter((row) => matches(row, wished)) };
  const rank = arrival.newestFirst ? (row: T) => -(place.get(row) ?? 0) : (row: T) => place.get(row) ?? 0;
  const kept = before === null ? [] : before.order.filter((row) => place.has(row));
  const added = rows.filter((row) => before?.place.has(row) !== true && matches(row, wished));
  const tiesHold = kept.every((row, index) => index === 0 || inPlace(kept[index - 1] as T, row, wished, rank));
  if (!tiesHold) return { place, order: ordered([...kept, ...added], wished, rank) };
  return { place, order: merged(kept, ordered(added, wished, rank), wished, rank) };
}

function matches<T>(row: T, wished: Wish<T>): boolean {
  return wished.filter === "" || wished.haystack(row).includes(wished.filter);
}

function inSequence<T>(rows: readonly T[], { newestFirst }: Arrival): readonly T[] {
  return newestFirst ? rows.toReversed() : rows;
}

type Rank<T> = (row: T) => number;

/** Whether two rows of the same key still stand as in the list: the parent may have turned it around. */
function inPlace<T>(above: T, below: T, wished: Wish<T>, rank: Rank<T>): boolean {
  return wished.key(above) !== wished.key(below) || rank(above) < rank(below);
}

function ordered<T>(rows: readonly T[], wished: Wish<T>, rank: Rank<T>): readonly T[] {
  const entries = rows.map((row) => ({ row, key: wished.key(row), rank: rank(row) }));
  return entries.sort((a, b) => wished.compare(a.key, b.key) || a.rank - b.rank).map((entry) => entry.row);
}

/** Two ordered lists become one; each added row is looked up by halving, the stretches between are copied. */
function merged<T>(kept: readonly T[], added: readonly T[], wished: Wish<T>, rank: Rank<T>): readonly T[] {
  if (kept.length === 0) return added;
  const all: T[] = [];
  let from = 0;
  for (const row of added) {
    const until = placeOf(row, kept, from, wished, rank);
    for (; from < until; from += 1) all.push(kept[from] as T);
    all.push(row);
  }
  for (; from < kept.length; from += 1) all.push(kept[from] as T);
  return all;
}

function placeOf<T>(row: T, kept: readonly T[], start: number, wished: Wish<T>, rank: Rank<T>): number {
  const key = wished.key(row);
  let [low, high] = [start, kept.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = kept[middle] as T;
    const before = wished.compare(wished.key(other), key) || rank(other) - rank(row);
    if (before < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cached<T extends object, K>(make: (row: T) => K): (row: T) => K {
  const known = new WeakMap<T, K>();
  return (row) => {
    const found = known.get(row);
    if (found !== undefined) return found;
    const made = make(row);
    known.set(row, made);
    return made;
  };
}
