import { describe, expect, it } from "vitest";
import { Bars, join, read, type Bar, type BarRow, type TickPart } from "./bars";
import { dateText, timeText, venueOf, type Period } from "./time";

const shfe = venueOf("SHFE");

function tick(time: string, last: number, volume: number, more: Partial<TickPart> = {}): TickPart {
  return { datetime: `2026-11-23T${time}+08:00`, last_price: last, volume, open_price: null, high_price: null, low_price: null, ...more };
}

function row(datetime: string, [open, high, low, close, volume]: readonly [number, number, number, number, number]): BarRow {
  return { datetime, open_price: open, high_price: high, low_price: low, close_price: close, volume };
}

const page = (period: Period, ...rows: BarRow[]): Bar[] => read(rows, period, shfe);
const shown = (bars: Bars): string[] =>
  bars.all.map((bar) => `${timeText(bar.time)} ${bar.open} ${bar.high} ${bar.low} ${bar.close} ${bar.volume}`);

describe("the live bar", () => {
  it("adds what the day's volume grew by; the very first tick adds nothing", () => {
    const bars = new Bars("1m", shfe);
    expect(bars.take(tick("09:00:00.500000", 10, 1000))).toBe("began");
    expect(bars.take(tick("09:00:30", 12, 1004))).toBe("changed");
    expect(bars.take(tick("09:00:59", 9, 1010))).toBe("changed");
    expect(bars.take(tick("09:01:00", 11, 1013))).toBe("began");
    expect(shown(bars)).toEqual(["09:00 10 12 9 9 10", "09:01 11 11 11 11 3"]);
  });

  it("never counts a volume that fell, as it does at a new day", () => {
    const bars = new Bars("1m", shfe);
    bars.take(tick("09:00:00", 10, 1000));
    bars.take(tick("09:00:01", 10, 4));
    bars.take(tick("09:00:02", 10, 9));
    expect(bars.newest?.volume).toBe(5);
  });

  it("sees a day's new high or low that no tick showed, also on a bar's first tick, but not an old one", () => {
    const bars = new Bars("1m", shfe);
    bars.take(tick("09:00:00", 10, 1, { high_price: 15, low_price: 5 }));
    bars.take(tick("09:00:01", 11, 2, { high_price: 15, low_price: 5 }));
    expect(shown(bars)).toEqual(["09:00 10 11 10 11 1"]);
    bars.take(tick("09:01:00", 12, 3, { high_price: 16, low_price: 5 }));
    bars.take(tick("09:01:01", 12, 4, { high_price: 16, low_price: 4 }));
    expect(shown(bars)[1]).toBe("09:01 12 16 4 12 2");
  });

  it("passes over ticks without a price or a time and ticks of bars that are over", () => {
    const bars = new Bars("5m", shfe);
    expect(bars.take(tick("09:05:00", 0, 1))).toBe("nothing");
    expect(bars.take({ ...tick("09:05:00", 10, 1), datetime: null })).toBe("nothing");
    bars.take(tick("09:05:00", 10, 1));
    expect(bars.take(tick("09:04:59", 99, 2))).toBe("nothing");
    expect(shown(bars)).toEqual(["09:05 10 10 10 10 0"]);
  });

  it("of a day without history is the day that the tick itself knows, nights included", () => {
    const bars = new Bars("d", shfe);
    bars.take(tick("21:00:05", 12, 700, { open_price: 10, high_price: 15, low_price: 9 }));
    expect(bars.newest).toEqual({ time: Date.parse("2026-11-24T00:00:00Z") / 1000, open: 10, high: 15, low: 9, close: 12, volume: 700 });
  });
});

