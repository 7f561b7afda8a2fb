// A gateway's login form: what is typed becomes what the gateway takes. Pure. Always true: a secret that was left
// empty is not sent, so that the trading process keeps the one that it has.
import type { Schemas } from "../api/schemas";

export type FormField = Schemas["FormField"];
/** What stands in the inputs: text, or whether a box is ticked. */
export type Typed = Readonly<Record<string, string | boolean>>;

/** Inputs as they are first shown. */
export function blank(form: readonly FormField[]): Record<string, string | boolean> {
  return Object.fromEntries(form.map((field) => [field.name, field.kind === "BOOL" ? field.default === true : shown(field)]));
}

/** Names of the fields in which no number stands where there has to be one. */
export function wrong(form: readonly FormField[], typed: Typed): readonly string[] {
  return form.filter((field) => isNumeric(field) && valueOf(field, typed[field.name]) === null).map((field) => field.name);
}

/** Settings for the gateway. */
export function settingsOf(form: readonly FormField[], typed: Typed): Record<string, string | number | boolean> {
  const settings: Record<string, string | number | boolean> = {};
  for (const field of form) {
    const value = valueOf(field, typed[field.name]);
    if (value !== null && !(field.kind === "SECRET" && value === "")) settings[field.name] = value;
  }
  return settings;
}

function shown(field: FormField): string {
  if (typeof field.default === "string") return field.default;
  return typeof field.default === "number" ? String(field.default) : "";
}

function isNumeric(field: FormField): boolean {
  return field.kind === "INT" || field.kind === "FLOAT";
}

function valueOf(field: FormField, typed: string | boolean | undefined): string | number | boolean | null {
  if (typeof typed === "boolean") return typed;
  if (!isNumeric(field)) return typed ?? null;
  const text = (typed ?? "").trim();
  const pattern = field.kind === "INT" ? /^[+-]?\d+$/ : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
  const value = Number(text);
  return pattern.test(text) && Number.isFinite(value) ? value : null;
}
