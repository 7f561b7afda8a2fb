// Carries out `reprice.ts` against the trading process that is shown. It belongs to the page and not to a panel: closing
// the chart in between must not leave an order cancelled and nothing in its place.
// Always true: one order at a time; another trading process on the screen counts as a lost link.
import { shallowRef, watch } from "vue";
import { isActive } from "../enums";
import { digits, canTrade, isLive, orders, traderName, trades } from "../store/desk";
import { cancel, place } from "../store/commands";
import { price as priceText } from "../format";
import { t } from "../i18n";
import type { Order, Outcome } from "../link";
import { note, toast } from "../store/notes";
import { whyNot } from "../ticket/words";
import { REFERENCE } from "../ticket/ticket";
import { CONFIRM_MS, IDLE, next, type Effect, type Happening, type Reprice, type Rest } from "./reprice";

export const reprice = shallowRef<Reprice>(IDLE);

let timer: ReturnType<typeof setTimeout> | undefined;

/** Asks whether this order is to have another price; says why not where nothing can be sent. */
export function askReprice(order: Order, price: number): void {
  if (!canTrade.value.ok) toast("warn", "chart.lineAway", { why: t(canTrade.value.why) });
  else happen({ type: "ask", order, price });
}

export function changePrice(price: number): void {
  happen({ type: "price", price });
}

export function answer(yes: boolean): void {
  look();
  happen({ type: yes && canTrade.value.ok ? "yes" : "no" });
  look();
}

function happen(happening: Happening): void {
  const before = reprice.value;
  const { state, effect } = next(before, happening);
  reprice.value = state;
  if (effect !== null) void carryOut(effect);
  if (state.step === "over" && before.step !== "over") tell(state);
}

async function carryOut(effect: Effect): Promise<void> {
  clearTimeout(timer);
  if (effect.type === "place") return happen({ type: "placed", ...ended(await placeRest(effect.rest)) });
  timer = setTimeout(() => happen({ type: "tooLate" }), CONFIRM_MS);
  happen({ type: "cancelled", ...ended(await cancel(effect.order.vt_orderid)) });
}

function placeRest({ order, price, volume }: Rest) {
  // `canMove` has seen to it that it is one of the two.
  const direction = order.direction === "SHORT" ? "SHORT" : "LONG";
  const { vt_symbol, type, offset, gateway_name: gateway } = order;
  return place({ vt_symbol, direction, type, offset, price, volume, gateway, reference: order.reference || REFERENCE });
}

function ended(outcome: Outcome<unknown>) {
  return { ending: outcome.outcome, detail: outcome.outcome === "done" ? "" : whyNot(outcome) };
}

/** What the lists say of the order that is being moved. */
function look(): void {
  const state = reprice.value;
  if (state.step !== "asking" && state.step !== "cancelling") return;
  const order = orders.value.get(state.order.vt_orderid);
  if (order !== undefined) happen({ type: "order", order, filled: isActive(order.status) ? 0 : filledOf(order.vt_orderid) });
}

function filledOf(vtOrderid: string): number {
  let sum = 0;
  for (const trade of trades.value.values()) if (trade.vt_orderid === vtOrderid) sum += trade.volume ?? 0;
  return sum;
}

function tell(state: Extract<Reprice, { step: "over" }>): void {
  clearTimeout(timer);
  const { order, end } = state;
  const params = { order: order.vt_orderid, price: priceText(state.price, digits(order.vt_symbol)), why: state.detail };
  if (end === "moved") note("info", "reprice.moved", params);
  else toast(end === "filled" || end === "gone" ? "warn" : "bad", `reprice.${end}`, params);
}

watch(orders, look);
watch(() => isLive.value.ok, (isOk) => {
  if (!isOk) happen({ type: "lost" });
});
watch(traderName, () => happen({ type: "lost" }));
