// What has arrived and waits for the next animation frame, so that a burst is one change on the screen. It is taken in as
// soon as nothing else runs: the frame then has only to paint it, and what asks for a frame of its own (the chart) has
// the same one. What follows at its heels has the frame after that one, so that the first is not laid out twice, unless
// it is urgent and what was taken in was not.
// Always true: things leave in the order in which they came; no more wait than `WAITING`; for each picture they are taken
// in once, and once more where something urgent came after what was not.
import type { Surroundings } from "./surroundings";

/** A hidden tab gets few frames; when so many wait, they are taken in at once. */
const WAITING = 2_000;

/** What matters more is the greater. */
const RANK = { nothing: 0, any: 1, urgent: 2 } as const;

export class Inbox<T> {
  readonly #around: Pick<Surroundings, "frame" | "later">;
  readonly #take: (things: readonly T[]) => void;
  #waiting: T[] = [];
  /** Of what waits, the highest. */
  #due: number = RANK.nothing;
  /** Of what was taken in early: the next picture has it to show. */
  #filled: number = RANK.nothing;
  #isFrameAsked = false;
  #isSoonAsked = false;

  constructor(around: Pick<Surroundings, "frame" | "later">, take: (things: readonly T[]) => void) {
    this.#around = around;
    this.#take = take;
  }

  /** Also without anything to wait: `take` is called all the same. */
  put(things: readonly T[], isUrgent = false): void {
    this.#waiting.push(...things);
    this.#due = Math.max(this.#due, isUrgent ? RANK.urgent : RANK.any);
    if (this.#waiting.length >= WAITING) return this.flush();
    // The browser gets ready for the frame while what is urgent is taken in.
    if (isUrgent) this.#askFrame();
    if (this.#due > this.#filled) this.#soon();
  }

  flush(): void {
    const things = this.#waiting;
    this.#waiting = [];
    this.#due = RANK.nothing;
    this.#take(things);
  }

  #askFrame(): void {
    if (this.#isFrameAsked) return;
    this.#isFrameAsked = true;
    this.#around.frame(() => {
      const filled = this.#filled;
      this.#isFrameAsked = false;
      this.#filled = RANK.nothing;
      if (this.#due > filled) this.flush();
      else if (this.#due !== RANK.nothing) this.#askFrame();
    });
  }

  /** Not within this call: what follows at its heels is to come along. */
  #soon(): void {
    if (this.#isSoonAsked) return;
    this.#isSoonAsked = true;
    this.#around.later(() => {
      this.#isSoonAsked = false;
      if (this.#due <= this.#filled) return;
      this.#filled = this.#due;
      this.#askFrame();
      this.flush();
    }, 0);
  }
}
