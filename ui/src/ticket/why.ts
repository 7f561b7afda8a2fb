// Everything that speaks against an order: what the ticket knows by itself and what the server says, each rule once, with
// number and limit. Always true: what stops the order comes before what only warns.
import { t, type Key } from "../i18n";
import { messages } from "../i18n";
import type { Schemas } from "../api/schemas";
import { settings } from "../store/settings";
import { plain, stops, type Problem, type Ticket, type Weight } from "./ticket";

export type Verdict = Schemas["RuleVerdict"];

export interface Reason {
  readonly rule: string;
  readonly weight: Weight;
  readonly text: string;
  /** It keeps the order from being sent, and has not been overruled. */
  readonly stops: boolean;
}

/** Texts that have the numbers in them; the others are the server's own words. */
const LOCAL: Readonly<Record<string, Key>> = {
  CONTRACT_KNOWN: "ticket.noContract",
  VOLUME_POSITIVE: "ticket.noVolume",
  ORDER_TYPE: "ticket.noStop",
  PRICE_GIVEN: "ticket.noPrice",
  PRICE_TICK: "ticket.offTick",
  VOLUME_MIN: "ticket.minVolume",
  VOLUME_MAX: "ticket.maxVolume",
};

export function reasons(ticket: Ticket, local: readonly Problem[], verdicts: readonly Verdict[]): readonly Reason[] {
  const known = new Set(local.map((one) => one.rule));
  const broken = verdicts.filter((one) => one.kept === false && !known.has(one.rule));
  const all = [
    ...local.map((one) => reason(ticket, one, t(one.key, numbers(one)))),
    ...broken.map((one) => reason(ticket, one, verdictText(one))),
  ];
  return all.sort((a, b) => Number(b.stops) - Number(a.stops));
}

/** A broken rule of the server in the page's language. */
export function verdictText(verdict: Verdict): string {
  const key = LOCAL[verdict.rule] ?? `rule.${verdict.rule}`;
  if (isKey(key)) return t(key, numbers(verdict));
  return settings.language === "zh" ? verdict.text_zh : verdict.text_en;
}

function reason(ticket: Ticket, rule: { readonly rule: string; readonly weight: Weight }, text: string): Reason {
  return { rule: rule.rule, weight: rule.weight, text, stops: stops(rule, ticket) };
}

function numbers(from: { readonly value: number | null; readonly limit: number | null; readonly floor?: number | null }) {
  const text = (value: number | null | undefined): string => (value == null ? "-" : plain(value));
  return { value: text(from.value), limit: text(from.limit), floor: text(from.floor) };
}

function isKey(key: string): key is Key {
  return key in messages.zh;
}
