// What a chart shows beside its bars: fills, texts, lines; and how often it is drawn.
import { describe, expect, it, vi } from "vitest";
import { effectScope, nextTick, ref } from "vue";
import type { Trade } from "../link/types";
import { read, type BarRow } from "./bars";
import { behind } from "../store/behind";
import { gate } from "./gate";
import { referenceOf, shifted } from "./history";
import { Indicators } from "./indicators";
import { snap } from "./lines";
import { indexAt, marks } from "./marks";
import { options } from "./options";
import { compact, readout } from "./readout";
import { timeText, venueOf } from "./time";

const shfe = venueOf("SHFE");
const row = (time: string, close: number): BarRow =>
  ({ datetime: `2026-11-23T${time}:00+08:00`, open_price: close, high_price: close + 2, low_price: close - 2, close_price: close, volume: 12_346 });
const BARS = read([row("09:00", 100), row("09:01", 102), row("09:03", 101)], "1m", shfe);

const trade = (time: string, direction: Trade["direction"], price: number, volume: number, vtSymbol = "rb2701.SHFE"): Trade => ({
  gateway_name: "SIM", symbol: "rb2701", exchange: "SHFE", vt_symbol: vtSymbol, orderid: "1", tradeid: "1", vt_orderid: "SIM.1", vt_tradeid: "SIM.1",
  offset: "OPEN", direction, price, volume, datetime: time === "" ? null : `2026-11-23T${time}+08:00`,
});
const shown = (...trades: Trade[]): string[] =>
  marks(trades, "rb2701.SHFE", BARS, "1m", shfe).map((mark) => `${timeText(mark.time)} ${mark.side} ${mark.volume} @${mark.price}`);

describe("fills", () => {
  it("of one bar and side are one mark with their sum and average", () => {
    expect(shown(trade("09:01:30", "LONG", 100, 1), trade("09:01:59", "LONG", 103, 2), trade("09:01:31", "SHORT", 104, 1), trade("09:00:00", "LONG", 99, 0.1)))
      .toEqual(["09:00 buy 0.1 @99", "09:01 buy 3 @102", "09:01 sell 1 @104"]);
  });

  it("of a minute without a bar stand at the bar before, and before all bars nowhere", () => {
    expect(shown(trade("09:02:30", "LONG", 100, 1))).toEqual(["09:01 buy 1 @100"]);
    expect(shown(trade("08:59:59", "LONG", 100, 1))).toEqual([]);
    expect(indexAt(BARS, 0)).toBe(-1);
  });

  it("of other contracts, without a time or a side have none", () => {
    expect(shown(trade("09:01:30", "LONG", 100, 1, "au2702.SHFE"), trade("", "LONG", 100, 1), trade("09:01:30", null, 100, 1))).toEqual([]);
  });

  it("of a night are marks of the day that it belongs to", () => {
    const days = read([{ ...row("00:00", 100) }, { ...row("00:00", 100), datetime: "2026-11-24T00:00:00+08:00" }], "d", shfe);
    expect(marks([trade("21:05:00", "LONG", 100, 1)], "rb2701.SHFE", days, "d", shfe)[0]?.time).toBe(days[1]?.time);
  });
});

describe("the line under the crosshair", () => {
  const of = new Indicators({ ma: true, boll: false, macd: false }, BARS.map((bar) => bar.close));

  it("says what the bar is, by the contract's tick, against the close before", () => {
    expect(readout(BARS, of, 1, "1m", 1, "en")).toMatchObject({
      date: "2026-11-23", time: "09:01", open: "102.0", high: "104.0", low: "100.0", close: "102.0", change: "+2.00%", tone: "up", volume: "12.35K",
    });
    expect(readout(BARS, of, 2, "d", 0, "zh")).toMatchObject({ time: "", close: "101", tone: "down", change: "-0.98%", volume: "1.235万" });
    expect(readout(BARS, of, 3, "1m", 1, "zh")).toBeNull();
  });

  it("names each average, also where there is none yet", () => {
    expect(readout(BARS, of, 2, "1m", 1, "zh")?.values.map((value) => `${value.name} ${value.text}`)).toEqual(["MA5 -", "MA10 -", "MA20 -", "MA60 -"]);
  });

  it("has volumes in few digits", () => {
    expect([0, 0.123456, 5, 9999, 12_345_678, 123_456_789_012].map((value) => compact(value, "zh"))).toEqual(["0", "0.1235", "5", "9999", "1235万", "1235亿"]);
    expect([9999, 12_345_678, 123_456_789_012].map((value) => compact(value, "en"))).toEqual(["9999", "12.35M", "123.5B"]);
  });
});

describe("a price that is dragged to", () => {
  it("lies on the contract's grid, without what doubles add to it", () => {
    expect(snap(3201.4, 1)).toBe(3201);
    expect(snap(0.30000000000000004, 0.1)).toBe(0.3);
    expect(snap(101.063, 0.005)).toBe(101.065);
    expect(snap(4012.31, 0.2)).toBe(4012.4);
    expect(snap(73, 5)).toBe(75);
  });
});

