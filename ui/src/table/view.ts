// From the rows of a list to what is shown of them: filtered and ordered. Pure. The natural order costs nothing,
// whatever the length. An order is made anew from the one before: rows that did not change keep their place among
// each other, so only the changed ones are looked up and compared.
import type { Language } from "../enums";
import type { Chunks } from "../rows/chunks";
import { changes, placeOf, type Ranked } from "./changes";
import type { Column } from "./columns";
import { valueOf } from "./columns";
import { comparison, sortKey, type SortKey } from "./sortkey";

/** A list of rows, in an array or in chunks. */
export type Rows<T> = readonly T[] | Chunks<T>;

/** What is shown, from top to bottom. */
export interface View<T> {
  readonly length: number;
  at(index: number): T;
  /** Which rows, in which order; two views of the same picking differ only in what changed within the rows. */
  readonly picked: Picked<T> | null;
  readonly rows: Rows<T>;
}

export interface Picked<T> {
  readonly order: readonly T[];
  /** The list of which it was picked. */
  readonly of: Ranked<T>;
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
export function natural<T>(rows: Rows<T>, { newestFirst }: Arrival): View<T> {
  const last = rows.length - 1;
  return { length: rows.length, rows, picked: null, at: (index) => rows.at(newestFirst ? last - index : index) as T };
}

/** The same rows in the same order as when they were picked, but as they are now, if they are found near their old place. */
export function refreshed<T>(picked: Picked<T>, rows: Rows<T>, rowKey: (row: T) => unknown): View<T> {
  const moved = rows.length - picked.of.rows.length;
  const at = (index: number): T => {
    const row = picked.order[index] as T;
    const place = placeOf(picked.of, row) ?? 0;
    const key = rowKey(row);
    const found = [rows.at(place), rows.at(place + moved)].find((each) => each !== undefined && rowKey(each) === key);
    return found ?? row;
  };
  return { length: picked.order.length, rows, picked, at };
}

export function view<T>(picked: Picked<T>, rows: Rows<T>): View<T> {
  return { length: picked.order.length, rows, picked, at: (index) => picked.order[index] as T };
}

/** Filters and orders. `before` must have been picked by the same wish and arrival, or be null; it is used up. */
export function pick<T>(rows: readonly T[], wished: Wish<T>, arrival: Arrival, before: Picked<T> | null): Picked<T> {
  const found = before === null ? null : changes(before.of, rows);
  if (before === null || found === null) return drained(picking(rows, wished, arrival));
  const { now, removed } = found;
  const position = positions(now, arrival);
  const kept = removed.size === 0 ? before.order : before.order.filter((row) => !removed.has(row));
  const added = found.added.filter((row) => matches(row, wished));
  return { of: now, order: merged(kept, ordered(added, wished, position), wished, position) };
}

interface Entry<T> {
  readonly row: T;
  readonly key: SortKey;
  readonly at: number;
}

/** Rows looked at, compared or put in order between two pauses: a fraction of a millisecond's work for most lists. */
const SLICE = 1000;

/** The same without anything to start from, in small steps: 100,000 texts in order are a fifth of a second's work. */
export function* picking<T>(rows: readonly T[], wished: Wish<T>, { newestFirst }: Arrival): Generator<void, Picked<T>> {
  const sign = newestFirst ? -1 : 1;
  const rank = new Map<T, number>();
  const entries: Entry<T>[] = [];
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] as T;
    rank.set(row, index);
    if (matches(row, wished)) entries.push({ row, key: wished.sorted ? wished.key(row) : null, at: sign * index });
    if (index % SLICE === SLICE - 1) yield;
  }
  const sorted = yield* inOrder(entries, (a, b) => (wished.sorted ? wished.compare(a.key, b.key) : 0) || a.at - b.at);
  return { of: { rows, rank, base: 0 }, order: sorted.map((entry) => entry.row) };
}

/** Sorts short runs and joins them two by two. */
function* inOrder<E>(entries: readonly E[], compare: (a: E, b: E) => number): Generator<void, readonly E[]> {
  let runs: E[][] = [];
  for (let start = 0; start < entries.length; start += SLICE) {
    runs.push(entries.slice(start, start + SLICE).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const longer: E[][] = [];
    for (let n = 0; n < runs.length; n += 2) longer.push(yield* joined(runs[n] ?? [], runs[n + 1] ?? [], compare));
    runs = longer;
  }
  return runs[0] ?? [];
}

function* joined<E>(a: E[], b: E[], compare: (a: E, b: E) => number): Generator<void, E[]> {
  if (b.length === 0) return a;
  const all: E[] = [];
  for (let [i, k] = [0, 0]; i < a.length || k < b.length; ) {
    const isFirst = k >= b.length || (i < a.length && compare(a[i] as E, b[k] as E) <= 0);
    all.push((isFirst ? a[i++] : b[k++]) as E);
    if (all.length % SLICE === 0) yield;
  }
  return all;
}

function drained<R>(work: Generator<void, R>): R {
  for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value;
}

/** Where a row stands among its like. */
function positions<T>(of: Ranked<T>, { newestFirst }: Arrival): Position<T> {
  const sign = newestFirst ? -1 : 1;
  return (row) => sign * (of.rank.get(row) ?? 0);
}

function matches<T>(row: T, wished: Wish<T>): boolean {
  return wished.filter === "" || wished.haystack(row).includes(wished.filter);
}

type Position<T> = (row: T) => number;

function ordered<T>(rows: readonly T[], wished: Wish<T>, position: Position<T>): readonly T[] {
  const entries = rows.map((row) => ({ row, key: wished.key(row), at: position(row) }));
  return entries.sort((a, b) => wished.compare(a.key, b.key) || a.at - b.at).map((entry) => entry.row);
}

/** Two ordered lists become one; each added row is looked up by halving, the stretches between are copied. */
function merged<T>(kept: readonly T[], added: readonly T[], wished: Wish<T>, position: Position<T>): readonly T[] {
  if (kept.length === 0) return added;
  const all: T[] = [];
  let from = 0;
  for (const row of added) {
    const until = halved(row, kept, from, wished, position);
    for (; from < until; from += 1) all.push(kept[from] as T);
    all.push(row);
  }
  for (; from < kept.length; from += 1) all.push(kept[from] as T);
  return all;
}

function halved<T>(row: T, kept: readonly T[], start: number, wished: Wish<T>, position: Position<T>): number {
  const key = wished.key(row);
  let [low, high] = [start, kept.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = kept[middle] as T;
    const before = wished.compare(wished.key(other), key) || position(other) - position(row);
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
