import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connect, type Link } from "../link";
import type { Phase } from "../phase";
import { newOrder, placed, placeOrder } from "../orders";
import { uuid } from "../surroundings";
import { hello, rest, World, type FakeLine, type Said } from "./world";

let world: World;
let link: Link;
let phases: string[];

beforeEach(async () => {
  world = new World();
  link = connect({ url: "ws://here/", token: () => "secret", surroundings: world });
  phases = [];
  link.on("phase", (phase) => phases.push(phase.name));
  await rest();
});
afterEach(() => {
  link.close();
  expect(world.isAtRest).toBe(true);
});

const TRADER = { type: "trader", trader: "sim", seq: 0, state: "live", since: null };
const subscribed = (line: FakeLine): unknown[] => line.ops("subscribe").map((said) => [said["trader"], said["channels"]]);
const refuse = (said: Said | undefined, status: number, code: string): object =>
  ({ type: "reply", id: said?.id, ok: false, error: { type: "about:blank", title: "", status, code, detail: "" } });

/** The whole way to live, with these snapshots. */
async function live(members: object = {}, ...messages: object[]): Promise<FakeLine> {
  const line = world.line;
  line.events.opened();
  line.say(hello(members));
  await world.pass(0);
  line.agree();
  for (const message of [...messages, TRADER]) line.say(message);
  await world.pass(20);
  expect(link.phase).toEqual({ name: "live" });
  return line;
}

it("logs in by its first message and is live once all that is wanted has come", async () => {
  link.subscribe({ channels: ["order", "tick:a.B"] });
  world.line.events.opened();
  expect(world.line.said).toEqual([{ op: "auth", token: "secret" }]);
  world.line.say(hello());
  await world.pass(20);
  expect(subscribed(world.line)).toEqual([["sim", ["order", "trader", "tick:a.B"]]]);
  expect(link.phase).toEqual({ name: "syncing", since: null });
  world.line.agree();
  world.line.say(TRADER);
  await world.pass(20);
  expect(link.phase.name).toBe("syncing");
  world.line.say({ type: "snapshot", channel: "order", trader: "sim", seq: 4, data: [{ vt_orderid: "1" }] });
  await world.pass(20);
  expect(phases).toEqual(["syncing", "live"]);
  expect(link.tables.desks.get("sim")?.order.size).toBe(1);
});

it("asks once for what several panels want, and no longer when the last has gone", async () => {
  const line = await live();
  const first = link.subscribe({ channels: ["order", "tick:a.B"], interval_ms: 500 });
  const second = link.subscribe({ channels: ["order"] });
  await rest();
  expect(line.said.map(({ id: _, ...said }) => said)).toEqual([
    { op: "subscribe", trader: "sim", channels: ["order", "tick:a.B"], interval_ms: 500 },
  ]);
  line.agree();
  const hurried = link.subscribe({ channels: ["tick:a.B"], interval_ms: 50 });
  await rest();
  expect(line.said.map(({ id: _, ...said }) => said)).toEqual([{ op: "subscribe", trader: "*", channels: [], interval_ms: 50 }]);
  hurried();
  await rest();
  line.agree();
  first();
  first();
  await rest();
  expect(line.said[0]).toEqual({ op: "unsubscribe", trader: "sim", channels: ["tick:a.B"] });
  second();
  link.subscribe({ channels: ["order"] });
  await rest();
  expect(line.ops("unsubscribe").length).toBe(1);
});

