import { expect, it } from "vitest";
import { fill, messages } from ".";

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

it("fills placeholders and leaves what it was not given", () => {
  expect(fill("{a} and {b}", { a: 1 })).toBe("1 and {b}");
});
