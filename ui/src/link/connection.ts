// One connection: dials, logs in, waits for the hello, and notices when the other end has gone without a word.
// Always true: `lost` comes at most once, and nothing after it.
import { read, type Hello, type ServerMessage } from "./messages";
import type { Cancel, Line, Surroundings } from "./surroundings";

/** From dialling to the hello; longer than the server waits for a login before it says that there is none. */
const HELLO_MS = 15_000;
/** So many heartbeats may be late before the server is taken for gone. */
const HEARTBEATS = 2.5;
/** After a wake-up the server has to answer within this. */
const PROBE_MS = 3_000;
/** Close code of our own for what no close frame told. */
export const NO_CODE = 0;

export interface ConnectionEvents {
  hello(hello: Hello): void;
  message(message: ServerMessage): void;
  /** A message could not be read: something may be missing. */
  garbled(): void;
  lost(code: number, reason: string): void;
}

export class Connection {
  readonly #around: Surroundings;
  readonly #events: ConnectionEvents;
  #line: Line | null;
  #watch: Cancel;
  #probe: Cancel | null = null;
  #silenceMs: number | null = null;
  #heard: number;

  /** `token`: sent first; without one the browser's cookie has to do. */
  constructor(around: Surroundings, url: string, token: string | null, events: ConnectionEvents) {
    this.#around = around;
    this.#events = events;
    this.#heard = around.now();
    this.#watch = around.later(() => this.#lost(NO_CODE, "no hello in time"), HELLO_MS);
    this.#line = around.dial(url, {
      opened: () => {
        if (token !== null) this.send({ op: "auth", token });
      },
      message: (text) => this.#take(text),
      closed: (code, reason) => this.#lost(code, reason),
    });
  }

  /** When the server last said anything. */
  get heard(): number {
    return this.#heard;
  }

  send(message: object): void {
    this.#line?.send(JSON.stringify(message));
  }

  /** Whether the server has been silent for too long; timers that slept do not know it yet. */
  isSilent(): boolean {
    return this.#silenceMs !== null && this.#around.now() - this.#heard >= this.#silenceMs;
  }

  /** The machine or the network was away: finds out at once whether the server is still there. */
  check(): void {
    if (this.#silenceMs === null || this.#probe !== null) return;
    if (this.isSilent()) return this.#lost(NO_CODE, "silent");
    const asked = this.#around.now();
    this.send({ op: "ping" });
    this.#probe = this.#around.later(() => {
      this.#probe = null;
      if (this.#heard < asked) this.#lost(NO_CODE, "silent");
    }, PROBE_MS);
  }

  /** The network is gone, so what is on it is, too. */
  drop(reason: string): void {
    this.#lost(NO_CODE, reason);
  }

  close(): void {
    const line = this.#line;
    this.#line = null;
    this.#watch();
    this.#probe?.();
    line?.hangUp();
  }

  #take(text: unknown): void {
    if (this.#line === null) return;
    this.#heard = this.#around.now();
    const message = read(text);
    if (message === null) return this.#events.garbled();
    if (message.type === "unknown") return;
    if (message.type !== "hello") return this.#events.message(message);
    this.#silenceMs = message.heartbeat_ms * HEARTBEATS;
    this.#watch();
    this.#watchFor(this.#silenceMs, this.#silenceMs);
    this.#events.hello(message);
  }

  /** One timer that is set anew when it fires, not one per message. */
  #watchFor(waitMs: number, silenceMs: number): void {
    this.#watch = this.#around.later(() => {
      const left = this.#heard + silenceMs - this.#around.now();
      if (left <= 0) return this.#lost(NO_CODE, "silent");
      // The clock may have been set back.
      this.#watchFor(Math.min(left, silenceMs), silenceMs);
    }, waitMs);
  }

  #lost(code: number, reason: string): void {
    if (this.#line === null) return;
    this.close();
    this.#events.lost(code, reason);
  }
}