it("goes on where it stood after a cut, keeping what is shown and saying since when", async () => {
  link.subscribe({ channels: ["order", "log"] });
  const facts: number[] = [];
  link.on("fact", (fact) => facts.push(fact.seq));
  const line = await live(
    {}, { type: "snapshot", channel: "order", trader: "sim", seq: 4, data: [] },
    { type: "snapshot", channel: "log", trader: "sim", seq: 4, data: [] },
  );
  line.say({ type: "fact", channel: "order", trader: "sim", seq: 6, data: { vt_orderid: "1" } });
  const heard = world.now();
  line.cut();
  expect([link.phase, facts]).toEqual([{ name: "stale", since: heard }, [6]]);
  expect(link.tables.desks.get("sim")?.order.size).toBe(1);
  await world.pass(400);
  const again = world.line;
  expect(again).not.toBe(line);
  again.events.opened();
  again.say(hello({ seq: 9 }));
  expect(again.said.slice(1, 3).map(({ id: _, ...said }) => said)).toEqual([
    { op: "resume", epoch: "e1", seq: 6 },
    { op: "subscribe", trader: "*", channels: ["order", "log"], interval_ms: 60_000 },
  ]);
  expect(subscribed(again)[1]).toEqual(["sim", ["trader"]]);
  again.agree();
  again.say({ type: "fact", channel: "order", trader: "sim", seq: 6, data: { vt_orderid: "again" } });
  again.say({ type: "fact", channel: "log", trader: "sim", seq: 8, data: { msg: "missed" } });
  again.say({ ...TRADER, seq: 9 });
  await world.pass(20);
  expect([facts, link.phase.name, link.tables.desks.get("sim")?.order.size]).toEqual([[6, 8], "live", 1]);
});

it("resumes from the same place again while the attempt before was not complete", async () => {
  link.subscribe({ channels: ["order", "trade"] });
  const line = await live(
    {}, { type: "snapshot", channel: "order", trader: "sim", seq: 4, data: [] },
    { type: "snapshot", channel: "trade", trader: "sim", seq: 4, data: [] },
  );
  line.cut();
  await world.pass(400);
  world.line.say(hello({ seq: 9 }));
  world.line.agree();
  // `trade` may have been lost and a snapshot be on its way; nobody said so.
  world.line.say({ type: "fact", channel: "order", trader: "sim", seq: 8, data: { vt_orderid: "1" } });
  world.line.cut();
  await world.pass(1000);
  world.line.say(hello({ seq: 9 }));
  expect(world.line.ops("resume")[0]?.["seq"]).toBe(4);
});

it("asks for everything anew where the server has another epoch or will not resume", async () => {
  link.subscribe({ channels: ["order"] });
  const orders = { type: "snapshot", channel: "order", trader: "sim", seq: 4, data: [{ vt_orderid: "1" }] };
  (await live({}, orders)).cut();
  await world.pass(400);
  world.line.say(hello({ epoch: "e2" }));
  expect([world.line.ops("resume"), subscribed(world.line)]).toEqual([[], [["sim", ["order", "trader"]]]]);
  world.line.cut();
  await world.pass(1000);
  (await live({ epoch: "e2" }, orders)).cut();
  await world.pass(400);
  world.line.say(hello({ epoch: "e2", seq: 9 }));
  world.line.say({ type: "reply", id: world.line.ops("resume")[0]?.id, ok: true, data: { resumed: false } });
  world.line.said.splice(0, 2);
  world.line.agree();
  world.line.say(TRADER);
  await world.pass(20);
  expect([link.phase.name, [...(link.tables.desks.get("sim")?.exact ?? [])]]).toEqual(["syncing", ["trader"]]);
});

it("takes a server that says nothing for gone", async () => {
  const line = await live();
  await world.pass(5_000);
  line.say({ type: "heartbeat", seq: 1 });
  await world.pass(12_400);
  expect(link.phase.name).toBe("live");
  await world.pass(200);
  expect([link.phase.name, line.isUp]).toEqual(["stale", false]);
  await world.pass(400);
  expect(world.lines.length).toBe(2);
});

it("gives up on a server that never says hello, and tries again", async () => {
  await world.pass(15_500);
  expect([world.lines.length, link.phase.name]).toEqual([2, "connecting"]);
});

it("finds out at once after the lid was open again", async () => {
  const line = await live();
  world.sleep(3_600_000);
  const outcome = link.call("orders.place");
  expect([link.phase.name, line.isUp]).toEqual(["stale", false]);
  expect(await outcome).toMatchObject({ outcome: "not_sent", why: "not_live" });
  world.wake();
  await rest();
  expect(world.lines.length).toBe(2);
});

