// Orders of which nobody knows whether they are at the exchange: those of this page and those that the server lists for
// this user. Always true: one leaves the list only when its order shows up, when the server says what became of it, or
// when a person says that it is dealt with; sending again uses the same id.
import { shallowRef, watch } from "vue";
import type { Schemas } from "../api/schemas";
import { placed, placeOrder, type NewOrder } from "../link";
import { desks, phase } from "../store/desk";
import { note, toast } from "../store/notes";
import { link, session } from "../store/session";
import { after, again, type Attempt } from "./attempt";
import { inWords, whyNot } from "./words";

export type Row = Pick<Schemas["UnknownOrder"], "vt_symbol" | "direction" | "offset" | "type" | "price" | "volume">;

export interface Lost {
  readonly id: string;
  readonly trader: string;
  readonly row: Row;
  /** RFC 3339. */
  readonly since: string | null;
  readonly reason: string;
  readonly lookalikes: readonly string[];
  /** As it was sent; null where another page did that: then it cannot be sent again from here. */
  readonly order: NewOrder | null;
  readonly busy: boolean;
}

/** Others may acknowledge it, too. */
const POLL_MS = 10_000;

export const lost = shallowRef<readonly Lost[]>([]);
type Settled = (id: string, attempt: Attempt) => void;
const listeners = new Set<Settled>();

/** Tells what became of an order that was unknown. */
export function onSettled(listener: Settled): void {
  listeners.add(listener);
}

/** Takes in an order whose outcome is unknown. */
export function lose(order: NewOrder, reason: string): void {
  const { client_order_id: id, trader = "", vt_symbol, direction, offset = "NONE", type, price = 0, volume } = order;
  const row: Row = { vt_symbol, direction, offset, type, price, volume };
  const mine: Lost = { id, trader, row, since: new Date().toISOString(), reason, lookalikes: [], order, busy: false };
  lost.value = [...lost.value.filter((one) => one.id !== id), mine];
  resolve();
}

/** Once more with the same id, which makes at most one order. */
export async function sendAgain(one: Lost): Promise<void> {
  const { order } = one;
  if (order === null || one.busy || link.value === null) return;
  change(one.id, { busy: true });
  const outcome = await placeOrder(link.value, order);
  change(one.id, { busy: false });
  const next = after(again({ state: "unknown", order, why: "lost", problem: null }), outcome);
  if (next.state !== "unknown") return settle(one.id, next);
  if (outcome.outcome !== "done") change(one.id, { reason: whyNot(outcome) });
  toast("warn", "cmd.unknown", { text: inWords(order) });
}

/** A person has looked, and says that it is dealt with. */
export async function acknowledge(one: Lost): Promise<void> {
  if (one.busy || link.value === null) return;
  change(one.id, { busy: true });
  const answer = await link.value.call("orders.acknowledge", { client_order_id: one.id, trader: one.trader });
  change(one.id, { busy: false });
  const isNone = answer.outcome === "refused" && answer.problem.code === "order_not_found";
  if (answer.outcome !== "done" && !isNone) return toast("bad", "unknown.ackFailed", { why: whyNot(answer) });
  if (isNone) note("warn", "unknown.noneKnown");
  remove(one.id);
  if (one.order !== null) tell(one.id, { state: "acknowledged", order: one.order });
}

/** Asks the server which orders of this user it does not know the outcome of. */
export async function refresh(): Promise<void> {
  const answer = await link.value?.call<readonly Schemas["UnknownOrder"][]>("orders.unknown");
  if (answer?.outcome !== "done") return;
  const theirs = answer.data.filter((one) => one.user === session.user);
  const ids = new Set(theirs.map((one) => one.client_order_id));
  const known = new Map(lost.value.map((one) => [one.id, one]));
  // What this page lost stays until it is known; what only the server listed goes when it does not any more.
  const mine = lost.value.filter((one) => one.order !== null && !ids.has(one.id));
  lost.value = [...mine, ...theirs.map((one) => listed(one, known.get(one.client_order_id)))];
  resolve();
}

function listed(one: Schemas["UnknownOrder"], known: Lost | undefined): Lost {
  return {
    id: one.client_order_id, trader: one.trader, row: one, since: one.received, reason: one.reason,
    lookalikes: one.lookalikes, order: known?.order ?? null, busy: known?.busy ?? false,
  };
}

/** Takes those off whose orders have shown up. */
function resolve(): void {
  const tables = link.value?.tables;
  if (tables === undefined || lost.value.length === 0) return;
  for (const one of lost.value) {
    const asked = one.order ?? asOrder(one);
    const row = placed(tables, asked);
    if (row === null) continue;
    settle(one.id, { state: "sent", order: asked, vtOrderid: row.vt_orderid, warnings: [], replayed: true });
  }
}

function settle(id: string, attempt: Attempt): void {
  remove(id);
  if (attempt.state === "sent") toast("good", "unknown.resolved", { order: attempt.vtOrderid });
  tell(id, attempt);
}

function tell(id: string, attempt: Attempt): void {
  for (const listener of listeners) listener(id, attempt);
}

function change(id: string, to: Partial<Lost>): void {
  lost.value = lost.value.map((one) => (one.id === id ? { ...one, ...to } : one));
}

function remove(id: string): void {
  lost.value = lost.value.filter((one) => one.id !== id);
}

function asOrder(one: Lost): NewOrder {
  const { vt_symbol, direction, offset, type, price, volume } = one.row;
  return {
    client_order_id: one.id, trader: one.trader, vt_symbol, offset, type, price: price ?? 0, volume: volume ?? 0,
    direction: direction === "SHORT" ? "SHORT" : "LONG",
  };
}

watch(desks, resolve);
let poller: ReturnType<typeof setInterval> | undefined;
watch(() => session.loggedIn && phase.value.name === "live", (live) => {
  clearInterval(poller);
  if (!live) return;
  void refresh();
  poller = setInterval(() => {
    if (lost.value.length > 0 && !document.hidden) void refresh();
  }, POLL_MS);
}, { immediate: true });
watch(() => session.user, () => (lost.value = []));
