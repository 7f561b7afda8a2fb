import { expect, it } from "vitest";
import type { Account, Position } from "../link";
import { dayOfAccounts, openProfit, readStarts, seen } from "./profit";

const account = (accountid: string, balance: number | null): Account =>
  ({ gateway_name: "SIM", accountid, balance, frozen: 0, available: balance, vt_accountid: `SIM.${accountid}` });
const position = (gateway_name: string, pnl: number | null) => ({ gateway_name, pnl }) as Position;
const NONE = { day: "", of: {} };
const MORNING = new Date(2026, 10, 20, 9, 1);
const NOON = new Date(2026, 10, 20, 12, 0);
const NEXT_DAY = new Date(2026, 10, 21, 9, 0);

it("keeps the first balance of the day, and starts anew on the next", () => {
  const morning = seen(NONE, "T", [account("A", 100)], MORNING);
  expect(seen(morning, "T", [account("A", 130)], NOON)).toBe(morning);
  expect(dayOfAccounts(morning, "T", [account("A", 130)])).toMatchObject([{ change: 30, since: MORNING.getTime() }]);
  const next = seen(morning, "T", [account("A", 130)], NEXT_DAY);
  expect(dayOfAccounts(next, "T", [account("A", 130)])).toMatchObject([{ change: 0, since: NEXT_DAY.getTime() }]);
});

it("does not know the change of an account that it has not seen, nor of another process's of the same name", () => {
  const morning = seen(NONE, "T", [account("A", 100), account("B", null)], MORNING);
  expect(dayOfAccounts(morning, "T", [account("B", 5), account("C", 5)]).map((day) => day.change)).toEqual([null, null]);
  expect(dayOfAccounts(morning, "U", [account("A", 130)])).toMatchObject([{ change: null, since: null }]);
  expect(dayOfAccounts(morning, "T", [account("A", null)])).toMatchObject([{ change: null }]);
});

it("adds the positions of a gateway and passes over what is not told", () => {
  expect([...openProfit([position("SIM", 3), position("SIM", -1), position("IB", null), position("CTP", 2)])])
    .toEqual([["SIM", 2], ["CTP", 2]]);
});

it("reads only what it has written", () => {
  const morning = seen(NONE, "T", [account("A", 100)], MORNING);
  expect(readStarts(JSON.stringify(morning))).toEqual(morning);
  expect(readStarts(null)).toEqual(NONE);
  expect(readStarts("{")).toEqual(NONE);
  expect(readStarts('{"day":"x","of":{"a":{"balance":"1"},"b":3}}')).toEqual({ day: "x", of: {} });
});
