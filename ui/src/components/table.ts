// How a list is shown: its columns. Rows are objects of the page's own; texts follow language and contract.
import { label, DIRECTION } from "../enums";
import type { Direction } from "../enums";
import type { Key } from "../i18n";
import { settings } from "../settings";

export type Tone = "up" | "down" | "muted" | "good" | "bad" | "warn" | "";

export interface Column<T> {
  readonly title: Key;
  /** In px; the last column of a wide table takes what is left. */
  readonly width: number;
  readonly number?: boolean;
  /** Place on a phone, where only the first few columns are seen without scrolling; the others follow. */
  readonly phone?: number;
  text(row: T): string;
  tone?(row: T): Tone;
}

/** A long side is shown in the colour of up, a short one in that of down, as in VeighNa. */
export function directionTone(direction: Direction | null): Tone {
  return direction === "SHORT" ? "down" : direction === null ? "" : "up";
}

export function directionText(direction: Direction | null): string {
  return label(DIRECTION, direction, settings.language);
}

export function signTone(value: number | null): Tone {
  return value === null || value === 0 ? "" : value > 0 ? "up" : "down";
}
