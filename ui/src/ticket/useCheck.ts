// The server's verdict on the order that is being typed. Asked a moment after the last change, and at least every so often
// while it goes on changing. Always true: a verdict is about exactly the order that `of` names, or there is none.
import { onUnmounted, shallowRef, watch, type ShallowRef } from "vue";
import type { Schemas } from "../api/schemas";
import type { Intent } from "../link";
import { link } from "../store/session";
import type { Verdict } from "./why";

/** After the last key: nobody reads an answer to half a number. */
const REST_MS = 150;
/** A price that follows the market never rests. */
const MOST_MS = 600;
/** A later answer is about an older order. */
const DEADLINE_MS = 5000;

export interface Checked {
  /** The order it is about, as `naming` writes it. */
  readonly of: string;
  readonly verdicts: readonly Verdict[];
}

export function naming(intent: Intent | null): string {
  return intent === null ? "" : JSON.stringify(intent);
}

/** `wanted`: what to check, or null. `moved`: anything whose change may change the verdict, too. */
export function useCheck(wanted: () => Intent | null, moved: () => unknown): ShallowRef<Checked | null> {
  const checked = shallowRef<Checked | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let since: number | null = null;
  let asked = 0;

  watch([() => naming(wanted()), moved], later, { immediate: true });
  onUnmounted(() => clearTimeout(timer));
  return checked;

  function later(): void {
    clearTimeout(timer);
    since ??= Date.now();
    timer = setTimeout(() => void ask(), Math.max(0, Math.min(REST_MS, since + MOST_MS - Date.now())));
  }

  async function ask(): Promise<void> {
    since = null;
    const intent = wanted();
    if (intent === null || link.value === null) {
      checked.value = null;
      return;
    }
    asked += 1;
    const mine = asked;
    const answer = await link.value.call<Schemas["OrderCheck"]>("orders.check", intent, DEADLINE_MS);
    if (mine !== asked) return;
    checked.value = answer.outcome === "done" ? { of: naming(intent), verdicts: answer.data.rules } : null;
  }
}
