// What the web process says of its trading processes beyond the stream: dialect, capabilities, age of the newest event,
// and what new orders may do. Asked every other second while somebody looks; what is shown stays where the server is
// away.
import { shallowRef, watch } from "vue";
import { api } from "../api/http";
import type { Schemas } from "../api/schemas";
import { session } from "./session";

export type TraderInfo = Schemas["Trader"];

const POLL_MS = 2000;

export const traders = shallowRef<readonly TraderInfo[]>([]);
/** What new orders may do, of each trading process, whoever enforces it; null while not known. */
export const tradingStates = shallowRef<Schemas["TradingStates"] | null>(null);

export function traderInfo(name: string): TraderInfo | undefined {
  return traders.value.find((trader) => trader.name === name);
}

/** What counts for new orders of a trading process. */
export function tradingStateOf(name: string): Schemas["TraderTradingState"] | null {
  return tradingStates.value?.traders.find((one) => one.trader === name) ?? null;
}

let poller: ReturnType<typeof setInterval> | undefined;
watch(() => session.loggedIn, (loggedIn) => {
  clearInterval(poller);
  if (!loggedIn) return;
  void askTraders();
  poller = setInterval(() => {
    if (!document.hidden) void askTraders();
  }, POLL_MS);
}, { immediate: true });

/** Asks now: after something was changed. */
export async function askTraders(): Promise<void> {
  const asked = [api.get<readonly TraderInfo[]>("/traders"), api.get<Schemas["TradingStates"]>("/trading-state")] as const;
  const [infos, states] = await Promise.all(asked);
  if (infos.outcome === "done") traders.value = infos.data;
  if (states.outcome === "done") tradingStates.value = states.data;
}
