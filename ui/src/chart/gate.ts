// Lets an act through at most so often, and not while it is held up. Always true: after the last request there is an act,
// however soon it came and however often it is held up.

export interface Gate {
  /** Asks for the act: now if the last one is long enough ago, else as soon as it is. */
  ask(): void;
  stop(): void;
}

export interface Clock {
  now(): number;
  /** Returns how to cancel it. */
  later(act: () => void, ms: number): () => void;
}

export const browserClock: Clock = {
  now: () => performance.now(),
  later: (act, ms) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

/** So many intervals it may be held up. */
const PATIENCE = 5;

/**
 * `held`: for how many milliseconds something that matters more wants to go before. After it the act comes with the next
 * request, which has a picture anyway, or an interval later.
 */
export function gate(act: () => void, intervalMs: number, clock: Clock = browserClock, held: () => number = () => 0): Gate {
  let last = Number.NEGATIVE_INFINITY;
  let asked = 0;
  let isHeld = false;
  let cancel: (() => void) | null = null;
  const run = (): void => {
    cancel?.();
    cancel = null;
    const [hold, patience] = [held(), asked + PATIENCE * intervalMs - clock.now()];
    isHeld = hold > 0 && patience > 0;
    if (isHeld) {
      cancel = clock.later(run, Math.min(hold + intervalMs, patience));
      return;
    }
    last = clock.now();
    act();
  };
  return {
    ask: () => {
      if (cancel !== null) {
        if (isHeld && held() === 0) run();
        return;
      }
      asked = clock.now();
      const rest = last + intervalMs - clock.now();
      if (rest <= 0) run();
      else cancel = clock.later(run, rest);
    },
    stop: () => {
      cancel?.();
      cancel = null;
    },
  };
}
