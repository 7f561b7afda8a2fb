// Keeps a connection up: dials, waits with backoff and jitter, dials again, at once when the machine wakes up or the
// network goes or comes; and knows the phase. Always true: at most one connection; after `ended` nothing is dialled any more.
import { Connection, NO_CODE } from "./connection";
import type { Hello, ServerMessage } from "./messages";
import { afterClose, next, START, type EndReason, type Phase, type PhaseEvent } from "./phase";
import type { Cancel, Surroundings } from "./surroundings";

export interface Goal {
  /** Of the stream; by default the one of the page's own server. */
  readonly url?: string;
  /** Asked at every attempt. `null`: the browser's session cookie is the login. */
  readonly token?: () => string | null | Promise<string | null>;
}

export interface RedialEvents {
  hello(connection: Connection, hello: Hello): void;
  message(message: ServerMessage): void;
  /** A message could not be read; the connection is given up. */
  garbled(): void;
  /** The connection is gone; before the phase says so. */
  lost(): void;
  phase(phase: Phase): void;
}

export class Redial {
  readonly #around: Surroundings;
  readonly #goal: Goal;
  readonly #events: RedialEvents;
  readonly #unwatch: readonly Cancel[];
  #phase: Phase = START;
  #connection: Connection | null = null;
  #retry: Cancel | null = null;
  #attempt = 0;
  #failures = 0;

  constructor(around: Surroundings, goal: Goal, events: RedialEvents) {
    this.#around = around;
    this.#goal = goal;
    this.#events = events;
    this.#unwatch = [around.woken(() => this.#wake()), around.unplugged(() => this.#unplug())];
    void this.#dial();
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** The connection, once it has said hello and while it is thought to be good. */
  live(): Connection | null {
    // A machine that has just woken up may think that it is live.
    if (this.#connection?.isSilent() === true) this.#connection.check();
    return this.#phase.name === "live" ? this.#connection : null;
  }

  /** What is shown is up to date. */
  synced(): void {
    this.#failures = 0;
    this.#step({ type: "synced" });
  }

  end(reason: EndReason): void {
    this.#attempt += 1;
    this.#retry?.();
    this.#unwatch.forEach((stop) => stop());
    this.#connection?.close();
    if (this.#connection !== null) this.#events.lost();
    this.#connection = null;
    this.#step({ type: "ended", reason });
  }

  async #dial(): Promise<void> {
    this.#retry = null;
    this.#attempt += 1;
    const mine = this.#attempt;
    let token: string | null;
    try {
      token = (await this.#goal.token?.()) ?? null;
    } catch {
      if (mine === this.#attempt) this.#again(NO_CODE, "no token");
      return;
    }
    if (mine === this.#attempt) this.#connection = this.#connected(token);
  }

  #connected(token: string | null): Connection {
    const connection: Connection = new Connection(this.#around, this.#goal.url ?? ownUrl(), token, {
      hello: (hello) => {
        this.#step({ type: "hello" });
        this.#events.hello(connection, hello);
      },
      message: (message) => this.#events.message(message),
      garbled: () => {
        this.#events.garbled();
        connection.close();
        this.#lost(connection, NO_CODE, "garbled");
      },
      lost: (code, reason) => this.#lost(connection, code, reason),
    });
    return connection;
  }

  #lost(connection: Connection, code: number, reason: string): void {
    this.#connection = null;
    this.#events.lost();
    this.#step({ type: "lost", heard: connection.heard });
    this.#again(code, reason);
  }

  #again(code: number, reason: string): void {
    const what = afterClose(code, reason, this.#failures, this.#around.random());
    if ("end" in what) return this.end(what.end);
    this.#failures += 1;
    this.#retry = this.#around.later(() => void this.#dial(), what.waitMs);
  }

  #wake(): void {
    if (this.#connection !== null) return this.#connection.check();
    if (this.#retry === null) return;
    this.#retry();
    void this.#dial();
  }

  /** Nothing would tell of a cable that was pulled before the silence has become long. A server on this machine answers again at once. */
  #unplug(): void {
    this.#connection?.drop("no network");
    this.#wake();
  }

  #step(event: PhaseEvent): void {
    const before = this.#phase;
    this.#phase = next(before, event);
    if (this.#phase !== before) this.#events.phase(this.#phase);
  }
}

function ownUrl(): string {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/api/v1/stream`;
}
