// Quotes: only the newest per instrument matters, and a screen shows 60 of them a second. A tick lands in
// a plain map; once per animation frame the changed instruments are handed to Vue, one ref each.
// In a hidden tab frames stop, and the map is what bounds the wait.
import { shallowRef, type ShallowRef } from "vue";
import type { Tick } from "../api/wire";

export class Ticks {
  readonly #shown = new Map<string, ShallowRef<Tick | null>>();
  readonly #waiting = new Map<string, Tick>();
  readonly #frame: (paint: () => void) => void;
  #asked = false;

  constructor(frame: (paint: () => void) => void = (paint) => requestAnimationFrame(paint)) {
    this.#frame = frame;
  }

  /** The newest painted tick of an instrument; reading it in a template repaints that row alone. */
  of(vtSymbol: string): ShallowRef<Tick | null> {
    let ref = this.#shown.get(vtSymbol);
    if (ref === undefined) {
      ref = shallowRef<Tick | null>(null);
      this.#shown.set(vtSymbol, ref);
    }
    return ref;
  }

  take(tick: Tick): void {
    this.#waiting.set(tick.vtSymbol, tick);
    if (this.#asked) return;
    this.#asked = true;
    this.#frame(() => this.#paint());
  }

  #paint(): void {
    this.#asked = false;
    for (const tick of this.#waiting.values()) this.of(tick.vtSymbol).value = tick;
    this.#waiting.clear();
  }
}
