// The order ticket: what it holds, what makes it sendable, and the request that it becomes. Pure.
import type { Contract, Intent, Position } from "../link";
import type { Direction, Offset, OrderType } from "../enums";
import { digitsOf, isNumber } from "../format";

export interface Ticket {
  readonly direction: Extract<Direction, "LONG" | "SHORT">;
  readonly offset: Offset;
  readonly type: OrderType;
  /** As typed: what is no number yet must not vanish under the fingers. */
  readonly price: string;
  readonly volume: string;
}

export type Problem =
  | { readonly field: "contract" | "price" | "volume" | "type"; readonly key: ProblemKey; readonly limit?: string };
type ProblemKey =
  | "ticket.noContract" | "ticket.noPrice" | "ticket.offTick" | "ticket.noVolume"
  | "ticket.min_volume" | "ticket.max_volume" | "ticket.noStop";

/** What VeighNa's own trading widget writes, so that manual orders look alike everywhere. */
const REFERENCE = "ManualTrading";
/** How far, in steps, a typed decimal may lie from the grid: doubles are not decimals. */
const TOLERANCE = 1e-6;

export const blank: Ticket = { direction: "LONG", offset: "OPEN", type: "LIMIT", price: "", volume: "1" };

/** A fresh ticket for another contract: no price of the old one survives, and where positions are net there is no offset. */
export function forContract(ticket: Ticket, contract: Contract | null): Ticket {
  const net = contract?.net_position === true || contract?.product === "EQUITY" || contract?.product === "SPOT";
  const offset = net ? "NONE" : ticket.offset === "NONE" ? "OPEN" : ticket.offset;
  return { ...ticket, offset, price: "", volume: isNumber(contract?.min_volume) ? String(contract.min_volume) : "1" };
}

/** The ticket that closes a position, as VeighNa fills it from a double-click. */
export function closing(ticket: Ticket, position: Position): Ticket {
  const volume = position.volume ?? 0;
  const sell = position.direction === "LONG" || (position.direction === "NET" && volume > 0);
  return { ...ticket, direction: sell ? "SHORT" : "LONG", offset: "CLOSE", volume: String(Math.abs(volume)) };
}

/** Moves a typed number by one step, onto the grid; never below `floor`. */
export function step(typed: string, size: number | null, by: 1 | -1, floor: number | null): string {
  const unit = isNumber(size) && size > 0 ? size : 1;
  const value = parse(typed) ?? 0;
  const places = value / unit;
  const next = onGrid(places) ? Math.round(places) + by : by > 0 ? Math.ceil(places) : Math.floor(places);
  const moved = next * unit;
  return (floor !== null && moved < floor ? floor : moved).toFixed(digitsOf(unit) ?? 0);
}

/** The first thing that keeps this ticket from being sent, or null. */
export function problem(ticket: Ticket, contract: Contract | null): Problem | null {
  if (contract === null) return { field: "contract", key: "ticket.noContract" };
  if (ticket.type === "STOP" && !contract.stop_supported) return { field: "type", key: "ticket.noStop" };
  return priceProblem(ticket, contract) ?? volumeProblem(ticket, contract);
}

/** What is sent: without its id and its trading process, which whoever sends it adds. */
export function intent(ticket: Ticket, contract: Contract): Intent {
  return {
    vt_symbol: contract.vt_symbol,
    direction: ticket.direction,
    offset: ticket.offset,
    type: ticket.type,
    price: parse(ticket.price) ?? 0,
    volume: parse(ticket.volume) ?? 0,
    reference: REFERENCE,
  };
}

function priceProblem(ticket: Ticket, contract: Contract): Problem | null {
  const price = parse(ticket.price);
  if (price === null) {
    const free = ticket.type === "MARKET" && ticket.price.trim() === "";
    return free ? null : { field: "price", key: "ticket.noPrice" };
  }
  const tick = contract.pricetick;
  if (!isNumber(tick) || tick <= 0 || onGrid(price / tick)) return null;
  return { field: "price", key: "ticket.offTick", limit: String(tick) };
}

function volumeProblem(ticket: Ticket, contract: Contract): Problem | null {
  const volume = parse(ticket.volume);
  if (volume === null || volume <= 0) return { field: "volume", key: "ticket.noVolume" };
  const { min_volume, max_volume } = contract;
  if (isNumber(min_volume) && volume < min_volume) return { field: "volume", key: "ticket.min_volume", limit: String(min_volume) };
  if (isNumber(max_volume) && max_volume > 0 && volume > max_volume) {
    return { field: "volume", key: "ticket.max_volume", limit: String(max_volume) };
  }
  return null;
}

/** A plain decimal, or null: "", "1e999" and "abc" are no prices. */
function parse(typed: string): number | null {
  const text = typed.trim();
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(text)) return null;
  const value = Number(text);
  return isNumber(value) ? value : null;
}

function onGrid(places: number): boolean {
  return Math.abs(places - Math.round(places)) <= TOLERANCE * Math.max(1, Math.abs(places) * 1e-6);
}
