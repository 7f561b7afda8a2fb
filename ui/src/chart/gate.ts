// Lets an act through at most so often. Always true: after the last request there is an act, however soon it came.

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

export function gate(act: () => void, intervalMs: number, clock: Clock = browserClock): Gate {
  let last = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;
  const run = (): void => {
    cancel = null;
    last = clock.now();
    act();
  };
  return {
    ask: () => {
      if (cancel !== null) return;
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
