// A server for tests that keeps the promises of the real one in as few words as possible: a ring of facts that
// forgets, snapshots that are exact at a number, resets, and readers that get one message whenever the test says so.
import { hello, type FakeLine, type Said } from "./world";

export const CHANNELS = ["order", "trade", "log"] as const;
type Rows = readonly (readonly [id: string, value: number])[];
type Tag = `${string}/${string}`;
type Entry =
  | { readonly seq: number; readonly tag: Tag; readonly id: string; readonly value: number }
  | { readonly seq: number; readonly reset: string; readonly rows: ReadonlyMap<Tag, Rows> };

export class Server {
  epoch = 1;
  readonly traders: readonly string[];
  /** Everything since the start of this epoch; readers get no more than the newest `reach`. */
  entries: Entry[] = [];
  begin = new Map<Tag, Rows>();
  reach = 40;

  constructor(traders: readonly string[]) {
    this.traders = traders;
  }

  get head(): number {
    return this.entries.length;
  }

  get floor(): number {
    return Math.max(0, this.head - this.reach);
  }

  fact(trader: string, channel: string, id: string, value: number): void {
    this.entries.push({ seq: this.head + 1, tag: `${trader}/${channel}`, id, value });
  }

  /** All that is known of a trading process is read anew; some of it has changed. */
  reset(trader: string, rows: ReadonlyMap<Tag, Rows>): void {
    this.entries.push({ seq: this.head + 1, reset: trader, rows });
  }

  restart(): void {
    this.begin = new Map(this.traders.flatMap((trader) => CHANNELS.map((channel) => {
      const tag: Tag = `${trader}/${channel}`;
      return [tag, this.rowsAt(this.head, tag)] as const;
    })));
    this.entries = [];
    this.epoch += 1;
  }

  /** The rows of a channel as they stood at a number, told anew from the beginning. */
  rowsAt(seq: number, tag: Tag): Rows {
    let rows = this.begin.get(tag) ?? [];
    for (const entry of this.entries.slice(0, seq)) {
      if ("reset" in entry) rows = entry.rows.get(tag) ?? rows;
      else if (entry.tag === tag) rows = put(rows, entry.id, entry.value, tag.endsWith("/log"));
    }
    return rows;
  }

  hasLost(seq: number, tag: Tag): boolean {
    return this.entries.slice(seq, this.floor).some((entry) => concerns(entry, tag));
  }
}

export class Reader {
  readonly #server: Server;
  readonly #line: FakeLine;
  #cursor: number;
  readonly #active = new Set<Tag>();
  #owed: Tag[] = [];
  #held: { readonly seq: number; readonly message: object } | null = null;
  #resume: number | null = null;
  readonly #replies: object[] = [];

  constructor(server: Server, line: FakeLine) {
    this.#server = server;
    this.#line = line;
    this.#cursor = server.head;
    this.#replies.push(hello({ epoch: `e${server.epoch}`, seq: server.head, traders: server.traders, tick_fields: ["vt_symbol"] }));
    line.onSaid = (said) => this.#obey(said);
  }

  /** Sends one message; false if there is none. */
  step(): boolean {
    if (!this.#line.isUp) return false;
    const reply = this.#replies.shift();
    if (reply !== undefined) return this.#say(reply);
    if ([...this.#active].some((tag) => this.#server.hasLost(this.#cursor, tag))) {
      this.#line.cut(4408, "slow_consumer");
      return true;
    }
    const owed = this.#owed[0];
    if (owed !== undefined) this.#held ??= { seq: this.#server.head, message: this.#snapshot(owed) };
    return this.#walk(this.#held?.seq ?? this.#server.head) || this.#give();
  }

  heartbeat(): void {
    if (this.#replies.length === 0) this.#say({ type: "heartbeat", seq: this.#cursor });
  }

  #walk(until: number): boolean {
    for (const entry of this.#server.entries.slice(this.#cursor, until)) {
      this.#cursor = entry.seq;
      if ("reset" in entry) {
        const void_ = [...this.#active].filter((tag) => tag.startsWith(`${entry.reset}/`));
        if (void_.length === 0) continue;
        void_.forEach((tag) => this.#active.delete(tag));
        this.#owed.push(...void_);
        return this.#say({ type: "reset", trader: entry.reset, seq: entry.seq });
      }
      if (!this.#active.has(entry.tag)) continue;
      const [trader, channel] = entry.tag.split("/");
      return this.#say({ type: "fact", channel, trader, seq: entry.seq, data: row(String(channel), entry.id, entry.value) });
    }
    return false;
  }

  #give(): boolean {
    const owed = this.#owed.shift();
    if (owed === undefined || this.#held === null) return false;
    this.#active.add(owed);
    const { message } = this.#held;
    this.#held = null;
    return this.#say(message);
  }

  #snapshot(tag: Tag): object {
    const [trader, channel] = tag.split("/");
    const seq = this.#server.head;
    if (channel === "trader") return { type: "trader", trader, seq, state: "live", since: null };
    return { type: "snapshot", channel, trader, seq, data: this.#server.rowsAt(seq, tag).map(([id, value]) => row(String(channel), id, value)) };
  }

  #obey(said: Said): void {
    const channels = (said["channels"] ?? []) as string[];
    const traders = said["trader"] === "*" ? this.#server.traders : [String(said["trader"])];
    const tags = channels.flatMap((channel) => traders.map((trader): Tag => `${trader}/${channel}`));
    let data = {};
    if (said.op === "resume") {
      data = { resumed: said["epoch"] === `e${this.#server.epoch}` };
      this.#resume = said["seq"] as number;
    }
    if (said.op === "subscribe") this.#subscribe(tags);
    if (said.op === "unsubscribe") tags.forEach((tag) => this.#leave(tag));
    this.#replies.push({ type: "reply", id: said.id ?? null, ok: true, data });
  }

  #subscribe(tags: readonly Tag[]): void {
    const resume = this.#resume;
    this.#resume = null;
    if (resume !== null) this.#cursor = resume;
    else if (this.#active.size === 0 && this.#owed.length === 0) this.#cursor = this.#server.head;
    for (const tag of tags) {
      if (this.#active.has(tag) || this.#owed.includes(tag)) continue;
      if (resume !== null && !this.#server.hasLost(resume, tag)) this.#active.add(tag);
      else this.#owed.push(tag);
    }
  }

  #leave(tag: Tag): void {
    this.#active.delete(tag);
    if (this.#owed[0] === tag) this.#held = null;
    this.#owed = this.#owed.filter((owed) => owed !== tag);
  }

  #say(message: object): true {
    this.#line.say(message);
    return true;
  }
}

function put(rows: Rows, id: string, value: number, isLog: boolean): Rows {
  if (isLog || !rows.some(([known]) => known === id)) return [...rows, [id, value]];
  return rows.map((one) => (one[0] === id ? ([id, value] as const) : one));
}

function concerns(entry: Entry, tag: Tag): boolean {
  return "reset" in entry ? tag.startsWith(`${entry.reset}/`) : entry.tag === tag;
}

function row(channel: string, id: string, value: number): object {
  return channel === "log" ? { msg: `${id} ${value}` } : { [channel === "order" ? "vt_orderid" : "vt_tradeid"]: id, price: value };
}
