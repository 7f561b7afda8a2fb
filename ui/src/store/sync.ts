// The settings of a user on the server: read at login, written a moment after each change, merged where another
// browser has written meanwhile. Always true: what is on the screen is never lost to what comes from the server;
// where the server cannot be had, the settings live in this browser as before.
import { watch } from "vue";
import { api, OUTLIVES_PAGE } from "../api/http";
import { adopt, merge, settings } from "./settings";

/** What the server had when this browser last spoke with it: a change that was made after it is this browser's own. */
const KEY = "webtrader.settings.base";
/** Dragging a column makes many changes; one write is enough for them. */
const REST_MS = 1000;

interface Stored {
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Sync {
  /** Writes what waits to be written, without waiting any longer. */
  flush(): Promise<void>;
  stop(): void;
}

/** Starts it for this user. */
export function syncSettings(user: string): Sync {
  let base: Stored | null = known(user);
  /** A browser that never spoke with the server has no base: what is changed while it is asked is still its own. */
  const atStart = plain();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let stopped = false;
  let isTalking = false;
  let next: { readonly reads: boolean } | null = null;
  const unwatch = watch(settings, later, { deep: true });
  document.addEventListener("visibilitychange", returned);
  void talk(true);
  return { flush, stop };

  function stop(): void {
    stopped = true;
    if (timer !== null) clearTimeout(timer);
    unwatch();
    document.removeEventListener("visibilitychange", returned);
  }

  function later(): void {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => void flush(), REST_MS);
  }

  async function flush(): Promise<void> {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    await talk(false);
  }

  /** Hidden may be gone in a moment. */
  function returned(): void {
    void talk(!document.hidden);
  }

  /** One question at a time: the answer to an older one would undo what a newer one wrote. What is wanted meanwhile follows. */
  async function talk(reads: boolean): Promise<void> {
    next = { reads: reads || next?.reads === true };
    if (isTalking) return;
    isTalking = true;
    while (next !== null && !stopped) {
      const now: { readonly reads: boolean } = next;
      next = null;
      await (now.reads || base === null ? pull() : push());
    }
    isTalking = false;
  }

  /** Takes in what is newer on the server. */
  async function pull(): Promise<void> {
    const answer = await api.get<Stored>("/me/settings");
    if (stopped || answer.outcome !== "done") return;
    const theirs = answer.data;
    if (theirs.version !== (base?.version ?? 0)) adopt(merge(base?.data ?? atStart, plain(), theirs.data));
    remember({ version: theirs.version, data: theirs.version === 0 ? {} : theirs.data });
    await push();
  }

  async function push(): Promise<void> {
    const mine = plain();
    if (base === null || JSON.stringify(mine) === JSON.stringify(base.data)) return;
    const answer = await api.put<Stored>("/me/settings", { version: base.version, data: mine }, OUTLIVES_PAGE);
    if (answer.outcome === "done") remember({ version: answer.data.version, data: mine });
    else if (answer.outcome === "refused" && answer.problem.code === "settings_conflict" && !stopped) await pull();
  }

  function remember(stored: Stored): void {
    base = stored;
    try {
      localStorage.setItem(KEY, JSON.stringify({ user, ...stored }));
    } catch {
      return;
    }
  }

  function plain(): Record<string, unknown> {
    return JSON.parse(JSON.stringify(settings)) as Record<string, unknown>;
  }
}

/** What this user's server had, as far as this browser knows. */
function known(user: string): Stored | null {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "null") as (Stored & { user: string }) | null;
    if (stored?.user === user) return { version: stored.version, data: stored.data };
    // Another person's settings are not this one's.
    if (stored !== null) adopt({ language: settings.language, theme: settings.theme, up: settings.up });
    return null;
  } catch {
    return null;
  }
}
