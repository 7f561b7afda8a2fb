// What the page knows, in one place. Facts change only through the reducers; every holder is shallow,
// so nothing of a row is ever made reactive by itself.
import { computed, shallowRef } from "vue";
import type { Contract } from "./api/wire";
import type { Key, Params } from "./i18n";
import { settings } from "./settings";
import { initial, reduce, type Action, type DeskState } from "./state/desk";
import { linkKey, mayTrade, reduceLink, unlinked, type LinkAction, type LinkState } from "./state/link";
import { append, type Entry, type Note, type Severity } from "./state/log";
import { Ticks } from "./state/ticks";
import { blank, closing, forContract, type Ticket } from "./state/ticket";
import type { Position } from "./api/wire";
import { isActive } from "./enums";
import { digitsOf } from "./format";

export const desk = shallowRef<DeskState>(initial);
export const link = shallowRef<LinkState>(unlinked);
export const log = shallowRef<readonly Entry[]>([]);
export const contracts = shallowRef<ReadonlyMap<string, Contract>>(new Map());
export const ticket = shallowRef<Ticket>(blank);
export const ticks = new Ticks();

export const linkText = computed(() => linkKey(link.value));
export const live = computed(() => mayTrade(link.value));
export const selected = computed(() => contracts.value.get(settings.selected) ?? null);
export const activeOrders = computed(() => [...desk.value.orders.values()].filter((order) => isActive(order.status)));

/** Decimals of a contract's prices; null while the contract is not known. */
export function digits(vtSymbol: string): number | null {
  return digitsOf(contracts.value.get(vtSymbol)?.pricetick);
}

export function dispatch(action: Action): void {
  desk.value = reduce(desk.value, action);
}

export function dispatchLink(action: LinkAction): void {
  link.value = reduceLink(link.value, action);
}

export function note(severity: Severity, key: Key, params: Params = {}): void {
  const texts = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
  record({ severity, key, params: texts });
}

export function record(entry: Note): void {
  log.value = append(log.value, entry, new Date());
}

/** Shows another contract in depth and ticket. */
export function choose(vtSymbol: string): void {
  if (settings.selected === vtSymbol) return;
  settings.selected = vtSymbol;
  ticket.value = forContract(ticket.value, contracts.value.get(vtSymbol) ?? null);
}

export function edit(change: Partial<Ticket>): void {
  ticket.value = { ...ticket.value, ...change };
}

export function fillClosing(position: Position): void {
  choose(position.vtSymbol);
  ticket.value = closing(ticket.value, position);
}
