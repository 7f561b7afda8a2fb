// The rows that the lists show of the trading process that is shown, in order of arrival. Computed once for all panels,
// and only while one of them is looked at. Another trading process starts over: its ids are its own.
import { computed, type ComputedRef } from "vue";
import { isActive } from "../enums";
import type { Order } from "../link";
import { accounts, orders, positions, quotes, traderName, trades } from "../store/desk";
import { advance, few, NONE, NO_LEDGER, type Few, type Keep, type Ledger } from "./ledger";
import { keepNothing, keepOrder, keepQuote } from "./sticky";

interface Followed<T> {
  readonly trader: string;
  readonly ledger: Ledger<T>;
}

function rowsOf<T>(table: () => ReadonlyMap<string, T>, keyOf: (row: T) => string, keep: Keep<T>): ComputedRef<readonly T[]> {
  const followed = computed<Followed<T>>((before) => {
    const trader = traderName.value;
    const known = before?.trader === trader ? before.ledger : NO_LEDGER;
    const ledger = advance(known, table(), keyOf, keep);
    return before !== undefined && before.trader === trader && ledger === before.ledger ? before : { trader, ledger };
  });
  return computed(() => followed.value.ledger.rows);
}

export const orderRows = rowsOf(() => orders.value, (row) => row.vt_orderid, keepOrder);
export const tradeRows = rowsOf(() => trades.value, (row) => row.vt_tradeid, keepNothing);
export const positionRows = rowsOf(() => positions.value, (row) => row.vt_positionid, keepNothing);
export const accountRows = rowsOf(() => accounts.value, (row) => row.vt_accountid, keepNothing);
export const quoteRows = rowsOf(() => quotes.value, (row) => row.vt_quoteid, keepQuote);

const active = computed<Few<Order>>((before) => few(before ?? NONE, orderRows.value, (row) => isActive(row.status)));
export const activeRows = computed(() => active.value.rows);
