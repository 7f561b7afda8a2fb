import { expect, it } from "vitest";
import { dropTarget } from "./drag";
import { cut, cutTo, fitted } from "./fit";
import { moved, movedAside, opensFilter, opensMenu } from "./keys";
import type { Key } from "../i18n";

it("moves among rows and up into the head", () => {
  expect(["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End", "x"].map((key) => moved(key, 5, 20, 10))).toEqual([6, 4, 15, 0, 0, 19, null]);
  expect([moved("ArrowDown", -1, 20, 10), moved("ArrowUp", 0, 20, 10), moved("PageDown", 15, 20, 10)]).toEqual([0, -1, 19]);
  expect(["ArrowDown", "ArrowUp", "PageUp", "Home", "End"].map((key) => moved(key, -1, 0, 10))).toEqual([-1, -1, -1, -1, -1]);
});

it("moves among heads", () => {
  expect(["ArrowRight", "ArrowLeft", "Home", "End", "x"].map((key) => movedAside(key, 1, 3))).toEqual([2, 0, 0, 2, null]);
  expect([movedAside("ArrowRight", 2, 3), movedAside("ArrowLeft", 0, 3)]).toEqual([2, 0]);
});

it("knows the keys of filter and menu", () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  expect(opensFilter({ ...plain, key: "/" }) && opensFilter({ ...plain, key: "f", ctrlKey: true })).toBe(true);
  expect(opensFilter({ ...plain, key: "f" }) || opensFilter({ ...plain, key: "/", ctrlKey: true })).toBe(false);
  expect([opensMenu({ ...plain, key: "ContextMenu" }), opensMenu({ ...plain, key: "F10", shiftKey: true }), opensMenu({ ...plain, key: "F10" })]).toEqual([true, true, false]);
});

it("drops a head at the one under the pointer", () => {
  const heads = [{ id: "a", left: 0, right: 50 }, { id: "b", left: 50, right: 90 }];
  expect([dropTarget(heads, -5), dropTarget(heads, 49), dropTarget(heads, 50), dropTarget(heads, 500), dropTarget([], 5)]).toEqual(["a", "a", "b", "b", null]);
});

it("fits a column to its longest text or its head", () => {
  const columns = [{ id: "a", title: "a" as Key, width: 50, text: (row: { t: string }) => row.t }];
  const measure = (text: string): number => text.length * 10;
  expect(fitted(columns, new Map([["a", "head"]]), [{ t: "x" }, { t: "long text" }], measure)).toEqual({ a: 104 });
  expect(fitted(columns, new Map([["a", "a long head"]]), [{ t: "x" }], measure)).toEqual({ a: 136 });
});

it("cuts a text for which there is no room, between signs, and never one that fits", () => {
  const measure = (letter: string): number => (letter > "\u2e80" ? 13 : 8);
  const seen = (text: string, room: number): string => cutTo(text, room, measure);
  expect([seen("12:00:01", 64), seen("螺纹钢", 39), seen("", 0)]).toEqual(["12:00:01", "螺纹钢", ""]);
  expect([seen("12:00:01", 63), seen("螺纹钢", 38), seen("abc", 5)]).toEqual(["12:00:…", "螺纹…", "…"]);
  for (let room = 0; room < 120; room += 1) expect(seen("a🙂🙂🙂🙂", room)).toMatch(/^(a(🙂)*)?…?$/u);
  expect([cut("abcdef", 12 + 6 * 14), cut("", 0)]).toEqual(["abcdef", ""]);
});
