// Profit of the day, said honestly: how far each account's balance is from where this browser first saw it today, and
// what the open positions of each gateway are said to have won. Accounts may be in different currencies and VeighNa
// does not tell which, so nothing of two accounts is ever added.
import { computed, shallowRef, watch } from "vue";
import { isNumber } from "../format";
import type { Account, Position } from "../link";
import { accounts, isLive, positions, traderName } from "./desk";

/** What an account had when it was first seen on a day. */
export interface Start {
  readonly balance: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Starts {
  /** The day that all of them are of, by this computer's calendar. */
  readonly day: string;
  /** By trading process and account. */
  readonly of: Readonly<Record<string, Start>>;
}

export interface AccountDay {
  readonly account: Account;
  readonly since: number | null;
  /** Balance now less balance then; null where one of them is not known. */
  readonly change: number | null;
}

/** Takes in what is seen now; the same object where nothing is new. A new day begins with nothing. */
export function seen(starts: Starts, trader: string, rows: Iterable<Account>, now: Date): Starts {
  const day = dayOf(now);
  const of: Record<string, Start> = starts.day === day ? { ...starts.of } : {};
  let isNew = starts.day !== day;
  for (const row of rows) {
    const key = keyOf(trader, row);
    if (of[key] !== undefined || !isNumber(row.balance)) continue;
    of[key] = { balance: row.balance, at: now.getTime() };
    isNew = true;
  }
  return isNew ? { day, of } : starts;
}

export function dayOfAccounts(starts: Starts, trader: string, rows: Iterable<Account>): AccountDay[] {
  return [...rows].map((account) => {
    const start = starts.of[keyOf(trader, account)];
    const change = start !== undefined && isNumber(account.balance) ? account.balance - start.balance : null;
    return { account, since: start?.at ?? null, change };
  });
}

/** The sum of the positions' profits by gateway; one that does not tell a single one is not there. */
export function openProfit(rows: Iterable<Position>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { gateway_name, pnl } of rows) {
    if (isNumber(pnl)) sums.set(gateway_name, (sums.get(gateway_name) ?? 0) + pnl);
  }
  return sums;
}

export function dayOf(time: Date): string {
  return [time.getFullYear(), time.getMonth() + 1, time.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

/** What was stored, or a day without anything. */
export function readStarts(stored: string | null): Starts {
  try {
    const found = JSON.parse(stored ?? "{}") as Partial<Starts>;
    const of = Object.entries(found.of ?? {}).filter(([, start]) => isNumber(start.balance) && isNumber(start.at));
    return { day: String(found.day ?? ""), of: Object.fromEntries(of) };
  } catch {
    return { day: "", of: {} };
  }
}

function keyOf(trader: string, { vt_accountid }: Account): string {
  return `${trader} ${vt_accountid}`;
}

const KEY = "webtrader.day";
const starts = shallowRef<Starts>(readStarts(stored()));

// Only what is true now may become the start of a day.
watch([accounts, () => isLive.value.ok], () => {
  if (!isLive.value.ok) return;
  const next = seen(starts.value, traderName.value, accounts.value.values(), new Date());
  if (next === starts.value) return;
  starts.value = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    return;
  }
}, { immediate: true });

export const accountDays = computed(() => dayOfAccounts(starts.value, traderName.value, accounts.value.values()));
export const openProfits = computed(() => openProfit(positions.value.values()));

// A browser may forbid storage; the day then starts with each load of the page, which the label says.
function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
