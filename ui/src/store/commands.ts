// What the reader asks of the trading process that is shown: orders, cancels, closing, reversing, quotes. Always true:
// one press sends once; nothing is sent again by itself; every outcome is noted, and one that is unknown says so.
// What asks first says so in its name or its comment; the others send at once.
import { newOrder, placeOrder, type Intent, type NewOrder, type OrderPlaced, type Outcome, type Position } from "../link";
import { uuid } from "../link/surroundings";
import type { Schemas } from "../api/schemas";
import { t } from "../i18n";
import { plan, wordsOf, type Plan } from "../ticket/closing";
import { lose } from "../ticket/lost";
import { openOther } from "../ticket/reversing";
import { REFERENCE } from "../ticket/ticket";
import { inWords, whyNot } from "../ticket/words";
import { ask } from "./ask";
import { activeOrders, contracts, positions, traderName } from "./desk";
import { hurry } from "./hurry";
import { note, toast } from "./notes";
import { link } from "./session";
import { tickOf } from "./ticks";

export interface CancelFilter {
  readonly vt_symbol?: string;
  readonly reference?: string;
}

const AWAY = { outcome: "not_sent", why: "not_live", problem: null } as const;

/** An order at the trading process that is shown. */
export function place(intent: Intent): Promise<Outcome<OrderPlaced>> {
  return send(newOrder({ ...intent, trader: traderName.value }));
}

/** An order that has its id. The same object once more is the same order. */
export async function send(order: NewOrder): Promise<Outcome<OrderPlaced>> {
  const text = inWords(order);
  hurry();
  const outcome = link.value === null ? AWAY : await placeOrder(link.value, order);
  if (outcome.outcome === "done") note("info", "cmd.sent", { order: outcome.data.vt_orderid, text });
  else if (outcome.outcome === "refused") toast("bad", "cmd.refused", { text, why: whyNot(outcome) });
  else if (outcome.outcome === "not_sent") toast("warn", "cmd.notSent", { text, why: whyNot(outcome) });
  else {
    toast("bad", "cmd.unknown", { text });
    lose(order, whyNot(outcome));
  }
  return outcome;
}

/** Sends a cancel. It may be repeated. */
export async function cancel(vtOrderid: string): Promise<Outcome<Schemas["OrderCancel"]>> {
  hurry();
  const outcome = await call<Schemas["OrderCancel"]>("orders.cancel", { vt_orderid: vtOrderid });
  if (outcome.outcome === "done") note("info", "cmd.cancelled", { order: vtOrderid });
  else if (outcome.outcome === "unknown") toast("warn", "cmd.cancelUnknown", { order: vtOrderid });
  else toast("bad", "cmd.cancelFailed", { order: vtOrderid, why: whyNot(outcome) });
  return outcome;
}

/** Cancels all active orders that match, whoever placed them, without asking; an answer for each. */
export async function cancelMany(filter: CancelFilter = {}): Promise<Outcome<Schemas["CancelResults"]>> {
  const outcome = await call<Schemas["CancelResults"]>("orders.cancel_all", filter);
  if (outcome.outcome === "unknown") toast("warn", "cmd.manyUnknown");
  else if (outcome.outcome !== "done") toast("bad", "cmd.manyFailed", { why: whyNot(outcome) });
  else noteCancels(outcome.data.results);
  return outcome;
}

/** Asks, naming how many, and cancels them; null where the answer was no. */
export async function askCancelMany(filter: CancelFilter = {}): Promise<Outcome<Schemas["CancelResults"]> | null> {
  const { vt_symbol: symbol, reference } = filter;
  const matching = activeOrders.value.filter((order) =>
    (symbol === undefined || order.vt_symbol === symbol) && (reference === undefined || order.reference === reference));
  const count = matching.length;
  const text =
    symbol !== undefined ? t("ask.cancelOf", { symbol, count })
    : reference !== undefined ? t("ask.cancelRef", { reference, count })
    : t("ask.cancelAll", { trader: traderName.value, count });
  const question = { title: t("ask.cancelTitle"), text: [text], yes: t("ask.cancelYes", { count }), danger: true };
  return (await ask(question)) ? cancelMany(filter) : null;
}

