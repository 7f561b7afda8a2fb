// Profit of the trading day as VeighNa's PortfolioManager has it: what was held when the day began, from the close of the
// day before to the last price, and each trade of the day, from its price to the last price. Fees are not in it. Pure.
//
// Always true: nothing of two currencies is added, so exchanges outside of mainland China stand each by themselves; a day
// is the venue's trading day, whose night session comes before it; what lacks a price is named and not taken for 0.
import { dateText, tradingDay, venueOf, wallOf, type Wall } from "../chart/time";
import { isNumber } from "../format";
import type { Contract, Position, Tick, Trade } from "../link";

export interface ContractDay {
  readonly vtSymbol: string;
  readonly market: string;
  readonly day: Wall;
  /** Lots when the day began, and now; short is negative. */
  readonly open: number;
  readonly net: number;
  readonly holding: number;
  readonly trading: number;
  readonly total: number;
}

export interface MarketDay {
  readonly market: string;
  /** `2026-11-24`. */
  readonly day: string;
  readonly total: number;
  readonly rows: readonly ContractDay[];
}

export interface DayProfit {
  readonly markets: readonly MarketDay[];
  /** Contracts that are held or were traded, but whose profit nothing tells. */
  readonly unknown: readonly string[];
}

export interface Known {
  readonly positions: Iterable<Position>;
  readonly trades: Iterable<Trade>;
  readonly tick: (vtSymbol: string) => Pick<Tick, "datetime" | "last_price" | "pre_close"> | null;
  readonly contract: (vtSymbol: string) => Pick<Contract, "size"> | null;
  /** Whether the venue trades on weekends: a simulated one does. */
  readonly weekends: boolean;
}

/** The market of mainland China, whose exchanges share a currency. */
export const MAINLAND = "CNY";

export function dayProfit(known: Known): DayProfit {
  const nets = netsOf(known.positions);
  const traded = bySymbol(known.trades);
  const rows: ContractDay[] = [];
  const unknown: string[] = [];
  for (const vtSymbol of new Set([...nets.keys(), ...traded.keys()])) {
    const row = contractDay(vtSymbol, nets.get(vtSymbol) ?? 0, traded.get(vtSymbol) ?? [], known);
    if (row === null) unknown.push(vtSymbol);
    else rows.push(row);
  }
  return { markets: marketsOf(rows), unknown: unknown.sort() };
}

/** Instruments whose ticks it takes. */
export function concerned(positions: Iterable<Position>, trades: Iterable<Trade>): string[] {
  const all = new Set(netsOf(positions).keys());
  for (const trade of trades) all.add(trade.vt_symbol);
  return [...all].sort();
}

function contractDay(vtSymbol: string, net: number, trades: readonly Trade[], known: Known): ContractDay | null {
  const tick = known.tick(vtSymbol);
  const size = known.contract(vtSymbol)?.size;
  const exchange = vtSymbol.slice(vtSymbol.lastIndexOf(".") + 1);
  const day = dayOf(tick?.datetime, exchange, known.weekends);
  const last = tick?.last_price;
  if (day === null || !isNumber(size) || !isNumber(last) || last === 0) return null;
  let opened = 0;
  let trading = 0;
  for (const trade of trades) {
    if (dayOfTrade(trade, exchange, known.weekends) !== day) continue;
    const volume = (trade.direction === "SHORT" ? -1 : 1) * (trade.volume ?? 0);
    opened += volume;
    trading += volume * (last - (trade.price ?? last)) * size;
  }
  const open = net - opened;
  const before = tick?.pre_close;
  const isPriced = isNumber(before) && before !== 0;
  if (open !== 0 && !isPriced) return null;
  const holding = isPriced ? open * (last - before) * size : 0;
  return { vtSymbol, market: marketOf(exchange), day, open, net, holding, trading, total: holding + trading };
}

/** One that has not traded since the newest day of its market began has won nothing in it. */
function marketsOf(rows: readonly ContractDay[]): MarketDay[] {
  const markets = [...new Set(rows.map((row) => row.market))].sort((a, b) => Number(b === MAINLAND) - Number(a === MAINLAND) || (a < b ? -1 : 1));
  return markets.map((market) => {
    const all = rows.filter((row) => row.market === market);
    const newest = Math.max(...all.map((row) => row.day));
    const mine = all.filter((row) => row.day === newest && (row.open !== 0 || row.net !== 0 || row.trading !== 0));
    return { market, day: dateText(newest), total: mine.reduce((sum, row) => sum + row.total, 0), rows: mine };
  }).filter(({ rows: mine }) => mine.length > 0);
}

function netsOf(positions: Iterable<Position>): Map<string, number> {
  const nets = new Map<string, number>();
  for (const { vt_symbol, direction, volume } of positions) {
    if (!isNumber(volume) || volume === 0) continue;
    nets.set(vt_symbol, (nets.get(vt_symbol) ?? 0) + (direction === "SHORT" ? -volume : volume));
  }
  return nets;
}

export function marketOf(exchange: string): string {
  return venueOf(exchange).zone === "Asia/Shanghai" ? MAINLAND : exchange;
}

// A trade's day does not change, and reading times is what all this costs most.
const days = new WeakMap<Trade, Wall>();

function dayOfTrade(trade: Trade, exchange: string, weekends: boolean): Wall | null {
  const known = days.get(trade);
  if (known !== undefined) return known;
  const day = dayOf(trade.datetime, exchange, weekends);
  if (day !== null) days.set(trade, day);
  return day;
}

function dayOf(time: string | null | undefined, exchange: string, weekends: boolean): Wall | null {
  const venue = venueOf(exchange);
  const wall = wallOf(time, venue);
  return wall === null ? null : tradingDay(wall, venue, weekends);
}

function bySymbol(trades: Iterable<Trade>): Map<string, Trade[]> {
  const groups = new Map<string, Trade[]>();
  for (const trade of trades) {
    const mine = groups.get(trade.vt_symbol);
    if (mine === undefined) groups.set(trade.vt_symbol, [trade]);
    else mine.push(trade);
  }
  return groups;
}

/** The sum of the positions' profits by gateway, as it tells them; one that does not tell a single one is not there. */
export function openProfit(rows: Iterable<Position>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { gateway_name, pnl } of rows) {
    if (isNumber(pnl)) sums.set(gateway_name, (sums.get(gateway_name) ?? 0) + pnl);
  }
  return sums;
}
