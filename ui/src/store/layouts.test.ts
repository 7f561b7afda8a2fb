import { expect, it } from "vitest";
import { cleanName, isUsable, MOST_LAYOUTS, renamed, saved, without } from "./layouts";

const two = [{ name: "a", dock: 1 }, { name: "b", dock: 2 }];

it("saves under a new name at the end, and under a known name in its place", () => {
  expect(saved(two, " c  d ", 3)).toEqual([...two, { name: "c d", dock: 3 }]);
  expect(saved(two, "a", 3)).toEqual([{ name: "a", dock: 3 }, { name: "b", dock: 2 }]);
});

it("refuses an empty name and more than there is room for", () => {
  expect(saved(two, "  ", 3)).toBeNull();
  const full = Array.from({ length: MOST_LAYOUTS }, (_, n) => ({ name: String(n), dock: n }));
  expect(saved(full, "one more", 3)).toBeNull();
  expect(saved(full, "3", "other")?.[3]).toEqual({ name: "3", dock: "other" });
  expect(cleanName("x".repeat(100))).toHaveLength(40);
});

it("renames to a free name only, and to its own", () => {
  expect(renamed(two, "a", "c")).toEqual([{ name: "c", dock: 1 }, { name: "b", dock: 2 }]);
  expect(renamed(two, "a", "b")).toBeNull();
  expect(renamed(two, "a", " ")).toBeNull();
  expect(renamed(two, "a", "a")).toEqual(two);
  expect(without(two, "a")).toEqual([{ name: "b", dock: 2 }]);
});

it("uses no layout of a newer or an older program, nor anything else", () => {
  const dock = { grid: {}, panels: { chart: { id: "chart" } } };
  expect(isUsable(dock, ["chart"])).toBe(true);
  expect(isUsable(dock, ["watch"])).toBe(false);
  for (const other of [null, 3, "x", [], {}, { grid: {} }, { grid: {}, panels: { chart: null } }, { grid: 1, panels: {} }]) {
    expect(isUsable(other, ["chart"])).toBe(false);
  }
});
