// What is asked of the server on one connection: to go on from where we stood, and what is wanted, as it changes.
//
// Channels that are exact on every trading process go on by `resume` and one `subscribe`; all others are asked for
// anew. The state of the trading processes (`trader`) is asked for last and never resumed. The server answers in that
// order, so once it has come from each of them, everything before it is complete: that is how we know to be in step.
import { isFact, type FactChannel } from "./channels";
import type { Local } from "./advance";
import type { Hello, Reply, ServerMessage } from "./messages";
import type { Tables } from "./tables";
import type { Channel, Problem } from "./types";
import type { Wanted, Wishes } from "./wishes";

/** Channels in one message; far below the server's 64 kB. */
const CHANNELS_PER_MESSAGE = 500;

export interface Outlet {
  send(message: object): void;
  id(): number;
  /** A channel that the server does not give. */
  refused(trader: string, channel: Channel, problem: Problem): void;
}

type Asked =
  | { readonly op: "resume"; readonly channels: readonly FactChannel[] }
  | { readonly op: "subscribe"; readonly trader: string; readonly channels: readonly Channel[] };

export class Conversation {
  readonly #hello: Hello;
  readonly #out: Outlet;
  readonly #asked = new Map<number, Asked>();
  readonly #refused = new Set<string>();
  readonly #wishes: Wishes;
  #sent: Wanted = new Map();
  #intervalMs: number;

  constructor(hello: Hello, out: Outlet, wishes: Wishes) {
    this.#hello = hello;
    this.#out = out;
    this.#wishes = wishes;
    this.#intervalMs = wishes.intervalMs;
  }

  /** The first messages. Returns what they do to the tables, and the channels that go on where they stood at `seq`. */
  begin(tables: Tables, seq: number): { local: Local[]; resumed: readonly FactChannel[] } {
    const wanted = this.#wishes.of(this.#hello.traders);
    const resumed = held(tables, wanted);
    if (resumed.length > 0) {
      this.#ask({ op: "resume", channels: resumed }, { epoch: this.#hello.epoch, seq });
      this.#subscribe("*", resumed);
      this.#sent = new Map([...wanted.keys()].map((trader) => [trader, new Set(resumed)]));
    }
    this.#follow(wanted);
    const local = [...wanted].flatMap(([trader, channels]): Local[] => {
      const anew = [...channels].filter(isFact).filter((channel) => !resumed.includes(channel));
      return [{ type: "wish", trader, channels }, { type: "void", trader, channels: anew }];
    });
    return { local, resumed };
  }

