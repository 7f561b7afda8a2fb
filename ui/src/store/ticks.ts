// Quotes of the trading process that is shown: only the newest per instrument matters. The link hands them over once
// per animation frame; each instrument has a ref of its own, so that a tick repaints its rows alone.
// Always true: what somebody watches is subscribed to at the trading process, again after every return of contact.
import { shallowRef, watch, type ShallowRef } from "vue";
import { problemText } from "../api/problem";
import type { Link, Tick } from "../link";
import { desk, phase, traderName } from "./desk";
import { link } from "./session";
import { note } from "./notes";

/** More often than ten times a second no eye reads a number. */
const INTERVAL_MS = 100;
const BUSY_MS = 200;

interface Watched {
  count: number;
  release: () => void;
}

const shown = new Map<string, ShallowRef<Tick | null>>();
const watchedNow = new Map<string, Watched>();

/** The newest tick of an instrument; reading it in a template repaints with it. */
export function tickOf(vtSymbol: string): ShallowRef<Tick | null> {
  let ref = shown.get(vtSymbol);
  if (ref === undefined) {
    ref = shallowRef<Tick | null>(known(vtSymbol));
    shown.set(vtSymbol, ref);
  }
  return ref;
}

/** `desk` is not told of ticks. */
function known(vtSymbol: string): Tick | null {
  return link.value?.tables.desks.get(traderName.value)?.tick.get(vtSymbol) ?? null;
}

/** Wants the ticks of these instruments until what it returns is called; several may want the same. */
export function watchTicks(vtSymbols: readonly string[]): () => void {
  const mine = [...new Set(vtSymbols)].filter((vtSymbol) => vtSymbol !== "");
  for (const vtSymbol of mine) {
    const known = watchedNow.get(vtSymbol);
    if (known !== undefined) known.count += 1;
    else begin(vtSymbol);
  }
  let released = false;
  return () => {
    if (released) return;
    released = true;
    for (const vtSymbol of mine) leave(vtSymbol);
  };
}

function begin(vtSymbol: string): void {
  watchedNow.set(vtSymbol, { count: 1, release: follow(vtSymbol) });
  if (phase.value.name === "live" && desk.value.state === "live") void subscribe(vtSymbol);
}

function leave(vtSymbol: string): void {
  const known = watchedNow.get(vtSymbol);
  if (known === undefined) return;
  known.count -= 1;
  if (known.count > 0) return;
  known.release();
  watchedNow.delete(vtSymbol);
}

function follow(vtSymbol: string): () => void {
  const trader = traderName.value;
  if (link.value === null || trader === "") return () => undefined;
  return link.value.subscribe({ channels: [`tick:${vtSymbol}`], trader, interval_ms: INTERVAL_MS });
}

async function subscribe(vtSymbol: string): Promise<void> {
  const answer = await link.value?.call("subscriptions.put", { vt_symbol: vtSymbol, trader: traderName.value });
  // A long list asks for more at once than may wait for answers.
  if (answer?.outcome === "not_sent" && answer.why === "busy") setTimeout(() => watchedNow.has(vtSymbol) && void subscribe(vtSymbol), BUSY_MS);
  if (answer?.outcome === "refused") note("warn", "desk.subscribeFailed", { symbol: vtSymbol, text: problemText(answer.problem) });
}

function take(trader: string, ticks: readonly Tick[]): void {
  if (trader !== traderName.value) return;
  for (const tick of ticks) tickOf(tick.vt_symbol).value = tick;
}

function listen(now: Link | null): void {
  now?.on("ticks", take);
}

watch(link, listen, { immediate: true, flush: "sync" });
// Another login or another trading process: the same instruments, wanted anew.
watch([link, traderName], () => {
  for (const [vtSymbol, ref] of shown) ref.value = known(vtSymbol);
  for (const [vtSymbol, known] of watchedNow) {
    known.release();
    known.release = follow(vtSymbol);
  }
});
watch(() => phase.value.name === "live" && desk.value.state === "live" && traderName.value, (live) => {
  if (live !== false) for (const vtSymbol of watchedNow.keys()) void subscribe(vtSymbol);
});
