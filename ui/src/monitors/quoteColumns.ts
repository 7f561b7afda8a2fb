// The columns of quotes, in VeighNa's order and with its colours of bid and ask.
import { price, timeOfDay, volume } from "../format";
import type { Quote } from "../link";
import { digits } from "../store/desk";
import type { Column } from "../table";
import { offsetText, statusText, statusTone } from "./cells";

export const quoteColumns: readonly Column<Quote>[] = [
  { id: "quoteid", title: "col.quoteid", width: 152, text: (row) => row.quoteid },
  { id: "reference", title: "col.reference", width: 100, text: (row) => row.reference || "-" },
  { id: "symbol", title: "col.symbol", width: 84, phone: 1, text: (row) => row.symbol },
  { id: "exchange", title: "col.exchange", width: 76, text: (row) => row.exchange },
  { id: "bid_offset", title: "col.bidOffset", width: 78, text: (row) => offsetText(row.bid_offset) },
  { id: "bid_volume", title: "col.quoteBidVolume", width: 80, number: true, text: (row) => volume(row.bid_volume), value: (row) => row.bid_volume, tone: () => "up" },
  { id: "bid_price", title: "col.quoteBid", width: 80, number: true, phone: 2, text: (row) => price(row.bid_price, digits(row.vt_symbol)), value: (row) => row.bid_price, tone: () => "up" },
  { id: "ask_price", title: "col.quoteAsk", width: 80, number: true, phone: 3, text: (row) => price(row.ask_price, digits(row.vt_symbol)), value: (row) => row.ask_price, tone: () => "down" },
  { id: "ask_volume", title: "col.quoteAskVolume", width: 80, number: true, text: (row) => volume(row.ask_volume), value: (row) => row.ask_volume, tone: () => "down" },
  { id: "ask_offset", title: "col.askOffset", width: 78, text: (row) => offsetText(row.ask_offset) },
  { id: "status", title: "col.status", width: 88, phone: 4, text: (row) => statusText(row.status), tone: (row) => statusTone(row.status) },
  { id: "time", title: "col.time", width: 100, phone: 5, text: (row) => timeOfDay(row.datetime), value: (row) => row.datetime },
  { id: "gateway", title: "col.gateway", width: 80, text: (row) => row.gateway_name },
];
