import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { effectScope, nextTick } from "vue";
import { accounts, late } from "./desk";
import { link } from "./session";
import { settings } from "./settings";
import type { Account, Link, Tables } from "../link";
import { NEW_DESK } from "../link/tables";

const account = (balance: number): Account => ({ gateway_name: "SIM", accountid: "1", vt_accountid: "SIM.1", balance, frozen: 0, available: balance });
let tell: (tables: Tables) => void = () => undefined;

/** Two trading processes, each with an account of this balance. */
function tables(balances: Readonly<Record<string, number>>): Tables {
  const desks = Object.entries(balances).map(([name, balance]) => [name, { ...NEW_DESK, state: "live" as const, account: new Map([["SIM.1", account(balance)]]) }] as const);
  return { epoch: "e", seq: 1, fields: [], barFields: [], desks: new Map(desks) };
}

beforeEach(() => {
  vi.useFakeTimers();
  const on = (name: string, listener: (now: Tables) => void) => void (name === "tables" && (tell = listener));
  link.value = { phase: { name: "live" }, on, subscribe: () => () => undefined } as unknown as Link;
  settings.trader = "one";
});
afterEach(() => {
  link.value = null;
  settings.trader = "";
  vi.useRealTimers();
});

it("what follows a moment later is never another trading process's", async () => {
  tell(tables({ one: 10, two: 20 }));
  const scope = effectScope();
  const seen = scope.run(() => late(() => accounts.value.get("SIM.1")?.balance));
  tell(tables({ one: 11, two: 20 }));
  await nextTick();
  expect(seen?.value).toBe(10);
  settings.trader = "two";
  await nextTick();
  expect(seen?.value).toBe(20);
  tell(tables({ one: 12, two: 21 }));
  await vi.advanceTimersByTimeAsync(200);
  expect(seen?.value).toBe(21);
  scope.stop();
});
