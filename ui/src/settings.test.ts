import { expect, it } from "vitest";
import { load } from "./settings";

it("starts in the language of the browser, with red for up in Chinese", () => {
  expect(load(null, "zh-CN")).toMatchObject({ language: "zh", up: "red", theme: "dark", watchlist: [] });
  expect(load(null, "de")).toMatchObject({ language: "en", up: "green" });
});

it("keeps colours apart from the language, and survives garbage", () => {
  expect(load('{"language":"zh","up":"green","theme":"light","watchlist":["a.B",3]}', "en")).toMatchObject({
    language: "zh", up: "green", theme: "light", watchlist: ["a.B"],
  });
  for (const bad of ["", "{", "null", "[]", '"x"', '{"watchlist":7}']) expect(load(bad, "zh").watchlist).toEqual([]);
});
