import { describe, expect, it } from "vitest";
import { changed, CHUNK, Chunks, goesOn, NO_CHUNKS } from "./chunks";
import { few, NONE, type Few } from "./few";
import { Keyed, rowsOf } from "./keyed";

let seed = 11;
const below = (most: number): number => (seed = (seed * 48271) % 2147483647) % most;
const numbers = (length: number): number[] => Array.from({ length }, (_, n) => n);

describe("a list in chunks", () => {
  it("is what an array would be, whatever is done to it, and never changes itself", () => {
    let list: Chunks<number> = NO_CHUNKS;
    let array: number[] = [];
    for (let round = 0; round < 400; round += 1) {
      const [before, was] = [list, array.slice()];
      const editor = list.edit();
      for (let n = below(60); n > 0; n -= 1) {
        const what = below(10);
        if (what < 6) array.push(round), editor.push(round);
        else if (what < 8 && array.length > 0) {
          const at = below(array.length);
          array[at] = -round;
          editor.set(at, -round);
        } else expect(editor.pop()).toBe(array.pop());
        expect([editor.length, editor.at(array.length - 1)]).toEqual([array.length, array.at(array.length - 1)]);
      }
      if (below(40) === 0) {
        editor.keep(CHUNK);
        array = array.slice(array.length - editor.length);
      }
      list = editor.done();
      expect([list.length, list.toArray(), [...list]]).toEqual([array.length, array, array]);
      expect(before.toArray()).toEqual(was);
    }
  });

  it("has nothing before its first place and after its last", () => {
    const list = Chunks.of(numbers(CHUNK + 3));
    expect([list.at(-1), list.at(CHUNK + 3), list.at(CHUNK), list.at(CHUNK + 2)]).toEqual([undefined, undefined, CHUNK, CHUNK + 2]);
  });

  it("shares what did not change, and tells what did", () => {
    const list = Chunks.of(numbers(10 * CHUNK));
    const editor = list.edit();
    editor.set(3 * CHUNK + 7, -1);
    editor.push(-2);
    const next = editor.done();
    expect(changed(list, next)).toEqual([3 * CHUNK + 7, 10 * CHUNK]);
    expect(next.chunks.filter((chunk, n) => chunk !== list.chunks[n])).toHaveLength(2);
    expect(list.edit().done()).toBe(list);
    expect(changed(next, list)).toEqual([3 * CHUNK + 7]);
    expect(changed(NO_CHUNKS, Chunks.of([1, 2]))).toEqual([0, 1]);
  });

  it("keeps the newest, and knows the others to be gone", () => {
    const list = Chunks.of(numbers(4 * CHUNK));
    const editor = list.edit();
    for (let n = 0; n < 10; n += 1) editor.push(9000 + n);
    editor.keep(2 * CHUNK);
    const next = editor.done();
    expect([next.length, next.at(0), next.at(next.length - 1)]).toEqual([2 * CHUNK + 10, 2 * CHUNK, 9009]);
    expect(changed(list, next)).toEqual(numbers(10).map((n) => 2 * CHUNK + n));
    expect([goesOn(list, next), goesOn(list, list), goesOn(next, list), goesOn(NO_CHUNKS, next), goesOn(list, Chunks.of([1]))]).toEqual([true, true, false, true, false]);
    editor.keep(2 * CHUNK);
    expect(editor.length).toBe(2 * CHUNK + 10);
  });
});

describe("a map of rows", () => {
  it("is what a Map would be", () => {
    let keyed = new Keyed<number>();
    const map = new Map<string, number>();
    for (let round = 0; round < 300; round += 1) {
      const editor = keyed.edit();
      for (let n = below(5); n > 0; n -= 1) {
        const key = String(below(900));
        map.set(key, round);
        editor.set(key, round);
      }
      keyed = editor.done();
    }
    expect([...keyed]).toEqual([...map]);
    expect([[...keyed.keys()], [...keyed.values()], keyed.size]).toEqual([[...map.keys()], [...map.values()], map.size]);
    expect([keyed.get("899"), keyed.get("none"), keyed.has("none"), keyed.has([...map.keys()][0] ?? "")]).toEqual([map.get("899"), undefined, false, true]);
    const told: unknown[] = [];
    keyed.forEach((row, key) => told.push([key, row]));
    expect(told).toEqual([...map]);
  });

  it("may be gone on from twice", () => {
    const first = Keyed.of([["a", 1], ["b", 2]]);
    const one = first.edit();
    one.set("c", 3);
    const left = one.done();
    const other = first.edit();
    other.set("d", 4);
    other.set("a", 5);
    const right = other.done();
    const more = left.edit();
    more.set("d", 6);
    expect([[...first], [...left], [...right], [...more.done()]]).toEqual([
      [["a", 1], ["b", 2]], [["a", 1], ["b", 2], ["c", 3]], [["a", 5], ["b", 2], ["d", 4]], [["a", 1], ["b", 2], ["c", 3], ["d", 6]],
    ]);
    expect([first.has("c"), first.get("c"), right.get("c")]).toEqual([false, undefined, undefined]);
  });

  it("gives its rows as a list, and those of any other map", () => {
    const keyed = Keyed.of([["a", 1]]);
    expect(rowsOf(keyed)).toBe(keyed.rows);
    expect([...rowsOf(new Map([["a", 1]]))]).toEqual([1]);
    expect(Keyed.of(keyed)).toBe(keyed);
  });
});

it("the few are those for which it holds, whatever changes, and only what changed is asked", () => {
  let rows = numbers(3 * CHUNK);
  let list = Chunks.of(rows);
  let picked: Few<number> = NONE;
  let asked = 0;
  const even = (n: number): boolean => ((asked += 1), n % 97 === 0);
  for (let round = 0; round < 200; round += 1) {
    picked = few(picked, list, even);
    expect(picked.rows).toEqual(rows.filter((n) => n % 97 === 0));
    const editor = list.edit();
    for (let n = below(6); n > 0; n -= 1) {
      const [at, to] = [below(rows.length), below(1000)];
      rows = rows.with(at, to);
      editor.set(at, to);
    }
    if (below(3) === 0) rows.push(97), editor.push(97);
    list = editor.done();
    if (round % 50 === 49) list = Chunks.of((rows = rows.slice(0, rows.length / 2)));
  }
  expect(asked).toBeLessThan(3000);
  const before = few(picked, list, even);
  const editor = list.edit();
  editor.push(1);
  expect(few(before, editor.done(), even).rows).toBe(before.rows);
});
