// What the panels of the page want of the stream. Several may want the same; it is asked for once, for as long as
// one of them still does.
import { isFact } from "./channels";
import type { Channel } from "./types";

export interface Wish {
  readonly channels: readonly Channel[];
  /** One trading process, or all of them without it. */
  readonly trader?: string;
  /** Ticks and bars at most so often, in milliseconds; the panel in the greatest hurry decides for all. */
  readonly interval_ms?: number;
}

/** What each trading process is asked for. */
export type Wanted = ReadonlyMap<string, ReadonlySet<Channel>>;

const DEFAULT_INTERVAL_MS = 100;
/** The longest that the server offers. */
const LONGEST_INTERVAL_MS = 60_000;

export class Wishes {
  readonly #wishes = new Set<Wish>();

  /** Returns how to take it back; twice is once. */
  add(wish: Wish): () => void {
    const own = { ...wish };
    this.#wishes.add(own);
    return () => this.#wishes.delete(own);
  }

  /** Of these trading processes. Their state is always wanted. */
  of(traders: readonly string[]): Wanted {
    const wanted = new Map(traders.map((trader) => [trader, new Set<Channel>(["trader"])]));
    for (const { channels, trader } of this.#wishes) {
      for (const name of trader === undefined ? traders : [trader]) {
        for (const channel of channels) wanted.get(name)?.add(channel);
      }
    }
    return wanted;
  }

  get intervalMs(): number {
    const ofTicks = [...this.#wishes].filter((wish) => !wish.channels.every(isFact));
    return Math.min(...ofTicks.map((wish) => wish.interval_ms ?? DEFAULT_INTERVAL_MS), LONGEST_INTERVAL_MS);
  }
}
