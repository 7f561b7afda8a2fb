// The lines of the log: what the trading process told, and what the page noted itself, as one list by time. Pure.
// Levels are Python's numbers at the trading process, and severities on the page; both become one of five names.
import type { Language } from "../enums";
import { timeOfDay } from "../format";
import type { LogLine } from "../link";
import { LOG_LINES } from "../link/tables";
import { changed, goesOn, NO_CHUNKS, type Chunks, type Editor } from "../rows/chunks";
import type { Note, Severity } from "../store/notes";

export type Level = "debug" | "info" | "good" | "warning" | "error" | "critical";
export type Source = "trader" | "page";

export interface Line {
  readonly key: string;
  /** Milliseconds since 1970, by which the lists are merged; never before that of the line above. */
  readonly time: number;
  readonly level: Level;
  readonly source: Source;
  /** The text of the trading process; the page's notes are said in its language when they are shown. */
  readonly line: LogLine | null;
  readonly note: Note | null;
}

/** What the reader wants to see; `least` counts upwards from everything. */
export interface LogWish {
  readonly least: Level;
  readonly source: Source | "";
  /** In which the page's notes are said. */
  readonly language: Language;
  /** Whether its words are those that are looked for. */
  fits(line: Line): boolean;
}

const RANK: Readonly<Record<Level, number>> = { debug: 0, info: 1, good: 1, warning: 2, error: 3, critical: 4 };
export const LEAST: readonly Level[] = ["debug", "info", "warning", "error", "critical"];
/** Times of arrival that are remembered: more than a web process sends again after a lost contact. */
const MOST = 10_000;
/** A line that is told later than this many others of its time stands after them. */
const MOST_LATE = 500;
const ZONED = /(Z|[+-]\d\d:\d\d(:\d\d)?)$/;
const OF_NOTE: Readonly<Record<Severity, Level>> = { info: "info", good: "good", warn: "warning", bad: "error" };

export function levelOf(number: number): Level {
  if (number >= 50) return "critical";
  if (number >= 40) return "error";
  if (number >= 30) return "warning";
  return number >= 20 ? "info" : "debug";
}

/** Whether a line of this level is wanted where the least is that one. */
export function reaches(level: Level, least: Level): boolean {
  return RANK[level] >= RANK[least];
}

// Lines do not change, so each is made once: the table sees that it is the same.
const ofLines = new WeakMap<LogLine, Line>();
const ofNotes = new WeakMap<Note, Line>();

/** The list as it was made last, and of what. */
export interface Book {
  readonly lines: Chunks<LogLine>;
  readonly note: number;
  readonly wish: LogWish;
  /** Of the newest line of the trading process. */
  readonly time: number;
  readonly shown: Chunks<Line>;
}

/** Goes on from the list before where nothing but more has come: then only that is looked at. `wish`: the same object while it is the same. */
export function booked(before: Book | null, lines: Chunks<LogLine>, notes: readonly Note[], wish: LogWish, arrivals: Arrivals): Book {
  const from = before?.wish === wish && goesOn(before.lines, lines) ? before : { lines: NO_CHUNKS, note: 0, time: 0, shown: NO_CHUNKS };
  const told = toldLines(changed(from.lines, lines).map((at) => lines.at(at) as LogLine), arrivals, from.time);
  const noted = notes.filter((note) => note.id > from.note).map(noteLine);
  const wanted = (line: Line): boolean => (wish.source === "" || line.source === wish.source) && reaches(line.level, wish.least) && wish.fits(line);
  const shown = (from.shown as Chunks<Line>).edit();
  for (const line of together(told.filter(wanted), noted.filter(wanted))) insert(shown, line);
  shown.keep(LOG_LINES);
  return { lines, wish, note: notes.at(-1)?.id ?? from.note, time: told.at(-1)?.time ?? from.time, shown: shown.done() };
}

/** At its time, most often the end; among those of one moment the trading process's lines come first. */
function insert(shown: Editor<Line>, line: Line): void {
  const later: Line[] = [];
  const isLater = (other: Line | undefined): boolean =>
    other !== undefined && (other.time > line.time || (other.time === line.time && other.source === "page" && line.source === "trader"));
  while (later.length < MOST_LATE && isLater(shown.at(shown.length - 1))) later.push(shown.pop() as Line);
  shown.push(line);
  for (let one = later.pop(); one !== undefined; one = later.pop()) shown.push(one);
}

/** VeighNa writes the time of its machine without saying which zone that is: such a line stands where it came in. */
export class Arrivals {
  readonly #now: () => number;
  #known = new Map<string, number>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A line that comes again with a snapshot is where it was. */
  of(line: LogLine): number {
    const id = `${line.number} ${line.time}`;
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const now = this.#now();
    this.#known.set(id, now);
    if (this.#known.size > MOST) this.#known = new Map([...this.#known].slice(-MOST / 2));
    return now;
  }
}

function toldLines(lines: readonly LogLine[], arrivals: Arrivals, newest: number): readonly Line[] {
  let before = newest;
  return lines.map((line) => {
    let made = ofLines.get(line);
    if (made === undefined) {
      const time = ZONED.test(line.time ?? "") ? Date.parse(line.time ?? "") : arrivals.of(line);
      made = { key: `t${line.number}`, time: Math.max(time, before), level: levelOf(line.level), source: "trader", line, note: null };
      ofLines.set(line, made);
    }
    before = made.time;
    return made;
  });
}

/** By the clock of whoever looks, where the zone is known; else as the trading process wrote it. */
export function timeText(row: Line): string {
  const written = row.line?.time;
  if (written === undefined) return clockTime(row.time);
  if (written === null) return "-";
  return ZONED.test(written) ? clockTime(Date.parse(written)) : timeOfDay(written).slice(0, 12);
}

function noteLine(note: Note): Line {
  let made = ofNotes.get(note);
  if (made === undefined) {
    made = { key: `n${note.id}`, time: note.time.getTime(), level: OF_NOTE[note.severity], source: "page", line: null, note };
    ofNotes.set(note, made);
  }
  return made;
}

/** Two lists that are each in the order in which they came. */
function together(a: readonly Line[], b: readonly Line[]): readonly Line[] {
  if (b.length === 0) return a;
  const all: Line[] = [];
  let next = 0;
  for (const line of a) {
    for (let other = b[next]; other !== undefined && other.time < line.time; other = b[next]) {
      all.push(other);
      next += 1;
    }
    all.push(line);
  }
  return [...all, ...b.slice(next)];
}

/** 13:05:09.042 by the clock of whoever looks at the page; the day, too, where it is another one. */
export function clockTime(ms: number, now = Date.now()): string {
  const at = new Date(ms);
  const two = (value: number, digits = 2): string => String(value).padStart(digits, "0");
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${two(at.getMilliseconds(), 3)}`;
  return at.toDateString() === new Date(now).toDateString() ? time : `${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}
