// Everything that the trading process said about orders, trades, positions and accounts, as one pure reducer.
//
// One recovery path, at every start and every reconnect: `subscribed` (the stream is open, facts are held
// back), `snapshot` (the lists as they were, then the held facts over them), then `facts` as they come.
// What was on the screen before stays there, marked stale by the link state, until the snapshot replaces it.
import type { Account, Order, Position, Trade } from "../api/wire";

export interface Lists {
  readonly orders: ReadonlyMap<string, Order>;
  readonly trades: ReadonlyMap<string, Trade>;
  readonly positions: ReadonlyMap<string, Position>;
  readonly accounts: ReadonlyMap<string, Account>;
}

export interface DeskState extends Lists {
  /** Facts that arrived while the snapshot is being fetched; null while live. Newest per key, so it is bounded by the lists. */
  readonly held: Lists | null;
}

export type Fact =
  | { readonly kind: "order"; readonly data: Order }
  | { readonly kind: "trade"; readonly data: Trade }
  | { readonly kind: "position"; readonly data: Position }
  | { readonly kind: "account"; readonly data: Account };

export type Action =
  | { readonly type: "subscribed" }
  | {
      readonly type: "snapshot";
      readonly orders: readonly Order[];
      readonly trades: readonly Trade[];
      readonly positions: readonly Position[];
      readonly accounts: readonly Account[];
    }
  | { readonly type: "facts"; readonly facts: readonly Fact[] };

const EMPTY: Lists = { orders: new Map(), trades: new Map(), positions: new Map(), accounts: new Map() };

export const initial: DeskState = { ...EMPTY, held: null };

export function reduce(state: DeskState, action: Action): DeskState {
  switch (action.type) {
    case "subscribed":
      return { ...state, held: EMPTY };
    case "snapshot":
      return { ...overlay(keyed(action), state.held ?? EMPTY), held: null };
    case "facts":
      return state.held === null
        ? { ...apply(state, action.facts), held: null }
        : { ...state, held: apply(state.held, action.facts) };
  }
}

/** Copies only the lists that the facts touch, so that the others keep their identity on the screen. */
function apply(lists: Lists, facts: readonly Fact[]): Lists {
  return {
    orders: withAll(lists.orders, facts.flatMap((fact) => (fact.kind === "order" ? [fact.data] : [])), orderKey),
    trades: withAll(lists.trades, facts.flatMap((fact) => (fact.kind === "trade" ? [fact.data] : [])), ownKey),
    positions: withAll(lists.positions, facts.flatMap((fact) => (fact.kind === "position" ? [fact.data] : [])), ownKey),
    accounts: withAll(lists.accounts, facts.flatMap((fact) => (fact.kind === "account" ? [fact.data] : [])), ownKey),
  };
}

function keyed(snapshot: Extract<Action, { type: "snapshot" }>): Lists {
  return {
    orders: withAll(EMPTY.orders, snapshot.orders, orderKey),
    trades: withAll(EMPTY.trades, snapshot.trades, ownKey),
    positions: withAll(EMPTY.positions, snapshot.positions, ownKey),
    accounts: withAll(EMPTY.accounts, snapshot.accounts, ownKey),
  };
}

function overlay(base: Lists, over: Lists): Lists {
  return {
    orders: withAll(base.orders, [...over.orders.values()], orderKey),
    trades: withAll(base.trades, [...over.trades.values()], ownKey),
    positions: withAll(base.positions, [...over.positions.values()], ownKey),
    accounts: withAll(base.accounts, [...over.accounts.values()], ownKey),
  };
}

function withAll<T>(map: ReadonlyMap<string, T>, rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, T> {
  if (rows.length === 0) return map;
  const next = new Map(map);
  for (const row of rows) next.set(key(row), row);
  return next;
}

const orderKey = (order: Order): string => order.vtOrderid;
const ownKey = (row: { readonly key: string }): string => row.key;
