// The order that is being written, shared by ticket, depth, chart and lists. Always true: another instrument clears
// the price, so that no price of the old one survives; a price that was chosen by hand is not overwritten by the market.
import { shallowRef, watch } from "vue";
import type { Order, Position } from "../link";
import { price } from "../format";
import { closable, closeAll, splitsToday } from "../ticket/holdings";
import { blank, closing, forContract, type Ticket } from "../ticket/ticket";
import { activeOrders, contracts, digits, positions, selected } from "./desk";
import { settings } from "./settings";

export const ticket = shallowRef<Ticket>(blank);
/** The instrument that it was begun for. */
let begunFor = "";

export function edit(change: Partial<Ticket>): void {
  ticket.value = { ...ticket.value, ...change };
}

/** A price by hand: the market no longer moves it. */
export function setPrice(typed: string): void {
  settings.follow = false;
  edit({ price: typed });
}

/** The price that was clicked in depth, chart or a list, with the digits of the contract. */
export function fillPrice(value: number): void {
  setPrice(price(value, digits(settings.selected)));
}

/** Shows another instrument in depth, chart and ticket. */
export function choose(vtSymbol: string): void {
  if (settings.selected === vtSymbol) return;
  settings.selected = vtSymbol;
  begin(vtSymbol);
}

/** The order that closes a position, as VeighNa fills it from a double-click; where today's are told apart, with the offset that does. */
export function fillClosing(position: Position): void {
  choose(position.vt_symbol);
  ticket.value = closing(ticket.value, position, selected.value);
  if (selected.value !== null && splitsToday(selected.value.exchange)) edit(allToClose(position.gateway_name) ?? {});
}

/** Offset and volume with which the ticket closes all that one order can; null where there is nothing. */
export function allToClose(gateway: string, working: Iterable<Order> = activeOrders.value): ReturnType<typeof closeAll> {
  if (selected.value === null) return null;
  return closeAll(ticket.value, selected.value, closable(selected.value, gateway, ticket.value.direction, positions.value.values(), working));
}

function begin(vtSymbol: string): void {
  const contract = contracts.value.get(vtSymbol);
  ticket.value = forContract(ticket.value, contract ?? null);
  begunFor = contract === undefined ? "" : vtSymbol;
}

// The instrument of the last visit, as soon as its contract is known; and one that another browser has chosen.
watch(() => selected.value?.vt_symbol, (vtSymbol) => {
  if (vtSymbol !== undefined && vtSymbol !== begunFor) begin(vtSymbol);
}, { immediate: true, flush: "sync" });
