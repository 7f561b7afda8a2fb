// My working orders as lines that can be dragged. Always true: a price that is dragged to lies on the contract's grid.
import { label, OFFSET } from "../enums";
import { digitsOf } from "../format";
import { t } from "../i18n";
import type { Order, Position } from "../link/types";
import { settings } from "../store/settings";
import type { Palette } from "./palette";
import { canMove, left } from "./reprice";
import type { Level } from "./surface";

/** How far from a line, in pixels, a mouse still takes it. */
export const REACH = 5;

/** More lines would hide the bars and each other, and each costs at every redraw; the list of orders has them all. */
export const MOST_LINES = 20;

/** My orders of this contract that work at a price, in order of arrival. */
export function movable(orders: readonly Order[], vtSymbol: string): Order[] {
  return orders.filter((order) => order.vt_symbol === vtSymbol && canMove(order) && order.price !== null);
}

/** The newest of them, highest first. The same list as before where it has the same orders, so that nothing is drawn anew. */
export function linesOf(orders: readonly Order[], before: readonly Order[] = []): readonly Order[] {
  const now = orders.slice(-MOST_LINES).sort((a, b) => (b.price ?? 0) - (a.price ?? 0) || (a.vt_orderid < b.vt_orderid ? -1 : 1));
  return now.length === before.length && now.every((order, index) => order === before[index]) ? before : now;
}

/** The nearest price that the contract has. */
export function snap(price: number, pricetick: number): number {
  return Number((Math.round(price / pricetick) * pricetick).toFixed(digitsOf(pricetick) ?? 8));
}

/** `Buy open 3`: side, offset, and what is left. */
export function titleOf(order: Order): string {
  const side = t(order.direction === "LONG" ? "chart.buy" : "chart.sell");
  const offset = order.offset === "NONE" ? "" : ` ${label(OFFSET, order.offset, settings.language)}`;
  return `${side}${offset} ${left(order)}`;
}

export function orderLevels(orders: readonly Order[], palette: Palette): Level[] {
  return orders.map((order) => ({ price: order.price ?? 0, title: "", color: order.direction === "LONG" ? palette.up : palette.down, isDashed: true }));
}

/** A line at the average price of each position. */
export function positionLevels(positions: Iterable<Position>, vtSymbol: string, palette: Palette): Level[] {
  return [...positions]
    .filter((position) => position.vt_symbol === vtSymbol && (position.volume ?? 0) !== 0 && (position.price ?? 0) !== 0)
    .map((position) => ({ price: position.price ?? 0, title: positionTitle(position), color: palette.warn, isDashed: false }));
}

function positionTitle(position: Position): string {
  const volume = position.volume ?? 0;
  const isLong = position.direction === "LONG" || (position.direction === "NET" && volume > 0);
  return t(isLong ? "chart.long" : "chart.short", { volume: Math.abs(volume) });
}
