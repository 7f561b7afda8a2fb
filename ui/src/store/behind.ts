// What may be shown a moment after the lists of orders, trades and positions: chart, ticket, log, accounts, the header's
// sums. To draw them takes longer than the row of an order that comes with them, and each picture before the row's own
// would keep it from the screen. Always true: after the last change it is shown.
import { onScopeDispose, shallowRef, watch, type ShallowRef } from "vue";

/** Some pictures later: no eye sees it on a line, and what comes at the heels of a change is drawn with it. */
const BEHIND_MS = 80;

/** `now`, a moment later; at once where `of` is another. */
export function behind<T>(now: () => T, of: () => unknown = () => null, ms = BEHIND_MS): Readonly<ShallowRef<T>> {
  const shown = shallowRef(now()) as ShallowRef<T>;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const show = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    shown.value = now();
  };
  watch([now, of], (_, [, before]) => {
    if (of() !== before) show();
    else timer ??= setTimeout(show, ms);
  });
  onScopeDispose(() => timer !== null && clearTimeout(timer));
  return shown;
}
