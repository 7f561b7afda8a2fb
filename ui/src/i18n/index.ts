// Texts in the page's language. `t` reads a reactive setting, so a switch repaints everything at once.
import type { Language } from "../enums";
import { settings } from "../settings";
import { en } from "./en";
import { zh } from "./zh";

export type Key = keyof typeof zh;
export type Params = Readonly<Record<string, string | number>>;

export const messages: Readonly<Record<Language, Readonly<Record<Key, string>>>> = { zh, en };

export function t(key: Key, params?: Params): string {
  return fill(messages[settings.language][key], params);
}

/** Puts values in place of `{names}`; a name without a value stays, so that it is seen. */
export function fill(text: string, params: Params = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
