import { expect, it } from "vitest";
import { CHUNK } from "../../rows/chunks";
import { advance, apply, type Local } from "../advance";
import { read, type ServerMessage } from "../messages";
import { EMPTY, LOG_LINES, type Tables } from "../tables";
import type { Channel } from "../types";
import { hello } from "./world";

const order = (id: string, status = "NOTTRADED"): object => ({ vt_orderid: id, status });
const snapshot = (channel: string, seq: number, data: object[], trader = "sim"): object => ({ type: "snapshot", channel, trader, seq, data });
const fact = (channel: string, seq: number, data: object, trader = "sim"): object => ({ type: "fact", channel, trader, seq, data });
const wish = (...channels: Channel[]): Local => ({ type: "wish", trader: "sim", channels: new Set(channels) });

function take(tables: Tables, ...messages: object[]): Tables {
  return messages.reduce<Tables>((state, message) => apply(state, message as ServerMessage | Local), tables);
}

const START = take(EMPTY, hello(), wish("order", "trade", "log", "tick:a.*", "tick:b.B", "trader"));
const orders = (tables: Tables): string[] =>
  [...(tables.desks.get("sim")?.order ?? [])].map(([id, row]) => `${id} ${row.status}`);
const exact = (tables: Tables): string[] => [...(tables.desks.get("sim")?.exact ?? [])];

it("puts facts upon their snapshot, each once", () => {
  const tables = take(
    START, fact("order", 1, order("too early")), snapshot("order", 3, [order("1"), order("2")]),
    fact("order", 5, order("2", "ALLTRADED")), fact("order", 5, order("2", "again")), fact("order", 4, order("1", "older")),
    fact("order", 6, order("3")),
  );
  expect(orders(tables)).toEqual(["1 NOTTRADED", "2 ALLTRADED", "3 NOTTRADED"]);
  expect([tables.seq, exact(tables)]).toEqual([6, ["order"]]);
});

it("tells which facts were new, in order, and the newest tick of each instrument", () => {
  const before = take(START, snapshot("order", 1, []), snapshot("trade", 1, []));
  const change = advance(before, [
    fact("order", 2, order("1")), fact("trade", 3, { vt_tradeid: "t" }), fact("order", 2, order("1")),
    { type: "ticks", trader: "sim", data: [["b.B", null, 1], ["b.B", null, 2], ["c.C", null, 3], ["a.1", "2026-11-22T09:00:00+08:00"]] },
  ] as ServerMessage[]);
  expect(change.facts.map((one) => one.seq)).toEqual([2, 3]);
  expect(change.ticks.get("sim")).toMatchObject([
    { vt_symbol: "b.B", datetime: null, last_price: 2 },
    { vt_symbol: "a.1", datetime: "2026-11-22T09:00:00+08:00", last_price: null, ask_volume_5: null },
  ]);
  expect(change.tables.desks.get("sim")?.tick.size).toBe(2);
});

it("gives bars of what is wanted: each finished one, and of each line the newest that runs", () => {
  const fields = ["vt_symbol", "interval", "datetime", "close_price", "finished", "something_new", "volume"];
  const before = take(EMPTY, hello({ bar_fields: fields }), wish("bar:a.B:1m", "bar:a.B:5m", "tick:*"));
  const bar = (minute: number, close: number | null, finished: boolean, interval = "1m", symbol = "a.B"): unknown[] =>
    [symbol, interval, `2026-11-22T09:0${minute}:00+08:00`, close, finished, "?", 5];
  const bars = (data: unknown[]): ServerMessage => ({ type: "bars", trader: "sim", data }) as ServerMessage;
  const change = advance(before, [
    bars([bar(0, 1, true), bar(1, 2, false)]), bars([bar(0, 7, false, "5m"), bar(1, 3, false)]),
    bars([bar(1, 4, true), bar(2, null, true), bar(3, 6, false), bar(3, 6, false, "15m"), bar(3, 6, false, "1m", "c.D"), ["a.B"], []]),
  ]);
  const told = (change.bars.get("sim") ?? []).map((one) => `${one.interval} ${one.datetime.slice(15, 16)} ${one.close_price} ${one.finished}`);
  expect(told).toEqual(["1m 0 1 true", "1m 1 4 true", "1m 2 null true", "1m 3 6 false", "5m 0 7 false"]);
  expect(change.bars.get("sim")?.[0]).toMatchObject({ vt_symbol: "a.B", volume: 5, open_price: null });
  expect([change.tables, change.isTicksOnly]).toEqual([before, true]);
  // A server that names no fields has no bars.
  expect(advance(take(EMPTY, hello(), wish("bar:a.B:1m")), [bars([bar(0, 1, true)])]).bars.size).toBe(0);
});

