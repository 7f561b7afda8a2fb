import { expect, it } from "vitest";
import type { Value } from "./columns";
import { comparison, sortKey } from "./sortkey";

const sorted = (values: readonly Value[], descending = false, language: "zh" | "en" = "zh"): readonly Value[] => {
  const compare = comparison(language, descending);
  return [...values].sort((a, b) => compare(sortKey(a), sortKey(b)));
};

it("orders numbers as numbers and the numbers within texts too", () => {
  expect(sorted([10, 9, -1, 100])).toEqual([-1, 9, 10, 100]);
  expect(sorted(["SIM.10", "SIM.9", "sim.1"])).toEqual(["sim.1", "SIM.9", "SIM.10"]);
});

it("orders times with fractions of any length", () => {
  expect(sorted(["09:30:01.5", "09:30:01.123", "09:30:01", "10:00:00"])).toEqual(["09:30:01", "09:30:01.123", "09:30:01.5", "10:00:00"]);
});

it("orders Chinese by sound, and digits within as numbers", () => {
  expect(sorted(["沪铜10", "沪铜9", "白银1", "螺纹钢"])).toEqual(["白银1", "沪铜9", "沪铜10", "螺纹钢"]);
});

it("puts what is not known last, whichever way", () => {
  expect(sorted([2, null, 1])).toEqual([1, 2, null]);
  expect(sorted([2, null, 1], true)).toEqual([2, 1, null]);
  expect(sorted(["b", "-", "", "a"], true)).toEqual(["b", "a", "-", ""]);
});

it("is one order for everything: numbers, plain texts, other texts", () => {
  expect(sorted(["中", "a", 5])).toEqual([5, "a", "中"]);
  expect(sorted(["中", "a", 5], true)).toEqual(["中", "a", 5]);
});
