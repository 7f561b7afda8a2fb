// Log lines by level and source. Pure.
import type { LogLine } from "../link";

/** Python's levels, from the least. */
export const LEVELS = [
  { value: 10, name: "DEBUG" },
  { value: 20, name: "INFO" },
  { value: 30, name: "WARNING" },
  { value: 40, name: "ERROR" },
  { value: 50, name: "CRITICAL" },
] as const;

/** The name of a level; one in between has its number. */
export function levelName(level: number): string {
  return LEVELS.find((known) => known.value === level)?.name ?? String(level);
}

/** Lines of this level and above, of this source where one is named. The same array where all lines are meant. */
export function select(lines: readonly LogLine[], level: number, source: string): readonly LogLine[] {
  if (level === 0 && source === "") return lines;
  return lines.filter((line) => line.level >= level && (source === "" || line.gateway_name === source));
}

/** Date and time of day as the trading process wrote them, without what follows milliseconds. */
export function stamp(time: string | null): string {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,3})?/.exec(time ?? "");
  return match === null ? "-" : `${match[1]} ${match[2]}${match[3] ?? ""}`;
}
