import { expect, it } from "vitest";
import type { Fact, Order } from "../link";
import { Events, Losses, reasonOf, tellings, ways, type Event } from "./alerts";

const fact = (channel: Fact["channel"], data: object): Fact => ({ type: "fact", channel, trader: "T", seq: 1, data });
const rejected = (id: string) => fact("order", { vt_orderid: id, status: "REJECTED" });
const fill = { kind: "fill", trade: {} } as Event;
const off = { toast: false, sound: false, browser: false };

it("tells fills and rejections, each rejection once, and nothing else", () => {
  const events = new Events();
  expect(events.of(fact("trade", { price: 1 }))).toEqual({ kind: "fill", trade: { price: 1 } });
  expect(events.of(rejected("A.1"))?.kind).toBe("reject");
  expect(events.of(rejected("A.1"))).toBeNull();
  expect(events.of(rejected("A.2"))?.kind).toBe("reject");
  expect(events.of(fact("order", { vt_orderid: "A.3", status: "CANCELLED" }))).toBeNull();
  expect(events.of(fact("account", {}))).toBeNull();
});

it("remembers a bounded number of rejections", () => {
  const events = new Events();
  for (let n = 0; n <= 1000; n += 1) events.of(rejected(String(n)));
  expect(events.of(rejected("1000"))).toBeNull();
  expect(events.of(rejected("0"))?.kind).toBe("reject");
});

it("tells a few one by one and many as one, links always", () => {
  const lost = { kind: "link", trader: null, isBack: false } as Event;
  expect(tellings([fill, lost, fill, fill])).toEqual([{ one: fill }, { one: lost }, { one: fill }, { one: fill }]);
  expect(tellings([fill, fill, lost, fill, fill])).toEqual([{ many: "fill", count: 4 }, { one: lost }]);
});

it("asks each kind's switches", () => {
  const alerts = { fill: { ...off, sound: true }, reject: { ...off, toast: true }, link: off };
  expect(ways(["fill"], alerts)).toEqual({ ...off, sound: true });
  expect(ways(["fill", "reject"], alerts)).toEqual({ toast: true, sound: true, browser: false });
  expect(ways([], alerts)).toEqual(off);
});

it("finds the reason where a gateway gives one", () => {
  expect(reasonOf({} as Order)).toBeNull();
  expect(reasonOf({ extra: { reason_zh: "资金不足", reason_en: "no funds" } } as unknown as Order)).toEqual({ reason_zh: "资金不足", reason_en: "no funds" });
  expect(reasonOf({ extra: { reason_en: "no funds" } } as unknown as Order)).toEqual({ reason_zh: "no funds", reason_en: "no funds" });
});

const contacts = (web: "live" | "lost" | "other", sim: string) => ({ web, traders: new Map([["SIM", sim]]) });
const link = (trader: string | null, isBack: boolean) => [{ kind: "link", trader, isBack }];

it("tells a loss once, and its end", () => {
  const losses = new Losses();
  expect(losses.of(contacts("other", "connecting"))).toEqual([]);
  expect(losses.of(contacts("live", "live"))).toEqual([]);
  expect(losses.of(contacts("live", "stale"))).toEqual(link("SIM", false));
  expect(losses.of(contacts("live", "stale"))).toEqual([]);
  expect(losses.of(contacts("live", "connecting"))).toEqual([]);
  expect(losses.of(contacts("live", "live"))).toEqual(link("SIM", true));
});

it("blames the web process alone while that is away", () => {
  const losses = new Losses();
  losses.of(contacts("live", "live"));
  expect(losses.of(contacts("lost", "live"))).toEqual(link(null, false));
  expect(losses.of(contacts("lost", "stale"))).toEqual([]);
  expect(losses.of(contacts("other", "stale"))).toEqual([]);
  expect(losses.of(contacts("live", "connecting"))).toEqual(link(null, true));
  expect(losses.of(contacts("live", "live"))).toEqual([]);
});

it("does not call lost what was never there", () => {
  const losses = new Losses();
  expect(losses.of(contacts("live", "stale"))).toEqual([]);
  expect(losses.of(contacts("live", "live"))).toEqual([]);
});
