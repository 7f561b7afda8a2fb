// Moving a working order to another price: cancel it, and only when the trading process has said that it is CANCELLED
// place what was left of it anew. A pure state machine; `useReprice` carries out its effects.
//
// Always true: nothing is placed before the CANCELLED of this very order; never more is placed than was left of it;
// nothing is placed twice or tried again; whoever walks away (link lost, too late, refused) leaves nothing behind that
// could place an order later.
import { isActive } from "../enums";
import type { Order } from "../link/types";

/** How a command ended, as `link/calls.ts` has it. */
export type Ending = "done" | "refused" | "not_sent" | "unknown";

/** What the rest is placed with. */
export interface Rest {
  readonly price: number;
  readonly volume: number;
  readonly order: Order;
}

export type Reprice =
  | { readonly step: "idle" }
  | { readonly step: "asking"; readonly order: Order; readonly price: number }
  /** The cancel is under way, or its answer is not known. */
  | { readonly step: "cancelling"; readonly order: Order; readonly price: number; readonly isAnswerUnknown: boolean }
  | { readonly step: "placing"; readonly rest: Rest }
  | { readonly step: "over"; readonly order: Order; readonly price: number; readonly end: End; readonly detail: string };

/** How it ended. Only `moved` has a new order; `placeUnknown` may have one. */
export type End =
  | "moved" | "gone" | "filled" | "rejected" | "cancelRefused" | "cancelNotSent" | "notConfirmed" | "linkLost"
  | "placeRefused" | "placeNotSent" | "placeUnknown";

export type Happening =
  | { readonly type: "ask"; readonly order: Order; readonly price: number }
  /** Another price, before it is sent. */
  | { readonly type: "price"; readonly price: number }
  | { readonly type: "yes" }
  | { readonly type: "no" }
  /** The newest row of an order, or that it is in no list any more. */
  | { readonly type: "order"; readonly order: Order; readonly filled: number }
  | { readonly type: "lost" }
  | { readonly type: "tooLate" }
  | { readonly type: "cancelled"; readonly ending: Ending; readonly detail: string }
  | { readonly type: "placed"; readonly ending: Ending; readonly detail: string };

export type Effect = { readonly type: "cancel"; readonly order: Order } | { readonly type: "place"; readonly rest: Rest };

export interface Next {
  readonly state: Reprice;
  readonly effect: Effect | null;
}

export const IDLE: Reprice = { step: "idle" };
/** How long a cancel may take to be confirmed, in milliseconds: later the market is not the one that was answered for. */
export const CONFIRM_MS = 10_000;

export function next(state: Reprice, happening: Happening): Next {
  switch (state.step) {
    case "idle":
    case "over":
      return idle(state, happening);
    case "asking":
      return asking(state, happening);
    case "cancelling":
      return cancelling(state, happening);
    case "placing":
      return placing(state, happening);
  }
}

/** Whether an order can be moved: it works, and has a price of its own. */
export function canMove(order: Order): boolean {
  return isActive(order.status) && (order.type === "LIMIT" || order.type === "STOP") && order.direction !== null && order.direction !== "NET";
}

/** What is left of an order. Trades may be known before the order's own row counts them. */
export function left(order: Order, filled = 0): number {
  // Volumes are doubles: 0.3 − 0.1 is to be 0.2 again.
  const rest = (order.volume ?? 0) - Math.max(order.traded ?? 0, filled);
  return Math.max(0, Number(rest.toFixed(8)));
}

function idle(state: Reprice, happening: Happening): Next {
  if (happening.type === "no") return to(IDLE);
  if (happening.type !== "ask") return to(state);
  return canMove(happening.order) ? to({ step: "asking", order: happening.order, price: happening.price }) : over(happening, "gone");
}

function asking(state: Extract<Reprice, { step: "asking" }>, happening: Happening): Next {
  switch (happening.type) {
    case "no":
      return to(IDLE);
    case "lost":
      return over(state, "linkLost");
    case "price":
      return to({ ...state, price: happening.price });
    case "yes":
      return to({ ...state, step: "cancelling", isAnswerUnknown: false }, { type: "cancel", order: state.order });
    case "order": {
      const { order } = happening;
      if (!isSame(order, state.order)) return to(state);
      return isActive(order.status) ? to({ ...state, order }) : over({ order, price: state.price }, endOf(order));
    }
    default:
      return to(state);
  }
}

function cancelling(state: Extract<Reprice, { step: "cancelling" }>, happening: Happening): Next {
  switch (happening.type) {
    case "order":
      return isSame(happening.order, state.order) ? follow(state, happening.order, happening.filled) : to(state);
    case "cancelled":
      return cancelAnswered(state, happening.ending, happening.detail);
    case "lost":
      return over(state, "linkLost");
    case "tooLate":
      return over(state, "notConfirmed");
    default:
      return to(state);
  }
}

function follow(state: Extract<Reprice, { step: "cancelling" }>, order: Order, filled: number): Next {
  if (isActive(order.status)) return to({ ...state, order });
  const volume = left(order, filled);
  if (order.status !== "CANCELLED" || volume === 0) return over({ order, price: state.price }, order.status === "REJECTED" ? "rejected" : "filled");
  const rest = { price: state.price, volume, order };
  return to({ step: "placing", rest }, { type: "place", rest });
}

function cancelAnswered(state: Extract<Reprice, { step: "cancelling" }>, ending: Ending, detail: string): Next {
  switch (ending) {
    // The answer says that the cancel is on its way; the order's own row says when it has arrived.
    case "done":
      return to(state);
    case "unknown":
      return to({ ...state, isAnswerUnknown: true });
    case "refused":
      return over(state, "cancelRefused", detail);
    case "not_sent":
      return over(state, "cancelNotSent", detail);
  }
}

function placing(state: Extract<Reprice, { step: "placing" }>, happening: Happening): Next {
  if (happening.type !== "placed") return to(state);
  const ends: Readonly<Record<Ending, End>> = { done: "moved", refused: "placeRefused", not_sent: "placeNotSent", unknown: "placeUnknown" };
  return over(state.rest, ends[happening.ending], happening.detail);
}

function endOf(order: Order): End {
  if (order.status === "ALLTRADED") return "filled";
  return order.status === "REJECTED" ? "rejected" : "gone";
}

function isSame(a: Order, b: Order): boolean {
  return a.vt_orderid === b.vt_orderid;
}

function over(of: { readonly order: Order; readonly price: number }, end: End, detail = ""): Next {
  return to({ step: "over", order: of.order, price: of.price, end, detail });
}

function to(state: Reprice, effect: Effect | null = null): Next {
  return { state, effect };
}