  /** Asks for what the wishes have gained, and no longer for what has left them. */
  update(): Local[] {
    const wanted = this.#wishes.of(this.#hello.traders);
    const isOther = this.#wishes.intervalMs !== this.#intervalMs;
    this.#intervalMs = this.#wishes.intervalMs;
    const changed = [...wanted].filter(([trader, channels]) => !isSame(channels, this.#of(trader)));
    const isTold = this.#follow(wanted);
    if (isOther && !isTold) this.#subscribe("*", []);
    return changed.map(([trader, channels]) => ({ type: "wish", trader, channels }));
  }

  /** Takes replies to its own questions and says what they do to the tables; `null` where it did not ask. */
  take(reply: Reply): Local[] | null {
    const asked = reply.id === null ? undefined : this.#asked.get(reply.id);
    if (reply.id === null || asked === undefined) return null;
    this.#asked.delete(reply.id);
    if (asked.op === "subscribe") {
      if (!reply.ok) this.#narrow(asked.trader, asked.channels, reply.error);
      return [];
    }
    const goesOn = reply.ok && (reply.data as { resumed?: unknown } | null)?.resumed === true;
    return goesOn ? [] : this.#hello.traders.map((trader) => ({ type: "void", trader, channels: asked.channels }));
  }

  /** False for the snapshot of an earlier subscription to what has been asked for again since: replies come first. */
  accepts(message: ServerMessage): boolean {
    if (message.type !== "snapshot" && message.type !== "trader") return true;
    const channel = message.type === "snapshot" ? message.channel : "trader";
    return ![...this.#asked.values()].some(
      (asked) => asked.op === "subscribe" && covers(asked.trader, message.trader) && asked.channels.includes(channel),
    );
  }

  /** Whether everything that is wanted has come and is up to date. */
  isSynced(tables: Tables): boolean {
    if (this.#asked.size > 0) return false;
    return [...this.#sent].every(([trader, channels]) => {
      const exact = tables.desks.get(trader)?.exact;
      const missing = [...channels].filter(isFact).filter((channel) => exact?.has(channel) !== true);
      return missing.every((channel) => this.#refused.has(`${trader} ${channel}`));
    });
  }

  /** True if something was subscribed to. */
  #follow(wanted: Wanted): boolean {
    const before = this.#sent;
    this.#sent = wanted;
    let isAny = false;
    for (const [trader, channels] of wanted) {
      const had = before.get(trader) ?? new Set();
      const gone = [...had].filter((channel) => !channels.has(channel));
      for (const part of parts(gone)) this.#out.send({ op: "unsubscribe", trader, channels: part });
      const fresh = [...channels].filter((channel) => !had.has(channel));
      for (const part of parts(inOrder(fresh))) this.#subscribe(trader, part);
      isAny ||= fresh.length > 0;
    }
    return isAny;
  }

  #subscribe(trader: string, channels: readonly Channel[]): void {
    this.#ask({ op: "subscribe", trader, channels }, { trader, channels, interval_ms: this.#intervalMs });
  }

  #ask(asked: Asked, members: object): void {
    const id = this.#out.id();
    this.#asked.set(id, asked);
    this.#out.send({ op: asked.op, id, ...members });
  }

  /** One bad name makes the server refuse a whole message: finds out which. */
  #narrow(trader: string, channels: readonly Channel[], problem: Problem): void {
    const [first, ...more] = channels;
    if (first === undefined) return;
    if (more.length > 0) {
      const half = Math.ceil(channels.length / 2);
      this.#subscribe(trader, channels.slice(0, half));
      return this.#subscribe(trader, channels.slice(half));
    }
    for (const name of this.#hello.traders) if (covers(trader, name)) this.#refused.add(`${name} ${first}`);
    this.#out.refused(trader, first, problem);
  }

  #of(trader: string): ReadonlySet<Channel> {
    return this.#sent.get(trader) ?? new Set();
  }
}

/** The channels that are wanted and exact on every trading process; their state is not, it is asked for last. */
function held(tables: Tables, wanted: Wanted): readonly FactChannel[] {
  const [first, ...more] = [...wanted].map(([trader, channels]) => {
    const exact = tables.desks.get(trader)?.exact ?? new Set<FactChannel>();
    return [...exact].filter((channel) => channel !== "trader" && channels.has(channel));
  });
  return (first ?? []).filter((channel) => more.every((other) => other.includes(channel)));
}

/** Rows, then the state of the trading process, then ticks and bars. */
function inOrder(channels: readonly Channel[]): readonly Channel[] {
  const rank = (channel: Channel): number => (isFact(channel) ? (channel === "trader" ? 1 : 0) : 2);
  return [...channels].sort((a, b) => rank(a) - rank(b));
}

function parts(channels: readonly Channel[]): readonly (readonly Channel[])[] {
  const count = Math.ceil(channels.length / CHANNELS_PER_MESSAGE);
  return Array.from({ length: count }, (_, n) => channels.slice(n * CHANNELS_PER_MESSAGE, (n + 1) * CHANNELS_PER_MESSAGE));
}

function covers(asked: string, trader: string): boolean {
  return asked === "*" || asked === trader;
}

function isSame(one: ReadonlySet<unknown>, other: ReadonlySet<unknown>): boolean {
  return one.size === other.size && [...one].every((item) => other.has(item));
}
