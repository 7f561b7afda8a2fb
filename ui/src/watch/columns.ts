// The columns of the watchlist: VeighNa's, in its order, with change and change % after the last price. A cell reads
// the tick of its own instrument, so a tick paints the cells of one row. Columns marked in `LIVE` move with the
// market; a list that is sorted by one of them is ordered anew once a second.
import { percent, price, quoted, signed, timeOfDay, volume } from "../format";
import { t } from "../i18n";
import type { Numeric, Tick } from "../link";
import { contracts, digits } from "../store/desk";
import { tickOf } from "../store/ticks";
import type { Column } from "../table";
import { change, changeRatio, lastOf } from "./quote";

/** An instrument in the list. Made anew where its row is to be sorted anew. */
export interface Watched {
  readonly vtSymbol: string;
}

export const LIVE: ReadonlySet<string> = new Set([
  "last", "change", "percent", "volume", "open", "high", "low", "bid", "bid_volume", "ask", "ask_volume", "time",
]);

const tick = (row: Watched): Tick | null => tickOf(row.vtSymbol).value;
const shown = (row: Watched, value: Numeric | undefined): string => price(value, digits(row.vtSymbol));
const level = (row: Watched, value: Numeric | undefined): string => quoted(value, digits(row.vtSymbol));

export function codeOf(vtSymbol: string): string {
  return contracts.value.get(vtSymbol)?.symbol ?? vtSymbol.slice(0, Math.max(0, vtSymbol.lastIndexOf(".")));
}

/** Before the contracts are there nothing is unknown. */
function nameOf({ vtSymbol }: Watched): string {
  const contract = contracts.value.get(vtSymbol);
  return contract === undefined && contracts.value.size > 0 ? t("watch.unknown") : (contract?.name ?? "");
}

/** Colour of the day's change, and with it for the price an arrow. */
function moved(row: Watched, arrow: boolean): string {
  const by = change(tick(row)) ?? 0;
  if (!arrow) return by > 0 ? "up" : by < 0 ? "down" : "";
  return by > 0 ? "up rise strong" : by < 0 ? "down fall strong" : "even strong";
}

export const watchColumns: readonly Column<Watched>[] = [
  { id: "symbol", title: "col.symbol", width: 84, phone: 1, text: (row) => codeOf(row.vtSymbol), tone: () => "strong" },
  { id: "exchange", title: "col.exchange", width: 72, text: (row) => row.vtSymbol.slice(row.vtSymbol.lastIndexOf(".") + 1), tone: () => "muted" },
  { id: "name", title: "col.name", width: 124, phone: 5, text: nameOf, tone: () => "muted" },
  { id: "last", title: "col.last", width: 104, number: true, phone: 2, text: (row) => shown(row, lastOf(tick(row))), value: (row) => lastOf(tick(row)), tone: (row) => moved(row, true) },
  { id: "change", title: "col.change", width: 72, number: true, phone: 4, text: (row) => signed(change(tick(row)), (by) => shown(row, by)), value: (row) => change(tick(row)), tone: (row) => moved(row, false) },
  { id: "percent", title: "col.changePercent", width: 70, number: true, phone: 3, text: (row) => percent(changeRatio(tick(row))), value: (row) => changeRatio(tick(row)), tone: (row) => moved(row, false) },
  { id: "volume", title: "col.volume", width: 96, number: true, text: (row) => volume(tick(row)?.volume), value: (row) => tick(row)?.volume ?? null },
  { id: "open", title: "col.open", width: 80, number: true, text: (row) => level(row, tick(row)?.open_price), value: (row) => tick(row)?.open_price ?? null },
  { id: "high", title: "col.high", width: 80, number: true, text: (row) => level(row, tick(row)?.high_price), value: (row) => tick(row)?.high_price ?? null },
  { id: "low", title: "col.low", width: 80, number: true, text: (row) => level(row, tick(row)?.low_price), value: (row) => tick(row)?.low_price ?? null },
  { id: "bid", title: "col.bid", width: 80, number: true, text: (row) => level(row, tick(row)?.bid_price_1), value: (row) => tick(row)?.bid_price_1 ?? null, tone: () => "up" },
  { id: "bid_volume", title: "col.bidVolume", width: 88, number: true, text: (row) => volume(tick(row)?.bid_volume_1), value: (row) => tick(row)?.bid_volume_1 ?? null, tone: () => "up" },
  { id: "ask", title: "col.ask", width: 80, number: true, text: (row) => level(row, tick(row)?.ask_price_1), value: (row) => tick(row)?.ask_price_1 ?? null, tone: () => "down" },
  { id: "ask_volume", title: "col.askVolume", width: 88, number: true, text: (row) => volume(tick(row)?.ask_volume_1), value: (row) => tick(row)?.ask_volume_1 ?? null, tone: () => "down" },
  { id: "time", title: "col.time", width: 106, text: (row) => timeOfDay(tick(row)?.datetime), value: (row) => tick(row)?.datetime ?? null, tone: () => "muted" },
  { id: "gateway", title: "col.gateway", width: 72, text: (row) => contracts.value.get(row.vtSymbol)?.gateway_name ?? "-", tone: () => "muted" },
];

/** On a phone five are seen without scrolling; the table gives no widths of the reader's there. */
const PHONE: Readonly<Record<string, number>> = { symbol: 88, last: 106, percent: 74, name: 84, change: 70 };
export const phoneColumns: readonly Column<Watched>[] = watchColumns
  .filter((column) => column.id in PHONE)
  .map((column) => ({ ...column, width: PHONE[column.id] ?? column.width }));
