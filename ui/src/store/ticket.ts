// The order that is being written, shared by ticket, depth, chart and lists. Always true: another instrument clears
// the price, so that no price of the old one survives.
import { shallowRef } from "vue";
import type { Position } from "../link";
import { blank, closing, forContract, type Ticket } from "../ticket/ticket";
import { contracts } from "./desk";
import { settings } from "./settings";

export const ticket = shallowRef<Ticket>(blank);

export function edit(change: Partial<Ticket>): void {
  ticket.value = { ...ticket.value, ...change };
}

/** Shows another instrument in depth, chart and ticket. */
export function choose(vtSymbol: string): void {
  if (settings.selected === vtSymbol) return;
  settings.selected = vtSymbol;
  ticket.value = forContract(ticket.value, contracts.value.get(vtSymbol) ?? null);
}

/** The order that closes a position, as VeighNa fills it from a double-click. */
export function fillClosing(position: Position): void {
  choose(position.vt_symbol);
  ticket.value = closing(ticket.value, position);
}
