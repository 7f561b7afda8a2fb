// The columns of positions and of accounts, in VeighNa's order.
import { average, money, signed, volume } from "../format";
import type { Account, Position } from "../link";
import { digits } from "../store/desk";
import type { Column } from "../table";
import { directionText, directionTone, narrowed, signTone } from "./cells";

export const positionColumns: readonly Column<Position>[] = [
  { id: "symbol", title: "col.symbol", width: 78, phone: 1, text: (row) => row.symbol },
  { id: "exchange", title: "col.exchange", width: 72, text: (row) => row.exchange },
  { id: "direction", title: "col.direction", width: 72, phone: 2, text: (row) => directionText(row.direction), tone: (row) => directionTone(row.direction) },
  { id: "volume", title: "col.quantity", width: 64, number: true, phone: 3, text: (row) => volume(row.volume), value: (row) => row.volume },
  { id: "yd_volume", title: "col.yd", width: 124, number: true, text: (row) => volume(row.yd_volume), value: (row) => row.yd_volume },
  { id: "frozen", title: "col.frozen", width: 60, number: true, text: (row) => volume(row.frozen), value: (row) => row.frozen },
  { id: "price", title: "col.average", width: 84, number: true, phone: 5, text: (row) => average(row.price, digits(row.vt_symbol)), value: (row) => row.price },
  { id: "pnl", title: "col.pnl", width: 92, number: true, phone: 4, text: (row) => signed(row.pnl, money), value: (row) => row.pnl, tone: (row) => signTone(row.pnl) },
  { id: "gateway", title: "col.gateway", width: 80, text: (row) => row.gateway_name },
];

export const phonePositionColumns = narrowed(positionColumns, { symbol: 66, direction: 50, volume: 58, pnl: 82 });

export const accountColumns: readonly Column<Account>[] = [
  { id: "accountid", title: "col.accountid", width: 88, phone: 1, text: (row) => row.accountid },
  { id: "balance", title: "col.balance", width: 112, number: true, phone: 2, text: (row) => money(row.balance), value: (row) => row.balance },
  { id: "frozen", title: "col.frozen", width: 92, number: true, phone: 4, text: (row) => money(row.frozen), value: (row) => row.frozen },
  { id: "available", title: "col.available", width: 112, number: true, phone: 3, text: (row) => money(row.available), value: (row) => row.available },
  { id: "gateway", title: "col.gateway", width: 80, text: (row) => row.gateway_name },
];
