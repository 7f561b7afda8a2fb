import { expect, it } from "vitest";
import { areas, fill, messages } from ".";

const SOURCES = Object.entries(import.meta.glob<string>(["../**/*.ts", "../**/*.vue"], { query: "?raw", import: "default", eager: true }));

/** Placeholders; `{reason_zh}` and `{reason_en}` are the same thing said in two languages. */
const names = (text: string) => [...text.matchAll(/\{(\w+?)(_zh|_en)?\}/g)].map((match) => match[1]).sort();

it("has the same keys and the same placeholders in both languages, and no empty text", () => {
  expect(Object.keys(messages.en).sort()).toEqual(Object.keys(messages.zh).sort());
  for (const [key, text] of Object.entries(messages.zh)) {
    const english = messages.en[key as keyof typeof messages.en];
    expect(names(english), key).toEqual(names(text));
    expect(english.trim(), key).not.toBe("");
  }
});

it("has each key in one area only", () => {
  const keys = Object.values(areas).flatMap((area) => Object.keys(area.zh));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

it("has no text that nobody says", () => {
  const code = SOURCES.filter(([path]) => !path.includes("i18n")).map(([, text]) => text).join("\n");
  const beginnings = [...code.matchAll(/`([a-zA-Z]+\.[a-zA-Z.]*)\$\{/g)].map((match) => match[1] ?? "");
  const unsaid = Object.keys(messages.zh).filter((key) => !code.includes(`"${key}"`) && !beginnings.some((start) => key.startsWith(start)));
  expect(unsaid).toEqual([]);
});

it("fills placeholders and leaves what it was not given", () => {
  expect(fill("{a} and {b}", { a: 1 })).toBe("1 and {b}");
});
