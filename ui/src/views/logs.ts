// Log lines by level and source, kept while more come. Pure.
import type { LogLine } from "../link";
import { LOG_LINES } from "../link/tables";
import { levelOf, reaches, type Level } from "../monitors/logs";
import { changed, goesOn, NO_CHUNKS, type Chunks } from "../rows/chunks";
import { picked, type Picked } from "../rows/picked";

export interface Chosen {
  readonly least: Level;
  readonly source: string;
  readonly picked: Picked<LogLine>;
}

/** Lines of this level and above, of this source where one is named. The same list where all lines are meant. */
export function select(before: Chosen | null, lines: Chunks<LogLine>, least: Level, source: string): Chosen {
  if (least === "debug" && source === "") return { least, source, picked: { all: lines, rows: lines } };
  const wanted = (line: LogLine): boolean => reaches(levelOf(line.level), least) && (source === "" || line.gateway_name === source);
  const known = before?.least === least && before.source === source ? before.picked : null;
  return { least, source, picked: picked(known, lines, wanted, LOG_LINES) };
}

export interface Named {
  readonly of: Chunks<LogLine>;
  readonly names: readonly string[];
}

/** Who has written, in order of their names. The same list where nobody has come. */
export function namesOf(before: Named | null, lines: Chunks<LogLine>): Named {
  const known = before !== null && goesOn(before.of, lines) ? before : { of: NO_CHUNKS, names: [] };
  const names = new Set(known.names);
  for (const at of changed(known.of, lines)) names.add(lines.at(at)?.gateway_name ?? "");
  return { of: lines, names: names.size === known.names.length ? known.names : [...names].sort() };
}

/** Date and time of day as the trading process wrote them, without what follows milliseconds. */
export function stamp(time: string | null): string {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,3})?/.exec(time ?? "");
  return match === null ? "-" : `${match[1]} ${match[2]}${match[3] ?? ""}`;
}
