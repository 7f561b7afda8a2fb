// Placing orders so that none is ever placed twice: each has an id of its own from the beginning, and a retry is the
// same order with the same id, which the server carries out at most once.
import type { Outcome } from "./calls";
import type { Link } from "./link";
import { uuid } from "./surroundings";
import type { Tables } from "./tables";
import type { Offset, Order, OrderType } from "./types";

/** What a person means. */
export interface Intent {
  readonly vt_symbol: string;
  readonly direction: "LONG" | "SHORT";
  readonly type: OrderType;
  readonly volume: number;
  readonly price?: number;
  readonly offset?: Offset;
  readonly reference?: string;
  readonly gateway?: string;
  /** Rules, by their codes, that shall not refuse it. */
  readonly override?: readonly string[];
  readonly strict?: boolean;
  /** The trading process; without it the first. */
  readonly trader?: string;
}

/** An order that is there. */
export interface OrderPlaced {
  readonly vt_orderid: string;
  readonly client_order_id: string;
  /** An earlier attempt with this id has sent it. */
  readonly replayed: boolean;
}

/** An intent with its id. */
export interface NewOrder extends Intent {
  readonly client_order_id: string;
}

/** Gives an intent its id. Once per order that is wanted: a second press of the button is a second order. */
export function newOrder(intent: Intent): NewOrder {
  return Object.freeze({ ...intent, client_order_id: uuid() });
}

/** Places it. After `not_sent` or `unknown` the same object may be given again; it is still one order. */
export function placeOrder(link: Link, order: NewOrder, deadlineMs?: number): Promise<Outcome<OrderPlaced>> {
  return link.call("orders.place", order, deadlineMs);
}

/** The order that came of it, where the trading process has shown it: how an unknown outcome resolves. */
export function placed(tables: Tables, order: NewOrder): Order | null {
  const desks = order.trader === undefined ? [...tables.desks.values()] : [tables.desks.get(order.trader)];
  for (const desk of desks) {
    for (const row of desk?.order.values() ?? []) if (row.client_order_id === order.client_order_id) return row;
  }
  return null;
}
