import { afterEach, expect, it } from "vitest";
import { comboOf, hotkey, isTyping, shortcuts } from "./keys";

let releases: (() => void)[] = [];
afterEach(() => {
  releases.forEach((release) => release());
  releases = [];
  document.body.innerHTML = "";
});

function on(combo: string): string[] {
  const seen: string[] = [];
  releases.push(hotkey("ticket.buy", combo, "key.buy", () => seen.push(combo)));
  return seen;
}

function press(key: string, target: EventTarget = document.body, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}

function element(html: string): Element {
  document.body.innerHTML = html;
  return document.body.firstElementChild ?? document.body;
}

it("acts from anywhere, once, and not after its release", () => {
  const seen = on("b");
  expect(press("b").defaultPrevented).toBe(true);
  press("b", document.body, { repeat: true });
  press("b", document.body, { ctrlKey: true });
  expect(seen).toEqual(["b"]);
  releases.forEach((release) => release());
  press("b");
  expect(seen).toEqual(["b"]);
});

it("is off while somebody types, and while a question is open", () => {
  const seen = on("b");
  for (const html of ["<input>", "<textarea></textarea>", "<select></select>", '<input role="combobox">']) press("b", element(html));
  expect(seen).toEqual([]);
  press("b", element('<input type="checkbox">'));
  element("<dialog open></dialog>");
  press("b");
  expect(seen).toEqual(["b"]);
});

it("gives the key to the last that wanted it", () => {
  const first = on("1");
  const second = on("1");
  press("1");
  expect([first, second]).toEqual([[], ["1"]]);
});

it("names combinations", () => {
  const of = (key: string, more: KeyboardEventInit = {}) => comboOf(new KeyboardEvent("keydown", { key, ...more }));
  expect([of("b"), of("B", { shiftKey: true }), of("?", { shiftKey: true }), of("k", { ctrlKey: true }), of("ArrowUp", { shiftKey: true })]).toEqual(["b", "shift+b", "?", "ctrl+k", "shift+arrowup"]);
  expect(isTyping(null)).toBe(false);
});

it("lists every key for the help, each once", () => {
  const ids = shortcuts.value.map((known) => known.id);
  expect(new Set(ids).size).toBe(ids.length);
});
