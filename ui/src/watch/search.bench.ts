// How long a key takes in the search box among 20,000 contracts: `npx vitest bench --run src/watch`.
import { bench, describe } from "vitest";
import type { Contract } from "../link";
import { index, search } from "./search";

const NAMES = ["螺纹钢", "沪深300股指", "重庆啤酒", "招商银行", "棕榈油", "低硫燃料油", "碳酸锂", "Crude Oil"];
const contracts = Array.from({ length: 20_000 }, (_, n) => {
  const symbol = `${"abcdefghijklmnopqrst"[n % 20]}${n}`;
  return { vt_symbol: `${symbol}.SHFE`, symbol, exchange: "SHFE", name: `${NAMES[n % NAMES.length]}${n}` } as Contract;
});
const all = index(contracts);

describe("20,000 contracts", () => {
  for (const typed of ["r", "rb2610", "lwg", "银行", "nothing like it"]) bench(`search “${typed}”`, () => void search(all, typed));
  bench("index of a map in which nothing changed", () => void index(contracts));
  bench("index made the first time", () => void index(contracts.map((contract) => ({ ...contract }))));
});
