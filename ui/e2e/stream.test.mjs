// The page's library for /api/v1/stream in a real browser, against the real server through a network that cuts, delays
// and splits. Beside it a second page whose connection is never touched tells which facts there were.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { build } from "vite";
import * as browserOf from "./browser.mjs";
import { proxy } from "./proxy.mjs";
import { ask, start, token } from "./system.mjs";

const TABLES = { order: "orders", trade: "trades", position: "positions", account: "accounts", contract: "contracts" };
const KEYS = { order: "vt_orderid", trade: "vt_tradeid", position: "vt_positionid", account: "vt_accountid", contract: "vt_symbol" };
const CUTS = 12;
/** A deadline, not a pause: only a broken program reaches it. */
const DEADLINE_MS = 90_000;

let system;
let network;
let browser;
let code;
let login;
let future;

before(async () => {
  system = await start();
  network = await proxy(system.url, { lateMs: 30, random: chances(7) });
  browser = await browserOf.launch();
  code = await bundle();
  login = await token(system.url);
  await eventually("the trading process is there", async () => (await list("contracts")).length > 0);
  future = (await list("contracts")).find((row) => /^rb\d+$/.test(row.symbol)) ?? (await list("contracts"))[0];
  await api("PUT", `subscriptions/${future.vt_symbol}`);
  await eventually("it ticks", () => api("GET", `ticks/${future.vt_symbol}`).then(() => true, () => false));
});
after(async () => {
  await browser?.close();
  await network?.close();
  await system?.stop();
});

test("through cuts, delays and split segments each fact comes once and in order, and all is as REST tells", async () => {
  const control = await reader(system.url);
  await isLive(control);
  network.cutAfter(2_000);
  const shaken = await reader(network.url);
  await isLive(shaken);
  const trading = trader();
  try {
    await shake(shaken);
  } finally {
    trading.stop();
  }
  const sent = await trading.sent;
  await isLive(shaken);
  await sameFacts(control, shaken);
  await sameRows(shaken);
  assert.ok(sent > CUTS, `${sent} orders are too few to prove anything`);
  assert.ok((await shaken.evaluate(() => window.reader.seen.length)) > sent);
  assert.equal(await control.evaluate(() => window.reader.lost), 0);
});

test("an order whose answer is lost is unknown, shows itself, and is not sent a second time", async () => {
  const page = await reader(network.url);
  await isLive(page);
  network.freeze("answers");
  const id = await page.evaluate((intent) => {
    const { newOrder, placeOrder } = window.webtraderLink;
    window.order = newOrder(intent);
    window.outcome = placeOrder(window.reader.link, window.order);
    return window.order.client_order_id;
  }, { vt_symbol: future.vt_symbol, direction: "LONG", type: "LIMIT", volume: 1, price: await lowPrice(), offset: "OPEN" });
  const ours = async () => (await list("orders")).filter((row) => row.client_order_id === id);
  await eventually("the order is there", async () => (await ours()).length === 1);
  network.cut();
  network.thaw();
  assert.deepEqual(await page.evaluate(() => window.outcome), { outcome: "unknown", why: "lost", problem: null });
  await isLive(page);
  const [row] = await ours();
  await page.waitForFunction((vtOrderid) =>
    window.webtraderLink.placed(window.reader.link.tables, window.order)?.vt_orderid === vtOrderid, row.vt_orderid);
  const again = await page.evaluate(() => window.webtraderLink.placeOrder(window.reader.link, window.order));
  assert.equal(again.outcome, "done");
  assert.deepEqual([again.data.vt_orderid, again.data.replayed], [row.vt_orderid, true]);
  assert.equal((await ours()).length, 1);
});

test("a connection that dies without a word is noticed, takes no orders, and goes on", async () => {
  const page = await reader(network.url);
  await isLive(page);
  network.freeze("all");
  await page.waitForFunction(() => window.reader.link.phase.name === "stale");
  network.thaw();
  const refused = await page.evaluate(() => window.reader.link.call("orders.place", {}));
  assert.deepEqual(refused, { outcome: "not_sent", why: "not_live", problem: null });
  await isLive(page);
  await sameRows(page);
});

test("a web process that dies and comes back is another epoch: everything is read anew", async () => {
  const page = await reader(network.url);
  await isLive(page);
  const epoch = await page.evaluate(() => window.reader.link.tables.epoch);
  system.kill("web");
  await page.waitForFunction((before) => window.reader.link.tables.epoch !== before, epoch);
  await isLive(page);
  await sameRows(page);
});

