// The rows that the lists show of the trading process that is shown, in order of arrival. Computed once for all panels,
// and only while one of them is looked at. Another trading process starts over: its ids are its own.
import { computed, type ComputedRef } from "vue";
import { isActive } from "../enums";
import type { Order } from "../link";
import type { Chunks } from "../rows/chunks";
import { few, NONE, type Few } from "../rows/few";
import { rowsOf } from "../rows/keyed";
import { accounts, orders, positions, quotes, traderName, trades } from "../store/desk";
import { advance, NO_LEDGER, type Keep, type Ledger } from "./ledger";
import { keepOrder, keepQuote } from "./sticky";

interface Followed<T> {
  readonly trader: string;
  readonly ledger: Ledger<T>;
}

function sticky<T>(table: () => ReadonlyMap<string, T>, keyOf: (row: T) => string, keep: Keep<T>): ComputedRef<Chunks<T>> {
  const followed = computed<Followed<T>>((before) => {
    const trader = traderName.value;
    const known = before?.trader === trader ? before.ledger : NO_LEDGER;
    const ledger = advance(known, rowsOf(table()), keyOf, keep);
    return before !== undefined && before.trader === trader && ledger === before.ledger ? before : { trader, ledger };
  });
  return computed(() => followed.value.ledger.rows);
}

export const orderRows = sticky(() => orders.value, (row) => row.vt_orderid, keepOrder);
export const quoteRows = sticky(() => quotes.value, (row) => row.vt_quoteid, keepQuote);
// Rows that say all of themselves each time.
export const tradeRows = computed(() => rowsOf(trades.value));
export const positionRows = computed(() => rowsOf(positions.value));
export const accountRows = computed(() => rowsOf(accounts.value));

const active = computed<Few<Order>>((before) => few(before ?? NONE, orderRows.value, (row) => isActive(row.status)));
export const activeRows = computed(() => active.value.rows);
