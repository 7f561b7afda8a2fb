// How the reader arranged a table: order, widths, hidden columns, sort. Pure; a layout is a small plain object that
// is kept as JSON. It names columns by id, so it outlives columns that come and go: unknown ids are ignored, and
// new columns stand where the program puts them.
import type { Column } from "./columns";

export interface Sort {
  readonly id: string;
  readonly descending: boolean;
}

export interface TableLayout {
  /** All columns from left to right; empty as long as nothing was moved. */
  readonly order: readonly string[];
  /** In px, of those that were resized. */
  readonly widths: Readonly<Record<string, number>>;
  /** Of those that the reader hid or showed; the others are as the program has them. */
  readonly hidden: Readonly<Record<string, boolean>>;
  readonly sort: Sort | null;
}

export const PLAIN: TableLayout = { order: [], widths: {}, hidden: {}, sort: null };
export const NARROWEST = 28;
const WIDEST = 1200;
const LAST = 99;

/** A layout from stored JSON; what has another shape is left out. */
export function readLayout(stored: unknown): TableLayout {
  const found = record(stored);
  const sort = record(found["sort"]);
  const order = found["order"];
  return {
    order: Array.isArray(order) ? order.filter((id) => typeof id === "string") : [],
    widths: Object.fromEntries(entries(found["widths"], isNumber).map(([id, width]) => [id, bounded(width)])),
    hidden: Object.fromEntries(entries(found["hidden"], isBoolean)),
    sort: typeof sort["id"] === "string" ? { id: sort["id"], descending: sort["descending"] === true } : null,
  };
}

/** The columns in sight from left to right. A phone has an order of its own and leaves that of the desk alone. */
export function displayed<T>(columns: readonly Column<T>[], layout: TableLayout, small: boolean): readonly Column<T>[] {
  const all = small ? [...columns].sort((a, b) => (a.phone ?? LAST) - (b.phone ?? LAST)) : arranged(columns, layout);
  const seen = all.filter((column) => !isHidden(column, layout));
  const shown = seen.length === 0 ? all.slice(0, 1) : seen;
  if (small) return shown;
  return [...shown.filter((column) => column.sticky === true), ...shown.filter((column) => column.sticky !== true)];
}

/** Which of the columns in sight stay there: on a phone, which is narrow, no more than the first. */
export function stuckOf<T>(shown: readonly Column<T>[], small: boolean): readonly Column<T>[] {
  const sticky = shown.filter((column) => column.sticky === true);
  return small && sticky.length > 0 ? shown.slice(0, 1) : sticky;
}

/** All columns, hidden ones too, in the reader's order; one that the layout does not know follows its neighbour. */
export function arranged<T>(columns: readonly Column<T>[], layout: TableLayout): readonly Column<T>[] {
  const known = new Map(columns.map((column) => [column.id, column]));
  const ids = [...new Set(layout.order)].filter((id) => known.has(id));
  columns.forEach((column, index) => {
    if (ids.includes(column.id)) return;
    const neighbour = columns[index - 1];
    ids.splice(neighbour === undefined ? 0 : ids.indexOf(neighbour.id) + 1, 0, column.id);
  });
  return ids.flatMap((id) => known.get(id) ?? []);
}

export function isHidden<T>(column: Column<T>, layout: TableLayout): boolean {
  return layout.hidden[column.id] ?? column.hidden === true;
}

export function widthOf<T>(column: Column<T>, layout: TableLayout, small: boolean): number {
  return small ? column.width : (layout.widths[column.id] ?? column.width);
}

/** Hides or shows a column; the last one in sight stays. */
export function toggled<T>(columns: readonly Column<T>[], layout: TableLayout, id: string): TableLayout {
  const column = columns.find((each) => each.id === id);
  if (column === undefined) return layout;
  const hide = !isHidden(column, layout);
  const left = columns.filter((each) => each.id !== id && !isHidden(each, layout));
  return hide && left.length === 0 ? layout : { ...layout, hidden: { ...layout.hidden, [id]: hide } };
}

export function resized(layout: TableLayout, widths: Readonly<Record<string, number>>): TableLayout {
  const round = Object.entries(widths).map(([id, width]) => [id, bounded(width)] as const);
  return { ...layout, widths: { ...layout.widths, ...Object.fromEntries(round) } };
}

/** Moves a column to the place of another in sight: to its left if it came from the right, and the other way round. */
export function movedTo<T>(columns: readonly Column<T>[], layout: TableLayout, id: string, target: string): TableLayout {
  const ids = arranged(columns, layout).map((column) => column.id);
  const from = ids.indexOf(id);
  const to = ids.indexOf(target);
  if (from < 0 || to < 0 || from === to) return layout;
  ids.splice(from, 1);
  ids.splice(to, 0, id);
  return { ...layout, order: ids };
}

/** Moves a column past its neighbour in sight. */
export function movedBy<T>(columns: readonly Column<T>[], layout: TableLayout, id: string, by: -1 | 1): TableLayout {
  const seen = displayed(columns, layout, false);
  const target = seen[seen.findIndex((column) => column.id === id) + by];
  return target === undefined ? layout : movedTo(columns, layout, id, target.id);
}

/** What a click on a head does: up, down, and back to the natural order. */
export function sortedNext(layout: TableLayout, id: string): TableLayout {
  if (layout.sort?.id !== id) return { ...layout, sort: { id, descending: false } };
  return { ...layout, sort: layout.sort.descending ? null : { id, descending: true } };
}

export function bounded(width: number): number {
  return Math.round(Math.min(Math.max(width, NARROWEST), WIDEST));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function entries<V>(value: unknown, is: (value: unknown) => value is V): readonly (readonly [string, V])[] {
  return Object.entries(record(value)).flatMap(([id, each]) => (is(each) ? [[id, each] as const] : []));
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}
