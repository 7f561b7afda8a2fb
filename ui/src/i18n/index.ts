// Texts in the page's language. `t` reads a reactive setting, so a switch repaints everything at once. Each area keeps
// its own texts in `texts/`; no two of them have a key in common, which a test checks.
import type { Language } from "../enums";
import { settings } from "../store/settings";
import { en } from "./en";
import * as chart from "./texts/chart";
import * as desk from "./texts/desk";
import * as monitors from "./texts/monitors";
import * as pages from "./texts/pages";
import * as problem from "./texts/problem";
import * as shell from "./texts/shell";
import * as table from "./texts/table";
import * as ticket from "./texts/ticket";
import * as watch from "./texts/watch";
import { zh } from "./zh";

export const areas = { chart, desk, monitors, pages, problem, shell, table, ticket, watch, rest: { zh, en } };

const chinese = {
  ...zh, ...chart.zh, ...desk.zh, ...monitors.zh, ...pages.zh, ...problem.zh, ...shell.zh, ...table.zh, ...ticket.zh, ...watch.zh,
};
export type Key = keyof typeof chinese;
export type Params = Readonly<Record<string, string | number>>;

export const messages: Readonly<Record<Language, Readonly<Record<Key, string>>>> = {
  zh: chinese,
  en: {
    ...en, ...chart.en, ...desk.en, ...monitors.en, ...pages.en, ...problem.en, ...shell.en, ...table.en, ...ticket.en, ...watch.en,
  },
};

export function t(key: Key, params?: Params): string {
  return fill(messages[settings.language][key], params);
}

/** Puts values in place of `{names}`; a name without a value stays, so that it is seen. */
export function fill(text: string, params: Params = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
