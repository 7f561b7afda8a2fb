// Whatever happens in whatever order - facts, resets, cuts at any message, restarts, panels that come and go - what is
// shown while live is what the server had at that number, and a fact is told once and in order.
import { expect, it } from "vitest";
import { connect, type Link } from "../link";
import type { Desk } from "../tables";
import { CHANNELS, Reader, Server } from "./server";
import { rest, World } from "./world";

const RUNS = 200;
const STEPS = 120;

it.each([[["sim"]], [["sim", "ctp"]]])("ends up exact with the trading processes %j", async (traders) => {
  const totals = { facts: 0, resumes: 0, snapshots: 0 };
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const run = new Run(traders, chances(seed));
    try {
      await run.play();
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
    totals.facts += run.facts;
    totals.resumes += run.resumes;
    totals.snapshots += run.snapshots;
  }
  // Otherwise the above proves nothing.
  expect(Math.min(totals.facts, totals.resumes, totals.snapshots)).toBeGreaterThan(RUNS);
});

class Run {
  facts = 0;
  resumes = 0;
  snapshots = 0;
  readonly #chance: () => number;
  readonly #server: Server;
  readonly #world = new World();
  readonly #link: Link;
  #reader: Reader | null = null;
  #panels: (() => void)[] = [];
  #told = { epoch: "", seq: 0 };
  #value = 0;
  #failure: Error | null = null;

  constructor(traders: readonly string[], chance: () => number) {
    this.#chance = chance;
    this.#server = new Server(traders);
    this.#server.reach = 3 + this.#below(30);
    this.#world.onDial = (line) => {
      this.#reader = new Reader(this.#server, line);
      const say = line.say.bind(line);
      line.say = (message) => {
        if ((message as { type: string }).type === "snapshot") this.snapshots += 1;
        say(message);
      };
    };
    this.#link = connect({ url: "ws://here/", surroundings: this.#world });
    this.#link.on("fact", (fact) => this.#note(() => this.#tell(fact.seq)));
    this.#link.on("tables", () => this.#note(() => this.#check()));
    this.#link.on("phase", () => this.#note(() => this.#check()));
  }

  async play(): Promise<void> {
    await rest();
    this.#open();
    for (let n = 0; n < STEPS; n += 1) await this.#step();
    await this.#settle();
    if (this.#failure !== null) throw this.#failure;
    expect(this.#link.phase.name).toBe("live");
    this.resumes = this.#world.lines.reduce((sum, line) => sum + line.ops("resume").length, 0);
    for (const trader of this.#server.traders) {
      const desk = this.#link.tables.desks.get(trader);
      for (const channel of CHANNELS) if (desk?.wanted.has(channel) === true) this.#compare(trader, channel, desk, this.#server.head);
    }
    this.#link.close();
  }

  /** What a listener finds; it may not throw itself. */
  #note(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.#failure ??= error as Error;
    }
  }

  async #step(): Promise<void> {
    switch (this.#below(18)) {
      case 0:
        return this.#below(2) === 0 ? this.#world.line.cut() : this.#world.unplug();
      case 1:
        return this.#open();
      case 2:
        return this.#shut();
      case 3:
        return this.#below(3) === 0 ? this.#restart() : this.#reset();
      case 4:
        return this.#world.pass(this.#below(1500));
      case 5:
        return this.#reader?.heartbeat();
      case 6:
      case 7:
      case 8:
        return this.#happen(1 + this.#below(6));
      case 9:
      case 10:
        await this.#world.pass(600);
        while (this.#reader?.step() === true);
        return this.#world.pass(20);
      default:
        for (let n = this.#below(8); n > 0; n -= 1) this.#reader?.step();
        return this.#world.pass(20);
    }
  }

  async #settle(): Promise<void> {
    for (let n = 0; n < 400 && !this.#isSettled(); n += 1) {
      await this.#world.pass(50);
      while (this.#reader?.step() === true);
      this.#reader?.heartbeat();
      await this.#world.pass(20);
    }
  }

  #isSettled(): boolean {
    const { seq, desks } = this.#link.tables;
    const isComplete = [...desks.values()].every((desk) => [...desk.wanted].every((channel) => desk.exact.has(channel as "order")));
    return this.#link.phase.name === "live" && seq >= this.#server.head && isComplete;
  }

  #happen(count: number): void {
    for (let n = 0; n < count; n += 1) {
      this.#server.fact(this.#one(this.#server.traders), this.#one(CHANNELS), String(this.#below(4)), (this.#value += 1));
    }
  }

  #reset(): void {
    const trader = this.#one(this.#server.traders);
    this.#server.reset(trader, new Map([[`${trader}/${this.#one(CHANNELS)}` as const, [["0", (this.#value += 1)] as const]]]));
  }

  #restart(): void {
    this.#server.restart();
    this.#world.line.cut(1001, '{"reason":"going_away","retry_after_ms":100}');
  }

  #open(): void {
    const trader = this.#below(3) === 0 ? { trader: this.#one(this.#server.traders) } : {};
    this.#panels.push(this.#link.subscribe({ channels: [this.#one(CHANNELS), this.#one(CHANNELS)], ...trader }));
  }

  #shut(): void {
    this.#panels.splice(this.#below(this.#panels.length), 1)[0]?.();
  }

  #tell(seq: number): void {
    this.facts += 1;
    const epoch = `e${this.#server.epoch}`;
    if (this.#told.epoch === epoch) expect(seq).toBeGreaterThan(this.#told.seq);
    this.#told = { epoch, seq };
  }

  /** While live, each exact channel is what the server had at the number that we stand at. */
  #check(): void {
    const { epoch, seq, desks } = this.#link.tables;
    if (this.#link.phase.name !== "live" || epoch !== `e${this.#server.epoch}`) return;
    for (const [trader, desk] of desks) {
      for (const channel of CHANNELS) if (desk.exact.has(channel)) this.#compare(trader, channel, desk, seq);
    }
  }

  #compare(trader: string, channel: (typeof CHANNELS)[number], desk: Desk, seq: number): void {
    const wanted = this.#server.rowsAt(seq, `${trader}/${channel}`).map(([id, value]) => `${id} ${value}`);
    const shown = channel === "log"
      ? [...desk.log].map((line) => line.msg)
      : [...desk[channel]].map(([id, one]) => `${id} ${one.price}`);
    expect({ trader, channel, seq, rows: shown }).toEqual({ trader, channel, seq, rows: wanted });
  }

  #below(bound: number): number {
    return Math.floor(this.#chance() * bound);
  }

  #one<T>(all: readonly T[]): T {
    const one = all[this.#below(all.length)];
    if (one === undefined) throw new Error("nothing to choose from");
    return one;
  }
}

/** mulberry32: the same numbers for the same seed. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
