import { describe, expect, it } from "vitest";
import type { Outcome } from "../link";
import type { Problem } from "../link/types";
import type { BarRow, TickPart } from "./bars";
import { Feed, type FeedState } from "./feed";
import type { Span } from "./history";
import { timeText, venueOf } from "./time";

const NONE = { ma: false, boll: false, macd: false };

function row(minute: number, close: number): BarRow {
  const at = new Date(Date.UTC(2026, 10, 23, 1, minute)).toISOString();
  return { datetime: at, open_price: close, high_price: close, low_price: close, close_price: close, volume: 1 };
}

function rows(from: number, to: number): BarRow[] {
  return Array.from({ length: to - from }, (_, n) => row(from + n, 100 + from + n));
}

function tick(minute: number, last: number, volume: number): TickPart {
  return { datetime: new Date(Date.UTC(2026, 10, 23, 1, minute, 30)).toISOString(), last_price: last, volume, open_price: null, high_price: null, low_price: null };
}

const refused = (code: string): Outcome<never> =>
  ({ outcome: "refused", problem: { type: "", title: "", status: 501, code, detail: "no such thing" } satisfies Problem });
const done = (data: readonly BarRow[]): Outcome<readonly BarRow[]> => ({ outcome: "done", data });

/** A feed whose questions wait here until they are answered. */
function harness() {
  const asked: Span[] = [];
  const waiting: ((answer: Outcome<readonly BarRow[]>) => void)[] = [];
  const states: FeedState[] = [];
  const drawn: string[] = [];
  const later: (() => void)[] = [];
  const feed = new Feed({
    period: "1m", venue: venueOf("SHFE"),
    ask: (span) => {
      asked.push(span);
      return new Promise((settle) => waiting.push(settle));
    },
    tell: (state) => states.push(state),
    clock: { now: () => 0, later: (act) => (later.push(act), () => undefined) },
  }, NONE);
  feed.draw({ all: (first) => drawn.push(first ? "first" : "all"), last: (began) => drawn.push(began ? "began" : "last") });
  const answer = async (outcome: Outcome<readonly BarRow[]>): Promise<void> => {
    waiting.shift()?.(outcome);
    await new Promise((settle) => setTimeout(settle));
  };
  return { feed, asked, states, drawn, later, answer, times: () => feed.bars.all.map((bar) => timeText(bar.time)) };
}

describe("the feed of a chart", () => {
  it("shows history, goes on with ticks, and draws all only once", async () => {
    const { feed, answer, drawn, states } = harness();
    void feed.open();
    await answer(done(rows(0, 300)));
    expect(states.at(-1)).toEqual({ history: "ready", older: "more", why: "" });
    feed.take(tick(299, 1, 10));
    feed.take(tick(299, 2, 11));
    feed.take(tick(300, 3, 12));
    expect(drawn).toEqual(["first", "last", "last", "began"]);
    expect(feed.bars.all.length).toBe(301);
    expect(feed.indicators.length).toBe(301);
  });

  it("is made of ticks where there is no history, and says so", async () => {
    for (const answerOf of [refused("unsupported"), done([])]) {
      const { feed, answer, drawn, states } = harness();
      void feed.open();
      for (let n = 0; n < 3; n += 1) await answer(answerOf);
      expect(states.at(-1)?.history).toBe("none");
      feed.take(tick(0, 1, 10));
      expect(drawn).toEqual(["first"]);
    }
  });

  it("says why it failed, and tries again when it is told to", async () => {
    const { feed, answer, states } = harness();
    void feed.open();
    await answer(refused("refused"));
    expect(states.at(-1)).toMatchObject({ history: "failed", why: "no such thing" });
    void feed.open();
    expect(states.at(-1)?.history).toBe("loading");
    await answer(done(rows(0, 300)));
    expect(states.at(-1)?.history).toBe("ready");
  });

  it("asks further back where a page is nearly empty, as over a long holiday", async () => {
    const { feed, asked, answer } = harness();
    void feed.open();
    await answer(done(rows(0, 3)));
    await answer(done(rows(0, 300)));
    expect(asked.length).toBe(2);
    expect(Date.parse(asked[1]?.start ?? "")).toBeLessThan(Date.parse(asked[0]?.start ?? ""));
  });

  it("loads older bars up to where there are none", async () => {
    const { feed, asked, answer, states, times, drawn } = harness();
    void feed.open();
    await answer(done(rows(400, 800)));
    void feed.older();
    void feed.older();
    expect(asked.length).toBe(2);
    expect(asked[1]?.end).toBe(row(400, 0).datetime);
    await answer(done(rows(100, 401)));
    expect(times()[0]).toBe("10:40");
    expect(new Set(times()).size).toBe(times().length);
    expect(drawn).toEqual(["first", "all"]);
    void feed.older();
    for (let n = 0; n < 3; n += 1) await answer(done(rows(100, 101)));
    expect(states.at(-1)?.older).toBe("end");
    void feed.older();
    expect(asked.length).toBe(4);
  });

  it("asks for what was missed from its last answer on, once the answer under way has come", async () => {
    const { feed, asked, answer, times } = harness();
    void feed.open();
    void feed.reload();
    void feed.reload();
    await answer(done(rows(0, 300)));
    expect(asked.length).toBe(2);
    expect(asked[1]?.start).toBe(row(299, 0).datetime);
    await answer(done(rows(299, 305)));
    expect(times().length).toBe(305);
  });

  it("asks once more when a bar is over that history and ticks had made together", async () => {
    const { feed, asked, answer, later } = harness();
    void feed.open();
    await answer(done(rows(0, 300)));
    feed.take(tick(299, 1, 10));
    feed.take(tick(300, 1, 11));
    feed.take(tick(301, 1, 12));
    expect(later.length).toBe(1);
    later[0]?.();
    expect(asked.length).toBe(2);
    await answer(done([row(299, 7), row(300, 8)]));
    expect(feed.bars.all.slice(-3).map((bar) => bar.close)).toEqual([7, 8, 1]);
  });

  it("is silent once it is stopped", async () => {
    const { feed, answer, states, drawn } = harness();
    void feed.open();
    const told = states.length;
    feed.stop();
    await answer(done(rows(0, 300)));
    feed.take(tick(301, 1, 10));
    expect([states.length, drawn.length, feed.bars.all.length]).toEqual([told, 0, 1]);
  });
});
