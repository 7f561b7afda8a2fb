// What may be shown a moment after the lists of orders, trades and positions: chart, ticket, log, accounts, the header's
// sums. To draw them takes longer than the row of an order that comes with them, and each picture before the row's own
// would keep it from the screen. What follows is shown in one picture, because each picture has the rows of the next orders
// wait for their turn. Always true: after the last change it is shown.
import { onScopeDispose, shallowRef, watch, type ShallowRef } from "vue";

/** Some pictures later: no eye sees it on a line, and what comes at the heels of a change is drawn with it. */
const BEHIND_MS = 50;
/** However much more comes at its heels. */
const LONGEST_MS = 150;

const following = new Set<() => void>();
let since = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows it with all else that follows. */
function follow(show: () => void): void {
  if (following.size === 0) since = performance.now();
  following.add(show);
  clearTimeout(timer);
  timer = setTimeout(showAll, Math.max(0, Math.min(BEHIND_MS, since + LONGEST_MS - performance.now())));
}

function showAll(): void {
  const shows = [...following];
  following.clear();
  for (const show of shows) show();
}

/** `now`, a moment later, not before `restMs` have passed; at once where `of` is another. */
export function behind<T>(now: () => T, of: () => unknown = () => null, restMs = 0): Readonly<ShallowRef<T>> {
  const shown = shallowRef(now()) as ShallowRef<T>;
  let rest: ReturnType<typeof setTimeout> | undefined;
  const show = (): void => {
    stop();
    shown.value = now();
  };
  const stop = (): void => {
    clearTimeout(rest);
    rest = undefined;
    following.delete(show);
  };
  watch([now, of], (_, [, before]) => {
    if (of() !== before) show();
    else if (restMs === 0) follow(show);
    else if (!following.has(show)) rest ??= setTimeout(() => ((rest = undefined), follow(show)), restMs);
  });
  onScopeDispose(stop);
  return shown;
}
