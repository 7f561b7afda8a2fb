import { describe, expect, it } from "vitest";
import { begin, dateText, timeText, tradingDay, venueOf, wallOf } from "./time";

const shfe = venueOf("SHFE");
const wall = (text: string): number => Date.parse(`${text}Z`) / 1000;
const shown = (text: string, exchange: string): string => {
  const at = wallOf(text, venueOf(exchange)) ?? Number.NaN;
  return `${dateText(at)} ${timeText(at)}`;
};

describe("the venue's clock", () => {
  it("is shown whatever offset a moment was written with", () => {
    expect(shown("2026-11-23T09:31:00+08:00", "SHFE")).toBe("2026-11-23 09:31");
    expect(shown("2026-11-23T01:31:00.250000+00:00", "SHFE")).toBe("2026-11-23 09:31");
    expect(shown("2026-11-23T01:31:00Z", "SHFE")).toBe("2026-11-23 09:31");
    expect(shown("2026-11-22T20:31:00-0500", "SHFE")).toBe("2026-11-23 09:31");
  });

  it("follows summer time where there is one", () => {
    expect(shown("2026-07-01T13:30:00Z", "NASDAQ")).toBe("2026-07-01 09:30");
    expect(shown("2026-12-01T14:30:00Z", "NASDAQ")).toBe("2026-12-01 09:30");
    expect(shown("2026-03-08T06:59:59Z", "NYSE")).toBe("2026-03-08 01:59");
    expect(shown("2026-03-08T07:00:00Z", "NYSE")).toBe("2026-03-08 03:00");
  });

  it("is the one that times are written in where there is no offset or no such place", () => {
    expect(shown("2026-11-23T09:31:00", "SHFE")).toBe("2026-11-23 09:31");
    expect(shown("2026-11-23 09:31:00.5", "GLOBAL")).toBe("2026-11-23 09:31");
    expect(shown("2026-11-23T09:31:00+09:00", "GLOBAL")).toBe("2026-11-23 09:31");
  });

  it("is nothing for what is no moment", () => {
    for (const text of [null, undefined, "", "soon", "2026-11-23"]) expect(wallOf(text, shfe)).toBeNull();
  });
});

describe("when a bar begins", () => {
  it("is a whole number of its length after midnight", () => {
    expect(begin(wall("2026-11-23T09:31:59"), "1m", shfe)).toBe(wall("2026-11-23T09:31:00"));
    expect(begin(wall("2026-11-23T09:34:59"), "5m", shfe)).toBe(wall("2026-11-23T09:30:00"));
    expect(begin(wall("2026-11-23T09:59:00"), "15m", shfe)).toBe(wall("2026-11-23T09:45:00"));
    expect(begin(wall("2026-11-23T09:59:00"), "1h", shfe)).toBe(wall("2026-11-23T09:00:00"));
  });

  it("puts a night of Chinese futures to the next trading day", () => {
    const day = (text: string): string => dateText(tradingDay(wall(text), shfe));
    expect(day("2026-11-23T14:59:59")).toBe("2026-11-23");
    expect(day("2026-11-23T17:59:59")).toBe("2026-11-23");
    expect(day("2026-11-23T18:00:00")).toBe("2026-11-24");
    expect(day("2026-11-24T02:29:00")).toBe("2026-11-24");
    expect(day("2026-11-20T21:00:00")).toBe("2026-11-23");
    expect(day("2026-11-21T02:00:00")).toBe("2026-11-23");
  });

  it("has days of the calendar elsewhere, and at weekends where there are such", () => {
    expect(dateText(begin(wall("2026-11-23T23:59:00"), "d", venueOf("GLOBAL")))).toBe("2026-11-23");
    expect(dateText(begin(wall("2026-11-20T19:00:00"), "d", venueOf("NASDAQ")))).toBe("2026-11-20");
    expect(dateText(tradingDay(wall("2026-11-20T21:00:00"), shfe, true))).toBe("2026-11-21");
  });
});
