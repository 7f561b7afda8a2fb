// The pure reducer: messages of the server and what happens at our own end go in, the next tables come out, with the
// facts that were really new. Always true: a fact is taken at most once, in the order of its number, and only upon
// the snapshot that it follows.
import { Chunks } from "../rows/chunks";
import { Keyed } from "../rows/keyed";
import { keyOf, type FactChannel } from "./channels";
import { Draft } from "./draft";
import type { Fact, Hello, ServerMessage, Snapshot } from "./messages";
import { LOG_LINES, type Tables } from "./tables";
import type { Channel, LiveBar, Tick } from "./types";

/** What happens at our own end. */
export type Local =
  /** From now on this is wanted of a trading process; what else was held of it goes. */
  | { readonly type: "wish"; readonly trader: string; readonly channels: ReadonlySet<Channel> }
  /** These channels are asked for anew. */
  | { readonly type: "void"; readonly trader: string; readonly channels: Iterable<FactChannel> }
  /** Something may have been lost: everything is asked for anew. */
  | { readonly type: "start_over" };

export interface Advance {
  readonly tables: Tables;
  /** The facts that were taken, in order. */
  readonly facts: readonly Fact[];
  /** The ticks that changed, newest per instrument. */
  readonly ticks: ReadonlyMap<string, readonly Tick[]>;
  /** The bars that came, in order: each that has finished, and of each line the newest running one. */
  readonly bars: ReadonlyMap<string, readonly LiveBar[]>;
  /** Whether nothing but ticks of the tables has changed. */
  readonly isTicksOnly: boolean;
}

export function apply(tables: Tables, message: ServerMessage | Local): Tables {
  return advance(tables, [message]).tables;
}

/** Takes many messages at once: what changes is copied once, however often it changes. */
export function advance(tables: Tables, messages: Iterable<ServerMessage | Local>): Advance {
  const draft = new Draft(tables);
  for (const message of messages) take(draft, message);
  return draft.done();
}

function take(draft: Draft, message: ServerMessage | Local): void {
  switch (message.type) {
    case "hello":
      return greet(draft, message);
    case "snapshot":
      return replace(draft, message);
    case "fact":
      return add(draft, message);
    case "ticks":
      return message.data.forEach((tick) => draft.tick(message.trader, tick));
    case "bars":
      return message.data.forEach((bar) => draft.bar(message.trader, bar));
    case "trader":
      return draft.follow(message.trader, "trader", { state: message.state, since: message.since ?? null }, message.seq);
    case "reset":
      // A repeated one counts, too: what was void may be so again.
      draft.desk(message.trader, { exact: new Set() });
      return draft.passed(message.seq);
    case "heartbeat":
      return draft.passed(message.seq);
    case "reply":
      return;
    case "wish":
      return draft.wish(message.trader, message.channels);
    case "void":
      for (const channel of message.channels) draft.exact(message.trader, channel, false);
      return;
    case "start_over":
      for (const trader of draft.traders()) draft.desk(trader, { exact: new Set() });
  }
}

/** In the same epoch we go on from where we stand; else nothing that is held follows from numbers to come. */
function greet(draft: Draft, hello: Hello): void {
  draft.keep(new Set(hello.traders));
  const goesOn = draft.epoch === hello.epoch && draft.seq <= hello.seq;
  for (const trader of hello.traders) draft.desk(trader, goesOn ? {} : { exact: new Set() });
  draft.begin(hello, goesOn ? draft.seq : 0);
}

function replace(draft: Draft, { trader, channel, seq, data }: Snapshot): void {
  const rows = channel === "log" ? Chunks.of(data.slice(-LOG_LINES)) : Keyed.of(data.map((row) => [keyOf(channel, row), row]));
  draft.follow(trader, channel, { [channel]: rows }, seq);
}

function add(draft: Draft, fact: Fact): void {
  const isNew = fact.seq > draft.seq && draft.follows(fact.trader, fact.channel);
  draft.passed(fact.seq);
  if (isNew) draft.row(fact);
}