describe("history under the live bar", () => {
  const history = page("1m",
    row("2026-11-23T09:00:00+08:00", [10, 12, 9, 11, 100]),
    row("2026-11-23T09:01:00+08:00", [11, 14, 11, 13, 40]),
  );

  it("goes on without a seam where history ends", () => {
    const bars = new Bars("1m", shfe);
    bars.load(history);
    bars.take(tick("09:01:30", 13, 5040));
    bars.take(tick("09:01:31", 15, 5042));
    bars.take(tick("09:02:00", 14, 5045));
    expect(shown(bars)).toEqual(["09:00 10 12 9 11 100", "09:01 11 15 11 15 42", "09:02 14 14 14 14 3"]);
  });

  it("that comes while ticks come is joined with what they made", () => {
    const bars = new Bars("1m", shfe);
    bars.take(tick("09:01:29", 13, 5038));
    bars.take(tick("09:01:30", 15, 5040));
    bars.load(history);
    bars.take(tick("09:01:40", 14, 5043));
    expect(shown(bars)).toEqual(["09:00 10 12 9 11 100", "09:01 11 15 11 14 43"]);
  });

  it("that is older than the ticks changes nothing of theirs", () => {
    const bars = new Bars("1m", shfe);
    bars.take(tick("09:02:00", 14, 5045));
    bars.take(tick("09:02:10", 15, 5046));
    bars.load(history);
    expect(shown(bars).at(-1)).toBe("09:02 14 15 14 15 1");
    expect(bars.all.length).toBe(3);
  });

  it("is right again after ticks were missed", () => {
    const bars = new Bars("1m", shfe);
    bars.load(history);
    bars.take(tick("09:01:50", 13, 5040));
    bars.miss();
    bars.take(tick("09:05:10", 20, 9000));
    expect(shown(bars).at(-1)).toBe("09:05 20 20 20 20 0");
    bars.load(page("1m",
      row("2026-11-23T09:01:00+08:00", [11, 14, 11, 13, 44]), row("2026-11-23T09:02:00+08:00", [13, 21, 13, 20, 3000]),
      row("2026-11-23T09:05:00+08:00", [20, 22, 19, 20, 60]),
    ));
    bars.take(tick("09:05:11", 21, 9002));
    expect(shown(bars).slice(1)).toEqual(["09:01 11 14 11 13 44", "09:02 13 21 13 20 3000", "09:05 20 22 19 21 62"]);
  });

  it("a short loss within one bar counts what was traded meanwhile", () => {
    const bars = new Bars("1m", shfe);
    bars.load(history);
    bars.take(tick("09:01:30", 13, 5040));
    bars.miss();
    bars.take(tick("09:01:50", 12, 5090));
    expect(bars.newest?.volume).toBe(90);
  });

  it("is not followed by a bar from the tick that was there before us", () => {
    const bars = new Bars("1m", shfe);
    bars.load(history);
    expect(bars.take(tick("09:15:00", 13, 5040))).toBe("nothing");
    expect(bars.take(tick("09:15:01", 13, 5041))).toBe("began");
    expect(shown(bars).at(-1)).toBe("09:15 13 13 13 13 1");
  });

  it("takes away the bar of a closed market's last tick, which came before it, and stays so when that comes again", () => {
    const bars = new Bars("1m", shfe);
    bars.take(tick("15:00:00", 13, 5040));
    bars.load(history);
    expect(bars.take(tick("15:00:00", 13, 5040))).toBe("nothing");
    expect(shown(bars).length).toBe(2);
    const live = new Bars("1m", shfe);
    live.take(tick("09:05:00", 13, 5040));
    live.take(tick("09:05:01", 13, 5041));
    live.load(history);
    expect(shown(live).at(-1)).toBe("09:05 13 13 13 13 1");
  });

  it("dates the running day, whatever the calendar says", () => {
    const days = (...dates: string[]) => page("d", ...dates.map((date) => row(`${date}T00:00:00+08:00`, [10, 12, 9, 11, 100])));
    const bars = new Bars("d", shfe);
    // A holiday follows: the night belongs to the day that history gives it.
    bars.load(days("2026-11-23", "2026-11-27"));
    bars.take(tick("21:00:00", 13, 900));
    expect(bars.all.map((bar) => dateText(bar.time))).toEqual(["2026-11-23", "2026-11-27"]);
    const early = new Bars("d", shfe);
    early.load(days("2026-11-20", "2026-11-23"));
    early.take(tick("14:59:00", 11, 900));
    early.take(tick("21:00:00", 13, 10));
    expect(early.all.map((bar) => dateText(bar.time))).toEqual(["2026-11-20", "2026-11-23", "2026-11-24"]);
  });

  it("reads rows of another database's zone, in any order, each time once, and none without prices", () => {
    const bars = page("1m",
      row("2026-11-23T01:01:00+00:00", [3, 3, 3, 3, 3]), row("2026-11-23T09:00:00", [2, 2, 2, 2, 2]), row("2026-11-23T09:01:00+08:00", [4, 4, 4, 4, 4]),
      { ...row("2026-11-23T09:02:00+08:00", [5, 5, 5, 5, 5]), high_price: null }, row("", [6, 6, 6, 6, 6]),
    );
    expect(bars.map((bar) => `${timeText(bar.time)} ${bar.close}`)).toEqual(["09:00 2", "09:01 4"]);
    expect(join(bars, [])).toEqual(bars);
  });
});
