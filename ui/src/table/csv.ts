// A list as a CSV file: RFC 4180, with the mark by which Excel reads Chinese. What is text can never become a
// formula in a spreadsheet; what is a number stays one.
import type { Column, Value } from "./columns";
import { exported } from "./columns";

const MARK = "\uFEFF";
const END = "\r\n";
/** Rows made in one go, so that the page can paint between. */
const SLICE = 1000;
/** What a spreadsheet takes for the start of a formula, in wide letters too. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[+-]?[\d,]*\.?\d+(e[+-]?\d+)?%?$/i;

/** The file in pieces: head, then rows by the thousand. */
export function* csvPieces<T>(columns: readonly Column<T>[], heads: readonly string[], rows: { readonly length: number; at(index: number): T }): Generator<string> {
  yield MARK + line(heads);
  for (let start = 0; start < rows.length; start += SLICE) {
    let piece = "";
    for (let index = start; index < Math.min(start + SLICE, rows.length); index += 1) {
      const row = rows.at(index);
      piece += line(columns.map((column) => exported(column, row)));
    }
    yield piece;
  }
}

export function fileName(table: string, now: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${table}-${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}.csv`;
}

function line(cells: readonly Value[]): string {
  return cells.map(cell).join(",") + END;
}

function cell(value: Value): string {
  if (value === null) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const text = isFormula(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A lone sign is what lists show for nothing, and a signed number is a number. */
function isFormula(text: string): boolean {
  return text.length > 1 && FORMULA.test(text) && !NUMBER.test(text);
}
