import { expect, it } from "vitest";
import { change, changeRatio, lastOf } from "./quote";

const tick = (last_price: number | null, pre_close: number | null, volume: number | null = 10) => ({ last_price, pre_close, volume });

it("measures the last price against the close of the day before", () => {
  expect([change(tick(110, 100)), changeRatio(tick(110, 100))]).toEqual([10, 0.1]);
  // A spread below 0 that rises has risen.
  expect([change(tick(-90, -100)), changeRatio(tick(-90, -100))]).toEqual([10, 0.1]);
});

it("knows nothing where there is no price: absent, 0 before the first trade, or the largest number there is", () => {
  for (const last of [null, Number.NaN, Number.MAX_VALUE]) expect([lastOf(tick(last, 100)), change(tick(last, 100)), changeRatio(tick(last, 100))]).toEqual([null, null, null]);
  expect([lastOf(tick(0, 100, 0)), change(tick(0, 100, 0))]).toEqual([null, null]);
  for (const before of [null, 0, Number.MAX_VALUE]) expect([change(tick(100, before)), changeRatio(tick(100, before))]).toEqual([null, null]);
  expect([lastOf(tick(0, 5)), change(tick(0, 5)), lastOf(null)]).toEqual([0, -5, null]);
});
