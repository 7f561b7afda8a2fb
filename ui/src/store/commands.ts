// What the reader asks of the trading process that is shown: orders, cancels, closing, reversing, quotes. Always true:
// one press sends once; nothing is sent again by itself; every outcome is noted, and one that is unknown says so.
import { newOrder, placeOrder, type Intent, type OrderPlaced, type Outcome, type Position } from "../link";
import type { Schemas } from "../api/schemas";
import { traderName } from "./desk";
import { link } from "./session";

export interface CancelFilter {
  readonly vt_symbol?: string;
  readonly reference?: string;
}

const AWAY = { outcome: "not_sent", why: "not_live", problem: null } as const;

export async function place(intent: Intent): Promise<Outcome<OrderPlaced>> {
  if (link.value === null) return AWAY;
  return placeOrder(link.value, newOrder({ ...intent, trader: traderName.value }));
}

export function cancel(vtOrderid: string): Promise<Outcome<Schemas["OrderCancel"]>> {
  return call("orders.cancel", { vt_orderid: vtOrderid });
}

/** All active orders that match, whoever placed them; an answer for each. */
export function cancelMany(filter: CancelFilter = {}): Promise<Outcome<Schemas["CancelResults"]>> {
  return call("orders.cancel_all", filter);
}

export function closePosition(position: Position): Promise<Outcome<Schemas["OrderResults"]>> {
  return call("positions.close", { vt_positionid: position.vt_positionid });
}

export function cancelQuote(vtQuoteid: string): Promise<Outcome<Schemas["QuoteCancel"]>> {
  return call("quotes.cancel", { vt_quoteid: vtQuoteid });
}

function call<T>(method: string, params: object): Promise<Outcome<T>> {
  return link.value?.call<T>(method, { ...params, trader: traderName.value }) ?? Promise.resolve(AWAY);
}
