// Arrangements of the dock that have a name, and whether what was stored can be used. Pure. Always true: names are
// different from each other, and a layout with a panel that is not there, or with none, is never given to the dock.
import type { SavedLayout } from "./settings";

/** Each takes a few kilobytes of the user's 256 on the server. */
export const MOST_LAYOUTS = 20;
const LONGEST_NAME = 40;

export function cleanName(name: string): string {
  return name.trim().replace(/\s+/g, " ").slice(0, LONGEST_NAME);
}

/** With this one: in place of the one of the same name, else at the end; null where the name is empty or all places are taken. */
export function saved(layouts: readonly SavedLayout[], name: string, dock: unknown): SavedLayout[] | null {
  const clean = cleanName(name);
  if (clean === "") return null;
  const mine = { name: clean, dock };
  if (layouts.some((known) => known.name === clean)) return layouts.map((known) => (known.name === clean ? mine : known));
  return layouts.length < MOST_LAYOUTS ? [...layouts, mine] : null;
}

/** Null where the new name is empty or another one's. */
export function renamed(layouts: readonly SavedLayout[], from: string, to: string): SavedLayout[] | null {
  const clean = cleanName(to);
  if (clean === "" || (clean !== from && layouts.some((known) => known.name === clean))) return null;
  return layouts.map((known) => (known.name === from ? { ...known, name: clean } : known));
}

export function without(layouts: readonly SavedLayout[], name: string): SavedLayout[] {
  return layouts.filter((known) => known.name !== name);
}

/** Whether the dock can be made of this: a grid, and panels that we all know. */
export function isUsable(dock: unknown, panels: readonly string[]): boolean {
  if (!isObject(dock) || !isObject(dock["grid"]) || !isObject(dock["panels"])) return false;
  const inside = Object.entries(dock["panels"]);
  return inside.every(([id, panel]) => panels.includes(id) && isObject(panel) && panel["id"] === id);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
