// What has arrived and waits for the next animation frame, so that a burst is one change on the screen.
// Always true: things leave in the order in which they came; no more wait than `WAITING`.

/** A hidden tab gets few frames; when so many wait, they are taken in at once. */
const WAITING = 2_000;

export class Inbox<T> {
  readonly #frame: (act: () => void) => void;
  readonly #take: (things: readonly T[]) => void;
  #waiting: T[] = [];
  #isFrameAsked = false;

  constructor(frame: (act: () => void) => void, take: (things: readonly T[]) => void) {
    this.#frame = frame;
    this.#take = take;
  }

  /** Also without anything to wait: `take` is called all the same. */
  put(things: readonly T[]): void {
    this.#waiting.push(...things);
    if (this.#waiting.length >= WAITING) return this.flush();
    if (this.#isFrameAsked) return;
    this.#isFrameAsked = true;
    this.#frame(() => {
      this.#isFrameAsked = false;
      this.flush();
    });
  }

  flush(): void {
    const things = this.#waiting;
    this.#waiting = [];
    this.#take(things);
  }
}