describe("drawing", () => {
  it("happens at once, then so often at most, and always once more after the last request", () => {
    let now = 0;
    let due: { at: number; act: () => void } | null = null;
    const acts: number[] = [];
    const draw = gate(() => acts.push(now), 200, { now: () => now, later: (act, ms) => ((due = { at: now + ms, act }), () => (due = null)) });
    for (now = 0; now <= 1000; now += 10) {
      const task = due as { at: number; act: () => void } | null;
      if (task !== null && now >= task.at) {
        due = null;
        task.act();
      }
      if (now <= 650) draw.ask();
    }
    expect(acts).toEqual([0, 200, 400, 600, 800]);
    draw.ask();
    draw.ask();
    draw.stop();
    expect(due).toBeNull();
  });

  it("waits while something matters more, but not for ever", () => {
    let now = 1000;
    let hold = 0;
    let due: { at: number; act: () => void } | null = null;
    const acts: number[] = [];
    const draw = gate(() => acts.push(now), 200, { now: () => now, later: (act, ms) => ((due = { at: now + ms, act }), () => (due = null)) }, () => hold);
    const until = (end: number): void => {
      for (; now < end; now += 10) {
        const task = due as { at: number; act: () => void } | null;
        if (task === null || now < task.at) continue;
        due = null;
        task.act();
      }
    };
    hold = 50;
    draw.ask();
    until(1200);
    expect(acts).toEqual([]);
    hold = 0;
    // The next request has a picture anyway.
    draw.ask();
    expect(acts).toEqual([1200]);
    until(2000);
    hold = 50;
    draw.ask();
    hold = 0;
    until(3000);
    expect(acts).toEqual([1200, 2250]);
    hold = 50;
    draw.ask();
    until(5000);
    expect(acts).toEqual([1200, 2250, 4000]);
  });

  it("of what goes on changing is not put off for ever, and what had to rest comes along", async () => {
    vi.useFakeTimers();
    const [trades, log] = [ref(1), ref(1)];
    const scope = effectScope();
    const [near, far] = scope.run(() => [behind(() => trades.value), behind(() => log.value, () => null, 100)] as const) ?? [];
    log.value = 2;
    const seen: unknown[] = [];
    for (const n of [2, 3, 4, 5, 6]) {
      trades.value = n;
      await vi.advanceTimersByTimeAsync(40);
      seen.push([near?.value, far?.value]);
    }
    expect(seen).toEqual([[1, 1], [1, 1], [1, 1], [5, 2], [5, 2]]);
    scope.stop();
    await vi.advanceTimersByTimeAsync(500);
    vi.useRealTimers();
  });

  it("of what follows goes on where one of it fails", async () => {
    vi.useFakeTimers();
    const changed = ref(1);
    let isBroken = false;
    const scope = effectScope();
    const [bad, good] = scope.run(() => [behind(() => (isBroken ? fail() : changed.value)), behind(() => changed.value)] as const) ?? [];
    const fail = (): never => {
      throw new Error("cannot be shown");
    };
    changed.value = 2;
    await nextTick();
    isBroken = true;
    await expect(vi.advanceTimersByTimeAsync(60)).rejects.toThrow("cannot be shown");
    await vi.advanceTimersByTimeAsync(200);
    expect([bad?.value, good?.value]).toEqual([1, 2]);
    scope.stop();
    await vi.advanceTimersByTimeAsync(500);
    vi.useRealTimers();
  });

  it("of orders and fills comes a moment later, in one go, and at once for another contract", async () => {
    vi.useFakeTimers();
    const [orders, contract] = [ref(1), ref("a")];
    const scope = effectScope();
    const shown = scope.run(() => behind(() => orders.value, () => contract.value));
    const seen = async (ms: number): Promise<unknown> => (await vi.advanceTimersByTimeAsync(ms), shown?.value);
    orders.value = 2;
    expect(await seen(20)).toBe(1);
    orders.value = 3;
    expect(await seen(20)).toBe(1);
    expect(await seen(100)).toBe(3);
    contract.value = "b";
    orders.value = 4;
    expect(await seen(0)).toBe(4);
    orders.value = 5;
    await nextTick();
    scope.stop();
    expect(await seen(500)).toBe(4);
    vi.useRealTimers();
  });
});

describe("what to ask for", () => {
  it("is a moment in the zone that it was written in", () => {
    expect(shifted("2026-11-23T09:00:00+08:00", -3600)).toBe("2026-11-23T00:00:00.000Z");
    expect(shifted("2026-11-23T09:00:00", -3600)).toBe("2026-11-23T08:00:00.000");
  });

  it("ends at the market's own time where it lives in the past", () => {
    const now = new Date("2026-11-23T02:00:00Z");
    expect(referenceOf(now, "2021-01-04T09:30:00+08:00")).toBe("2021-01-04T01:30:00.000Z");
    expect(referenceOf(now, "2031-01-04T09:30:00+08:00")).toBe(now.toISOString());
    expect(referenceOf(now, null)).toBe(now.toISOString());
  });
});

describe("options", () => {
  it("are valid whatever was stored", () => {
    expect(options({})).toEqual({ period: "1m", ma: true, boll: false, macd: false, position: true });
    expect(options({ period: "2y", ma: false, boll: "yes", macd: true, position: 0 })).toEqual({ period: "1m", ma: false, boll: false, macd: true, position: true });
    expect(options({ period: "15m" }).period).toBe("15m");
  });
});
