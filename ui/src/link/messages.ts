// The stream's messages, read and checked in one place: what leaves `read` has the members that its type promises.
// Rows are taken as the server wrote them, since it writes them from one definition.
import type { Problem, RowChannel, TraderState } from "./types";

export interface Hello {
  readonly type: "hello";
  readonly epoch: string;
  readonly seq: number;
  readonly server_time: string;
  readonly heartbeat_ms: number;
  /** Names of a tick array's values, in order. */
  readonly tick_fields: readonly string[];
  /** The same of a bar array's; a server that has no bars does not name them. */
  readonly bar_fields?: readonly string[];
  /** The trading processes behind this server. */
  readonly traders: readonly string[];
}

export interface Snapshot {
  readonly type: "snapshot";
  readonly channel: RowChannel;
  readonly trader: string;
  readonly seq: number;
  readonly data: readonly object[];
}

export interface Fact {
  readonly type: "fact";
  readonly channel: RowChannel;
  readonly trader: string;
  readonly seq: number;
  readonly data: object;
}

export interface Ticks {
  readonly type: "ticks";
  readonly trader: string;
  readonly data: readonly TickArray[];
}

/** Of each bar line that changed the bars that have finished, in order, and the running one. */
export interface Bars {
  readonly type: "bars";
  readonly trader: string;
  readonly data: readonly BarArray[];
}

export type BarArray = readonly (string | number | boolean | null)[];

export type TickArray = readonly (string | number | null)[];

export interface TraderMessage {
  readonly type: "trader";
  readonly trader: string;
  readonly seq: number;
  readonly state: TraderState;
  readonly since: string | null;
}

/** What is held of this trading process is void; snapshots follow. */
export interface Reset {
  readonly type: "reset";
  readonly trader: string;
  readonly seq: number;
}

export interface Heartbeat {
  readonly type: "heartbeat";
  readonly seq: number;
}

export type Reply =
  | { readonly type: "reply"; readonly id: number | null; readonly ok: true; readonly data: unknown }
  | { readonly type: "reply"; readonly id: number | null; readonly ok: false; readonly error: Problem };

export type ServerMessage = Hello | Snapshot | Fact | Ticks | Bars | TraderMessage | Reset | Heartbeat | Reply;

/** A message of a kind that this client does not know: a newer server's, to be passed over. */
export interface Unknown {
  readonly type: "unknown";
}

type Members = Readonly<Record<string, unknown>>;

const CHANNELS: ReadonlySet<unknown> = new Set<RowChannel>([
  "order", "trade", "position", "account", "contract", "quote", "log",
]);

const KINDS: Readonly<Record<ServerMessage["type"], (message: Members) => boolean>> = {
  hello: (m) =>
    isText(m["epoch"]) && isSeq(m["seq"]) && isPositive(m["heartbeat_ms"]) && areTexts(m["tick_fields"]) && areTexts(m["traders"]) &&
    (m["bar_fields"] === undefined || areTexts(m["bar_fields"])),
  snapshot: (m) => isText(m["trader"]) && isSeq(m["seq"]) && Array.isArray(m["data"]) && m["data"].every(isObject),
  fact: (m) => isText(m["trader"]) && isSeq(m["seq"]) && isObject(m["data"]),
  ticks: (m) => isText(m["trader"]) && Array.isArray(m["data"]) && m["data"].every(Array.isArray),
  bars: (m) => isText(m["trader"]) && Array.isArray(m["data"]) && m["data"].every(Array.isArray),
  trader: (m) => isText(m["trader"]) && isSeq(m["seq"]) && isText(m["state"]),
  reset: (m) => isText(m["trader"]) && isSeq(m["seq"]),
  heartbeat: (m) => isSeq(m["seq"]),
  reply: (m) => m["ok"] === true || isObject(m["error"]),
};

/** Reads one message; `null` where it breaks the protocol, which means that something may be lost. */
export function read(text: unknown): ServerMessage | Unknown | null {
  const message = parse(text);
  if (!isObject(message) || !isText(message["type"])) return null;
  const type = message["type"];
  if (!Object.hasOwn(KINDS, type)) return { type: "unknown" };
  if ((type === "snapshot" || type === "fact") && !CHANNELS.has(message["channel"])) {
    return isText(message["channel"]) ? { type: "unknown" } : null;
  }
  return KINDS[type as ServerMessage["type"]](message) ? (message as unknown as ServerMessage) : null;
}

function parse(text: unknown): unknown {
  if (typeof text !== "string") return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && value > 0;
}