test("the session cookie is enough of a login", async () => {
  const page = await visit(network.url);
  const status = await page.evaluate(async () => {
    const body = JSON.stringify({ username: "vnpy", password: "vnpy" });
    const response = await fetch("/api/v1/session", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    window.link = window.webtraderLink.connect();
    return response.status;
  });
  assert.ok(status < 300, `${status}`);
  await page.waitForFunction(() => window.link.phase.name === "live");
});

test("an ended login ends the link", async () => {
  const page = await visit(network.url);
  await page.evaluate(() => (window.link = window.webtraderLink.connect({ token: () => "no.such.token" })));
  await page.waitForFunction(() => window.link.phase.name === "ended");
  assert.deepEqual(await page.evaluate(() => window.link.phase), { name: "ended", reason: "login" });
});

/** Cuts it again and again, at once or in the middle of a message; every third time before it is live again. */
async function shake(page) {
  const random = chances(11);
  for (let n = 0; n < CUTS; n += 1) {
    if (n % 3 === 2) await page.waitForFunction(() => ["syncing", "live"].includes(window.reader.link.phase.name));
    else await isLive(page);
    const lost = await page.evaluate(() => window.reader.lost);
    if (n % 2 === 0) network.cut();
    else network.cutAfter(1 + Math.floor(random() * 4_000));
    await page.waitForFunction((before) => window.reader.lost > before, lost);
  }
}

/** A page with the library, and nobody logged in. */
async function visit(url) {
  const context = await browser.newContext();
  await context.addInitScript({ content: `${code}\nwindow.webtraderLink = webtraderLink;` });
  const page = await context.newPage();
  page.setDefaultTimeout(DEADLINE_MS);
  await page.goto(url);
  return page;
}

/** A page that reads everything, and writes down what it is told. */
async function reader(url) {
  const page = await visit(url);
  await page.evaluate(([secret, channels, keys]) => {
    const link = window.webtraderLink.connect({ token: () => secret });
    const told = { link, seen: [], lost: 0, liveAt: null };
    link.on("fact", ({ seq, channel, data }) => told.seen.push(`${seq} ${channel} ${data[keys[channel]]}`));
    link.on("phase", ({ name }) => {
      if (name === "live") told.liveAt ??= link.tables.seq;
    });
    link.on("phase", ({ name }) => {
      if (name === "connecting" || name === "stale") told.lost += 1;
    });
    link.subscribe({ channels, interval_ms: 50 });
    window.reader = told;
  }, [login, [...Object.keys(TABLES), "log", "quote", `tick:${future.vt_symbol}`], KEYS]);
  return page;
}

async function isLive(page) {
  await page.waitForFunction(() => window.reader.link.phase.name === "live");
}

/** What both have been told since both were live. */
async function sameFacts(control, shaken) {
  const until = await control.evaluate(() => window.reader.link.tables.seq);
  const starts = await Promise.all([control, shaken].map((page) => page.evaluate(() => window.reader.liveAt)));
  await shaken.waitForFunction((seq) => window.reader.link.tables.seq >= seq, until);
  const [wanted, seen] = await Promise.all([control, shaken].map(async (page) => {
    const all = await page.evaluate(() => window.reader.seen);
    return all.filter((fact) => parseInt(fact) > Math.max(...starts) && parseInt(fact) <= until);
  }));
  assert.ok(wanted.length > 0);
  assert.deepEqual(seen, wanted);
}

/** The page's tables are those of REST; both go on while we look. */
async function sameRows(page) {
  for (const [channel, path] of Object.entries(TABLES)) {
    await eventually(`${path} are the same`, async () => {
      const wanted = await list(path);
      const shown = await page.evaluate((name) => [...[...window.reader.link.tables.desks.values()][0][name].values()], channel);
      assert.deepEqual(shown, wanted);
    });
  }
  await eventually("the log is the same", async () => {
    const wanted = (await list("logs")).map((line) => line.msg);
    assert.deepEqual(await page.evaluate(() => [...[...window.reader.link.tables.desks.values()][0].log].map((line) => line.msg)), wanted);
  });
  await eventually("the tick is the same", async () => {
    const wanted = await api("GET", `ticks/${future.vt_symbol}`);
    const shown = await page.evaluate((name) => [...window.reader.link.tables.desks.values()][0].tick.get(name), future.vt_symbol);
    assert.ok(Object.keys(shown).length > 30);
    for (const [name, value] of Object.entries(shown)) assert.deepEqual(value, wanted[name], name);
  });
}

/** Orders that fill and orders that rest and are cancelled, until it is stopped; how many. */
function trader() {
  let isOver = false;
  return { stop: () => (isOver = true), sent: run() };

  async function run() {
    let sent = 0;
    for (; !isOver; sent += 1) {
      const tick = await api("GET", `ticks/${future.vt_symbol}`);
      const fills = sent % 2 === 0;
      const price = fills ? tick.ask_price_1 : tick.bid_price_5;
      const intent = { vt_symbol: future.vt_symbol, direction: "LONG", type: "LIMIT", volume: 1, price, offset: "OPEN" };
      const order = await api("POST", "orders", intent);
      // It may have traded by now.
      if (!fills) await api("DELETE", `orders/${order.vt_orderid}`).catch(() => undefined);
    }
    return sent;
  }
}

async function lowPrice() {
  return (await api("GET", `ticks/${future.vt_symbol}`)).bid_price_5;
}

async function list(path) {
  return (await ask(system.url, `/api/v1/${path}`, login)).data;
}

async function api(method, path, body) {
  const headers = { Authorization: `Bearer ${login}`, ...(body === undefined ? {} : { "Content-Type": "application/json" }) };
  const response = await fetch(`${system.url}/api/v1/${path}`, { method, headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}

async function eventually(what, holds) {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    try {
      if ((await holds()) !== false) return;
      throw new Error("not yet");
    } catch (error) {
      if (Date.now() > end) throw new Error(`in vain: ${what}`, { cause: error });
    }
    // waits: for the state that is asked for above, with a deadline
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The library as a script. */
async function bundle() {
  const entry = new URL("../src/link/index.ts", import.meta.url).pathname;
  const [built] = await build({
    configFile: false, logLevel: "warn", publicDir: false,
    build: { write: false, minify: false, target: "es2022", lib: { entry, formats: ["iife"], name: "webtraderLink" } },
  });
  return built.output[0].code;
}

/** mulberry32: the same numbers for the same seed. */
function chances(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
