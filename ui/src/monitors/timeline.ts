// The stages of an order as they are shown: in the order in which they were reached, how long after the receipt and
// after the stage before. Pure. Durations are of the server's monotonic clock. An event may overtake the answer.
import type { Schemas } from "../api/schemas";

export type Stage = "received" | "checked" | "recorded" | "sent" | "answered" | "first_event" | "filled";

export interface Step {
  readonly stage: Stage;
  /** Microseconds after the receipt; null where it was not reached. */
  readonly after: number | null;
  /** Microseconds after the stage before. */
  readonly step: number | null;
  /** The bar, in per cent of the width. */
  readonly left: number;
  readonly width: number;
  /** It took so much longer than all before that its bar would leave nothing of theirs. */
  readonly beyond: boolean;
}

const ORDER: readonly Exclude<Stage, "received">[] = ["checked", "recorded", "sent", "answered", "first_event", "filled"];
/** A stage that comes this many times later than the one before is not drawn to scale. */
const BEYOND = 20;
const THINNEST = 0.5;

export function steps(timeline: Schemas["OrderTimeline"]): readonly Step[] {
  const all = ORDER.map((stage) => ({ stage, after: timeline[`${stage}_us`] }));
  const reached = all.filter((one) => one.after !== null).sort((a, b) => (a.after ?? 0) - (b.after ?? 0));
  const scale = scaleOf(reached.map((one) => one.after ?? 0));
  let before = 0;
  const drawn = reached.map(({ stage, after }): Step => {
    const at = after ?? 0;
    const step = at - before;
    const beyond = at > scale;
    const left = beyond ? 0 : (100 * before) / scale;
    const width = beyond ? 100 : Math.min(Math.max((100 * step) / scale, THINNEST), 100 - left);
    before = at;
    return { stage, after: at, step, left, width, beyond };
  });
  const first: Step = { stage: "received", after: 0, step: null, left: 0, width: 0, beyond: false };
  const missing = all.filter((one) => one.after === null).map(({ stage }): Step => ({ stage, after: null, step: null, left: 0, width: 0, beyond: false }));
  return [first, ...drawn, ...missing];
}

/** 850 µs, 12.3 ms, 3.20 s, 4 min 12 s. */
export function duration(us: number): string {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 1_000_000) return `${(us / 1000).toFixed(us < 10_000 ? 2 : us < 100_000 ? 1 : 0)} ms`;
  if (us < 60_000_000) return `${(us / 1_000_000).toFixed(2)} s`;
  const seconds = Math.round(us / 1_000_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The last stage before the first that is far beyond the others. */
function scaleOf(times: readonly number[]): number {
  let scale = times[0] ?? 1;
  for (const [index, time] of times.entries()) {
    if (index > 1 && time > BEYOND * scale) break;
    scale = time;
  }
  return Math.max(scale, 1);
}
