import { expect, it } from "vitest";
import { plan } from "./closing";
import { contract, order, position, tick } from "./fixtures";
import { closable, closableBy, closeAll } from "./holdings";
import { accepted } from "./reversing";
import { blank } from "./ticket";

const shfe = contract();
const dce = contract({ exchange: "DCE" });

it("tells today's from earlier days', less what orders have bound", () => {
  expect(closable(shfe, "SIM", "SHORT", [position()], [])).toEqual({ today: 6, earlier: 4 });
  expect(closable(shfe, "SIM", "LONG", [position()], [])).toEqual({ today: 0, earlier: 0 });
  expect(closable(shfe, "OTHER", "SHORT", [position()], [])).toEqual({ today: 0, earlier: 0 });
  expect(closable(shfe, "SIM", "SHORT", [position()], [order({ offset: "CLOSETODAY", volume: 6 })])).toEqual({ today: 0, earlier: 4 });
  expect(closable(shfe, "SIM", "SHORT", [position()], [order({ offset: "CLOSEYESTERDAY", volume: 3, traded: 1 })])).toEqual({ today: 6, earlier: 2 });
  expect(closable(shfe, "SIM", "SHORT", [position()], [order({ volume: 8 })])).toEqual({ today: 0, earlier: 2 });
  expect(closable(shfe, "SIM", "SHORT", [position()], [order({ volume: 8, status: "CANCELLED" }), order({ offset: "OPEN", volume: 8 })])).toEqual({ today: 6, earlier: 4 });
});

it("takes a net position by its sign", () => {
  const coin = contract({ net_position: true, exchange: "SMART" });
  const net = position({ direction: "NET", volume: -5, yd_volume: 0 });
  expect(closable(coin, "SIM", "LONG", [net], [])).toEqual({ today: 5, earlier: 0 });
  expect(closable(coin, "SIM", "SHORT", [net], [])).toEqual({ today: 0, earlier: 0 });
  expect(closable(coin, "SIM", "LONG", [net], [order({ direction: "LONG", offset: "NONE", volume: 2 })])).toEqual({ today: 3, earlier: 0 });
});

it("closes by the offset that the exchange wants", () => {
  const there = { today: 6, earlier: 4 };
  expect(closableBy("CLOSE", "SHFE", there)).toBe(4);
  expect(closableBy("CLOSETODAY", "INE", there)).toBe(6);
  expect(closableBy("CLOSE", "DCE", there)).toBe(10);
  expect(closeAll(blank, shfe, there)).toEqual({ offset: "CLOSETODAY", volume: "6" });
  expect(closeAll({ ...blank, offset: "CLOSE" }, shfe, there)).toEqual({ offset: "CLOSE", volume: "4" });
  expect(closeAll(blank, shfe, { today: 0, earlier: 4 })).toEqual({ offset: "CLOSEYESTERDAY", volume: "4" });
  expect(closeAll(blank, dce, there)).toEqual({ offset: "CLOSE", volume: "10" });
  expect(closeAll(blank, contract({ product: "EQUITY" }), there)).toMatchObject({ offset: "NONE" });
  expect(closeAll(blank, shfe, { today: 0, earlier: 0 })).toBeNull();
});

it("plans what closing and reversing will send", () => {
  const made = plan(position(), shfe, [position()], [], tick());
  expect(made?.close.map((one) => [one.direction, one.offset, one.volume, one.price])).toEqual([["SHORT", "CLOSETODAY", 6, 3499], ["SHORT", "CLOSEYESTERDAY", 4, 3499]]);
  expect(made?.open).toMatchObject({ direction: "SHORT", offset: "OPEN", volume: 10, price: 3499 });
  expect(plan(position({ volume: 0 }), shfe, [position({ volume: 0 })], [], tick())).toBeNull();
  expect(plan(position(), dce, [position()], [order({ volume: 10 })], tick())).toBeNull();
  expect(plan(position(), dce, [position()], [], null)?.open.price).toBeNull();
});

it("opens no more than was accepted to close", () => {
  expect(accepted([order({ volume: 6 }), order({ volume: 4, status: "ALLTRADED", traded: 4 })])).toBe(10);
  expect(accepted([order({ volume: 6, status: "REJECTED" }), null, order({ volume: 4, status: "SUBMITTING" })])).toBe(0);
  expect(accepted([order({ volume: 6, traded: 2, status: "CANCELLED" })])).toBe(2);
});
