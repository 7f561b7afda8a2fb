import { expect, it } from "vitest";
import { initials } from "./pinyin";

/** Names of the simulated exchange and of Chinese exchanges. */
const NAMES: Readonly<Record<string, string>> = {
  螺纹钢: "lwg", 沪深300股指: "hs300gz", 上证50股指: "sz50gz", 中证1000股指: "zz1000gz", "10年期国债": "10nqgz", 黄金: "hj", 白银: "by", 铜: "t",
  铝: "l", 天然橡胶: "trxj", 原油: "yy", 低硫燃料油: "dlrly", 铁矿石: "tks", 豆粕: "dp", 棕榈油: "zly", 玉米: "ym", 甲醇: "jc", 白糖: "bt", 棉花: "mh",
  工业硅: "gyg", 碳酸锂: "tsl", 贵州茅台: "gzmt", 中国平安: "zgpa", 五粮液: "wly", 宁德时代: "ndsd", 热轧卷板: "ryjb", 液化石油气: "yhsyq",
  二氧化硅: "eyhg", 恩捷股份: "ejgf", 欧菲光: "ofg", 阿里: "al", 菜籽粕: "czp", 苹果: "pg", 沥青: "lq", 镍: "n", 锡: "x", 锌: "x", 铂: "b", 钯: "b",
};

it("reads names by their initials and leaves the rest as it is", () => {
  for (const [name, wanted] of Object.entries(NAMES)) expect(initials(name), name).toContain(wanted);
  expect(initials("ETF-IF2609")).toEqual(["etf-if2609"]);
});

it("takes both readings of characters that names have in two", () => {
  expect(initials("重庆啤酒")).toEqual(["zqpj", "cqpj"]);
  expect(initials("招商银行")).toContain("zsyh");
  expect(initials("长江电力")).toContain("cjdl");
  expect(initials("长行长行长行").length).toBeLessThanOrEqual(4);
});
