// The next tables while they are being made. Of what it changes it copies a small part, and that once, however often it
// changes. Always true: whoever reads a desk in between sees all that was done to it.
import type { Advance } from "./advance";
import { keyOf, lineOf, Watch, type FactChannel } from "./channels";
import { barDecoder } from "./bar";
import type { BarArray, Fact, Hello, TickArray } from "./messages";
import type { Editor } from "../rows/chunks";
import { Keyed, type KeyedEditor } from "../rows/keyed";
import { decoder } from "./tick";
import { LOG_LINES, NEW_DESK, NO_ROWS, type Desk, type Tables } from "./tables";
import type { Channel, LiveBar, LogLine, RowChannel, Tick } from "./types";

type Table = Exclude<RowChannel, "log"> | "tick";

/** Tables of one desk in the making. */
interface Edits {
  readonly tables: Map<Table, KeyedEditor<object>>;
  log: Editor<LogLine> | null;
}

export class Draft {
  #tables: Tables;
  /** Ours once something changes. */
  #desks: Map<string, Desk> | null = null;
  #decode: ((values: TickArray) => Tick) | null = null;
  #decodeBar: ((values: BarArray) => LiveBar | null) | null = null;
  readonly #edits = new Map<string, Edits>();
  #isTicksOnly = true;
  readonly #facts: Fact[] = [];
  readonly #ticks = new Map<string, Map<string, Tick>>();
  /** By trading process and line. */
  readonly #bars = new Map<string, Map<string, LiveBar[]>>();

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
    this.#decode = this.#decodeBar = null;
    this.#tables = { ...this.#tables, epoch: hello.epoch, fields: hello.tick_fields, barFields: hello.bar_fields ?? [], seq };
  }

  passed(seq: number): void {
    if (seq > this.seq) this.#tables = { ...this.#tables, seq };
  }

  traders(): readonly string[] {
    return [...(this.#desks ?? this.#tables.desks).keys()];
  }

  keep(traders: ReadonlySet<string>): void {
    for (const trader of this.traders()) {
      if (traders.has(trader)) continue;
      this.#isTicksOnly = false;
      this.#edits.delete(trader);
      this.#own().delete(trader);
    }
  }

  desk(trader: string, change: Partial<Desk>): void {
    this.#isTicksOnly = false;
    this.#settle(trader);
    this.#set(trader, change);
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
    this.#settle(trader);
    const { exact, tick } = this.#of(trader);
    const watch = new Watch(wanted);
    const gone = (Object.keys(NO_ROWS) as RowChannel[]).filter((channel) => !wanted.has(channel));
    this.desk(trader, {
      ...Object.fromEntries(gone.map((channel) => [channel, NO_ROWS[channel]])),
      exact: new Set([...exact].filter((channel) => wanted.has(channel))),
      tick: Keyed.of([...tick].filter(([vtSymbol]) => watch.has(vtSymbol))),
      wanted,
      watch,
    });
  }

  row(fact: Fact): void {
    this.#facts.push(fact);
    this.#isTicksOnly = false;
    if (fact.channel !== "log") return this.#table(fact.trader, fact.channel).set(keyOf(fact.channel, fact.data), fact.data);
    const edits = this.#editsOf(fact.trader);
    edits.log ??= this.#of(fact.trader).log.edit();
    edits.log.push(fact.data as LogLine);
    edits.log.keep(LOG_LINES);
  }

  tick(trader: string, values: TickArray): void {
    this.#decode ??= decoder(this.#tables.fields);
    const tick = this.#decode(values);
    if (!this.#of(trader).watch.has(tick.vt_symbol)) return;
    this.#table(trader, "tick").set(tick.vt_symbol, tick);
    const changed = this.#ticks.get(trader) ?? new Map<string, Tick>();
    this.#ticks.set(trader, changed.set(tick.vt_symbol, tick));
  }

  bar(trader: string, values: BarArray): void {
    this.#decodeBar ??= barDecoder(this.#tables.barFields);
    const bar = this.#decodeBar(values);
    if (bar === null) return;
    const line = lineOf(bar.vt_symbol, bar.interval);
    if (!this.#of(trader).wanted.has(line)) return;
    const lines = this.#bars.get(trader) ?? new Map<string, LiveBar[]>();
    const bars = lines.get(line) ?? [];
    // What is told of a bar that runs is void once more is told of its line.
    if (bars.at(-1)?.finished === false) bars.pop();
    bars.push(bar);
    this.#bars.set(trader, lines.set(line, bars));
  }

  done(): Advance {
    for (const trader of [...this.#edits.keys()]) this.#settle(trader);
    const tables = this.#desks === null ? this.#tables : { ...this.#tables, desks: this.#desks };
    const ticks = new Map([...this.#ticks].map(([trader, changed]) => [trader, [...changed.values()]]));
    const bars = new Map([...this.#bars].map(([trader, lines]) => [trader, [...lines.values()].flat()]));
    return { tables, facts: this.#facts, ticks, bars, isTicksOnly: this.#isTicksOnly };
  }

  #of(trader: string): Desk {
    return (this.#desks ?? this.#tables.desks).get(trader) ?? NEW_DESK;
  }

  #own(): Map<string, Desk> {
    this.#desks ??= new Map(this.#tables.desks);
    return this.#desks;
  }

  #set(trader: string, change: Partial<Desk>): void {
    this.#own().set(trader, { ...this.#of(trader), ...change });
  }

  #editsOf(trader: string): Edits {
    const known = this.#edits.get(trader) ?? { tables: new Map(), log: null };
    this.#edits.set(trader, known);
    return known;
  }

  #table(trader: string, name: Table): KeyedEditor<object> {
    const { tables } = this.#editsOf(trader);
    const editor = tables.get(name) ?? Keyed.of<object>(this.#of(trader)[name]).edit();
    tables.set(name, editor);
    return editor;
  }

  /** Puts what was made of a desk's tables into it. */
  #settle(trader: string): void {
    const edits = this.#edits.get(trader);
    if (edits === undefined) return;
    this.#edits.delete(trader);
    const made = [...edits.tables].map(([name, editor]) => [name, editor.done()]);
    this.#set(trader, { ...(Object.fromEntries(made) as Partial<Desk>), ...(edits.log === null ? {} : { log: edits.log.done() }) });
  }
}
