import { expect, it } from "vitest";
import { add, type Fault } from "./faults";

it("counts the same error and keeps the newest last", () => {
  let all: readonly Fault[] = [];
  for (const text of ["a\n\nat 1", "b\n\nat 2", "a\n\nat 3"]) all = add(all, text);
  expect(all).toEqual([{ text: "b\n\nat 2", count: 1 }, { text: "a\n\nat 3", count: 2 }]);
});

it("is bounded", () => {
  let all: readonly Fault[] = [];
  for (let n = 0; n < 50; n += 1) all = add(all, `${n}`);
  expect(all).toHaveLength(20);
  expect(all.at(-1)).toEqual({ text: "49", count: 1 });
});
