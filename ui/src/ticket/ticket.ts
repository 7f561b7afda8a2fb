// The order ticket: what it holds, what keeps it from being sent, and the request that it becomes. Pure.
// Always true: what was typed stays as it was typed; no number is made of what is none.
import type { Contract, Intent, Offset, OrderType, Position } from "../link";
import { digitsOf, isNumber } from "../format";

export interface Ticket {
  readonly direction: "LONG" | "SHORT";
  readonly offset: Offset;
  readonly type: OrderType;
  /** As typed: what is no number yet must not vanish under the fingers. */
  readonly price: string;
  readonly volume: string;
  /** Through which gateway; empty for the contract's own. */
  readonly gateway: string;
  /** Rules, by their codes, that the reader has overruled. */
  readonly override: readonly string[];
}

export type Weight = "refuses" | "overridable" | "warns";
export type ProblemKey =
  | "ticket.noContract" | "ticket.noPrice" | "ticket.noVolume" | "ticket.noStop"
  | "ticket.offTick" | "ticket.minVolume" | "ticket.maxVolume";

/** A broken rule, known without asking the server. `rule` is the server's code of the same. */
export interface Problem {
  readonly field: "contract" | "price" | "volume" | "type";
  readonly rule: string;
  readonly weight: Weight;
  readonly key: ProblemKey;
  readonly value: number | null;
  readonly limit: number | null;
}

/** What VeighNa's own trading widget writes, so that manual orders look alike everywhere. */
export const REFERENCE = "ManualTrading";
/** How far, in steps, a typed decimal may lie from the grid: doubles are not decimals. */
const TOLERANCE = 1e-6;
/** Where no limit price is needed: the server's rule PRICE_GIVEN. */
const PRICELESS: ReadonlySet<OrderType> = new Set(["MARKET", "RFQ", "ETF"]);

export const blank: Ticket = {
  direction: "LONG", offset: "OPEN", type: "LIMIT", price: "", volume: "1", gateway: "", override: [],
};

/** Whether positions of a contract have one side only, so that an order neither opens nor closes. */
export function nets(contract: Contract | null): boolean {
  return contract?.net_position === true || contract?.product === "EQUITY" || contract?.product === "SPOT";
}

/** A fresh ticket for another contract: no price of the old one survives, and where positions are net there is no offset. */
export function forContract(ticket: Ticket, contract: Contract | null): Ticket {
  const offset = nets(contract) ? "NONE" : ticket.offset === "NONE" ? "OPEN" : ticket.offset;
  const type = ticket.type === "STOP" && contract?.stop_supported !== true ? "LIMIT" : ticket.type;
  return { ...ticket, offset, type, price: "", volume: plain(lot(contract)), gateway: "", override: [] };
}

/** The ticket that closes a position, as VeighNa fills it from a double-click. */
export function closing(ticket: Ticket, position: Position, contract: Contract | null): Ticket {
  const volume = position.volume ?? 0;
  const sell = position.direction === "LONG" || (position.direction === "NET" && volume > 0);
  return {
    ...ticket,
    direction: sell ? "SHORT" : "LONG",
    offset: nets(contract) || position.direction === "NET" ? "NONE" : "CLOSE",
    volume: plain(Math.abs(volume)),
    gateway: position.gateway_name === contract?.gateway_name ? "" : position.gateway_name,
    override: [],
  };
}

/** Moves a typed number by whole steps, onto the grid; never below `floor`. */
export function step(typed: string, size: number | null, by: number, floor: number | null, start = 0): string {
  const unit = isNumber(size) && size > 0 ? size : 1;
  const places = (parse(typed) ?? start) / unit;
  const beside = by > 0 ? Math.ceil(places) - 1 : Math.floor(places) + 1;
  const moved = ((onGrid(places) ? Math.round(places) : beside) + by) * unit;
  const text = (floor !== null && moved < floor ? floor : moved).toFixed(digitsOf(unit) ?? 0);
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
}

