import { expect, it } from "vitest";
import type { Position, Trade } from "../link";
import { concerned, dayProfit, marketOf, openProfit, type Known } from "./profit";

const position = (vt_symbol: string, direction: string, volume: number | null) => ({ vt_symbol, direction, volume }) as Position;
const trade = (vt_symbol: string, direction: string, volume: number, price: number, datetime: string) => ({ vt_symbol, direction, volume, price, datetime }) as Trade;
const RB = "rb2701.SHFE";
/** A Friday night, which belongs to Monday. */
const NIGHT = "2026-11-20 21:05:00.500000+08:00";
const FRIDAY = "2026-11-20 14:05:00+08:00";
const MONDAY = "2026-11-23 09:05:00+08:00";

function of(known: Partial<Known>, datetime = MONDAY) {
  return dayProfit({
    positions: [], trades: [], weekends: false, contract: () => ({ size: 10 }),
    tick: () => ({ datetime, last_price: 3210, pre_close: 3200 }), ...known,
  });
}

it("is what was held from yesterday's close on, and each trade of the day from its price on", () => {
  const positions = [position(RB, "LONG", 5), position(RB, "SHORT", 1)];
  const trades = [trade(RB, "LONG", 2, 3205, MONDAY), trade(RB, "SHORT", 1, 3212, MONDAY)];
  const { markets, unknown } = of({ positions, trades });
  expect(unknown).toEqual([]);
  expect(markets).toHaveLength(1);
  // Held 3 when the day began: 3 × 10 × 10; traded: 2 × 5 × 10 + 1 × 2 × 10.
  expect(markets[0]).toMatchObject({ market: "CNY", day: "2026-11-23", total: 420, rows: [{ open: 3, net: 4, holding: 300, trading: 120, total: 420 }] });
});

it("counts a night session to the next trading day, over a weekend too, and nothing of the day before", () => {
  const positions = [position(RB, "LONG", 3)];
  const trades = [trade(RB, "LONG", 1, 3190, FRIDAY), trade(RB, "LONG", 1, 3208, NIGHT), trade(RB, "LONG", 1, 3209, MONDAY)];
  // At night already, and on Monday still: one day.
  for (const now of [NIGHT, MONDAY]) {
    expect(of({ positions, trades }, now).markets[0]).toMatchObject({ day: "2026-11-23", rows: [{ open: 1, holding: 100, trading: 30 }] });
  }
  expect(of({ positions, trades: trades.slice(0, 1) }, FRIDAY).markets[0]).toMatchObject({ day: "2026-11-20", rows: [{ open: 2, trading: 200 }] });
});

it("leaves out at night what does not trade at night, and adds no two currencies", () => {
  const tick = (vtSymbol: string) => ({ datetime: vtSymbol === RB ? NIGHT : "2026-11-20 14:59:00+08:00", last_price: 11, pre_close: 10 });
  const held = [RB, "600519.SSE", "AAPL.NASDAQ", "MSFT.NYSE"].map((vtSymbol) => position(vtSymbol, "LONG", 1));
  const { markets } = of({ positions: held, tick });
  expect(markets.map(({ market, total }) => [market, total])).toEqual([["CNY", 10], ["NASDAQ", 10], ["NYSE", 10]]);
  expect(markets[0]?.rows.map((row) => row.vtSymbol)).toEqual([RB]);
});

it("names what lacks a price instead of taking it for nothing", () => {
  const positions = [position(RB, "SHORT", 2), position("IF2612.CFFEX", "NET", -1), position("x.LOCAL", "LONG", 0), position("y.LOCAL", "LONG", null)];
  expect(of({ positions, tick: () => null }).unknown).toEqual(["IF2612.CFFEX", RB]);
  expect(of({ positions, contract: () => null }).unknown).toEqual(["IF2612.CFFEX", RB]);
  for (const [last_price, pre_close] of [[null, 3200], [0, 3200], [3210, null], [3210, 0]] as const) {
    expect(of({ positions, tick: () => ({ datetime: MONDAY, last_price, pre_close }) }).unknown).toHaveLength(2);
  }
  // What was opened today alone needs no close of the day before.
  const trades = [trade(RB, "SHORT", 2, 3211, MONDAY)];
  const today = of({ positions: positions.slice(0, 1), trades, tick: () => ({ datetime: MONDAY, last_price: 3210, pre_close: null }) });
  expect(today).toMatchObject({ unknown: [], markets: [{ total: 20 }] });
  expect(of({ positions: positions.slice(2) })).toEqual({ markets: [], unknown: [] });
});

it("knows what it takes ticks of, and which exchanges share a currency", () => {
  expect(concerned([position(RB, "LONG", 1), position("a.SSE", "LONG", 0)], [trade("b.DCE", "LONG", 1, 1, MONDAY)])).toEqual(["b.DCE", RB]);
  expect(["SHFE", "CZCE", "SSE", "SEHK", "GLOBAL"].map(marketOf)).toEqual(["CNY", "CNY", "CNY", "SEHK", "GLOBAL"]);
});

it("adds the positions of a gateway and passes over what is not told", () => {
  const rows = [["SIM", 3], ["SIM", -1], ["IB", null], ["CTP", 2]].map(([gateway_name, pnl]) => ({ gateway_name, pnl }) as Position);
  expect([...openProfit(rows)]).toEqual([["SIM", 2], ["CTP", 2]]);
});
