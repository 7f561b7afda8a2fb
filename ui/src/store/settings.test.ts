import { describe, expect, it } from "vitest";
import { load, merge } from "./settings";

describe("load", () => {
  it("is as on the first day where nothing or nonsense is stored", () => {
    for (const stored of [null, "", "7", "[]", "{", '{"language":3,"groups":"x","group":-1,"alerts":[]}']) {
      expect(load(stored, "zh-CN")).toMatchObject({ language: "zh", up: "red", theme: "dark", confirm: true, group: 0, groups: [{ name: "", symbols: [] }] });
    }
    expect(load(null, "de")).toMatchObject({ language: "en", up: "green" });
  });

  it("keeps what was chosen, and colours apart from the language", () => {
    const chosen = { language: "en", up: "red", theme: "light", confirm: false, groups: [{ name: "a", symbols: ["x.Y", 3] }], group: 0, selected: "x.Y" };
    expect(load(JSON.stringify(chosen), "zh")).toMatchObject({ ...chosen, groups: [{ name: "a", symbols: ["x.Y"] }] });
  });

  it("takes a list of instruments for the first group", () => {
    expect(load('{"watchlist":["a.B"]}', "en").groups).toEqual([{ name: "", symbols: ["a.B"] }]);
  });
});

describe("merge", () => {
  it("keeps what was changed here, and takes everything else from the server", () => {
    const base = { theme: "dark", language: "zh", group: 0 };
    expect(merge(base, { ...base, theme: "light" }, { ...base, language: "en" })).toEqual({ theme: "light", language: "en", group: 0 });
  });

  it("prefers this browser where both changed the same", () => {
    expect(merge({ group: 0 }, { group: 1 }, { group: 2 })).toEqual({ group: 1 });
  });
});
