// What the reader chose, kept in this browser and, once logged in, on the server for all browsers of this user.
// Always true: whatever is missing or of another shape is as on the first day; a change here is written by itself.
import { reactive, watch } from "vue";
import type { Language } from "../enums";

export interface WatchGroup {
  name: string;
  symbols: string[];
}

/** How one kind of event makes itself known. */
export interface Alert {
  toast: boolean;
  sound: boolean;
  browser: boolean;
}

export interface SavedLayout {
  name: string;
  /** As the dock writes it. */
  dock: unknown;
}

export interface Settings {
  language: Language;
  theme: "dark" | "light";
  /** Apart from the language, but chosen by it the first time: red is up in China. */
  up: "red" | "green";
  /** The trading process that is shown; the first where it is not there. */
  trader: string;
  groups: WatchGroup[];
  /** Index of the group that is shown. */
  group: number;
  /** The instrument in depth, chart and ticket. */
  selected: string;
  /** Whether an order is asked about before it is sent. */
  confirm: boolean;
  /** Whether the ticket's price follows the market. */
  follow: boolean;
  alerts: { fill: Alert; reject: Alert; link: Alert };
  /** By table: order, widths, hidden columns, sort. */
  tables: Record<string, unknown>;
  chart: Record<string, unknown>;
  /** The dock as it stands; null: the default. */
  dock: unknown;
  layouts: SavedLayout[];
  /** Whether the first-run tour has been seen or skipped. */
  toured: boolean;
}

const KEY = "webtrader.settings";

export const settings: Settings = reactive(load(read(), navigator.language));

watch(settings, () => write(JSON.stringify(settings)), { deep: true });

/** The instruments of the group that is shown. */
export function watched(): readonly string[] {
  return settings.groups[settings.group]?.symbols ?? [];
}

/** Takes over what was stored elsewhere. */
export function adopt(data: Readonly<Record<string, unknown>>): void {
  Object.assign(settings, load(JSON.stringify(data), navigator.language));
}

/** Settings from what was stored. */
export function load(stored: string | null, browserLanguage: string): Settings {
  const found = members(parse(stored));
  const language = oneOf(["zh", "en"] as const, found["language"], browserLanguage.toLowerCase().startsWith("zh") ? "zh" : "en");
  const groups = list(found["groups"]).map(group).filter((item) => item !== null);
  const alerts = members(found["alerts"]);
  return {
    language,
    theme: oneOf(["dark", "light"] as const, found["theme"], "dark"),
    up: oneOf(["red", "green"] as const, found["up"], language === "zh" ? "red" : "green"),
    trader: text(found["trader"]),
    groups: groups.length > 0 ? groups : [{ name: "", symbols: list(found["watchlist"]).filter(isText) }],
    group: typeof found["group"] === "number" && found["group"] in groups ? found["group"] : 0,
    selected: text(found["selected"]),
    confirm: found["confirm"] !== false,
    follow: found["follow"] === true,
    alerts: { fill: alert(alerts["fill"]), reject: alert(alerts["reject"]), link: alert(alerts["link"]) },
    tables: { ...members(found["tables"]) },
    chart: { ...members(found["chart"]) },
    dock: found["dock"] ?? null,
    layouts: list(found["layouts"]).map(members).filter((item) => isText(item["name"])).map((item) => ({ name: text(item["name"]), dock: item["dock"] })),
    toured: found["toured"] === true,
  };
}

/** Three-way: what was changed here since `base` is kept, everything else is as the server has it. */
export function merge(base: object, mine: object, theirs: object): Record<string, unknown> {
  const before = members(base);
  const merged: Record<string, unknown> = { ...theirs };
  for (const [name, value] of Object.entries(mine)) {
    if (!(name in theirs) || JSON.stringify(value) !== JSON.stringify(before[name])) merged[name] = value;
  }
  return merged;
}

type Members = Readonly<Record<string, unknown>>;

function members(value: unknown): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function text(value: unknown): string {
  return isText(value) ? value : "";
}

function oneOf<T extends string>(choices: readonly T[], value: unknown, otherwise: T): T {
  return choices.find((choice) => choice === value) ?? otherwise;
}

function group(value: unknown): WatchGroup | null {
  const { name, symbols } = members(value);
  return isText(name) ? { name, symbols: list(symbols).filter(isText) } : null;
}

function alert(value: unknown): Alert {
  const { toast, sound, browser } = members(value);
  return { toast: toast !== false, sound: sound === true, browser: browser === true };
}

function parse(stored: string | null): unknown {
  try {
    return JSON.parse(stored ?? "{}");
  } catch {
    return {};
  }
}

// A browser may forbid storage altogether; the page then works for as long as it is open.
function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function write(value: string): void {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    return;
  }
}
