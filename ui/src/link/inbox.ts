// What has arrived and waits for the next animation frame, so that a burst is one change on the screen. What is urgent is
// taken in as soon as nothing else runs, with all that came before it: the frame then has only to paint it.
// Always true: things leave in the order in which they came; no more wait than `WAITING`; urgent ones are taken in early
// no more often than pictures are made.
import type { Surroundings } from "./surroundings";

/** A hidden tab gets few frames; when so many wait, they are taken in at once. */
const WAITING = 2_000;
/** A frame at 60 a second: what is urgent within it waits for the next one with everything else. */
const FRAME_MS = 16;

export class Inbox<T> {
  readonly #around: Pick<Surroundings, "frame" | "later" | "now">;
  readonly #take: (things: readonly T[]) => void;
  #waiting: T[] = [];
  #isDue = false;
  #isFrameAsked = false;
  #isSoonAsked = false;
  #earlyAt = Number.NEGATIVE_INFINITY;

  constructor(around: Pick<Surroundings, "frame" | "later" | "now">, take: (things: readonly T[]) => void) {
    this.#around = around;
    this.#take = take;
  }

  /** Also without anything to wait: `take` is called all the same. */
  put(things: readonly T[], isUrgent = false): void {
    this.#waiting.push(...things);
    this.#isDue = true;
    if (this.#waiting.length >= WAITING) return this.flush();
    if (isUrgent) this.#soon();
    if (this.#isFrameAsked) return;
    this.#isFrameAsked = true;
    this.#around.frame(() => {
      this.#isFrameAsked = false;
      if (this.#isDue) this.flush();
    });
  }

  flush(): void {
    const things = this.#waiting;
    this.#waiting = [];
    this.#isDue = false;
    this.#take(things);
  }

  /** Not within this call: what follows at its heels is to come along. */
  #soon(): void {
    if (this.#isSoonAsked || Math.abs(this.#around.now() - this.#earlyAt) < FRAME_MS) return;
    this.#isSoonAsked = true;
    this.#around.later(() => {
      this.#isSoonAsked = false;
      this.#earlyAt = this.#around.now();
      if (this.#isDue) this.flush();
    }, 0);
  }
}
