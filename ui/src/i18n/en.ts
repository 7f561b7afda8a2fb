
/** All texts of the page in English. */
import type { zh } from "./zh";

export const en: Record<keyof typeof zh, string> = {
  "app.title": "WebTrader",
  "dialog.yes": "Yes",
  "dialog.no": "No",
  "log.connected": "Connected, all lists are up to date",
  "log.lost": "Connection to the web process lost, reconnecting",
  "log.away": "Trading process away",
  "log.back": "Trading process is back",
  "log.snapshotFailed": "Reading the lists failed: {text}",
  "log.subscribed": "Subscribed {symbol}",
  "log.subscribeFailed": "Subscribing {symbol} failed: {text}",
  "log.sending": "Sending order: {text}",
  "log.sent": "Order sent: {order}",
  "log.refused": "The trading process refused the order: {text}",
  "log.sendFailed": "Order not sent: {text}",
  "log.unknown": "No answer, so the order's fate is unknown: look at the orders before you send again. ({text})",
  "log.cancelSent": "Cancel sent: {order}",
  "log.cancelFailed": "Cancelling {order} failed: {text}",
  "log.rejected": "Order {order} ({symbol}) was rejected",
  "log.rejectedWhy": "Order {order} ({symbol}) was rejected: {reason_en}",
  "log.traded": "Traded: {symbol} price {price} volume {volume}",
  "log.loggedIn": "{user} logged in",
  "log.expired": "The login has expired",
  "error.away": "trading process away",
  "error.network": "the web process cannot be reached",
  "error.timeout": "the trading process did not answer in time",
  "error.status": "error {status}",
};
