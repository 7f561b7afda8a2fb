// How wide a column must be to show all of its text. Measuring is slow, so only the longest candidates are measured.
import type { Column } from "./columns";
import { bounded } from "./layout";

/** Rows looked at: those in sight and, of a long list, a sample. */
const SAMPLE = 2000;
const CANDIDATES = 8;
/** The cell's padding, its border, and the mark of the sorted column. */
const PADDING = 14;
const MARK = 12;

export type Measure = (text: string) => number;

export function fitted<T>(columns: readonly Column<T>[], heads: ReadonlyMap<string, string>, rows: readonly T[], measure: Measure): Readonly<Record<string, number>> {
  return Object.fromEntries(columns.map((column) => {
    const texts = longest(rows.map((row) => column.text(row)));
    const head = measure(heads.get(column.id) ?? "") + MARK;
    return [column.id, bounded(Math.ceil(Math.max(head, ...texts.map(measure)) + PADDING))];
  }));
}

export function sample<T>(view: { readonly length: number; at(index: number): T }, from: number): readonly T[] {
  const step = Math.max(1, Math.ceil(view.length / SAMPLE));
  const near = Array.from({ length: Math.min(100, view.length - from) }, (_, index) => view.at(from + index));
  return [...near, ...Array.from({ length: Math.floor(view.length / step) }, (_, index) => view.at(index * step))];
}

/** Measures in the font of this element. */
export function measureIn(element: HTMLElement): Measure {
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return (text) => weight(text) * 7;
  const { fontSize, fontFamily } = getComputedStyle(element);
  context.font = `${fontSize} ${fontFamily}`;
  return (text) => context.measureText(text).width;
}

function longest(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort((a, b) => weight(b) - weight(a)).slice(0, CANDIDATES);
}

/** In letters; a Chinese sign is two wide. */
function weight(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) sum += text.charCodeAt(index) > 0x2e80 ? 2 : 1;
  return sum;
}

/** Where nothing can be measured: the widest letter of the page's fonts at 13 px, and a Chinese sign. */
const WIDE_PX = 12.5;
const NARROW_PX = 9;

/** Whether the text might not fit: only such cells are cut, because each cut costs the painter. Rather too often yes. */
export function mayOverflow(text: string, width: number): boolean {
  const room = width - PADDING;
  if (text.length * WIDE_PX * 1.1 <= room) return false;
  let sum = 0;
  for (let index = 0; index < text.length && sum <= room; index += 1) sum += letter(text.charCodeAt(index));
  return sum > room;
}

const letters = new Map<number, number>();
let measure: Measure | null | undefined;

/** In px, of the page's font in its stronger weight; each is measured once. */
function letter(code: number): number {
  // Digits are as wide as each other, and so are Chinese signs.
  const like = code >= 0x30 && code <= 0x39 ? 0x30 : code > 0x2e80 ? 0x4e00 : code;
  const known = letters.get(like);
  if (known !== undefined) return known;
  if (measure === undefined) measure = strong();
  const found = measure?.(String.fromCharCode(like)) ?? guess(code);
  letters.set(like, found);
  return found;
}

function strong(): Measure | null {
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return null;
  const { fontSize, fontFamily } = getComputedStyle(document.body);
  context.font = `600 ${fontSize} ${fontFamily}`;
  return (text) => context.measureText(text).width;
}

function guess(code: number): number {
  // Digits, small letters, and what stands between them; m, w, capitals and all else count as wide.
  const narrow = code < 0x40 ? code !== 0x25 : code > 0x5e && code < 0x7f && code !== 0x6d && code !== 0x77;
  return narrow ? NARROW_PX : WIDE_PX * (code > 0x2e80 ? 1.1 : 1);
}
