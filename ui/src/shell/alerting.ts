// Tells the trader of fills, rejections and lost links in the ways that were chosen. Always true: only what is new is
// told, never what a snapshot holds; and what comes in one moment makes one sound.
import { watch } from "vue";
import { DIRECTION, label, OFFSET } from "../enums";
import { price, volume } from "../format";
import { t, type Key, type Params } from "../i18n";
import type { Order, Trade } from "../link";
import { Events, Losses, reasonOf, tellings, ways, type AlertKind, type Contacts, type Event, type Telling } from "../store/alerts";
import { contacts, digits, phase } from "../store/desk";
import { note, toast, type Severity } from "../store/notes";
import { link } from "../store/session";
import { settings } from "../store/settings";
import { beep } from "./sound";

/** One press may fill in many parts; they are told together. */
const MOMENT_MS = 250;
/** The most urgent first: it gives the sound. */
const URGENCY: readonly AlertKind[] = ["link", "reject", "fill"];

interface Text {
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly key: Key;
  readonly params: Params;
}

let waiting: Event[] = [];
const events = new Events();
const losses = new Losses();

/** Once per page. */
export function startAlerts(): void {
  watch(link, (now) => {
    now?.on("fact", (fact) => {
      const event = events.of(fact);
      if (event !== null) hear(event);
    });
  }, { immediate: true, flush: "sync" });
  watch([phase, contacts], () => losses.of(reach()).forEach(hear));
}

function reach(): Contacts {
  const { name } = phase.value;
  const traders = new Map([...contacts.value].map(([trader, { state }]) => [trader, state]));
  return { web: name === "live" ? "live" : name === "stale" ? "lost" : "other", traders };
}

function hear(event: Event): void {
  if (waiting.length === 0) setTimeout(tellAll, MOMENT_MS);
  waiting.push(event);
}

function tellAll(): void {
  const told = tellings(waiting).map(textOf);
  waiting = [];
  for (const text of told) tell(text);
  const loud = told.filter(({ kind }) => settings.alerts[kind].sound).map(({ kind }) => kind);
  const loudest = URGENCY.find((kind) => loud.includes(kind));
  if (loudest !== undefined) beep(loudest);
}

function tell({ kind, severity, key, params }: Text): void {
  const way = ways([kind], settings.alerts);
  if (way.toast) toast(severity, key, params);
  else note(severity, key, params);
  if (way.browser) notify(kind, t(key, params));
}

function notify(kind: AlertKind, text: string): void {
  // Whoever looks at the page sees it there.
  if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return;
  try {
    new Notification(t("app.title"), { body: text, tag: `webtrader-${kind}`, icon: "/icon-192.png" });
  } catch {
    // Phones show notifications through the service worker only.
    void navigator.serviceWorker?.ready.then((worker) => worker.showNotification(t("app.title"), { body: text, tag: `webtrader-${kind}`, icon: "/icon-192.png" }));
  }
}

function textOf(telling: Telling): Text {
  if ("many" in telling) {
    const { many, count } = telling;
    return many === "fill"
      ? { kind: many, severity: "good", key: "alert.fills", params: { n: count } }
      : { kind: many, severity: "bad", key: "alert.rejects", params: { n: count } };
  }
  const event = telling.one;
  switch (event.kind) {
    case "fill":
      return { kind: "fill", severity: "good", key: "alert.fill", params: dealOf(event.trade) };
    case "reject": {
      const reason = reasonOf(event.order);
      const params = { ...dealOf(event.order), ...reason };
      return { kind: "reject", severity: "bad", key: reason === null ? "alert.reject" : "alert.rejectWhy", params };
    }
    case "link":
      return linkText(event.trader, event.isBack);
  }
}

function linkText(trader: string | null, isBack: boolean): Text {
  const severity = isBack ? "good" : "bad";
  if (trader === null) return { kind: "link", severity, key: isBack ? "alert.webBack" : "alert.webLost", params: {} };
  return { kind: "link", severity, key: isBack ? "alert.traderBack" : "alert.traderLost", params: { trader } };
}

function dealOf(row: Order | Trade): Params {
  const language = settings.language;
  return {
    symbol: row.vt_symbol,
    direction: label(DIRECTION, row.direction, language),
    offset: row.offset === "NONE" ? "" : label(OFFSET, row.offset, language),
    volume: volume(row.volume),
    price: price(row.price, digits(row.vt_symbol)),
  };
}
