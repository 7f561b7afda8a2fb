// What is known of the trading process that is shown. Every holder is shallow: rows are never made reactive, and what
// is the same object has not changed. Always true: rows stay when contact is lost; `canTrade` says whether they are
// true now, and if not, why not.
import { computed, shallowRef, watch, type ShallowRef } from "vue";
import { digitsOf } from "../format";
import { isActive } from "../enums";
import type { Key } from "../i18n";
import type { Channel, Contract, Desk, Order, Phase, Tables } from "../link";
import { behind } from "./behind";
import { link, session } from "./session";
import { settings } from "./settings";
import { EMPTY, NEW_DESK } from "../link/tables";
import { few, NONE, type Few } from "../rows/few";
import { rowsOf } from "../rows/keyed";
import { tradingStateOf } from "./traders";

/** What every page shows or needs. Ticks are wanted by instrument, in `ticks.ts`. */
const CHANNELS: readonly Channel[] = ["order", "trade", "position", "account", "contract", "quote", "log"];

export type Contact = Pick<Desk, "state" | "since">;

const tables = shallowRef<Tables>(EMPTY);
export const phase = shallowRef<Phase>({ name: "connecting" });

watch(link, (now) => {
  if (now === null) return;
  now.on("phase", (next) => (phase.value = next));
  now.on("tables", (next) => (tables.value = next));
  now.subscribe({ channels: CHANNELS });
  phase.value = now.phase;
}, { immediate: true, flush: "sync" });

export const desks = computed(() => tables.value.desks);
export const traderNames = computed<readonly string[]>((before) => {
  const now = [...desks.value.keys()];
  return before?.length === now.length && now.every((name, n) => name === before[n]) ? before : now;
});
/** How the web process reaches each of them. */
export const contacts = computed<ReadonlyMap<string, Contact>>((before) => {
  const now = new Map([...desks.value].map(([name, { state, since }]) => [name, { state, since }]));
  const isSame = ([name, { state, since }]: [string, Contact]): boolean => before?.get(name)?.state === state && before.get(name)?.since === since;
  return before?.size === now.size && [...now].every(isSame) ? before : now;
});
/** The trading process that is shown. */
export const traderName = computed(() => (desks.value.has(settings.trader) ? settings.trader : (traderNames.value[0] ?? "")));
export const desk = computed<Desk>(() => desks.value.get(traderName.value) ?? NEW_DESK);

export const contracts = computed(() => desk.value.contract);
export const orders = computed(() => desk.value.order);
export const trades = computed(() => desk.value.trade);
export const positions = computed(() => desk.value.position);
export const accounts = computed(() => desk.value.account);
export const quotes = computed(() => desk.value.quote);
export const logs = computed(() => desk.value.log);

/** A moment behind the lists of orders, trades and positions; at once where another trading process, or another `of`, is shown. */
export function late<T>(now: () => T, of: () => string = () => ""): Readonly<ShallowRef<T>> {
  return behind(now, () => `${traderName.value}\n${of()}`);
}

/** The instrument in depth, chart and ticket. */
export const selected = computed<Contract | null>(() => contracts.value.get(settings.selected) ?? null);
const active = computed<Few<Order>>((before) => few(before ?? NONE, rowsOf(orders.value), (order) => isActive(order.status)));
export const activeOrders = computed(() => active.value.rows);

export type May = { readonly ok: true } | { readonly ok: false; readonly why: Key };

/** One object for each answer: every panel reads these, and would be drawn anew for one that only looks the same. */
const YES: May = { ok: true };
const noes = new Map<Key, May>();
function no(why: Key): May {
  const known = noes.get(why) ?? { ok: false, why };
  noes.set(why, known);
  return known;
}

/** Whether what is shown is true now. */
export const isLive = computed<May>(() => {
  if (phase.value.name === "syncing") return no("desk.syncing");
  if (phase.value.name !== "live") return no("desk.webAway");
  if (desk.value.state === "syncing") return no("desk.syncing");
  return desk.value.state === "live" ? YES : no("desk.traderAway");
});

/** Whether orders may be cancelled, and anything else changed. */
export const canAct = computed<May>(() => (session.role === "viewer" ? no("desk.viewer") : isLive.value));

/** Whether orders may be sent. A trading state that refuses some of them is for the rules to say. */
export const canTrade = computed<May>(() => {
  if (canAct.value.ok && tradingStateOf(traderName.value)?.state === "HALTED") return no("desk.halted");
  return canAct.value;
});

/** Decimals of a contract's prices; null while the contract is not known. */
export function digits(vtSymbol: string): number | null {
  return digitsOf(contracts.value.get(vtSymbol)?.pricetick);
}