/** Asks, and closes all of a position that no order has bound; the server picks the offsets. Null where nothing was sent. */
export async function closePosition(position: Position): Promise<Outcome<Schemas["OrderResults"]> | null> {
  const made = planOf(position);
  const symbol = position.vt_symbol;
  if (made === null) return nothing(symbol);
  const question = { title: t("ask.closeTitle", { symbol }), text: made.close.map(wordsOf), yes: t("ask.closeYes", { volume: made.volume }), danger: true };
  return (await ask(question)) ? close(position, made.volume) : null;
}

/**
 * Asks, and turns a position round: sends the orders that close it, and then, for as much of them as was accepted, an
 * order that opens the other side, likewise a limit at the best price. Never opens more than was accepted to close.
 */
export async function reverse(position: Position): Promise<void> {
  const made = planOf(position);
  const symbol = position.vt_symbol;
  if (made === null) return void nothing(symbol);
  if (made.open.price === null) return toast("bad", "cmd.noQuote", { symbol });
  const text = [...made.close.map((one) => t("ask.first", { text: wordsOf(one) })), t("ask.then", { text: wordsOf(made.open) }), t("ask.reverseRule")];
  const question = { title: t("ask.reverseTitle", { symbol }), text, yes: t("ask.reverseYes", { volume: made.volume }), danger: true };
  if (!(await ask(question))) return;
  const closed = await close(position, made.volume);
  if (closed.outcome === "done") await openOther(made, closed.data, send, traderName.value);
}

/** Sends a cancel of a quote. It may be repeated. */
export async function cancelQuote(vtQuoteid: string): Promise<Outcome<Schemas["QuoteCancel"]>> {
  const outcome = await call<Schemas["QuoteCancel"]>("quotes.cancel", { vt_quoteid: vtQuoteid });
  if (outcome.outcome === "done") note("info", "cmd.quoteCancelled", { quote: vtQuoteid });
  else if (outcome.outcome === "unknown") toast("warn", "cmd.quoteUnknown", { quote: vtQuoteid });
  else toast("bad", "cmd.quoteFailed", { quote: vtQuoteid, why: whyNot(outcome) });
  return outcome;
}

function planOf(position: Position): Plan | null {
  const contract = contracts.value.get(position.vt_symbol) ?? null;
  return plan(position, contract, positions.value.values(), activeOrders.value, tickOf(position.vt_symbol).value);
}

function nothing(symbol: string): null {
  toast("warn", "cmd.closeFailed", { symbol, why: t("ticket.nothingToClose") });
  return null;
}

async function close(position: Position, volume: number): Promise<Outcome<Schemas["OrderResults"]>> {
  const symbol = position.vt_symbol;
  const wish = { vt_positionid: position.vt_positionid, volume, reference: REFERENCE, client_order_id: uuid() };
  const outcome = await call<Schemas["OrderResults"]>("positions.close", wish);
  if (outcome.outcome === "unknown") toast("bad", "cmd.closeUnknown", { symbol });
  else if (outcome.outcome !== "done") toast("bad", "cmd.closeFailed", { symbol, why: whyNot(outcome) });
  else noteCloses(symbol, outcome.data.results);
  return outcome;
}

function noteCloses(symbol: string, results: Schemas["OrderResults"]["results"]): void {
  const sent = results.flatMap((one) => (one.order === null ? [] : [one.order.vt_orderid]));
  if (sent.length > 0) note("info", "cmd.closed", { orders: sent.join(" ") });
  for (const { error } of results) {
    if (error === null) continue;
    if (error.code === "outcome_unknown") toast("bad", "cmd.closeUnknown", { symbol });
    else toast("bad", "cmd.closeFailed", { symbol, why: `${error.detail} (${error.code})` });
  }
}

function noteCancels(results: Schemas["CancelResults"]["results"]): void {
  const failed = results.filter((one) => !one.ok);
  if (results.length === 0) note("info", "cmd.nothing");
  else if (failed.length === 0) note("info", "cmd.cancelledMany", { count: results.length });
  else toast("bad", "cmd.cancelledSome", { failed: failed.length, count: results.length, why: failed[0]?.error?.detail ?? "" });
}

function call<T>(method: string, params: object): Promise<Outcome<T>> {
  return link.value?.call<T>(method, { ...params, trader: traderName.value }) ?? Promise.resolve(AWAY);
}