it("keeps what it does not change, and changes nothing in place", () => {
  const before = take(START, snapshot("order", 1, [order("1")]), snapshot("trade", 1, []));
  const after = take(before, fact("order", 2, order("1", "CANCELLED")), { type: "heartbeat", seq: 9 });
  expect(orders(before)).toEqual(["1 NOTTRADED"]);
  expect(after.desks.get("sim")?.trade).toBe(before.desks.get("sim")?.trade);
  expect(after.seq).toBe(9);
  expect(take(after, { type: "heartbeat", seq: 10 }).desks).toBe(after.desks);
});

it("goes on in the same epoch, and trusts nothing in another", () => {
  const before = take(START, snapshot("order", 7, [order("1")]));
  expect(exact(take(before, hello({ seq: 8 })))).toEqual(["order"]);
  const other = take(before, hello({ epoch: "e2", seq: 90 }));
  expect([exact(other), other.seq, orders(other)]).toEqual([[], 0, ["1 NOTTRADED"]]);
  expect(exact(take(before, hello({ seq: 6 })))).toEqual([]);
});

it("forgets a trading process that is no longer there", () => {
  const both = take(EMPTY, hello({ traders: ["sim", "ctp"] }));
  expect([...take(both, hello({ epoch: "e2", traders: ["ctp"] })).desks.keys()]).toEqual(["ctp"]);
});

it("keeps rows that a reset makes void until their snapshot comes", () => {
  const before = take(START, snapshot("order", 1, [order("1")]), { type: "reset", trader: "sim", seq: 4 });
  expect([orders(before), exact(before), before.seq]).toEqual([["1 NOTTRADED"], [], 4]);
  const after = take(before, fact("order", 5, order("lost")), snapshot("order", 5, [order("2")]));
  expect([orders(after), exact(after)]).toEqual([["2 NOTTRADED"], ["order"]]);
});

it("drops what is no longer wanted, and what of it is still on its way", () => {
  const before = take(START, snapshot("order", 1, [order("1")]), { type: "ticks", trader: "sim", data: [["a.1"], ["b.B"]] });
  const after = take(
    before, wish("trade", "tick:b.B"), fact("order", 2, order("2")), snapshot("order", 2, [order("2")]),
    { type: "ticks", trader: "sim", data: [["a.1"]] },
  );
  expect([orders(after), exact(after), [...(after.desks.get("sim")?.tick.keys() ?? [])]]).toEqual([[], [], ["b.B"]]);
});

it("knows how each trading process is reached", () => {
  const tables = take(START, { type: "trader", trader: "sim", seq: 3, state: "stale", since: "2026-11-22T09:00:00Z" });
  expect(tables.desks.get("sim")).toMatchObject({ state: "stale", since: "2026-11-22T09:00:00Z" });
  expect(exact(tables)).toEqual(["trader"]);
});

it("keeps the newest log lines only", () => {
  const lines = Array.from({ length: LOG_LINES + 5 }, (_, n) => ({ msg: String(n) }));
  const more = Array.from({ length: CHUNK }, (_, n) => fact("log", n + 2, { msg: `more ${n}` }));
  const before = take(START, snapshot("log", 1, lines), ...more.slice(1));
  const after = take(before, fact("log", CHUNK + 2, { msg: "last" }));
  const log = (tables: typeof before) => tables.desks.get("sim")?.log;
  expect([log(before)?.length, log(before)?.at(0)?.msg]).toEqual([LOG_LINES + CHUNK - 1, "5"]);
  expect([log(after)?.length, log(after)?.at(0)?.msg, log(after)?.at(LOG_LINES - 1)?.msg]).toEqual([LOG_LINES, String(CHUNK + 5), "last"]);
});

it("starts over when told", () => {
  const tables = take(START, snapshot("order", 1, [order("1")]), { type: "start_over" });
  expect([exact(tables), orders(tables)]).toEqual([[], ["1 NOTTRADED"]]);
});

it("reads messages, passes over those of a newer server, and sees broken ones", () => {
  const kinds = [
    JSON.stringify(hello()), '{"type":"fact","channel":"bar","trader":"sim","seq":1,"data":{}}', '{"type":"news"}',
    '{"type":"heartbeat","seq":-1}', '{"type":"fact","channel":"order","trader":"sim","seq":1}', '{"type":"ticks","trader":"sim","data":[1]}',
    '{"type":"toString"}', '{"type":"heartbeat","seq":1', "[]", "null", new ArrayBuffer(3),
    '{"type":"bars","trader":"sim","data":[[1]]}', '{"type":"bars","trader":"sim","data":[1]}', '{"type":"bars","data":[]}',
    JSON.stringify(hello({ bar_fields: [1] })),
    '{"type":"reply","id":null,"ok":true}', '{"type":"reply","id":1,"ok":false}',
  ].map((text) => read(text)?.type ?? null);
  expect(kinds).toEqual(["hello", "unknown", "unknown", null, null, null, "unknown", null, null, null, null, "bars", null, null, null, "reply", null]);
});
