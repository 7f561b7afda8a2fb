import { describe, expect, it } from "vitest";
import * as wire from "../api/wire";
import { initial, reduce, type Fact } from "./desk";
import { append, notable, type Entry } from "./log";

const rejected: Fact = { kind: "order", data: wire.order({ vt_orderid: "SIM.1", vt_symbol: "a.B", status: "拒单", extra: { reason_zh: "资金不足", reason_en: "no funds", code: "FUNDS" } }) };
const trade: Fact = { kind: "trade", data: wire.trade({ vt_tradeid: "SIM.1", vt_orderid: "SIM.1", vt_symbol: "a.B", price: 3.5, volume: 2 }) };

describe("the log", () => {
  it("names a rejection with its text and a fill, each once", () => {
    expect(notable(initial, rejected, () => 1)).toMatchObject({ key: "log.rejectedWhy", params: { reason_zh: "资金不足", reason_en: "no funds", order: "SIM.1" } });
    expect(notable(initial, trade, () => 1)).toMatchObject({ key: "log.traded", params: { price: "3.5", volume: "2" } });
    const after = reduce(initial, { type: "facts", facts: [rejected, trade] });
    expect([notable(after, rejected, () => 1), notable(after, trade, () => 1)]).toEqual([null, null]);
  });

  it("keeps the newest 500", () => {
    let log: readonly Entry[] = [];
    for (let n = 0; n < 600; n += 1) log = append(log, { severity: "info", key: "log.connected", params: {} }, new Date(n));
    expect([log.length, log[0]?.id, log.at(-1)?.id]).toEqual([500, 101, 600]);
  });
});
