import { expect, it } from "vitest";
import { once } from "./once";

it("takes a double-click and a held key for one wish", () => {
  let calls = 0;
  const { click, key } = once(() => (calls += 1));
  const button = document.createElement("button");
  const field = document.createElement("input");
  button.addEventListener("click", click);
  field.addEventListener("keydown", key);
  for (const detail of [1, 2, 3]) button.dispatchEvent(new MouseEvent("click", { detail }));
  expect(calls).toBe(1);
  button.dispatchEvent(new MouseEvent("click", { detail: 0 }));
  expect(calls).toBe(2);
  for (const repeat of [false, true, true]) field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", repeat }));
  expect(calls).toBe(3);
});
