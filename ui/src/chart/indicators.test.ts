import { describe, expect, it } from "vitest";
import { boll, Indicators, ma, MA_LENGTHS, type Shown } from "./indicators";

const ALL: Shown = { ma: true, boll: true, macd: true };

/** Numbers that look random and are the same each time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const points = (of: Indicators) => Array.from({ length: of.length }, (_, at) => [of.ma(at), of.boll(at), of.macd(at)]);

describe("indicators", () => {
  it("MA is the plain average, from its first full window on", () => {
    const closes = [1, 2, 3, 4, 5, 6];
    expect(ma(closes, 3, 5)).toBeNull();
    expect(ma(closes, 4, 5)).toBe(3);
    expect(ma(closes, 5, 5)).toBe(4);
    expect(ma(closes, 6, 5)).toBeNull();
    expect(new Indicators(ALL, closes).ma(5)).toEqual([4, null, null, null]);
    expect(MA_LENGTHS).toEqual([5, 10, 20, 60]);
  });

  it("BOLL reaches two deviations of the population to each side", () => {
    const closes = Array.from({ length: 20 }, (_, n) => n + 1);
    const band = boll(closes, 19);
    expect(band?.middle).toBeCloseTo(10.5, 12);
    // The population's variance of 1…20 is (20² − 1) / 12.
    expect((band?.upper ?? 0) - 10.5).toBeCloseTo(2 * Math.sqrt(399 / 12), 12);
    expect(10.5 - (band?.lower ?? 0)).toBeCloseTo(2 * Math.sqrt(399 / 12), 12);
    expect(boll(closes, 18)).toBeNull();
  });

  it("MACD begins as TA-Lib's: 26 closes for the line, 34 for its signal", () => {
    const of = new Indicators(ALL, Array.from({ length: 40 }, (_, n) => 100 + n));
    expect(of.macd(24)).toBeNull();
    // On a straight line averages lag by half their length less a half: 12.5 − 5.5 = 7.
    expect(of.macd(25)?.dif).toBeCloseTo(7, 12);
    expect(of.macd(32)?.dea).toBeNull();
    expect(of.macd(33)?.dea).toBeCloseTo(7, 12);
    expect(of.macd(39)?.histogram).toBeCloseTo(0, 12);
  });

  it("followed tick by tick are exactly what making them all anew gives", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const next = random(seed);
      const closes: number[] = [];
      const live = new Indicators(ALL, []);
      for (let steps = Math.floor(next() * 400); steps >= 0; steps -= 1) {
        const at = closes.length === 0 || next() < 0.4 ? closes.length : closes.length - 1;
        closes[at] = Math.round(3000 + 200 * next()) / 5;
        live.set(at, closes[at]);
      }
      expect(points(live)).toEqual(points(new Indicators(ALL, closes)));
    }
  });

  it("that are not shown have no values", () => {
    const of = new Indicators({ ma: false, boll: false, macd: false }, Array.from({ length: 80 }, (_, n) => n));
    expect([of.ma(79), of.boll(79), of.macd(79)]).toEqual([[null, null, null, null], null, null]);
  });
});
