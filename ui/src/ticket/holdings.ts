// What can be closed of a position, by the rules of VeighNa's PositionHolding: SHFE and INE tell today's from earlier
// days', and their plain CLOSE means the earlier days'. Pure. Always true: what orders at work have bound is not counted.
import { isActive } from "../enums";
import type { Contract, Offset, Order, Position } from "../link";
import { nets, plain, type Ticket } from "./ticket";

export interface Closable {
  readonly today: number;
  readonly earlier: number;
}

const CLOSES: ReadonlySet<Offset> = new Set(["CLOSE", "CLOSETODAY", "CLOSEYESTERDAY"]);

export function splitsToday(exchange: string): boolean {
  return exchange === "SHFE" || exchange === "INE";
}

/** What an order in `direction` can close at a gateway. */
export function closable(
  contract: Contract, gateway: string, direction: "LONG" | "SHORT", positions: Iterable<Position>, orders: Iterable<Order>,
): Closable {
  let today = 0;
  let earlier = 0;
  for (const row of positions) {
    if (row.vt_symbol !== contract.vt_symbol || row.gateway_name !== gateway) continue;
    const held = heldAgainst(row, direction);
    const old = row.direction === "NET" ? 0 : Math.min(row.yd_volume ?? 0, held);
    earlier += old;
    today += held - old;
  }
  for (const order of orders) {
    if (order.vt_symbol !== contract.vt_symbol || order.gateway_name !== gateway || order.direction !== direction) continue;
    if (!isActive(order.status) || !(CLOSES.has(order.offset) || nets(contract))) continue;
    const rest = (order.volume ?? 0) - (order.traded ?? 0);
    const ofToday = order.offset === "CLOSEYESTERDAY" ? 0 : order.offset === "CLOSETODAY" ? rest : Math.min(rest, Math.max(today, 0));
    today -= ofToday;
    earlier -= rest - ofToday;
  }
  return { today: Math.max(today, 0), earlier: Math.max(earlier, 0) };
}

/** What of it an order with this offset can close. */
export function closableBy(offset: Offset, exchange: string, there: Closable): number {
  if (!splitsToday(exchange)) return there.today + there.earlier;
  if (offset === "CLOSETODAY") return there.today;
  return offset === "CLOSE" || offset === "CLOSEYESTERDAY" ? there.earlier : there.today + there.earlier;
}

/** The ticket that closes as much as one order can: today's first where they are told apart. Null where there is nothing. */
export function closeAll(ticket: Ticket, contract: Contract, there: Closable): Pick<Ticket, "offset" | "volume"> | null {
  const split = splitsToday(contract.exchange);
  const best = split ? (there.today > 0 ? "CLOSETODAY" : "CLOSEYESTERDAY") : "CLOSE";
  const kept = CLOSES.has(ticket.offset) && closableBy(ticket.offset, contract.exchange, there) > 0;
  const offset: Offset = nets(contract) ? "NONE" : kept ? ticket.offset : best;
  const volume = closableBy(offset, contract.exchange, there);
  return volume > 0 ? { offset, volume: plain(volume) } : null;
}

function heldAgainst(row: Position, direction: "LONG" | "SHORT"): number {
  const volume = row.volume ?? 0;
  if (row.direction === "NET") return Math.max(direction === "SHORT" ? volume : -volume, 0);
  return row.direction === direction ? 0 : Math.max(volume, 0);
}
