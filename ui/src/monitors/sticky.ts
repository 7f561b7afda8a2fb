// Cells that keep what they said first, as on VeighNa's desktop: a gateway's later events may leave out what its first
// one had, such as the reference of an order at CTP. Pure. Only what may change with an order's life is taken from
// later events. What was unknown at first is filled in when it is told.
import { isActive } from "../enums";
import type { Order, Quote } from "../link";

export function keepOrder(shown: Order, now: Order): Order {
  if (isAnother(shown, now)) return now;
  return {
    ...now,
    reference: shown.reference || now.reference,
    type: shown.type,
    direction: shown.direction ?? now.direction,
    offset: shown.offset === "NONE" ? now.offset : shown.offset,
    price: first(shown.price, now.price),
    client_order_id: shown.client_order_id ?? now.client_order_id,
  };
}

export function keepQuote(shown: Quote, now: Quote): Quote {
  if (isAnother(shown, now)) return now;
  return {
    ...now,
    reference: shown.reference || now.reference,
    bid_offset: shown.bid_offset === "NONE" ? now.bid_offset : shown.bid_offset,
    ask_offset: shown.ask_offset === "NONE" ? now.ask_offset : shown.ask_offset,
    bid_price: first(shown.bid_price, now.bid_price),
    bid_volume: first(shown.bid_volume, now.bid_volume),
    ask_price: first(shown.ask_price, now.ask_price),
    ask_volume: first(shown.ask_volume, now.ask_volume),
  };
}

/** A gateway may give an id again the next day: what is over does not come back to life. */
function isAnother(shown: Order | Quote, now: Order | Quote): boolean {
  return shown.vt_symbol !== now.vt_symbol || (!isActive(shown.status) && isActive(now.status));
}

/** Gateways write 0 where they do not know. */
function first(shown: number | null, now: number | null): number | null {
  return shown === null || shown === 0 ? now : shown;
}
