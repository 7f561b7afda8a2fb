// What closing or reversing a position will send, told before it is sent. Pure but for its words. The server makes the
// closing orders itself, by the same rules (VeighNa's PositionHolding). Always true: the volume is what no order has bound.
import { isNumber } from "../format";
import { t } from "../i18n";
import type { Contract, Offset, Order, Position, Tick } from "../link";
import { opposite } from "./depth";
import { closable, splitsToday } from "./holdings";
import { nets, plain } from "./ticket";
import { offsetOf, side, tidy } from "./words";

export interface Planned {
  readonly vtSymbol: string;
  readonly direction: "LONG" | "SHORT";
  readonly offset: Offset;
  readonly volume: number;
  /** Null while there is no tick: then the server looks. */
  readonly price: number | null;
}

export interface Plan {
  readonly volume: number;
  readonly gateway: string;
  readonly close: readonly Planned[];
  readonly open: Planned;
}

/** Null where there is nothing to close. */
export function plan(
  position: Position, contract: Contract | null, positions: Iterable<Position>, orders: Iterable<Order>, tick: Tick | null,
): Plan | null {
  const held = position.volume;
  if (contract === null || !isNumber(held) || held === 0) return null;
  const sells = position.direction === "LONG" || (position.direction === "NET" && held > 0);
  const direction = sells ? "SHORT" : "LONG";
  const gateway = position.gateway_name;
  const there = closable(contract, gateway, direction, positions, orders);
  const volume = there.today + there.earlier;
  if (!(volume > 0)) return null;
  const one = (offset: Offset, of: number): Planned =>
    ({ vtSymbol: position.vt_symbol, direction, offset, volume: of, price: opposite(tick, direction) });
  const isNet = nets(contract) || position.direction === "NET";
  const parts = isNet ? [one("CLOSE", volume)]
    : !splitsToday(contract.exchange) ? [one("CLOSE", volume)]
    : [one("CLOSETODAY", there.today), one("CLOSEYESTERDAY", there.earlier)].filter((part) => part.volume > 0);
  return { volume, gateway, close: parts, open: one(isNet ? "NONE" : "OPEN", volume) };
}

export function wordsOf(one: Planned): string {
  const price = one.price === null ? "-" : plain(one.price);
  return tidy(t("ask.at", {
    direction: side(one.direction), offset: offsetOf(one.offset), volume: plain(one.volume), symbol: one.vtSymbol, price,
  }));
}
