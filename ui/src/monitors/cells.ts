// What the lists' columns have in common: labels in the page's language, VeighNa's colours, layouts that are kept.
// Colour never says anything alone: the side has its word, profit its sign.
import { DIRECTION, isActive, label, OFFSET, STATUS } from "../enums";
import { isNumber } from "../format";
import { t, type Key } from "../i18n";
import type { Direction, Offset, Status } from "../link";
import { canAct } from "../store/desk";
import { settings } from "../store/settings";
import { readLayout, type Column, type Tone } from "../table";

export function directionText(direction: Direction | null): string {
  return label(DIRECTION, direction, settings.language);
}

/** A long side has the colour of up, a short one that of down. */
export function directionTone(direction: Direction | null): Tone {
  return direction === null ? "" : direction === "SHORT" ? "down" : "up";
}

export function offsetText(offset: Offset): string {
  return label(OFFSET, offset, settings.language);
}

export function statusText(status: Status): string {
  return label(STATUS, status, settings.language);
}

export function statusTone(status: Status): Tone {
  if (status === "REJECTED") return "bad";
  if (isActive(status)) return "warn";
  return status === "ALLTRADED" ? "good" : "muted";
}

export function signTone(value: number | null | undefined): Tone {
  return !isNumber(value) || value === 0 ? "" : value > 0 ? "up" : "down";
}

/** The layout of a table as the reader left it, and how it is kept. */
export function kept(id: string) {
  return {
    layoutId: id,
    get layout() {
      return readLayout(settings.tables[id]);
    },
    onLayout: (layout: unknown): void => void (settings.tables[id] = layout),
  };
}

/** Why a button is off while nothing may be done; undefined while something may. */
export function whyNot(): string | undefined {
  return canAct.value.ok ? undefined : t(canAct.value.why);
}

/** Heads that are too long for a phone. */
const SHORT: Readonly<Record<string, Key>> = { direction: "col.side" };

/** The same columns with heads and widths of which a phone shows the first ones without scrolling. */
export function narrowed<T>(columns: readonly Column<T>[], widths: Readonly<Record<string, number>>): readonly Column<T>[] {
  return columns.map((column) => ({ ...column, title: SHORT[column.id] ?? column.title, width: widths[column.id] ?? column.width }));
}
