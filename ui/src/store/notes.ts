// What the page itself did and was told: its log, newest last and bounded, and the toasts that are on the screen.
// Entries hold message keys, so that they change language too.
import { shallowRef } from "vue";
import type { Key, Params } from "../i18n";

export type Severity = "info" | "good" | "warn" | "bad";

export interface Note {
  readonly id: number;
  readonly time: Date;
  readonly severity: Severity;
  readonly key: Key;
  readonly params: Params;
}

/** Enough for a day of manual trading; older ones go. */
const MOST = 500;
/** More would hide the page. */
const MOST_TOASTS = 4;

export const notes = shallowRef<readonly Note[]>([]);
/** Those that are no mere information: what the bell counts. */
export const alarms = shallowRef<readonly Note[]>([]);
/** Shown over the page until they are dismissed or their time is over. */
export const toasts = shallowRef<readonly Note[]>([]);

let last = 0;

function longer(before: readonly Note[], entry: Note): readonly Note[] {
  return [...before.slice(-(MOST - 1)), entry];
}

/** Records it in the page's log. */
export function note(severity: Severity, key: Key, params: Params = {}): Note {
  last += 1;
  const entry: Note = { id: last, time: new Date(), severity, key, params };
  notes.value = longer(notes.value, entry);
  if (severity !== "info") alarms.value = longer(alarms.value, entry);
  return entry;
}

/** Records it and shows it over the page. */
export function toast(severity: Severity, key: Key, params: Params = {}): void {
  toasts.value = [...toasts.value.slice(-(MOST_TOASTS - 1)), note(severity, key, params)];
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((entry) => entry.id !== id);
}
