import { expect, it } from "vitest";
import { book, limitOf, opposite } from "./depth";
import { tick } from "./fixtures";

it("shows the best alone where the exchange quotes no more", () => {
  expect(book(tick()).asks.map((one) => one.price)).toEqual([3501]);
  expect(book(tick({ bid_price_2: 3498 })).bids.map((one) => one.price)).toEqual([3499, 3498, null, null, null]);
  expect(book(null).asks.map((one) => one.price)).toEqual([null]);
});

it("draws bars against the largest volume that is shown", () => {
  const { asks, bids } = book(tick({ ask_volume_1: 10, bid_volume_1: 40, bid_price_2: 3498, bid_volume_2: 20 }));
  expect(bids.map((one) => one.part)).toEqual([1, 0.5, 0, 0, 0]);
  expect(asks.at(-1)?.part).toBe(0.25);
});

it("takes a 0 without volume for no level, and a spread at 0 for one", () => {
  expect(book(tick({ ask_price_1: 0 })).asks[0]?.price).toBeNull();
  expect(book(tick({ ask_price_1: 0, ask_volume_1: 3 })).asks[0]?.price).toBe(0);
});

it("says when the price stands at a limit of the day", () => {
  const limits = { limit_up: 3600, limit_down: 3300 };
  expect([3599, 3600, 3300, 0].map((last_price) => limitOf(tick({ ...limits, last_price })))).toEqual([null, "up", "down", null]);
  expect([limitOf(tick()), limitOf(null), limitOf(tick({ limit_up: null, limit_down: null }))]).toEqual([null, null, null]);
});

it("finds the price that an order trades against", () => {
  expect([opposite(tick(), "LONG"), opposite(tick(), "SHORT"), opposite(tick({ ask_price_1: 0 }), "LONG"), opposite(null, "LONG")]).toEqual([3501, 3499, null, null]);
});
