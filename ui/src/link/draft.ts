// The next tables while they are being made. Copies what it changes, and each thing once, however often it changes.
import type { Advance } from "./advance";
import { keyOf, Watch, type FactChannel } from "./channels";
import type { Fact, Hello, TickArray } from "./messages";
import { decoder } from "./tick";
import { LOG_LINES, NEW_DESK, NO_ROWS, type Desk, type Tables } from "./tables";
import type { Channel, LogLine, RowChannel, Tick } from "./types";

export class Draft {
  #tables: Tables;
  /** Ours once something changes. */
  #desks: Map<string, Desk> | null = null;
  #decode: ((values: TickArray) => Tick) | null = null;
  readonly #owned = new Set<unknown>();
  readonly #facts: Fact[] = [];
  readonly #ticks = new Map<string, Map<string, Tick>>();

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  get epoch(): string | null {
    return this.#tables.epoch;
  }

  get seq(): number {
    return this.#tables.seq;
  }

  begin(hello: Hello, seq: number): void {
    this.#decode = null;
    this.#tables = { ...this.#tables, epoch: hello.epoch, fields: hello.tick_fields, seq };
  }

  passed(seq: number): void {
    if (seq > this.seq) this.#tables = { ...this.#tables, seq };
  }

  traders(): readonly string[] {
    return [...(this.#desks ?? this.#tables.desks).keys()];
  }

  keep(traders: ReadonlySet<string>): void {
    for (const trader of this.traders()) if (!traders.has(trader)) this.#own().delete(trader);
  }

  desk(trader: string, change: Partial<Desk>): void {
    this.#own().set(trader, { ...this.#of(trader), ...change });
  }

  follows(trader: string, channel: FactChannel): boolean {
    return this.#of(trader).exact.has(channel);
  }

  /** The whole of a channel as it stands at a number; of no use where it is not wanted any more. */
  follow(trader: string, channel: FactChannel, rows: Partial<Desk>, seq: number): void {
    this.passed(seq);
    if (!this.#of(trader).wanted.has(channel)) return;
    this.desk(trader, rows);
    this.exact(trader, channel, true);
  }

  exact(trader: string, channel: FactChannel, is: boolean): void {
    if (this.follows(trader, channel) === is) return;
    const exact = new Set(this.#of(trader).exact);
    if (is) exact.add(channel);
    else exact.delete(channel);
    this.desk(trader, { exact });
  }

  wish(trader: string, wanted: ReadonlySet<Channel>): void {
    const { exact, tick } = this.#of(trader);
    const watch = new Watch(wanted);
    const gone = (Object.keys(NO_ROWS) as RowChannel[]).filter((channel) => !wanted.has(channel));
    this.desk(trader, {
      ...Object.fromEntries(gone.map((channel) => [channel, NO_ROWS[channel]])),
      exact: new Set([...exact].filter((channel) => wanted.has(channel))),
      tick: new Map([...tick].filter(([vtSymbol]) => watch.has(vtSymbol))),
      wanted,
      watch,
    });
  }

  row(fact: Fact): void {
    this.#facts.push(fact);
    if (fact.channel === "log") {
      const log = this.#copied(fact.trader, "log", (lines) => [...(lines as readonly LogLine[])]) as LogLine[];
      log.push(fact.data as LogLine);
      if (log.length > LOG_LINES) log.shift();
      return;
    }
    const rows = this.#copied(fact.trader, fact.channel, (map) => new Map(map as ReadonlyMap<string, object>));
    (rows as Map<string, object>).set(keyOf(fact.channel, fact.data), fact.data);
  }

  tick(trader: string, values: TickArray): void {
    this.#decode ??= decoder(this.#tables.fields);
    const tick = this.#decode(values);
    if (!this.#of(trader).watch.has(tick.vt_symbol)) return;
    const ticks = this.#copied(trader, "tick", (map) => new Map(map as ReadonlyMap<string, Tick>)) as Map<string, Tick>;
    ticks.set(tick.vt_symbol, tick);
    const changed = this.#ticks.get(trader) ?? new Map<string, Tick>();
    this.#ticks.set(trader, changed.set(tick.vt_symbol, tick));
  }

  done(): Advance {
    const tables = this.#desks === null ? this.#tables : { ...this.#tables, desks: this.#desks };
    return { tables, facts: this.#facts, ticks: new Map([...this.#ticks].map(([trader, ticks]) => [trader, [...ticks.values()]])) };
  }

  #of(trader: string): Desk {
    return (this.#desks ?? this.#tables.desks).get(trader) ?? NEW_DESK;
  }

  #own(): Map<string, Desk> {
    this.#desks ??= new Map(this.#tables.desks);
    return this.#desks;
  }

  /** A table of a desk, copied if it is not ours yet. */
  #copied(trader: string, name: RowChannel | "tick", copy: (table: unknown) => object): object {
    const table = this.#of(trader)[name];
    if (this.#owned.has(table)) return table;
    const own = copy(table);
    this.#owned.add(own);
    this.desk(trader, { [name]: own });
    return own;
  }
}