/** Everything that is known to be wrong with it, refusals before warnings. */
export function problems(ticket: Ticket, contract: Contract | null): readonly Problem[] {
  if (contract === null) return [problem("contract", "CONTRACT_KNOWN", "refuses", "ticket.noContract")];
  const all = [typeProblem(ticket, contract), priceProblem(ticket, contract), volumeProblem(ticket, contract)];
  return all.filter((one) => one !== null).sort((a, b) => Number(a.weight === "warns") - Number(b.weight === "warns"));
}

/** Whether a broken rule keeps this ticket from being sent. */
export function stops(rule: { readonly rule: string; readonly weight: Weight }, ticket: Ticket): boolean {
  return rule.weight === "refuses" || (rule.weight === "overridable" && !ticket.override.includes(rule.rule));
}

/** What is sent, without its id and its trading process, which whoever sends it adds; null while a number is missing. */
export function intent(ticket: Ticket, contract: Contract | null): Intent | null {
  const volume = parse(ticket.volume);
  const price = ticket.price.trim() === "" && PRICELESS.has(ticket.type) ? 0 : parse(ticket.price);
  if (contract === null || volume === null || price === null) return null;
  return {
    vt_symbol: contract.vt_symbol,
    direction: ticket.direction,
    offset: ticket.offset,
    type: ticket.type,
    price,
    volume,
    reference: REFERENCE,
    ...(ticket.gateway === "" ? {} : { gateway: ticket.gateway }),
    ...(ticket.override.length === 0 ? {} : { override: ticket.override }),
  };
}

/** The smallest volume, which is also the only step that VeighNa tells. */
export function lot(contract: Contract | null): number {
  const least = contract?.min_volume;
  return isNumber(least) && least > 0 ? least : 1;
}

/** Below what the price is not stepped: spreads trade below zero, hardly anything else does. */
export function priceFloor(contract: Contract | null): number | null {
  return contract?.product === "SPREAD" ? null : 0;
}

/** A plain decimal, or null: "", "1e999" and "abc" are no prices. */
export function parse(typed: string): number | null {
  const text = typed.trim();
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(text)) return null;
  const value = Number(text);
  return isNumber(value) ? value : null;
}

/** A number as a person types it: never 1e-7. */
export function plain(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(8).replace(/0+$/, "");
}

function typeProblem(ticket: Ticket, contract: Contract): Problem | null {
  if (ticket.type !== "STOP" || contract.stop_supported) return null;
  return problem("type", "ORDER_TYPE", "overridable", "ticket.noStop");
}

function priceProblem(ticket: Ticket, contract: Contract): Problem | null {
  if (ticket.price.trim() === "" && PRICELESS.has(ticket.type)) return null;
  const price = parse(ticket.price);
  const needed = !PRICELESS.has(ticket.type) && contract.product !== "SPREAD";
  if (price === null || (price === 0 && needed)) return problem("price", "PRICE_GIVEN", "refuses", "ticket.noPrice");
  const tick = contract.pricetick;
  if (ticket.type === "MARKET" || !isNumber(tick) || tick <= 0 || onGrid(price / tick)) return null;
  return problem("price", "PRICE_TICK", "overridable", "ticket.offTick", price, tick);
}

function volumeProblem(ticket: Ticket, contract: Contract): Problem | null {
  const volume = parse(ticket.volume);
  if (volume === null || volume <= 0) return problem("volume", "VOLUME_POSITIVE", "refuses", "ticket.noVolume", volume);
  const { min_volume: least, max_volume: most } = contract;
  if (isNumber(most) && most > 0 && volume > most) return problem("volume", "VOLUME_MAX", "overridable", "ticket.maxVolume", volume, most);
  if (isNumber(least) && volume < least) return problem("volume", "VOLUME_MIN", "warns", "ticket.minVolume", volume, least);
  return null;
}

function problem(
  field: Problem["field"], rule: string, weight: Weight, key: ProblemKey, value: number | null = null, limit: number | null = null,
): Problem {
  return { field, rule, weight, key, value, limit };
}

function onGrid(places: number): boolean {
  return Math.abs(places - Math.round(places)) <= TOLERANCE * Math.max(1, Math.abs(places) * 1e-6);
}
