// The browser's side of `/api/v1/stream`: one connection that heals itself, and the tables that follow it.
//
// How data passes: a message is read in `connection`, waits in `inbox` for the next animation frame, goes through the pure
// reducer in `advance`, and listeners are told once per frame. What the panels want is in `wishes`; `conversation`
// asks the server for it, after every reconnect anew. Always true: what is shown stays when contact is lost, marked by
// the phase; no call is sent while the phase is not live; a fact reaches listeners once and in order, or its table
// starts over with a snapshot.
import { advance, type Advance, type Local } from "./advance";
import { Calls, DEADLINE_MS, type Outcome } from "./calls";
import type { Connection } from "./connection";
import { Conversation } from "./conversation";
import { Inbox } from "./inbox";
import { Listeners } from "./listeners";
import type { Fact, Hello, ServerMessage } from "./messages";
import type { Phase } from "./phase";
import { Redial, type Goal } from "./redial";
import { browser, type Surroundings } from "./surroundings";
import { EMPTY, type Tables } from "./tables";
import type { Channel, LiveBar, Problem, Tick } from "./types";
import { Wishes, type Wish } from "./wishes";

/** What becomes of an order is looked for; nobody waits for the rest. */
const URGENT: ReadonlySet<string> = new Set<Channel>(["order", "trade"]);

export interface Options extends Goal {
  readonly surroundings?: Surroundings;
}

export interface LinkEvents {
  readonly phase: (phase: Phase) => void;
  /** Once for all that came together, when something besides ticks has changed. */
  readonly tables: (tables: Tables) => void;
  /** Each that is new, in order. Those that came while we were away and could not be resumed are in the snapshot. */
  readonly fact: (fact: Fact) => void;
  /** The newest of each instrument that changed, at most once per frame. */
  readonly ticks: (trader: string, ticks: readonly Tick[]) => void;
  /** Bars of what is subscribed to, at most once per frame: each that has finished, once and in order, and of each line the
   * newest running one. What lies before, and what finished while we were away, `bars.list` has. */
  readonly bars: (trader: string, bars: readonly LiveBar[]) => void;
  /** A channel that the server does not give. */
  readonly refused: (channel: Channel, problem: Problem) => void;
}

/** Connects, and stays connected until `close`. */
export function connect(options: Options = {}): Link {
  return new Link(options);
}

export class Link {
  readonly #listeners = new Listeners<LinkEvents>();
  readonly #wishes = new Wishes();
  readonly #calls: Calls;
  readonly #redial: Redial;
  readonly #inbox: Inbox<ServerMessage | Local>;
  #tables: Tables = EMPTY;
  #untold: Advance[] = [];
  #connection: Connection | null = null;
  #conversation: Conversation | null = null;
  #areWishesOther = false;
  /** Where to go on, while an attempt to do so is not known to be complete. */
  #resumeFrom: number | null = null;
  #lastId = 0;

  constructor({ surroundings = browser, ...goal }: Options) {
    this.#inbox = new Inbox(surroundings, (messages) => this.#takeIn(messages));
    this.#calls = new Calls(surroundings);
    this.#redial = new Redial(surroundings, goal, {
      hello: (connection, hello) => this.#greet(connection, hello),
      message: (message) => this.#take(message),
      garbled: () => this.#startOver(),
      lost: () => this.#lost(),
      phase: (phase) => this.#listeners.tell("phase", phase),
    });
  }

  get phase(): Phase {
    return this.#redial.phase;
  }

  get tables(): Tables {
    return this.#tables;
  }

  /** Returns how to stop listening. */
  on<Name extends keyof LinkEvents>(name: Name, listener: LinkEvents[Name]): () => void {
    return this.#listeners.add(name, listener);
  }

  /** Wants channels until what it returns is called; the same may be wanted several times. */
  subscribe(wish: Wish): () => void {
    const release = this.#wishes.add(wish);
    this.#ask();
    return () => {
      release();
      this.#ask();
    };
  }

  /** Calls a method by the rules of REST. Never throws and never hangs. `T`: what the method is known to answer. */
  call<T>(method: string, params: object = {}, deadlineMs: number = DEADLINE_MS): Promise<Outcome<T>> {
    const connection = this.#redial.live();
    if (connection === null) return Promise.resolve({ outcome: "not_sent", why: "not_live", problem: null });
    if (this.#calls.isFull) return Promise.resolve({ outcome: "not_sent", why: "busy", problem: null });
    const id = this.#nextId();
    const outcome = this.#calls.wait<T>(id, deadlineMs);
    connection.send({ op: "call", id, method, params });
    return outcome;
  }

  /** Tells the server of a newer token of the same login, so that the connection outlives the older one. */
  renew(token: string): void {
    this.#connection?.send({ op: "auth", token });
  }

  close(): void {
    this.#redial.end("closed");
  }

  #greet(connection: Connection, hello: Hello): void {
    const before = this.#tables;
    this.#apply([hello]);
    if (before.epoch !== hello.epoch) this.#resumeFrom = null;
    const outlet = {
      send: (message: object) => connection.send(message),
      id: () => this.#nextId(),
      refused: (_: string, channel: Channel, problem: Problem) => this.#listeners.tell("refused", channel, problem),
    };
    const from = this.#resumeFrom ?? this.#tables.seq;
    this.#connection = connection;
    this.#conversation = new Conversation(hello, outlet, this.#wishes);
    const { local, resumed } = this.#conversation.begin(this.#tables, from);
    this.#resumeFrom = resumed.length > 0 ? from : null;
    this.#apply(local);
  }

  #take(message: ServerMessage): void {
    if (this.#conversation?.accepts(message) !== true) return;
    if (message.type !== "reply") return this.#inbox.put([message], message.type === "fact" && URGENT.has(message.channel));
    const local = this.#conversation.take(message);
    if (local === null) this.#calls.take(message);
    else this.#inbox.put(local);
  }

  #takeIn(messages: readonly (ServerMessage | Local)[]): void {
    this.#apply(messages);
    if (this.phase.name !== "syncing" || this.#conversation?.isSynced(this.#tables) !== true) return;
    this.#resumeFrom = null;
    this.#redial.synced();
  }

  #apply(messages: readonly (ServerMessage | Local)[]): void {
    const before = this.#tables;
    const change = advance(before, messages);
    this.#tables = change.tables;
    if (change.tables.desks === before.desks && change.bars.size === 0) return;
    this.#untold.push(change);
    // A listener that causes the next change does not have it told before this one.
    if (this.#untold.length > 1) return;
    for (let told = this.#untold[0]; told !== undefined; told = this.#untold[0]) {
      for (const fact of told.facts) this.#listeners.tell("fact", fact);
      for (const [trader, ticks] of told.ticks) this.#listeners.tell("ticks", trader, ticks);
      for (const [trader, bars] of told.bars) this.#listeners.tell("bars", trader, bars);
      if (!told.isTicksOnly) this.#listeners.tell("tables", told.tables);
      this.#untold.shift();
    }
  }

  #lost(): void {
    this.#inbox.flush();
    this.#connection = null;
    this.#conversation = null;
    this.#calls.lost();
  }

  #startOver(): void {
    this.#inbox.flush();
    this.#resumeFrom = null;
    this.#apply([{ type: "start_over" }]);
  }

  /** Panels come and go many at a time: asks once for all of them. */
  #ask(): void {
    if (this.#areWishesOther) return;
    this.#areWishesOther = true;
    queueMicrotask(() => {
      this.#areWishesOther = false;
      if (this.#conversation !== null) this.#apply(this.#conversation.update());
    });
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
