// A column of a list: how a row is shown, compared and exported in it. Rows are immutable: a changed row is a
// new object. Columns are constants of their panel; what they read (language, price digits) may be reactive.
import type { Key } from "../i18n";

/** Classes of base.css that give a cell its colour; the cell's text says the same without it. */
export type Tone = "up" | "down" | "muted" | "good" | "bad" | "warn" | "";

/** What a row is ordered and exported by; null is unknown and stands last in either direction. */
export type Value = number | string | null;

export interface Column<T> {
  /** Stays for good: saved layouts and tests know the column by it. */
  readonly id: string;
  readonly title: Key;
  /** In px, at least `NARROWEST`; the last column of a wide table takes what is left. */
  readonly width: number;
  /** Right-aligned, and compared as a number even without `value`. */
  readonly number?: boolean;
  /** Place on a phone, where only the first few are seen without scrolling; the others follow. */
  readonly phone?: number;
  /** Stays in sight when scrolled sideways; sticky columns stand before all others. On a phone the first one stays. */
  readonly sticky?: boolean;
  /** Not shown until the reader asks for it. */
  readonly hidden?: boolean;
  /** What is seen, and what the filter looks at. */
  text(row: T): string;
  /** Order and CSV where the text does not do: the number behind a formatted price, the whole time. */
  value?(row: T): Value;
  /** CSV where it differs from `value` too. */
  csv?(row: T): Value;
  tone?(row: T): Tone | string;
}

/** By what the row is ordered in this column. */
export function valueOf<T>(column: Column<T>, row: T): Value {
  const value = column.value === undefined ? column.text(row) : column.value(row);
  if (typeof value !== "string") return Number.isNaN(value) ? null : value;
  if (column.number !== true || column.value !== undefined) return value;
  return numeric(value);
}

/** What stands in the CSV file for this cell, before quoting. */
export function exported<T>(column: Column<T>, row: T): Value {
  if (column.csv !== undefined) return column.csv(row);
  return column.value === undefined ? column.text(row) : column.value(row);
}

/** "1,234.50" and "+1.2%" are numbers; "-" is none. */
function numeric(text: string): number | null {
  const cleaned = text.replaceAll(",", "").replace(/%$/, "");
  const value = Number(cleaned);
  return cleaned.trim() === "" || Number.isNaN(value) ? null : value;
}
