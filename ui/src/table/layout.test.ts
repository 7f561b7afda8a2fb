import { expect, it } from "vitest";
import type { Column } from "./columns";
import { arranged, displayed, movedBy, movedTo, PLAIN, readLayout, resized, sortedNext, toggled, widthOf } from "./layout";
import type { Key } from "../i18n";

const column = (id: string, more: Partial<Column<object>> = {}): Column<object> => ({ id, title: id as Key, width: 50, text: () => id, ...more });
const COLUMNS = [column("a"), column("b", { phone: 1 }), column("c", { hidden: true }), column("d", { phone: 0 })];
const ids = (columns: readonly Column<object>[]): string => columns.map((each) => each.id).join("");

it("shows the program's columns as long as the reader changed nothing", () => {
  expect(ids(displayed(COLUMNS, PLAIN, false))).toBe("abd");
  expect(ids(displayed(COLUMNS, PLAIN, true))).toBe("dba");
});

it("shows sticky columns before all others", () => {
  expect(ids(displayed([column("a"), column("b", { sticky: true })], PLAIN, false))).toBe("ba");
});

it("moves a column past its neighbour in sight, over hidden ones", () => {
  const moved = movedBy(COLUMNS, PLAIN, "b", 1);
  expect(ids(displayed(COLUMNS, moved, false))).toBe("adb");
  expect(ids(displayed(COLUMNS, movedBy(COLUMNS, moved, "b", -1), false))).toBe("abd");
  expect(movedBy(COLUMNS, PLAIN, "a", -1)).toBe(PLAIN);
  expect(movedTo(COLUMNS, PLAIN, "a", "nowhere")).toBe(PLAIN);
});

it("leaves a phone's order alone", () => {
  expect(ids(displayed(COLUMNS, movedTo(COLUMNS, PLAIN, "d", "a"), true))).toBe("dba");
  expect(widthOf(COLUMNS[0] as Column<object>, resized(PLAIN, { a: 99 }), true)).toBe(50);
});

it("puts columns that a stored layout does not know where the program has them, and forgets those that are gone", () => {
  const stored = { ...PLAIN, order: ["d", "gone", "a", "d"] };
  expect(ids(arranged(COLUMNS, stored))).toBe("dabc");
  expect(ids(arranged([column("new"), ...COLUMNS], stored))).toBe("newdabc");
});

it("hides and shows, but never the last one", () => {
  const shown = toggled(COLUMNS, PLAIN, "c");
  expect(ids(displayed(COLUMNS, shown, false))).toBe("abcd");
  const one = ["a", "b", "d"].reduce((layout, id) => toggled(COLUMNS, layout, id), PLAIN);
  expect(ids(displayed(COLUMNS, one, false))).toBe("d");
});

it("sorts up, down and not at all", () => {
  const up = sortedNext(PLAIN, "a");
  const down = sortedNext(up, "a");
  expect([up.sort, down.sort, sortedNext(down, "a").sort]).toEqual([{ id: "a", descending: false }, { id: "a", descending: true }, null]);
  expect(sortedNext(down, "b").sort).toEqual({ id: "b", descending: false });
});

it("keeps widths within bounds", () => {
  expect(resized(PLAIN, { a: 3, b: 1e9, c: 80.4 }).widths).toEqual({ a: 28, b: 1200, c: 80 });
});

it("reads what was stored and drops what has another shape", () => {
  const layout = { order: ["a"], widths: { a: 60 }, hidden: { b: true }, sort: { id: "a", descending: true } };
  expect(readLayout(JSON.parse(JSON.stringify(layout)))).toEqual(layout);
  expect(readLayout(undefined)).toEqual(PLAIN);
  expect(readLayout({ order: [1, "a"], widths: { a: "60", b: null }, hidden: [], sort: { id: 3 } })).toEqual({ ...PLAIN, order: ["a"] });
});
