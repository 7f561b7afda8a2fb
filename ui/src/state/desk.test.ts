import { describe, expect, it } from "vitest";
import * as wire from "../api/wire";
import { initial, reduce, type DeskState, type Fact } from "./desk";

const order = (id: string, status: string) => wire.order({ vt_orderid: id, status, symbol: "IF2609" });
const orderFact = (id: string, status: string): Fact => ({ kind: "order", data: order(id, status) });
const trade = (id: string, orderid: string) => wire.trade({ vt_tradeid: id, vt_orderid: orderid });
const position = (direction: string, volume: number) =>
  wire.position({ gateway_name: "SIM", vt_symbol: "IF2609.CFFEX", direction, volume });
const nothing = { orders: [], trades: [], positions: [], accounts: [] };
const statuses = (state: DeskState) => [...state.orders].map(([id, row]) => `${id} ${row.status}`);

describe("the one recovery path", () => {
  it("applies what came in between after the snapshot", () => {
    let state = reduce(initial, { type: "subscribed" });
    state = reduce(state, { type: "facts", facts: [orderFact("SIM.1", "全部成交"), orderFact("SIM.2", "Not Traded")] });
    expect(statuses(state)).toEqual([]);
    state = reduce(state, { type: "snapshot", ...nothing, orders: [order("SIM.0", "拒单"), order("SIM.1", "提交中")] });
    expect(statuses(state)).toEqual(["SIM.0 REJECTED", "SIM.1 ALLTRADED", "SIM.2 NOTTRADED"]);
    expect(state.held).toBeNull();
  });

  it("forgets what the trading process no longer knows, and keeps the screen until then", () => {
    let state = reduce(initial, { type: "facts", facts: [orderFact("SIM.1", "未成交")] });
    state = reduce(state, { type: "subscribed" });
    expect(statuses(state)).toEqual(["SIM.1 NOTTRADED"]);
    expect(statuses(reduce(state, { type: "snapshot", ...nothing }))).toEqual([]);
  });

  it("starts over when the stream breaks during the snapshot", () => {
    let state = reduce(initial, { type: "subscribed" });
    state = reduce(state, { type: "facts", facts: [orderFact("SIM.1", "未成交")] });
    state = reduce(state, { type: "subscribed" });
    state = reduce(state, { type: "snapshot", ...nothing, orders: [order("SIM.1", "已撤销")] });
    expect(statuses(state)).toEqual(["SIM.1 CANCELLED"]);
  });
});

describe("facts", () => {
  it("keep the last object per key, whatever the language of the trading process", () => {
    let state = reduce(initial, { type: "facts", facts: [{ kind: "position", data: position("多", 1) }] });
    state = reduce(state, { type: "facts", facts: [{ kind: "position", data: position("Long", 2) }] });
    expect([...state.positions.values()].map((p) => [p.direction, p.volume])).toEqual([["LONG", 2]]);
  });

  it("show a trade once, and both sides of a deal with oneself", () => {
    const facts: Fact[] = [trade("SIM.7", "SIM.1"), trade("SIM.7", "SIM.1"), trade("SIM.7", "SIM.2")].map((data) => ({ kind: "trade", data }));
    expect(reduce(initial, { type: "facts", facts }).trades.size).toBe(2);
  });

  it("leave untouched lists as they are, so that nothing is painted again", () => {
    const state = reduce(initial, { type: "facts", facts: [orderFact("SIM.1", "未成交")] });
    expect(state.trades).toBe(initial.trades);
    expect(initial.orders.size).toBe(0);
  });
});