it("asks a server that may be gone after a wake-up, and does not wait for its heartbeat", async () => {
  const line = await live();
  await world.pass(1_000);
  world.wake();
  world.wake();
  expect(line.ops("ping").length).toBe(1);
  line.say({ type: "reply", id: null, ok: true, data: {} });
  await world.pass(3_100);
  expect(link.phase.name).toBe("live");
  world.wake();
  await world.pass(3_100);
  expect(link.phase.name).toBe("stale");
});

it("is stale at once when the cable is pulled, dials at once, and again at once when it is back", async () => {
  const line = await live();
  const outcome = link.call("orders.place");
  world.unplug();
  expect([link.phase.name, line.isUp]).toEqual(["stale", false]);
  expect(await outcome).toMatchObject({ outcome: "unknown", why: "lost" });
  await rest();
  expect(world.lines.length).toBe(2);
  world.line.cut();
  world.unplug();
  await rest();
  expect(world.lines.length).toBe(3);
  world.line.cut();
  world.wake();
  await rest();
  world.line.say(hello({ seq: 1 }));
  world.line.agree();
  expect([world.lines.length, link.phase.name]).toEqual([4, "syncing"]);
});

it("dials again when the network is back instead of waiting", async () => {
  for (let n = 0; n < 6; n += 1) {
    world.line.cut();
    await world.pass(16_000);
  }
  world.line.cut();
  const before = world.lines.length;
  world.wake();
  await rest();
  expect(world.lines.length).toBe(before + 1);
});

it.each([[4401, "login"], [4403, "forbidden"], [4409, "session"]] as const)("ends for good with %i", async (code, reason) => {
  (await live()).cut(code);
  expect(link.phase).toEqual({ name: "ended", reason } satisfies Phase);
  await world.pass(60_000);
  world.wake();
  await rest();
  expect([world.lines.length, world.isAtRest]).toEqual([1, true]);
});

it("starts over where a message cannot be read", async () => {
  link.subscribe({ channels: ["order"] });
  const line = await live({}, { type: "snapshot", channel: "order", trader: "sim", seq: 4, data: [] });
  line.events.message('{"type":"fact","channel":"order"');
  expect(link.phase.name).toBe("stale");
  await world.pass(400);
  world.line.say(hello({ seq: 9 }));
  expect([world.line.ops("resume"), subscribed(world.line)]).toEqual([[], [["sim", ["order", "trader"]]]]);
});

it("finds the one channel that the server does not give, and is live without it", async () => {
  const refused: string[] = [];
  link.on("refused", (channel, problem) => refused.push(`${channel} ${problem.code}`));
  link.subscribe({ channels: ["order", "trade", "tick:" as "tick:x"] });
  const line = world.line;
  line.say(hello());
  for (let asked = line.said.shift(); asked !== undefined; asked = line.said.shift()) {
    if (asked.id === undefined) continue;
    const channels = asked["channels"] as string[];
    if (channels.includes("tick:")) {
      line.say(refuse(asked, 422, "bad_instrument"));
      continue;
    }
    line.say({ type: "reply", id: asked.id, ok: true, data: {} });
    for (const channel of channels) line.say(channel === "trader" ? TRADER : { type: "snapshot", channel, trader: "sim", seq: 1, data: [] });
  }
  await world.pass(20);
  expect([refused, link.phase.name]).toEqual([["tick: bad_instrument"], "live"]);
});

