// What the reader chose: language, theme, colours of up and down, watchlist. Kept in this browser.
import { reactive, watch } from "vue";
import type { Language } from "./enums";

export interface Settings {
  language: Language;
  theme: "dark" | "light";
  /** Apart from the language, but chosen by it the first time: red is up in China. */
  up: "red" | "green";
  watchlist: string[];
  selected: string;
}

const KEY = "webtrader.settings";

export const settings: Settings = reactive(load(read(), navigator.language));

watch(settings, () => write(JSON.stringify(settings)), { deep: true });

/** Settings from what was stored; whatever is missing or of another shape is as on the first day. */
export function load(stored: string | null, browserLanguage: string): Settings {
  const found = parse(stored);
  const language: Language = found["language"] === "en" || found["language"] === "zh" ? found["language"] : firstLanguage(browserLanguage);
  const list = found["watchlist"];
  return {
    language,
    theme: found["theme"] === "light" ? "light" : "dark",
    up: found["up"] === "red" || found["up"] === "green" ? found["up"] : language === "zh" ? "red" : "green",
    watchlist: Array.isArray(list) ? list.filter((item) => typeof item === "string") : [],
    selected: typeof found["selected"] === "string" ? found["selected"] : "",
  };
}

function firstLanguage(browserLanguage: string): Language {
  return browserLanguage.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function parse(stored: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(stored ?? "{}");
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
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

function write(text: string): void {
  try {
    localStorage.setItem(KEY, text);
  } catch {
    return;
  }
}
