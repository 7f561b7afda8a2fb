import { expect, it } from "vitest";
import { awayOf, type Contact } from "./away";

const fine: Contact = { phase: { name: "live" }, trader: "SIM", state: "live", since: null };
const time = (ms: number) => `@${ms}`;

it("says nothing while all is live or loading for the first time", () => {
  expect(awayOf(fine, time)).toBeNull();
  expect(awayOf({ ...fine, phase: { name: "syncing", since: null } }, time)).toBeNull();
  expect(awayOf({ ...fine, phase: { name: "ended", reason: "closed" } }, time)).toBeNull();
  expect(awayOf({ ...fine, trader: "", state: "connecting" }, time)).toBeNull();
});

it("says which of the two is away and since when, the nearer one first", () => {
  expect(awayOf({ ...fine, phase: { name: "stale", since: 5 }, state: "stale" }, time)).toMatchObject({ key: "away.web", params: { time: "@5" } });
  expect(awayOf({ ...fine, phase: { name: "syncing", since: 5 } }, time)).toMatchObject({ key: "away.syncing", since: 5 });
  const lost = awayOf({ ...fine, state: "stale", since: "1970-01-01T00:00:01Z" }, time);
  expect(lost).toMatchObject({ key: "away.trader", params: { trader: "SIM", time: "@1000" }, means: "away.oldTrader" });
});

it("does not invent a time where there was never contact", () => {
  expect(awayOf({ ...fine, phase: { name: "connecting" } }, time)).toMatchObject({ key: "away.webNever", since: null });
  expect(awayOf({ ...fine, state: "connecting" }, time)).toMatchObject({ key: "away.traderNever", since: null });
  expect(awayOf({ ...fine, state: "syncing" }, time)).toMatchObject({ key: "away.traderSyncing", since: null });
});
