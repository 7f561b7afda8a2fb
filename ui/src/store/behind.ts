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
let first = 0;
let last = 0;
let isDue = false;

/** Shows it with all else that follows. */
function follow(show: () => void): void {
  last = performance.now();
  if (following.size === 0) first = last;
  following.add(show);
  if (!isDue) wait();
}

/** One timer, which finds out when it fires what came meanwhile: setting it anew for each takes longer than all else here. */
function wait(): void {
  isDue = true;
  setTimeout(() => {
    isDue = false;
    if (following.size === 0) return;
    if (performance.now() < due()) return wait();
    try {
      for (const show of [...following]) show();
    } finally {
      // One failed: the others follow all the same.
      if (following.size > 0) wait();
    }
  }, due() - performance.now());
}

function due(): number {
  return Math.min(last + BEHIND_MS, first + LONGEST_MS);
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
