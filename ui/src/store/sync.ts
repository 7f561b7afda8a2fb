// The settings of a user on the server: read at login, written a moment after each change, merged where another
// browser has written meanwhile. Always true: what is on the screen is never lost to what comes from the server;
// where the server cannot be had, the settings live in this browser as before.
import { watch } from "vue";
import { api } from "../api/http";
import { adopt, merge, settings } from "./settings";

/** Dragging a column makes many changes; one write is enough for them. */
const REST_MS = 1000;

interface Stored {
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Starts it; returns how to stop. */
export function syncSettings(): () => void {
  let base: Stored | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let stopped = false;
  const unwatch = watch(settings, later, { deep: true });
  document.addEventListener("visibilitychange", returned);
  void pull();
  return () => {
    stopped = true;
    if (timer !== null) clearTimeout(timer);
    unwatch();
    document.removeEventListener("visibilitychange", returned);
  };

  function later(): void {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => void push(), REST_MS);
  }

  function returned(): void {
    if (document.hidden) void push();
    else void pull();
  }

  /** Takes in what is newer on the server. */
  async function pull(): Promise<void> {
    const answer = await api.get<Stored>("/me/settings");
    if (stopped || answer.outcome !== "done") return;
    const known = base?.version ?? 0;
    const theirs = answer.data;
    if (theirs.version !== known) adopt(base === null ? theirs.data : merge(base.data, plain(), theirs.data));
    base = { version: theirs.version, data: theirs.version === 0 ? {} : theirs.data };
    await push();
  }

  async function push(): Promise<void> {
    const mine = plain();
    if (stopped || base === null || JSON.stringify(mine) === JSON.stringify(base.data)) return;
    const answer = await api.put<Stored>("/me/settings", { version: base.version, data: mine });
    if (answer.outcome === "done") base = { version: answer.data.version, data: mine };
    else if (answer.outcome === "refused" && answer.problem.code === "settings_conflict") await pull();
  }

  function plain(): Record<string, unknown> {
    return JSON.parse(JSON.stringify(settings)) as Record<string, unknown>;
  }
}
