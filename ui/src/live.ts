// Keeps the page true: the stream first, then the lists, then what came in between, then live. The same
// path at the first start, after a lost connection and when the trading process has come back.
import { ApiError, type Client } from "./api/client";
import { Stream } from "./api/stream";
import * as wire from "./api/wire";
import { settings } from "./settings";
import { contracts, desk, digits, dispatch, dispatchLink, link, note, record, ticks } from "./store";
import type { Fact } from "./state/desk";
import { cameBack, readTraders, type LinkState } from "./state/link";
import { notable } from "./state/log";

const POLL_MS = 2000;
const RETRY_MS = 1500;
/** A connection that broke without a word is found by the poll: so many unanswered ones in a row. */
const SILENT_POLLS = 2;
/** A hidden tab gets no animation frames; its facts are taken in this often. */
const HIDDEN_FLUSH_MS = 250;

export interface Live {
  stop(): void;
}

/** Starts it; `loggedOut` is called where the server no longer takes the token, `resubscribe` once the lists are there. */
export function goLive(client: Client, loggedOut: () => void, subscribe: (vtSymbol: string) => Promise<void>): Live {
  let recovery = 0;
  let unanswered = 0;
  let stopped = false;
  const queue: Fact[] = [];
  const stream = new Stream(streamUrl, { opened: () => void recover(), message: take, closed: lost });
  const poller = window.setInterval(() => void poll(), POLL_MS);
  document.addEventListener("visibilitychange", woken);
  stream.open();
  void poll();
  return { stop };

  function stop(): void {
    stopped = true;
    recovery += 1;
    stream.close();
    window.clearInterval(poller);
    document.removeEventListener("visibilitychange", woken);
    dispatchLink({ type: "stream", stream: "opening" });
  }

  function streamUrl(): string {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    return `${scheme}//${location.host}/ws/?token=${encodeURIComponent(client.token)}`;
  }

  async function recover(): Promise<void> {
    recovery += 1;
    const mine = recovery;
    flush();
    dispatchLink({ type: "stream", stream: "opening" });
    dispatch({ type: "subscribed" });
    try {
      const [orders, trades, positions, accounts, latest] = await Promise.all([
        list("/order", wire.order), list("/trade", wire.trade), list("/position", wire.position),
        list("/account", wire.account), list("/tick", wire.tick),
      ]);
      if (mine !== recovery) return;
      flush();
      dispatch({ type: "snapshot", orders, trades, positions, accounts });
      latest.forEach((tick) => ticks.take(tick));
      dispatchLink({ type: "stream", stream: "live" });
      note("good", "log.connected");
      await loadContracts();
      if (mine === recovery) await resubscribe();
    } catch (error) {
      if (mine === recovery) again(error);
    }
  }

  function again(error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    if (error.failure === "login") return loggedOut();
    note("warn", "log.snapshotFailed", { text: error.message });
    const mine = recovery;
    window.setTimeout(() => {
      if (mine === recovery && !stopped) void recover();
    }, RETRY_MS * (0.5 + Math.random()));
  }

  async function loadContracts(): Promise<void> {
    const rows = await list("/contract", wire.contract);
    contracts.value = new Map(rows.map((row) => [row.vtSymbol, row]));
  }

  async function resubscribe(): Promise<void> {
    const wanted = new Set([...settings.watchlist, settings.selected]);
    await Promise.all([...wanted].filter((vtSymbol) => contracts.value.has(vtSymbol)).map(subscribe));
  }

  async function list<T>(path: string, read: (row: wire.Row) => T): Promise<T[]> {
    const body = await client.get(path);
    return Array.isArray(body) ? (body as wire.Row[]).map(read) : [];
  }

  function take(topic: string, data: wire.Row): void {
    if (topic === "eTick.") return ticks.take(wire.tick(data));
    const fact = factOf(topic, data);
    if (fact === null) return;
    if (queue.push(fact) > 1) return;
    if (document.hidden) window.setTimeout(flush, HIDDEN_FLUSH_MS);
    else requestAnimationFrame(flush);
  }

  function flush(): void {
    const facts = queue.splice(0);
    if (facts.length === 0) return;
    const before = desk.value;
    dispatch({ type: "facts", facts });
    const said = before.held ?? before;
    for (const fact of facts) {
      const entry = notable(said, fact, digits);
      if (entry !== null) record(entry);
    }
  }

  function lost(): void {
    recovery += 1;
    if (link.value.stream !== "closed") note("bad", "log.lost");
    dispatchLink({ type: "stream", stream: "closed" });
  }

  async function poll(): Promise<void> {
    const before = link.value;
    try {
      const traders = readTraders(await client.get("/api/v1/traders"));
      unanswered = 0;
      if (!stopped) dispatchLink({ type: "traders", traders });
    } catch (error) {
      if (!(error instanceof ApiError) || stopped) return;
      if (error.failure === "login") return loggedOut();
      if (error.status === 0) return silent();
      if (error.status === 404) dispatchLink({ type: "traders", traders: null });
    }
    if (!stopped) changed(before, link.value);
  }

  function silent(): void {
    unanswered += 1;
    if (unanswered !== SILENT_POLLS || link.value.stream === "closed") return;
    lost();
    stream.open();
  }

  function changed(before: LinkState, after: LinkState): void {
    const was = before.traders?.[0]?.state;
    const is = after.traders?.[0]?.state;
    if (was === "live" && is !== undefined && is !== "live") note("bad", "log.away");
    if (!cameBack(before, after)) return;
    note("good", "log.back");
    if (after.stream !== "closed") void recover();
  }

  function woken(): void {
    if (document.hidden) return;
    flush();
    void poll();
  }
}

function factOf(topic: string, data: wire.Row): Fact | null {
  switch (topic) {
    case "eOrder.":
      return { kind: "order", data: wire.order(data) };
    case "eTrade.":
      return { kind: "trade", data: wire.trade(data) };
    case "ePosition.":
      return { kind: "position", data: wire.position(data) };
    case "eAccount.":
      return { kind: "account", data: wire.account(data) };
    default:
      return null;
  }
}
