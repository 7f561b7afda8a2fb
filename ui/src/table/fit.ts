// How wide a column must be to show all of its text. Measuring is slow, so only the longest candidates are measured.
import type { Column } from "./columns";
import { bounded } from "./layout";

/** Rows looked at: those in sight and, of a long list, a sample. */
const SAMPLE = 2000;
const CANDIDATES = 8;
/** The cell's padding; with the border of a head; the mark of the sorted column. */
const CELL = 12;
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
  return inFont(element, 400) ?? ((text) => weight(text) * 7);
}

function inFont(element: HTMLElement, weight: number): Measure | null {
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return null;
  const { fontSize, fontFamily } = getComputedStyle(element);
  context.font = `${weight} ${fontSize} ${fontFamily}`;
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

/** No letter of the page's fonts is wider at 13 px. */
const WIDEST_PX = 14;
/** At the end of a text that was cut. */
export const CUT = "…";

/**
 * What of a text there is room for in a cell of this width, with the sign that some is missing. The text is cut here and not by
 * the style sheet, whose cut is a clip of its own for each cell: with every row that comes or goes the browser would work out
 * all layers anew.
 */
export function cut(text: string, width: number, isStrong = false): string {
  const room = width - CELL;
  return text.length * WIDEST_PX <= room ? text : cutTo(text, room, isStrong ? strong : plain);
}

/** `measure`: of one letter. */
export function cutTo(text: string, room: number, measure: Measure): string {
  const less = room - measure(CUT);
  let [sum, end] = [0, 0];
  for (let index = 0; index < text.length; index += 1) {
    sum += measure(text.charAt(index));
    if (sum <= less) end = index + 1;
    if (sum > room) return text.slice(0, isHalf(text.charCodeAt(end - 1)) ? end - 1 : end) + CUT;
  }
  return text;
}

/** The first half of a sign that is two units long. */
function isHalf(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

const plain = letters(400);
const strong = letters(600);

/** In px, of the page's font in this weight; each is measured once. Where nothing can be measured, nothing is cut. */
function letters(weight: number): Measure {
  const known = new Map<string, number>();
  let measure: Measure | null = null;
  return (letter) => {
    const code = letter.charCodeAt(0);
    // Digits are as wide as each other, and so are Chinese signs.
    const like = code >= 0x30 && code <= 0x39 ? "0" : code > 0x2e80 ? "\u4e00" : letter;
    let width = known.get(like);
    if (width === undefined) known.set(like, (width = (measure ??= inFont(document.body, weight) ?? (() => 0))(like)));
    return width;
  };
}