it("ends each call in one of four ways", async () => {
  expect(await link.call("orders.place")).toMatchObject({ outcome: "not_sent", why: "not_live" });
  expect(world.line.ops("call")).toEqual([]);
  const line = await live();
  const calls = [1, 2, 3, 4, 5, 6].map((n) => link.call("m", { n }, 10_000));
  const [done, refused, notSent, unknown, late] = line.ops("call");
  line.say({ type: "reply", id: done?.id, ok: true, data: { n: 1 } });
  line.say(refuse(refused, 422, "rule_broken"));
  line.say(refuse(notSent, 503, "trader_away"));
  line.say(refuse(unknown, 504, "outcome_unknown"));
  await world.pass(10_001);
  line.say({ type: "reply", id: late?.id, ok: true, data: {} });
  const broken = link.call("m");
  line.cut();
  const outcomes = await Promise.all([...calls.slice(0, 5), broken]);
  expect(outcomes.map((one) => [one.outcome, "why" in one ? one.why : null])).toEqual([
    ["done", null], ["refused", null], ["not_sent", "server"], ["unknown", "server"], ["unknown", "deadline"], ["unknown", "lost"],
  ]);
  expect((await calls[0])?.outcome === "done" && (await calls[0])).toMatchObject({ data: { n: 1 } });
});

it("sends no more calls than can wait", async () => {
  const line = await live();
  const all = Array.from({ length: 257 }, () => link.call("m"));
  expect(await all[256]).toMatchObject({ outcome: "not_sent", why: "busy" });
  expect(line.ops("call").length).toBe(256);
});

it("gives an order one id for all its attempts, by which it is found", async () => {
  link.subscribe({ channels: ["order"] });
  const line = await live({}, { type: "snapshot", channel: "order", trader: "sim", seq: 4, data: [] });
  const intent = { vt_symbol: "rb2601.SHFE", direction: "LONG", type: "LIMIT", volume: 1, price: 3500, offset: "OPEN" } as const;
  const order = newOrder(intent);
  void placeOrder(link, order);
  void placeOrder(link, order);
  void placeOrder(link, newOrder(intent));
  const ids = line.ops("call").map((said) => (said["params"] as { client_order_id: string }).client_order_id);
  expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false]);
  expect(placed(link.tables, order)).toBe(null);
  line.say({ type: "fact", channel: "order", trader: "sim", seq: 5, data: { vt_orderid: "1", client_order_id: order.client_order_id } });
  await world.pass(20);
  expect(placed(link.tables, order)?.vt_orderid).toBe("1");
});

it("takes no snapshot of an earlier subscription for that of a new one", async () => {
  const line = await live();
  const release = link.subscribe({ channels: ["order"] });
  await rest();
  line.agree();
  release();
  await rest();
  link.subscribe({ channels: ["order"] });
  await rest();
  const orders = (id: string): object => ({ type: "snapshot", channel: "order", trader: "sim", seq: 4, data: [{ vt_orderid: id }] });
  line.say(orders("old"));
  line.agree();
  await world.pass(20);
  expect(link.tables.desks.get("sim")?.exact.has("order")).toBe(false);
  line.say(orders("new"));
  await world.pass(20);
  expect([...(link.tables.desks.get("sim")?.order.keys() ?? [])]).toEqual(["new"]);
});

