import { expect, it } from "vitest";
import { afterClose, backoff, next, START, type Phase, type PhaseEvent } from "../phase";

const walk = (...events: PhaseEvent[]): Phase => events.reduce(next, START);
const HELLO: PhaseEvent = { type: "hello" };
const SYNCED: PhaseEvent = { type: "synced" };
const lost = (heard: number): PhaseEvent => ({ type: "lost", heard });

it("is stale since the last word, until it is up to date again", () => {
  expect(walk(HELLO)).toEqual({ name: "syncing", since: null });
  expect(walk(HELLO, SYNCED)).toEqual({ name: "live" });
  expect(walk(HELLO, SYNCED, lost(7))).toEqual({ name: "stale", since: 7 });
  expect(walk(HELLO, SYNCED, lost(7), HELLO)).toEqual({ name: "syncing", since: 7 });
  expect(walk(HELLO, SYNCED, lost(7), HELLO, lost(9), lost(11))).toEqual({ name: "stale", since: 7 });
  expect(walk(HELLO, SYNCED, lost(7), HELLO, SYNCED)).toEqual({ name: "live" });
  expect(walk(HELLO, lost(7))).toEqual(START);
});

it("stays ended", () => {
  const ended: Phase = { name: "ended", reason: "login" };
  expect(walk({ type: "ended", reason: "login" }, HELLO, SYNCED, lost(1), { type: "ended", reason: "closed" })).toEqual(ended);
});

it("ends where a new attempt would be pointless, and else waits longer each time", () => {
  expect([4401, 4403, 4409].map((code) => afterClose(code, "", 0, 0))).toEqual([
    { end: "login" }, { end: "forbidden" }, { end: "session" },
  ]);
  expect([0, 1, 2, 5, 50].map((failures) => backoff(failures, 1))).toEqual([500, 1000, 2000, 15_000, 15_000]);
  expect(backoff(0, 0)).toBe(250);
  expect(afterClose(1006, "", 1, 1)).toEqual({ waitMs: 1000 });
  expect(afterClose(4408, "slow_consumer", 0, 1)).toEqual({ waitMs: 250 });
  expect(afterClose(4408, "slow_consumer", 3, 1)).toEqual({ waitMs: 4000 });
});

it("stays away as long as a server that goes asks for", () => {
  expect(afterClose(1001, '{"reason":"going_away","retry_after_ms":1234}', 0, 1)).toEqual({ waitMs: 1234 });
  expect(afterClose(1001, '{"retry_after_ms":99999999}', 0, 1)).toEqual({ waitMs: 120_000 });
  expect(afterClose(1001, "", 0, 1)).toEqual({ waitMs: 500 });
  expect(afterClose(1006, '{"retry_after_ms":1234}', 0, 1)).toEqual({ waitMs: 500 });
});
