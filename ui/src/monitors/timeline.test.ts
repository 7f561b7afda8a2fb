import { describe, expect, it } from "vitest";
import { duration, steps } from "./timeline";

const none = { received: null, checked_us: null, recorded_us: null, sent_us: null, answered_us: null, first_event_us: null, filled_us: null };
const timeline = { ...none, received: "2026-11-22T10:00:00Z", checked_us: 40, recorded_us: 900, sent_us: 950, answered_us: 4000, first_event_us: 3500 };

describe("an order's timeline", () => {
  it("has the stages in the order in which they were reached, and those that were not at the end", () => {
    const seen = steps(timeline);
    expect(seen.map((step) => step.stage)).toEqual(["received", "checked", "recorded", "sent", "first_event", "answered", "filled"]);
    expect(seen.map((step) => step.step)).toEqual([null, 40, 860, 50, 2550, 500, null]);
    expect(seen.at(-1)?.after).toBeNull();
  });

  it("draws to scale, and within the width", () => {
    for (const step of steps(timeline)) expect(step.left + step.width).toBeLessThanOrEqual(100);
    const answered = steps(timeline).find((step) => step.stage === "answered");
    expect(answered).toMatchObject({ left: 87.5, width: 12.5, beyond: false });
  });

  it("does not let a fill that came minutes later hide the rest", () => {
    const seen = steps({ ...timeline, filled_us: 180_000_000 });
    expect(seen.at(-1)).toMatchObject({ stage: "filled", beyond: true, after: 180_000_000 });
    expect(seen.find((step) => step.stage === "first_event")?.width).toBeGreaterThan(50);
  });

  it("stands where nothing was reached", () => {
    expect(steps(none).map((step) => step.after)).toEqual([0, null, null, null, null, null, null]);
    expect(steps({ ...none, checked_us: 0 })[1]).toMatchObject({ after: 0, step: 0 });
  });

  it("says durations in the unit that fits", () => {
    expect([0, 850, 1000, 12_345, 345_678, 3_200_000, 252_000_000].map(duration)).toEqual(["0 µs", "850 µs", "1.00 ms", "12.3 ms", "346 ms", "3.20 s", "4 min 12 s"]);
  });
});
