// What the web process says of its trading processes beyond the stream: dialect, capabilities, trading state, age of
// the newest event. Asked every other second while somebody looks; what is shown stays where the server is away.
import { shallowRef, watch } from "vue";
import { api } from "../api/http";
import type { Schemas } from "../api/schemas";
import { session } from "./session";

export type TraderInfo = Schemas["Trader"];

const POLL_MS = 2000;

export const traders = shallowRef<readonly TraderInfo[]>([]);

export function traderInfo(name: string): TraderInfo | undefined {
  return traders.value.find((trader) => trader.name === name);
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
  const answer = await api.get<readonly TraderInfo[]>("/traders");
  if (answer.outcome === "done") traders.value = answer.data;
}
