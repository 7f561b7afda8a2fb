// What a page asks the server for: at once, again every so often, and when it is told to. Always true: the last good
// answer stays on the screen beside the reason why there is no newer one; nothing is asked after the page is left.
import { onScopeDispose, shallowRef, type ShallowRef } from "vue";
import { api, type Query } from "../api/http";
import { problemText } from "../api/problem";
import { t } from "../i18n";
import type { Outcome } from "../link";

export interface Asked<T> {
  readonly data: ShallowRef<T | null>;
  /** Why the newest answer is none; empty where there is nothing to say. */
  readonly failure: ShallowRef<string>;
  reload(): Promise<void>;
}

export function useAsked<T>(path: string, query: () => Query = () => ({}), everyMs?: number): Asked<T> {
  const data = shallowRef<T | null>(null);
  const failure = shallowRef("");
  let left = false;
  let asking = 0;
  const timer = everyMs === undefined ? undefined : setInterval(() => void (document.hidden ? undefined : reload()), everyMs);
  onScopeDispose(() => {
    left = true;
    clearInterval(timer);
  });
  void reload();
  return { data, failure, reload };

  async function reload(): Promise<void> {
    asking += 1;
    const mine = asking;
    const answer = await api.get<T>(path, query());
    // An answer to an older question would overwrite a newer one's.
    if (left || mine !== asking) return;
    if (answer.outcome === "done") data.value = answer.data;
    failure.value = reasonOf(answer);
  }
}

/** Why something was not done, for a person; empty where it was. */
export function reasonOf(outcome: Outcome<unknown>): string {
  switch (outcome.outcome) {
    case "done":
      return "";
    case "unknown":
      return t("view.outcomeUnknown");
    case "not_sent":
    case "refused":
      return outcome.problem === null ? t("view.unreachable") : problemText(outcome.problem);
  }
}
