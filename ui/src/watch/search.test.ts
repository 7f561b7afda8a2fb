import { describe, expect, it } from "vitest";
import type { Contract } from "../link";
import { exact, index, prepare, search } from "./search";

const make = (symbol: string, exchange: string, name: string) => ({ vt_symbol: `${symbol}.${exchange}`, symbol, exchange, name }) as Contract;
const all = index([make("rb2610", "SHFE", "螺纹钢2610"), make("IF2609", "CFFEX", "沪深300股指2609"), make("600000", "SSE", "浦发银行"),
  make("000001", "SSE", "上证指数"), make("000001", "SZSE", "平安银行"), make("crb", "OTC", "CRB index"), make("600132", "SSE", "重庆啤酒")]);
const found = (typed: string) => search(all, typed).map((contract) => contract.vt_symbol);

describe("search", () => {
  it("finds by code, full symbol and name in any case, the best first", () => {
    expect(found("RB")).toEqual(["rb2610.SHFE", "crb.OTC"]);
    expect(found("银行")).toEqual(["000001.SZSE", "600000.SSE"]);
    expect(found("cffex")).toEqual(["IF2609.CFFEX"]);
    expect(found("Index")).toEqual(["crb.OTC"]);
    expect(found("000001")).toEqual(["000001.SSE", "000001.SZSE"]);
    expect(found("  ")).toEqual([]);
  });

  it("finds by initials in any case, those that begin so first", () => {
    expect(found("lwg")).toEqual(["rb2610.SHFE"]);
    expect(found("LWG26")).toEqual(["rb2610.SHFE"]);
    expect(found("yh")).toEqual(["000001.SZSE", "600000.SSE"]);
    expect(found("hs300")).toEqual(["IF2609.CFFEX"]);
    expect(found("cqpj")).toEqual(found("zqpj"));
    expect(found("cqpj")).toEqual(["600132.SSE"]);
  });

  it("does not find across the readings of one name", () => {
    expect(found("pjc")).toEqual([]);
  });

  it("gives a handful at most, the shortest codes first", () => {
    const many = index(Array.from({ length: 20_000 }, (_, n) => make(`c${n}`, "DCE", "玉米")));
    const first = search(many, "c");
    expect(first).toHaveLength(12);
    expect(first[0]?.symbol).toBe("c0");
    expect(first[11]?.symbol).toBe("c11");
  });

  it("takes a code without its exchange only where it is the only one", () => {
    expect(exact(all, "if2609")?.vt_symbol).toBe("IF2609.CFFEX");
    expect(exact(all, "000001")).toBeNull();
    expect(exact(all, "000001.szse")?.name).toBe("平安银行");
  });

  it("looks at a contract that did not change once", () => {
    const contract = make("au2612", "SHFE", "黄金2612");
    expect(index([contract])[0]).toBe(index([contract])[0]);
  });
});

it("gets ready with pauses in between, and finds the same", async () => {
  const many = Array.from({ length: 1000 }, (_, n) => make(`x${n}`, "SHFE", `螺纹钢${n}`));
  let pauses = 0;
  await prepare(many, async () => void (pauses += 1));
  expect(pauses).toBe(4);
  expect(search(index(many), "lwg999").map((contract) => contract.symbol)).toEqual(["x999"]);
});
