// A world for tests: its clock moves when told, its lines end in the test's hands.
import type { Cancel, Line, LineEvents, Surroundings } from "../surroundings";

export type Said = Readonly<Record<string, unknown>> & { readonly op: string; readonly id?: number };

export class FakeLine implements Line {
  readonly said: Said[] = [];
  isUp = true;
  onSaid: (message: Said) => void = () => undefined;

  constructor(readonly url: string, readonly events: LineEvents) {}

  send(text: string): void {
    const message = JSON.parse(text) as Said;
    this.said.push(message);
    this.onSaid(message);
  }

  hangUp(): void {
    this.isUp = false;
  }

  /** The server says something. */
  say(message: object): void {
    if (this.isUp) this.events.message(JSON.stringify(message));
  }

  /** The connection breaks, or the server closes it. */
  cut(code = 1006, reason = ""): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.events.closed(code, reason);
  }

  ops(op: string): Said[] {
    return this.said.filter((message) => message.op === op);
  }

  /** Agrees to everything that was not answered yet. */
  agree(): void {
    for (const { op, id } of this.said.splice(0)) {
      if (id !== undefined) this.say({ type: "reply", id, ok: true, data: op === "resume" ? { resumed: true } : {} });
    }
  }
}

interface Timer {
  at: number;
  readonly act: () => void;
  readonly isFrame: boolean;
}

export class World implements Surroundings {
  readonly lines: FakeLine[] = [];
  chance = 0.5;
  onDial: (line: FakeLine) => void = () => undefined;
  #now = 1_000_000;
  #timers: Timer[] = [];
  readonly #sleepers = new Set<() => void>();
  readonly #plugs = new Set<() => void>();

  get line(): FakeLine {
    const line = this.lines.at(-1);
    if (line === undefined) throw new Error("nobody has dialled");
    return line;
  }

  dial(url: string, events: LineEvents): Line {
    const line = new FakeLine(url, events);
    this.lines.push(line);
    this.onDial(line);
    return line;
  }

  now(): number {
    return this.#now;
  }

  later(act: () => void, ms: number): Cancel {
    return this.#later({ at: this.#now + ms, act, isFrame: false });
  }

  frame(act: () => void): void {
    this.#later({ at: this.#now + 16, act, isFrame: true });
  }

  random(): number {
    return this.chance;
  }

  woken(act: () => void): Cancel {
    this.#sleepers.add(act);
    return () => this.#sleepers.delete(act);
  }

  wake(): void {
    for (const act of this.#sleepers) act();
  }

  unplugged(act: () => void): Cancel {
    this.#plugs.add(act);
    return () => this.#plugs.delete(act);
  }

  /** The cable is pulled: the machine knows, the lines say nothing. */
  unplug(): void {
    for (const act of this.#plugs) act();
  }

  /** Nothing is left but what is due at once or with the next frame. */
  get isAtRest(): boolean {
    return this.#timers.every((timer) => timer.isFrame || timer.at <= this.#now) && this.#sleepers.size === 0 && this.#plugs.size === 0;
  }

  /** Time passes and timers fire. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    await rest();
    for (let timer = this.#next(until); timer !== undefined; timer = this.#next(until)) {
      const due = timer;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.#now = Math.max(this.#now, due.at);
      due.act();
      await rest();
    }
    this.#now = until;
  }

  /** Time passes, but the machine sleeps: no timer fires. */
  sleep(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers) timer.at += ms;
  }

  #later(timer: Timer): Cancel {
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  #next(until: number): Timer | undefined {
    return this.#timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
  }
}

/** Lets everything that has been promised happen. */
export async function rest(): Promise<void> {
  for (let n = 0; n < 8; n += 1) await Promise.resolve();
}

export const FIELDS = ["vt_symbol", "datetime", "last_price"];

export function hello(members: object = {}): object {
  return {
    type: "hello", epoch: "e1", seq: 0, server_time: "", heartbeat_ms: 5000, tick_fields: FIELDS, traders: ["sim"], ...members,
  };
}
