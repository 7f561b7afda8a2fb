// Log lines by level and source. Pure.
import type { LogLine } from "../link";
import { levelOf, reaches, type Level } from "../monitors/logs";

/** Lines of this level and above, of this source where one is named. The same array where all lines are meant. */
export function select(lines: readonly LogLine[], least: Level, source: string): readonly LogLine[] {
  if (least === "debug" && source === "") return lines;
  return lines.filter((line) => reaches(levelOf(line.level), least) && (source === "" || line.gateway_name === source));
}

/** Date and time of day as the trading process wrote them, without what follows milliseconds. */
export function stamp(time: string | null): string {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,3})?/.exec(time ?? "");
  return match === null ? "-" : `${match[1]} ${match[2]}${match[3] ?? ""}`;
}
