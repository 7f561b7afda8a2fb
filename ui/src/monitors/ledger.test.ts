import { describe, expect, it } from "vitest";
import type { Order, Quote } from "../link";
import type { Chunks } from "../rows/chunks";
import { Keyed, rowsOf } from "../rows/keyed";
import { advance, NO_LEDGER, type Ledger } from "./ledger";
import { keepOrder, keepQuote } from "./sticky";

const order = (id: string, change: Partial<Order> = {}): Order => ({
  gateway_name: "CTP", symbol: "rb2610", exchange: "SHFE", orderid: id, type: "LIMIT", direction: "LONG", offset: "OPEN", price: 3100, volume: 5, traded: 0,
  status: "NOTTRADED", datetime: null, reference: "ManualTrading", client_order_id: null, vt_symbol: "rb2610.SHFE", vt_orderid: `CTP.${id}`, extra: {}, ...change,
});
const key = (row: Order): string => row.vt_orderid;
const table = (...rows: Order[]) => rowsOf(Keyed.of(rows.map((row) => [row.vt_orderid, row])));
const step = (before: Ledger<Order>, now: Chunks<Order>) => advance(before, now, key, keepOrder);

describe("the rows of a list", () => {
  it("come in order of arrival, and a changed one stays in its place", () => {
    const [a, b] = [order("1"), order("2")];
    const first = step(NO_LEDGER, table(a, b));
    expect([...first.rows]).toEqual([a, b]);
    const filled = order("1", { traded: 5, status: "ALLTRADED" });
    const second = step(first, table(filled, b, order("3")));
    expect([...second.rows].map((row) => [row.orderid, row.status])).toEqual([["1", "ALLTRADED"], ["2", "NOTTRADED"], ["3", "NOTTRADED"]]);
    expect(second.rows.at(1)).toBe(b);
    expect([...first.rows], "nothing changes in place").toEqual([a, b]);
  });

  it("are the same object where nothing changed", () => {
    const first = step(NO_LEDGER, table(order("1")));
    expect(step(first, table(...first.source))).toBe(first);
    expect(step(NO_LEDGER, table())).toBe(NO_LEDGER);
  });

  it("follow a snapshot that has them in another order, or not at all any more", () => {
    const first = step(NO_LEDGER, table(order("1"), order("2"), order("3")));
    const bare = (id: string) => order(id, { reference: "" });
    const second = step(first, table(bare("3"), bare("1"), bare("4")));
    expect([...second.rows].map((row) => [row.orderid, row.reference])).toEqual([["3", "ManualTrading"], ["1", "ManualTrading"], ["4", ""]]);
    expect([...step(second, table(second.source.at(0) as Order)).rows].map((row) => row.orderid)).toEqual(["3"]);
    expect([...step(second, table()).rows]).toEqual([]);
  });

  it("are right after any change", () => {
    let seed = 7;
    const below = (most: number): number => (seed = (seed * 48271) % 2147483647) % most;
    let rows: Order[] = [];
    let ledger: Ledger<Order> = NO_LEDGER;
    for (let round = 0; round < 300; round += 1) {
      if (below(20) === 0) rows = rows.filter(() => below(3) > 0).reverse();
      rows = rows.map((row) => (below(4) === 0 ? { ...row, traded: below(6) } : row));
      for (let more = below(4); more > 0; more -= 1) rows.push(order(`${round}-${more}`));
      ledger = advance(ledger, table(...rows), key, (_, now) => now);
      expect([...ledger.rows]).toEqual(rows);
      expect([...ledger.source]).toEqual(rows);
    }
  });
});

describe("sticky cells", () => {
  it("keep what a later event leaves out, and take what changes", () => {
    const now = order("1", { reference: "", price: 0, offset: "NONE", traded: 2, status: "PARTTRADED", volume: 6 });
    expect(keepOrder(order("1"), now)).toMatchObject({ reference: "ManualTrading", price: 3100, offset: "OPEN", traded: 2, status: "PARTTRADED", volume: 6 });
  });

  it("take what was not known at first", () => {
    const shown = order("1", { reference: "", direction: null, price: null });
    expect(keepOrder(shown, order("1"))).toMatchObject({ reference: "ManualTrading", direction: "LONG", price: 3100 });
  });

  it("do not stick to another order that was given the same id", () => {
    const over = order("1", { status: "CANCELLED" });
    expect(keepOrder(over, order("1", { reference: "", price: 3050 }))).toMatchObject({ reference: "", price: 3050 });
    expect(keepOrder(order("1"), order("1", { vt_symbol: "au2612.SHFE", reference: "" })).reference).toBe("");
  });

  it("hold for quotes", () => {
    const quote: Quote = {
      gateway_name: "S", symbol: "a", exchange: "SSE", quoteid: "1", bid_price: 1, bid_volume: 2, ask_price: 3, ask_volume: 4, bid_offset: "OPEN", ask_offset: "CLOSE",
      status: "NOTTRADED", datetime: null, reference: "mm", vt_symbol: "a.SSE", vt_quoteid: "S.1", extra: {},
    };
    const now: Quote = { ...quote, reference: "", bid_price: 0, ask_volume: null, bid_offset: "NONE", status: "CANCELLED" };
    expect(keepQuote(quote, now)).toEqual({ ...quote, status: "CANCELLED" });
  });
});
