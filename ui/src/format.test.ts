import { describe, expect, it } from "vitest";
import { average, clock, digitsOf, money, percent, price, quoted, signed, timeOfDay, volume } from "./format";

describe("digits of a price step", () => {
  it.each([
    [1, 0], [5, 0], [0.2, 1], [0.01, 2], [0.005, 3], [0.0001, 4], [1e-5, 5], [2.5e-7, 8], [10, 0],
  ])("%d has %d", (tick, digits) => expect(digitsOf(tick)).toBe(digits));

  it("is unknown for what is no step", () => {
    for (const bad of [0, -1, Number.NaN, null, undefined]) expect(digitsOf(bad)).toBeNull();
  });
});

describe("numbers", () => {
  it("follow the step of the contract", () => {
    expect(price(3500, 1)).toBe("3500.0");
    expect(price(0.1 + 0.2, 2)).toBe("0.30");
    expect(price(1.10005, null)).toBe("1.10005");
    expect(average(3500.2, 1)).toBe("3500.2");
    expect(average(3500.26667, 1)).toBe("3500.267");
  });

  it("show nothing for what is unknown", () => {
    for (const unknown of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const text of [price(unknown, 2), quoted(unknown, 2), volume(unknown), money(unknown), percent(unknown)]) {
        expect(text).toBe("-");
      }
    }
    expect(quoted(0, 2)).toBe("-");
  });

  it("never show a negative zero", () => {
    expect(price(-0, 2)).toBe("0.00");
    expect(price(-0.001, 2)).toBe("0.00");
    expect(money(-0.001)).toBe("0.00");
    expect(volume(-0)).toBe("0");
    expect(percent(-0)).toBe("0.00%");
    expect(quoted(-0, 2)).toBe("-");
  });

  it("carry a sign where they are differences", () => {
    expect(signed(1.25, (n) => price(n, 1))).toBe("+1.3");
    expect(signed(-2, volume)).toBe("-2");
    expect(signed(0, volume)).toBe("0");
    expect(percent(0.0123)).toBe("+1.23%");
  });

  it("keep lots whole and coins exact", () => {
    expect(volume(12)).toBe("12");
    expect(volume(0.1 + 0.2)).toBe("0.3");
    expect(money(1234567.891)).toBe("1,234,567.89");
  });
});

describe("times", () => {
  it("are the exchange's own time of day", () => {
    expect(timeOfDay("2026-01-05 09:30:00.500000+08:00")).toBe("09:30:00.500");
    expect(timeOfDay("2026-01-05 09:30:00+08:00")).toBe("09:30:00");
    expect(timeOfDay("2026-01-05T09:30:00Z")).toBe("09:30:00");
    expect(timeOfDay(null)).toBe("-");
  });

  it("or the reader's", () => expect(clock(new Date(2026, 0, 5, 9, 3, 7))).toBe("09:03:07"));
});

it("takes the largest number there is, by which exchanges say that there is none, for nothing", () => {
  for (const none of [Number.MAX_VALUE, -Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect([price(none, 1), quoted(none, 1), volume(none), money(none), percent(none)]).toEqual(["-", "-", "-", "-", "-"]);
  }
});
