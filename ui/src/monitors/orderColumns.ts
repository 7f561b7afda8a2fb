// The columns of orders, in VeighNa's order; the list of active orders has the same.
import { label, ORDER_TYPE } from "../enums";
import { price, timeOfDay, volume } from "../format";
import type { Order } from "../link";
import { digits } from "../store/desk";
import { settings } from "../store/settings";
import type { Column } from "../table";
import { directionText, directionTone, narrowed, offsetText, statusText, statusTone } from "./cells";

export const orderColumns: readonly Column<Order>[] = [
  { id: "orderid", title: "col.orderid", width: 154, text: (row) => row.orderid },
  { id: "reference", title: "col.reference", width: 110, text: (row) => row.reference || "-" },
  { id: "symbol", title: "col.symbol", width: 78, phone: 1, text: (row) => row.symbol },
  { id: "exchange", title: "col.exchange", width: 72, text: (row) => row.exchange },
  { id: "type", title: "col.type", width: 58, text: (row) => label(ORDER_TYPE, row.type, settings.language) },
  { id: "direction", title: "col.direction", width: 70, phone: 2, text: (row) => directionText(row.direction), tone: (row) => directionTone(row.direction) },
  { id: "offset", title: "col.offset", width: 92, phone: 7, text: (row) => offsetText(row.offset) },
  { id: "price", title: "col.price", width: 76, number: true, phone: 3, text: (row) => price(row.price, digits(row.vt_symbol)), value: (row) => row.price },
  { id: "volume", title: "col.total", width: 58, number: true, phone: 5, text: (row) => volume(row.volume), value: (row) => row.volume },
  { id: "traded", title: "col.traded", width: 64, number: true, phone: 6, text: (row) => volume(row.traded), value: (row) => row.traded },
  { id: "status", title: "col.status", width: 88, phone: 4, text: (row) => statusText(row.status), tone: (row) => statusTone(row.status) },
  { id: "time", title: "col.time", width: 100, text: (row) => timeOfDay(row.datetime), value: (row) => row.datetime },
  { id: "gateway", title: "col.gateway", width: 66, text: (row) => row.gateway_name },
];

export const phoneOrderColumns = narrowed(orderColumns, { symbol: 66, direction: 50, price: 68, status: 86, volume: 50, traded: 60, offset: 60 });