it("has a UUID where the browser offers none", () => {
  const source = { getRandomValues: <T>(bytes: T): T => (bytes as Uint8Array).fill(255) as T };
  expect(uuid(source as Crypto)).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
  expect(uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it("tells once per frame, and at once where too much waits for it", async () => {
  const line = await live();
  link.subscribe({ channels: ["tick:*"] });
  await rest();
  let told = 0;
  const prices: unknown[] = [];
  link.on("ticks", (_, ticks) => prices.push(ticks.map((tick) => tick.last_price)));
  link.on("ticks", () => (told += 1));
  for (let n = 0; n < 5; n += 1) line.say({ type: "ticks", trader: "sim", data: [["a.B", null, n]] });
  await world.pass(20);
  expect([told, prices]).toEqual([1, [[4]]]);
  for (let n = 0; n < 2_000; n += 1) line.say({ type: "ticks", trader: "sim", data: [["a.B", null, n]] });
  expect(prices.at(-1)).toEqual([1999]);
});

it("tells bars, which are asked for again after a reconnect", async () => {
  const fields = { bar_fields: ["vt_symbol", "interval", "datetime", "close_price", "finished"] };
  const line = await live(fields);
  link.subscribe({ channels: ["bar:a.B:1m"], interval_ms: 50 });
  await rest();
  expect(line.said.at(-1)).toMatchObject({ op: "subscribe", trader: "sim", channels: ["bar:a.B:1m"], interval_ms: 50 });
  expect(link.phase.name).toBe("live");
  const told: unknown[] = [];
  const tables: unknown[] = [];
  link.on("bars", (trader, bars) => told.push([trader, bars.map((bar) => [bar.close_price, bar.finished])]));
  link.on("tables", (now) => tables.push(now));
  for (let n = 0; n < 3; n += 1) line.say({ type: "bars", trader: "sim", data: [["a.B", "1m", "2026-11-22T09:00:00+08:00", n, n === 1]] });
  await world.pass(20);
  expect([told, tables]).toEqual([[["sim", [[1, true], [2, false]]]], []]);
  line.cut();
  await world.pass(2_000);
  world.line.events.opened();
  world.line.say(hello(fields));
  await rest();
  expect(subscribed(world.line)).toEqual([["sim", ["trader", "bar:a.B:1m"]]]);
});

it("goes on where a listener fails, and the failure is heard of", async () => {
  const line = await live();
  const failures: (() => void)[] = [];
  let told = 0;
  const silence = link.on("phase", () => {
    throw new Error("a panel's fault");
  });
  link.on("phase", () => (told += 1));
  vi.stubGlobal("queueMicrotask", (act: () => void) => failures.push(act));
  line.cut();
  vi.unstubAllGlobals();
  silence();
  expect([told, failures.length]).toEqual([1, 1]);
  expect(failures[0]).toThrow("a panel's fault");
});

it("tries again where there is no token for now", async () => {
  link.close();
  let asked = 0;
  const token = (): Promise<string> => {
    asked += 1;
    return asked === 1 ? Promise.reject(new Error("away")) : Promise.resolve("secret");
  };
  const other = connect({ url: "ws://here/", token, surroundings: world });
  await world.pass(0);
  expect([world.lines.length, other.phase.name]).toEqual([1, "connecting"]);
  await world.pass(500);
  expect([asked, world.lines.length]).toEqual([2, 2]);
  other.close();
});

describe("what comes is taken in", () => {
  let line: FakeLine;
  const seen: unknown[] = [];
  const tick = (): void => line.say({ type: "ticks", trader: "sim", data: [["a.B", null, 1]] });
  const fact = (channel: string, seq: number): void => line.say({ type: "fact", channel, trader: "sim", seq, data: channel === "log" ? { msg: "nobody waits for it" } : { vt_orderid: "1" } });
  const after = async (ms: number): Promise<unknown> => (await world.pass(ms), seen.splice(0));

  beforeEach(async () => {
    line = await live();
    link.subscribe({ channels: ["order", "log", "tick:*"] });
    await rest();
    line.agree();
    for (const channel of ["order", "log"]) line.say({ type: "snapshot", channel, trader: "sim", seq: 3, data: [] });
    await world.pass(40);
    seen.length = 0;
    link.on("fact", (told) => seen.push(told.seq));
    link.on("ticks", () => seen.push("tick"));
  });

  it("as soon as nothing else runs, and what follows at its heels with the frame after that one", async () => {
    tick();
    fact("log", 4);
    expect(seen).toEqual([]);
    expect(await after(0)).toEqual([4, "tick"]);
    tick();
    fact("log", 5);
    expect(await after(16)).toEqual([]);
    expect(await after(16)).toEqual([5, "tick"]);
    // Nothing was taken in early since.
    tick();
    expect(await after(0)).toEqual(["tick"]);
  });

  it("where it is urgent, at once all the same, with what came before it, but once for a frame", async () => {
    tick();
    expect(await after(0)).toEqual(["tick"]);
    fact("log", 4);
    expect(await after(0)).toEqual([]);
    fact("order", 5);
    expect(await after(0)).toEqual([4, 5]);
    fact("order", 6);
    tick();
    expect(await after(16)).toEqual([]);
    expect(await after(16)).toEqual([6, "tick"]);
    fact("order", 7);
    expect(await after(0)).toEqual([7]);
  });
});
