import { describe, expect, it } from "vitest";
import * as wire from "../api/wire";
import { exact, search } from "./search";

const make = (symbol: string, exchange: string, name: string) =>
  wire.contract({ vt_symbol: `${symbol}.${exchange}`, symbol, exchange, name });
const all = [make("rb2610", "SHFE", "螺纹钢2610"), make("IF2609", "CFFEX", "沪深300股指2609"), make("600000", "SSE", "浦发银行"),
  make("000001", "SSE", "上证指数"), make("000001", "SZSE", "平安银行"), make("crb", "OTC", "CRB index")];
const found = (typed: string) => search(all, typed).map((contract) => contract.vtSymbol);
const map = new Map(all.map((contract) => [contract.vtSymbol, contract]));

describe("search", () => {
  it("finds by code, full symbol and name in any case, the best first", () => {
    expect(found("RB")).toEqual(["rb2610.SHFE", "crb.OTC"]);
    expect(found("银行")).toEqual(["000001.SZSE", "600000.SSE"]);
    expect(found("cffex")).toEqual(["IF2609.CFFEX"]);
    expect(found("000001")).toEqual(["000001.SSE", "000001.SZSE"]);
    expect(found("  ")).toEqual([]);
  });

  it("gives a handful at most", () => {
    const many = Array.from({ length: 20_000 }, (_, n) => make(`c${n}`, "DCE", ""));
    expect(search(many, "c")).toHaveLength(12);
  });

  it("takes a code without its exchange only where it is the only one", () => {
    expect(exact(map, "if2609")?.vtSymbol).toBe("IF2609.CFFEX");
    expect(exact(map, "000001")).toBeNull();
    expect(exact(map, "000001.szse")?.name).toBe("平安银行");
  });
});
