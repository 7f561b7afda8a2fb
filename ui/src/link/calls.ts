// Calls over the stream, by REST's methods and rules. Each ends in one of four ways, and never hangs: done; refused,
// so that it was certainly not done; not sent; or unknown, where only the trading process's own orders tell.
import type { Reply } from "./messages";
import type { Cancel, Surroundings } from "./surroundings";
import type { Problem } from "./types";

export type Outcome<T> =
  | { readonly outcome: "done"; readonly data: T }
  | { readonly outcome: "refused"; readonly problem: Problem }
  /** It may be tried again. */
  | { readonly outcome: "not_sent"; readonly why: "not_live" | "busy" | "server"; readonly problem: Problem | null }
  /** It may have been done. To try again is safe only with the same `client_order_id`. */
  | { readonly outcome: "unknown"; readonly why: "deadline" | "lost" | "server"; readonly problem: Problem | null };

/** Longer than the server's own deadline for a call to the trading process, so that its answer comes first. */
export const DEADLINE_MS = 35_000;
/** Calls that wait for an answer; the server takes fewer at a time. Full: not sent. */
const WAITING = 256;

interface Pending {
  readonly settle: (outcome: Outcome<unknown>) => void;
  readonly cancel: Cancel;
}

export class Calls {
  readonly #around: Pick<Surroundings, "later">;
  readonly #pending = new Map<number, Pending>();

  constructor(around: Pick<Surroundings, "later">) {
    this.#around = around;
  }

  get isFull(): boolean {
    return this.#pending.size >= WAITING;
  }

  /** Waits for the reply to `id`, which is being sent. */
  wait<T>(id: number, deadlineMs: number): Promise<Outcome<T>> {
    return new Promise((settle) => {
      const over = (): void => this.#settle(id, { outcome: "unknown", why: "deadline", problem: null });
      // The type of what a method answers is the caller's knowledge.
      this.#pending.set(id, { settle: settle as Pending["settle"], cancel: this.#around.later(over, deadlineMs) });
    });
  }

  take(reply: Reply): void {
    this.#settle(reply.id, reply.ok ? { outcome: "done", data: reply.data } : refusal(reply.error));
  }

  /** The connection is gone, and with it the answers. */
  lost(): void {
    for (const id of [...this.#pending.keys()]) this.#settle(id, { outcome: "unknown", why: "lost", problem: null });
  }

  #settle(id: number | null, outcome: Outcome<unknown>): void {
    const pending = id === null ? undefined : this.#pending.get(id);
    if (id === null || pending === undefined) return;
    this.#pending.delete(id);
    pending.cancel();
    pending.settle(outcome);
  }
}

/** What an error says about whether something was done. */
export function refusal(problem: Problem): Outcome<never> {
  if (problem.status === 503) return { outcome: "not_sent", why: "server", problem };
  // 501 is said before anything is done; any other fault of the server's may have come after.
  if (problem.status >= 500 && problem.status !== 501) return { outcome: "unknown", why: "server", problem };
  return { outcome: "refused", problem };
}
