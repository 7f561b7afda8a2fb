// The columns of trades, in VeighNa's order.
import { price, timeOfDay, volume } from "../format";
import type { Trade } from "../link";
import { digits } from "../store/desk";
import type { Column } from "../table";
import { directionText, directionTone, narrowed, offsetText } from "./cells";

export const tradeColumns: readonly Column<Trade>[] = [
  { id: "tradeid", title: "col.tradeid", width: 88, text: (row) => row.tradeid },
  { id: "orderid", title: "col.orderid", width: 154, text: (row) => row.orderid },
  { id: "symbol", title: "col.symbol", width: 78, phone: 1, text: (row) => row.symbol },
  { id: "exchange", title: "col.exchange", width: 72, text: (row) => row.exchange },
  { id: "direction", title: "col.direction", width: 72, phone: 2, text: (row) => directionText(row.direction), tone: (row) => directionTone(row.direction) },
  { id: "offset", title: "col.offset", width: 92, phone: 6, text: (row) => offsetText(row.offset) },
  { id: "price", title: "col.price", width: 76, number: true, phone: 3, text: (row) => price(row.price, digits(row.vt_symbol)), value: (row) => row.price },
  { id: "volume", title: "col.quantity", width: 66, number: true, phone: 4, text: (row) => volume(row.volume), value: (row) => row.volume },
  { id: "time", title: "col.time", width: 100, phone: 5, text: (row) => timeOfDay(row.datetime), value: (row) => row.datetime },
  { id: "gateway", title: "col.gateway", width: 80, text: (row) => row.gateway_name },
];

export const phoneTradeColumns = narrowed(tradeColumns, { symbol: 72, direction: 56, price: 80, volume: 66, time: 104 });
