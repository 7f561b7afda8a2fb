// Dragging one of the order lines. Always true: a drag that is broken off, or ends where it began, asks for nothing.
import { shallowRef } from "vue";
import type { Order } from "../link/types";
import { REACH, snap } from "./lines";
import type { Surface } from "./surface";

export interface Drag {
  readonly index: number;
  readonly order: Order;
  readonly price: number;
}

export interface Draggable {
  readonly surface: Surface | null;
  readonly orders: readonly Order[];
  readonly pricetick: number;
  /** The top of the chart on the screen, in pixels. */
  readonly top: number;
}

/** Pixels that a finger may tremble. */
const STILL = 3;

export function useDrag(now: () => Draggable, done: (order: Order, price: number) => void) {
  const drag = shallowRef<Drag | null>(null);
  let startY = 0;
  let hasMoved = false;

  /** The line that a mouse at this height would take; -1 for none. */
  function near(clientY: number): number {
    const { surface, orders, top } = now();
    if (surface === null) return -1;
    return orders.findIndex((order) => Math.abs((surface.yOf(order.price ?? 0) ?? Number.POSITIVE_INFINITY) - (clientY - top)) <= REACH);
  }

  function begin(event: PointerEvent, index: number): void {
    const { surface, orders } = now();
    const order = orders[index];
    if (surface === null || order === undefined || event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    startY = event.clientY;
    hasMoved = false;
    surface.hold(true);
    drag.value = { index, order, price: order.price ?? 0 };
  }

  function move(event: PointerEvent): void {
    const { surface, pricetick, top } = now();
    if (drag.value === null || surface === null) return;
    hasMoved ||= Math.abs(event.clientY - startY) > STILL;
    const price = surface.priceAt(event.clientY - top);
    if (!hasMoved || price === null) return;
    const snapped = snap(price, pricetick);
    if (snapped === drag.value.price) return;
    surface.moveLevel(drag.value.index, snapped);
    drag.value = { ...drag.value, price: snapped };
  }

  /** The line goes back to where its order is; whether it moves is for the answer to say. */
  function end(isDone: boolean): void {
    const was = drag.value;
    if (was === null) return;
    drag.value = null;
    const { surface } = now();
    surface?.hold(false);
    surface?.moveLevel(was.index, was.order.price ?? 0);
    if (isDone && hasMoved && was.price !== was.order.price) done(was.order, was.price);
  }

  /** Whether the click that follows a drag is part of it. */
  function wasDrag(): boolean {
    const was = hasMoved;
    hasMoved = false;
    return was;
  }

  return { drag, near, begin, move, end, wasDrag };
}
