// What has arrived and waits for the next animation frame, so that a burst is one change on the screen. What is urgent is
// taken in as soon as nothing else runs, with all that came before it: the frame then has only to paint it, and what
// follows at its heels has the frame after that one, so that the first is not laid out twice.
// Always true: things leave in the order in which they came; no more wait than `WAITING`; they are taken in once for
// each picture.
import type { Surroundings } from "./surroundings";

/** A hidden tab gets few frames; when so many wait, they are taken in at once. */
const WAITING = 2_000;
export class Inbox<T> {
  readonly #around: Pick<Surroundings, "frame" | "later">;
  readonly #take: (things: readonly T[]) => void;
  #waiting: T[] = [];
  #isDue = false;
  #isFrameAsked = false;
  #isSoonAsked = false;
  /** The next picture has what it shows: it was taken in early. */
  #isFilled = false;

  constructor(around: Pick<Surroundings, "frame" | "later">, take: (things: readonly T[]) => void) {
    this.#around = around;
    this.#take = take;
  }

  /** Also without anything to wait: `take` is called all the same. */
  put(things: readonly T[], isUrgent = false): void {
    this.#waiting.push(...things);
    this.#isDue = true;
    if (this.#waiting.length >= WAITING) return this.flush();
    if (isUrgent) this.#soon();
    this.#askFrame();
  }

  flush(): void {
    const things = this.#waiting;
    this.#waiting = [];
    this.#isDue = false;
    this.#take(things);
  }

  #askFrame(): void {
    if (this.#isFrameAsked) return;
    this.#isFrameAsked = true;
    this.#around.frame(() => {
      this.#isFrameAsked = false;
      const isFilled = this.#isFilled;
      this.#isFilled = false;
      if (!this.#isDue) return;
      if (isFilled) this.#askFrame();
      else this.flush();
    });
  }

  /** Not within this call: what follows at its heels is to come along. */
  #soon(): void {
    if (this.#isSoonAsked || this.#isFilled) return;
    this.#isSoonAsked = true;
    this.#around.later(() => {
      this.#isSoonAsked = false;
      if (!this.#isDue) return;
      this.#isFilled = this.#isFrameAsked;
      this.flush();
    }, 0);
  }
}
