import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Client } from "./api/client";
import { goLive, type Live } from "./live";
import { contracts, desk, live as mayTrade, linkText, log } from "./store";

class FakeSocket {
  static all: FakeSocket[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  close(): void {}
  order(id: string, status: string): void {
    this.onmessage?.({ data: JSON.stringify({ topic: "eOrder.", data: { vt_orderid: id, vt_symbol: "a.B", status } }) });
  }
}

/** What the server answers, by path; a number is a status. */
let answers: Record<string, unknown>;
let asked: string[];
let loggedOut: number;
let running: Live;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  asked = [];
  loggedOut = 0;
  answers = {
    "/order": [{ vt_orderid: "SIM.1", status: "未成交" }], "/trade": [], "/position": [], "/account": [], "/tick": [],
    "/contract": [{ vt_symbol: "a.B", symbol: "a" }], "/api/v1/traders": [{ name: "sim", state: "live" }],
  };
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    const answer = answers[path];
    if (answer === 0) return Promise.reject(new TypeError("Failed to fetch"));
    return Promise.resolve(typeof answer === "number" ? new Response("{}", { status: answer }) : new Response(JSON.stringify(answer)));
  });
  running = goLive(new Client("t&k"), () => (loggedOut += 1), () => Promise.resolve());
});
afterEach(() => {
  running.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = (ms = 20): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const statuses = (): unknown[] => [...desk.value.orders.values()].map((order) => `${order.vtOrderid} ${order.status}`);
const said = (key: string): number => log.value.filter((entry) => entry.key === key).length;

it("asks for the lists only once the stream is open, and puts what came in between over them", async () => {
  await settle();
  expect(asked).toEqual(["/api/v1/traders"]);
  const socket = FakeSocket.all[0];
  expect(socket?.url).toMatch(/^ws:.*\/ws\/\?token=t%26k$/);
  socket?.onopen?.();
  socket?.order("SIM.1", "全部成交");
  await settle();
  expect(statuses()).toEqual(["SIM.1 ALLTRADED"]);
  expect([mayTrade.value, contracts.value.size]).toEqual([true, 1]);
  socket?.order("SIM.2", "拒单");
  await settle();
  expect(statuses()).toEqual(["SIM.1 ALLTRADED", "SIM.2 REJECTED"]);
  expect(said("log.rejected")).toBe(1);
});

it("asks again while the trading process is away, and for everything when it is back", async () => {
  answers["/order"] = 503;
  answers["/api/v1/traders"] = [{ name: "sim", state: "stale" }];
  FakeSocket.all[0]?.onopen?.();
  await settle(2500);
  expect([linkText.value, mayTrade.value]).toEqual(["link.stale", false]);
  answers["/order"] = [];
  answers["/api/v1/traders"] = [{ name: "sim", state: "live" }];
  await settle(4000);
  expect([linkText.value, statuses().length]).toEqual(["link.live", 0]);
});

it("reconnects a lost stream and starts the recovery over", async () => {
  FakeSocket.all[0]?.onopen?.();
  await settle();
  answers["/order"] = [{ vt_orderid: "SIM.9", status: "Cancelled" }];
  FakeSocket.all[0]?.onclose?.();
  expect([linkText.value, mayTrade.value]).toEqual(["link.web", false]);
  await settle(600);
  FakeSocket.all[1]?.onopen?.();
  await settle();
  expect([linkText.value, statuses()]).toEqual(["link.live", ["SIM.9 CANCELLED"]]);
});

it("finds a stream that broke without a word by polls that nobody answers", async () => {
  FakeSocket.all[0]?.onopen?.();
  await settle();
  answers["/api/v1/traders"] = 0;
  await settle(4100);
  expect([linkText.value, FakeSocket.all.length]).toEqual(["link.web", 2]);
});

it("hands a token that is no longer taken to the login", async () => {
  answers["/api/v1/traders"] = 401;
  await settle(2100);
  expect(loggedOut).toBeGreaterThan(0);
});
