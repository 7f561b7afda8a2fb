// What is known of the trading process that is shown. Every holder is shallow: rows are never made reactive, and what
// is the same object has not changed. Always true: rows stay when contact is lost; `canTrade` says whether they are
// true now, and if not, why not.
import { computed, shallowRef, watch } from "vue";
import { digitsOf } from "../format";
import { isActive } from "../enums";
import type { Key } from "../i18n";
import type { Channel, Contract, Desk, Phase, Tables } from "../link";
import { link, session } from "./session";
import { settings } from "./settings";
import { EMPTY, NEW_DESK } from "../link/tables";
import { tradingStateOf } from "./traders";

/** What every page shows or needs. Ticks are wanted by instrument, in `ticks.ts`. */
const CHANNELS: readonly Channel[] = ["order", "trade", "position", "account", "contract", "quote", "log"];

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
export const traderNames = computed(() => [...desks.value.keys()]);
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

/** The instrument in depth, chart and ticket. */
export const selected = computed<Contract | null>(() => contracts.value.get(settings.selected) ?? null);
export const activeOrders = computed(() => [...orders.value.values()].filter((order) => isActive(order.status)));

export type May = { readonly ok: true } | { readonly ok: false; readonly why: Key };

/** Whether what is shown is true now. */
export const isLive = computed<May>(() => {
  if (phase.value.name === "syncing") return { ok: false, why: "desk.syncing" };
  if (phase.value.name !== "live") return { ok: false, why: "desk.webAway" };
  if (desk.value.state === "syncing") return { ok: false, why: "desk.syncing" };
  return desk.value.state === "live" ? { ok: true } : { ok: false, why: "desk.traderAway" };
});

/** Whether orders may be cancelled, and anything else changed. */
export const canAct = computed<May>(() => {
  if (session.role === "viewer") return { ok: false, why: "desk.viewer" };
  return isLive.value;
});

/** Whether orders may be sent. A trading state that refuses some of them is for the rules to say. */
export const canTrade = computed<May>(() => {
  if (canAct.value.ok && tradingStateOf(traderName.value)?.state === "HALTED") return { ok: false, why: "desk.halted" };
  return canAct.value;
});

/** Decimals of a contract's prices; null while the contract is not known. */
export function digits(vtSymbol: string): number | null {
  return digitsOf(contracts.value.get(vtSymbol)?.pricetick);
}
