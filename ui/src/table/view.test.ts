import { expect, it } from "vitest";
import { anchorShift } from "./anchor";
import { changes, placeOf, ranked } from "./changes";
import type { Column } from "./columns";
import type { Key } from "../i18n";
import { haystacks, isNatural, natural, pick, refreshed, sortKeys, view, wish, type Picked, type View, type Wish } from "./view";

interface Row {
  readonly id: number;
  readonly price: number;
  readonly name: string;
}
const PRICE: Column<Row> = { id: "price", title: "price" as Key, width: 50, number: true, text: (row) => row.price.toFixed(1) };
const NAME: Column<Row> = { id: "name", title: "name" as Key, width: 50, text: (row) => row.name };
const COLUMNS = [PRICE, NAME];
const ASCENDING = { newestFirst: false };
const NEWEST = { newestFirst: true };
const row = (id: number, price = id, name = `n${id}`): Row => ({ id, price, name });
const rowKey = (each: Row): number => each.id;
const ids = (of: View<Row> | Picked<Row>): readonly number[] => ("order" in of ? of.order.map(rowKey) : Array.from({ length: of.length }, (_, index) => of.at(index).id));
const byPrice = (descending = false, filter = ""): Wish<Row> => wish(filter, { key: sortKeys(PRICE), descending }, haystacks(COLUMNS), "en");
const onlyFilter = (filter: string): Wish<Row> => wish(filter, null, haystacks(COLUMNS), "en");

it("shows the natural order without a copy, newest first if asked", () => {
  const rows = [row(1), row(2), row(3)];
  expect(isNatural(onlyFilter("  "))).toBe(true);
  expect(ids(natural(rows, ASCENDING))).toEqual([1, 2, 3]);
  expect(ids(natural(rows, NEWEST))).toEqual([3, 2, 1]);
});

it("filters over all visible columns without regard to case", () => {
  const rows = [row(1, 7, "Gold"), row(2, 8, "silver"), row(3, 7.5, "tin")];
  expect(ids(pick(rows, onlyFilter("GO"), ASCENDING, null))).toEqual([1]);
  expect(ids(pick(rows, onlyFilter("7."), NEWEST, null))).toEqual([3, 1]);
  expect(ids(pick(rows, onlyFilter("8.0silver"), ASCENDING, null))).toEqual([]);
});

it("sorts numbers as numbers, and rows alike stay as they came", () => {
  const rows = [row(1, 10), row(2, 9), row(3, 10), row(4, 100)];
  expect(ids(pick(rows, byPrice(), ASCENDING, null))).toEqual([2, 1, 3, 4]);
  expect(ids(pick(rows, byPrice(true), ASCENDING, null))).toEqual([4, 1, 3, 2]);
  expect(ids(pick(rows, byPrice(), NEWEST, null))).toEqual([2, 3, 1, 4]);
});

it("comes to the same order from the one before as from nothing, whatever changed", () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  for (const arrival of [ASCENDING, NEWEST]) for (const filter of ["", "n1"]) for (const descending of [false, true]) {
    const wished = byPrice(descending, filter);
    let rows: readonly Row[] = Array.from({ length: 60 }, (_, index) => row(index, random(9)));
    let before: Picked<Row> | null = null;
    for (let turn = 0; turn < 25; turn += 1) {
      before = pick(rows, wished, arrival, before);
      expect(ids(before)).toEqual(ids(pick(rows, wished, arrival, null)));
      expect(before.of.rows.map((each) => placeOf(before?.of as never, each))).toEqual(rows.map((_, index) => index));
      const changed = rows.map((each) => (random(10) === 0 ? { ...each, price: random(9) } : each)).filter(() => random(20) > 0);
      const come = row(1000 + turn, random(9));
      rows = turn % 12 === 5 ? changed.toReversed() : turn % 3 === 0 ? [come, ...changed] : turn % 3 === 1 ? [...rows.slice(1), come] : [...changed, come];
    }
  }
});

it("compares little when little changed", () => {
  const rows = Array.from({ length: 5000 }, (_, index) => row(index, (index * 7919) % 5000));
  const wished = byPrice();
  const first = pick(rows, wished, ASCENDING, null);
  let compared = 0;
  const counting = { ...wished, compare: (a: never, b: never) => ((compared += 1), wished.compare(a, b)) };
  const next = pick([...rows, row(9999, 1234)], counting, ASCENDING, first);
  expect(compared).toBeLessThan(20);
  expect(next.order).toHaveLength(5001);
});

it("shows within an old order what the rows are now", () => {
  const rows = [row(1, 3), row(2, 2), row(3, 1)];
  const picked = pick(rows, byPrice(), ASCENDING, null);
  const updated = [row(0, 9), rows[0] as Row, { ...(rows[1] as Row), price: 5 }, rows[2] as Row];
  const now = refreshed(picked, updated, rowKey);
  expect(ids(now)).toEqual([3, 2, 1]);
  expect(now.at(1).price).toBe(5);
});

it("holds on to the row that is read when others come in above", () => {
  const rows = Array.from({ length: 50 }, (_, index) => row(index));
  const more = [...rows, row(100), row(101)];
  expect(anchorShift(natural(rows, NEWEST), natural(more, NEWEST), 10, 5, rowKey)).toBe(2);
  expect(anchorShift(natural(rows, ASCENDING), natural(more, ASCENDING), 10, 5, rowKey)).toBe(0);
  expect(anchorShift(natural(rows, ASCENDING), natural(rows.slice(3), ASCENDING), 10, 5, rowKey)).toBe(-3);
  const sorted = (list: readonly Row[]): View<Row> => view(pick(list, byPrice(), ASCENDING, null), list);
  const risen = [...rows.map((each) => (each.id === 10 ? { ...each, price: 999 } : each)), row(200, -5), row(201, -6)];
  expect(anchorShift(sorted(rows), sorted(risen), 10, 5, rowKey)).toBe(1);
});

it("sees what changed in a list, whichever end it grows at", () => {
  const rows = Array.from({ length: 6000 }, (_, index) => row(index));
  const updated = rows.map((each) => (each.id % 1000 === 7 ? { ...each, price: 0 } : each));
  const seen = [[...updated, row(9000)], [row(9000), ...updated], [...updated.slice(1), row(9000)], [row(9000), ...updated.slice(0, -1)]].map((now) => {
    const found = changes(ranked(rows), now);
    return [found?.added.length, found?.removed.size];
  });
  expect(seen).toEqual([[7, 6], [7, 6], [7, 7], [7, 7]]);
  expect(changes(ranked(rows), rows.toReversed())).toBeNull();
});
