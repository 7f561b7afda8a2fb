// What a trader does in the terminal, against the real binary and its simulated exchange.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import * as browserOf from "./browser.mjs";
import { add, level, live, login, open, outcome, PHONE, row, send, step, ticking, written } from "./browser.mjs";
import { ask, start, token } from "./system.mjs";

let system;
let browser;
let pages = [];
/** A future that trades in whole lots with one step per price, and its Chinese name. */
let future;

before(async () => {
  system = await start();
  browser = await browserOf.launch();
  const contracts = await ask(system.url, "/contract", await token(system.url));
  future = contracts.find((row) => /^rb\d+$/.test(row.symbol)) ?? contracts[0];
});
after(async () => {
  await browser?.close();
  await system?.stop();
});
afterEach(async () => {
  const all = pages;
  pages = [];
  for (const page of all) await page.context().close();
});

async function visit(options) {
  const page = await open(browser, system.url, options);
  pages.push(page);
  return page;
}

/** Logged in, live, the future on the watchlist and its book on the screen. */
async function trader(options = {}) {
  const settings = { watchlist: [future.vt_symbol], selected: future.vt_symbol, ...options.settings };
  const page = await visit({ ...options, settings });
  await login(page);
  await live(page);
  await ticking(page, future.vt_symbol);
  return page;
}

async function orders() {
  return ask(system.url, "/order", await token(system.url));
}

const panel = (page, id) => page.locator(`[data-panel="${id}"]`);
const cancelOf = (page, id) => page.locator(`[data-panel=orders] [aria-label="Cancel ${id}"]`);

test("a wrong password is refused with a text, the right one opens the desk with its tour", async () => {
  const page = await visit({ settings: { toured: false } });
  await login(page, "wrong");
  await page.locator(".failure", { hasText: "Wrong user name or password" }).waitFor();
  await login(page);
  await live(page);
  for (let n = 0; n < 5; n += 1) await page.click("[data-test=tour-next]");
  await page.locator("[data-test=tour-card]").waitFor({ state: "detached" });
});

test("a contract is found by code, name and pinyin, ticks, stays after a reload and goes when removed", async () => {
  const page = await visit();
  await login(page);
  await live(page);
  await page.fill("[data-test=add] input", future.name.slice(0, 2));
  await page.locator("[data-test=add] [role=option]").first().waitFor();
  await page.fill("[data-test=add] input", "lwg");
  await page.locator("[data-test=add] [role=option]", { hasText: future.symbol }).waitFor();
  await add(page, future.symbol.slice(0, 3), future.symbol);
  await ticking(page, future.vt_symbol);
  const gateway = page.locator(`.quote[data-key="${future.vt_symbol}"] [data-col=gateway]`);
  assert.equal(await gateway.count(), 0, "columns beyond the edge cost nothing");
  const aside = await page.evaluate(() => {
    const right = (element) => Math.round(element.getBoundingClientRect().right);
    return [...document.querySelectorAll(".quote [data-col]")].filter((cell) => right(cell) !== right(document.querySelector(`[data-panel=watch] .dt-head [data-col=${cell.dataset.col}]`))).map((cell) => cell.dataset.col);
  });
  assert.deepEqual(aside, [], "each cell stands below its head");
  await page.evaluate(() => document.querySelector("[data-panel=watch] .dt-grid").scrollBy(2000, 0));
  await gateway.waitFor();
  await page.reload();
  await live(page);
  await ticking(page, future.vt_symbol);
  await page.locator(`.quote[data-key="${future.vt_symbol}"]`).hover();
  await page.click(`.quote[data-key="${future.vt_symbol}"] [data-test=remove]`);
  await panel(page, "watch").locator(".empty").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("an order through the book fills and becomes a trade, a position and a mark on the chart", async () => {
  const page = await trader();
  await level(page, "ask", 5);
  await send(page);
  await outcome(page, "All Traded");
  await row(page, future.symbol, "All Traded").first().waitFor();
  await page.click(".dock-tab:text-is('Trades')");
  await panel(page, "trades").locator(".dt-body", { hasText: future.symbol }).first().waitFor();
  await panel(page, "positions").locator(".dt-body", { hasText: future.symbol }).first().waitFor();
  assert.deepEqual(await panel(page, "orders").locator(".dt-cut").allTextContents(), [], "widths that show an order whole");
  await panel(page, "chart").locator("canvas").first().waitFor();
  assert.deepEqual(page.complaints, []);
});

test("a question names all that is sent, and no sends nothing", async () => {
  const page = await trader({ settings: { confirm: true } });
  const before = (await orders()).length;
  await level(page, "bid", 5);
  await page.click("[data-test=send]:enabled");
  const text = await page.locator("dialog[open]").innerText();
  for (const part of [future.vt_symbol, "SIM", "Buy", "Open", await page.inputValue("#ticket-price")]) assert.ok(text.includes(part), `${part} in ${text}`);
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  assert.equal((await orders()).length, before);
  await page.click("[data-test=send]:enabled");
  await page.click("[data-test=yes]");
  await page.locator("[data-test=outcome][data-state=sent]").waitFor();
  assert.equal((await orders()).length, before + 1);
});

test("a position fills the ticket with the order that closes it, and a button closes it", async () => {
  const page = await trader();
  await level(page, "ask", 5);
  await send(page);
  const held = panel(page, "positions").locator(".dt-body", { hasText: future.symbol }).first();
  await held.dblclick();
  await page.waitForFunction(() => document.querySelector("#ticket-offset")?.value === "CLOSETODAY");
  assert.equal(await page.getAttribute("[data-test=short]", "aria-checked"), "true");
  await held.locator("button", { hasText: "Close" }).click();
  await page.click("[data-test=yes]");
  await row(page, future.symbol, "Short", "Close").first().waitFor();
});

test("a resting order is cancelled by its button, by a double-click, and with all others after a question", async () => {
  const page = await trader();
  await level(page, "bid", 5);
  await step(page, "price", -5);
  const ids = [await send(page), await sendAnother(page), await sendAnother(page), await sendAnother(page)];
  await page.check("[data-panel=orders] [data-test=only-active]");
  await cancelOf(page, ids[0]).click();
  await cancelOf(page, ids[0]).waitFor({ state: "detached" });
  await page.locator("[data-panel=orders] .dt-body", { has: page.locator(`[aria-label="Cancel ${ids[1]}"]`) }).dblclick();
  await cancelOf(page, ids[1]).waitFor({ state: "detached" });
  await page.click("[data-panel=orders] [data-test=cancel-all]");
  await page.keyboard.press("Escape");
  await cancelOf(page, ids[2]).waitFor();
  await page.click("[data-panel=orders] [data-test=cancel-all]");
  await page.click("[data-test=yes]");
  await page.locator("text=Active only (0)").first().waitFor();
  const known = (await orders()).filter((order) => ids.includes(order.vt_orderid));
  assert.deepEqual(known.map((order) => order.status).filter((status) => !["已撤销", "Cancelled"].includes(status)), []);
  assert.equal(known.length, 4);
});

test("a list behind another tab shows what came and changed in the meantime as soon as it is chosen", async () => {
  const page = await trader();
  await level(page, "bid", 5);
  await step(page, "price", -5);
  const tab = (name) => page.locator(".dv-tab", { hasText: name }).first();
  const body = (list, id) => page.locator(`[data-panel=${list}] .dt-body[data-key="${id}"]`);
  await tab("Active").click();
  await page.locator("[data-panel=active]").waitFor();
  await tab("Orders").click();
  const id = await send(page);
  await body("orders", id).waitFor();
  await tab("Active").click();
  await body("active", id).locator(`[aria-label="Cancel ${id}"]`).click();
  await body("active", id).waitFor({ state: "detached" });
  await tab("Orders").click();
  await body("orders", id).filter({ hasText: "Cancelled" }).waitFor();
});

/** Another order of the same ticket: its id is not the one before. */
async function sendAnother(page) {
  const before = await page.locator("[data-test=outcome]").textContent();
  await page.click("[data-test=send]:enabled");
  await page.waitForFunction((old) => {
    const box = document.querySelector("[data-test=outcome]");
    return box?.dataset.state === "sent" && box.textContent !== old && /SIM\.\w+/.test(box.textContent);
  }, before);
  return /SIM\.\w+/.exec(await page.locator("[data-test=outcome]").textContent())[0];
}

test("an order's timeline opens at a click and says how long each stage took", async () => {
  const page = await trader();
  await level(page, "ask", 5);
  const id = await send(page);
  await page.locator(`[data-panel=orders] .dt-body[data-key="${id}"]`).click();
  const timeline = page.locator("[data-test=timeline]");
  await timeline.waitFor();
  assert.match(await page.locator("dialog[open], [role=dialog]").first().innerText(), /ms|µs/);
});

test("a double-click on the send button is one order", async () => {
  const page = await trader();
  const sentBefore = (await orders()).length;
  await level(page, "bid", 5);
  await step(page, "price", -5);
  await page.dblclick("[data-test=send]:enabled");
  await page.locator("[data-test=outcome]", { hasText: "Not Traded" }).waitFor();
  assert.equal((await orders()).length, sentBefore + 1);
});

test("what cannot be sent is said before, what is refused is said after", async () => {
  const page = await trader();
  await page.locator("[data-test=why]", { hasText: "price" }).waitFor();
  await level(page, "bid", 1);
  await page.fill("#ticket-price", `${await page.inputValue("#ticket-price")}.037`);
  await page.locator("[data-test=why]", { hasText: "multiple of" }).waitFor();
  assert.equal(await page.isDisabled("[data-test=send]"), true);
  await level(page, "bid", 1);
  await page.fill("#ticket-volume", "0");
  await page.locator("[data-test=why]", { hasText: "volume" }).waitFor();
  await page.fill("#ticket-volume", "1");
  await page.fill("#ticket-price", "1000000");
  // Whoever checks first says it: the rules before, or the exchange after.
  await page.locator("[data-test=why]", { hasText: /limit/i }).waitFor();
});

test("HALTED takes no orders and lets cancels through; ACTIVE ends it", async () => {
  const page = await trader();
  await level(page, "bid", 5);
  await step(page, "price", -5);
  const id = await send(page);
  await page.click("[data-test=halt]");
  await page.click("[data-test=yes]");
  try {
    await page.locator("[data-test=why]", { hasText: "HALTED" }).waitFor();
    assert.equal(await page.isDisabled("[data-test=send]"), true);
    await cancelOf(page, id).click();
    await cancelOf(page, id).waitFor({ state: "detached" });
  } finally {
    await tradingState("ACTIVE");
  }
  await page.locator("[data-test=send]:enabled").waitFor();
});

test("the language switches at once, with everything, and a browser that was never here has it from the server", async () => {
  const page = await trader();
  await level(page, "ask", 5);
  const id = await send(page);
  await page.click("[data-test=language]");
  await page.locator(".badge", { hasText: "实时" }).waitFor();
  await page.locator(`[data-panel=orders] .dt-body[data-key="${id}"]`, { hasText: "全部成交" }).waitFor();
  assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
  const kept = written(page, (data) => data.theme === "light" && data.language === "zh");
  await page.click("[data-test=theme]");
  await kept;
  const fresh = await browserOf.stranger(browser, system.url);
  pages.push(fresh);
  await fresh.locator("form [type=submit]", { hasText: "Log in" }).waitFor();
  await login(fresh);
  await fresh.locator(".badge", { hasText: "实时" }).waitFor();
  await fresh.locator("html[data-theme=light]").waitFor();
  await fresh.locator(`[data-panel=orders] .dt-body[data-key="${id}"]`, { hasText: "全部成交" }).waitFor();
  const text = await fresh.locator("body").innerText();
  const left = text.match(/\b(Watchlist|Orders|Not Traded|Cancelled|Long|Short|Open|Volume|Price|Live)\b/g);
  assert.deepEqual(left, null);
});

test("a change that is made in a new browser before the server has said what it keeps is kept, and so is one right before a reload", async () => {
  const page = await trader();
  const fresh = await browserOf.stranger(browser, system.url);
  pages.push(fresh);
  let release = () => undefined;
  const held = new Promise((done) => (release = done));
  await fresh.route("**/api/v1/me/settings", async (route) => {
    if (route.request().method() === "GET") await held;
    await route.continue();
  });
  await login(fresh);
  await live(fresh);
  await fresh.locator("[data-test=language]").click();
  const kept = written(fresh, (data) => data.language === "zh");
  release();
  await kept;
  await fresh.locator(".badge", { hasText: "实时" }).waitFor();
  await fresh.unroute("**/api/v1/me/settings");
  await fresh.click("[data-test=theme]");
  await fresh.reload();
  await live(fresh);
  // Shown again, a page asks for what is newer.
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.locator("html[lang=zh-CN][data-theme=light]").waitFor();
});

test("panels close, come back, move into tabs and float; a layout is saved by name and restored after a reload", async () => {
  const page = await trader();
  await page.click("[data-test=menu-depth]");
  await page.locator("[data-test=dock-menu]").waitFor();
  await page.keyboard.press("Escape");
  await page.click("[data-test=panels]");
  await page.click("[data-test=panel-depth]");
  await panel(page, "depth").waitFor({ state: "detached" });
  await page.fill("[data-test=layout-name]", "no depth");
  await page.click("[data-test=layout-save]");
  await page.locator("[data-test=layout]", { hasText: "no depth" }).waitFor();
  await page.click("[data-test=restore-layout]");
  await panel(page, "depth").waitFor();
  await page.locator("[data-test=layout] button", { hasText: "no depth" }).click();
  await panel(page, "depth").waitFor({ state: "detached" });
  await page.reload();
  await live(page);
  await panel(page, "orders").waitFor();
  assert.equal(await panel(page, "depth").count(), 0);
  assert.deepEqual(page.complaints, []);
});

test("a panel in a window of its own lives by itself", async () => {
  const page = await trader();
  const own = await visit({ path: "/#/panel/depth", settings: { selected: future.vt_symbol } });
  await login(own);
  await live(own);
  await own.locator(".levels.ask .level:enabled").first().waitFor();
  assert.equal(await own.locator("[data-panel]").count(), 1);
  assert.deepEqual([...own.complaints, ...page.complaints], []);
});

test("two browsers agree: what one sends the other sees, and may cancel", async () => {
  const one = await trader();
  const other = await trader();
  await level(one, "bid", 5);
  await step(one, "price", -5);
  const id = await send(one);
  await cancelOf(other, id).click();
  await cancelOf(one, id).waitFor({ state: "detached" });
  await one.locator(`[data-panel=orders] .dt-body[data-key="${id}"]`, { hasText: "Cancelled" }).waitFor();
});

test("a working order is moved from the chart after a question: cancelled first, then placed anew", async () => {
  const page = await trader();
  await cancelEverything(page);
  await level(page, "bid", 5);
  await step(page, "price", -2);
  const id = await send(page);
  const price = Number(await page.inputValue("#ticket-price"));
  await page.click("[data-test=chart-orders] [data-test=change-price], [data-test=change-price]");
  const dialog = page.locator("[data-test=reprice]");
  await dialog.waitFor();
  await dialog.locator("input").first().fill(String(price - 3));
  await dialog.locator("button.primary, [data-test=yes]").last().click();
  await page.locator(`[data-panel=orders] .dt-body[data-key="${id}"]`, { hasText: "Cancelled" }).waitFor();
  await page.locator("[data-panel=orders] .dt-body", { hasText: "Not Traded" }).filter({ hasText: String(price - 3) }).first().waitFor();
});

/** Asks for another price of the only working order of this page, by so much. */
async function move(page, by) {
  await page.locator("[data-test=chart-orders] [data-test=change-price], [data-test=change-price]").first().click();
  const dialog = page.locator("[data-test=reprice]");
  await dialog.waitFor();
  const price = dialog.locator("input").first();
  await price.fill(String(Number(await price.inputValue()) + by));
}

test("an order that is moved and then refused is said to be cancelled and nothing in its place", async () => {
  const page = await trader();
  await cancelEverything(page);
  await level(page, "bid", 5);
  await step(page, "price", -2);
  const id = await send(page);
  const before = (await orders()).length;
  await move(page, -3);
  await tradingState("REDUCING");
  try {
    await page.click("[data-test=reprice] [data-test=yes]");
    await page.locator("[data-test=toast]", { hasText: `${id} is cancelled, but the new one was refused` }).waitFor();
    await page.locator(`[data-panel=orders] .dt-body[data-key="${id}"]`, { hasText: "Cancelled" }).waitFor();
    const after = await orders();
    assert.equal(after.filter((order) => ["未成交", "Not Traded"].includes(order.status)).length, 0);
    assert.ok(after.length - before <= 1, "one refused order at most");
  } finally {
    await tradingState("ACTIVE");
  }
});

test("an order that was filled meanwhile cannot be moved: nothing new is sent", async () => {
  let held = null;
  let release = () => undefined;
  // The fill and all that follows it reaches this page late, as over a bad line; answers to calls come through.
  const prepare = (page) => page.routeWebSocket(/stream/, (socket) => {
    const server = socket.connectToServer();
    release = () => {
      for (const message of held ?? []) socket.send(message);
      held = null;
    };
    server.onMessage((text) => {
      const { type, channel, data } = JSON.parse(text);
      const isFill = type === "fact" && (channel === "trade" || (channel === "order" && data.status === "ALLTRADED"));
      if (isFill) held ??= [];
      if (held !== null && type !== "reply") held.push(text);
      else socket.send(text);
    });
  });
  const page = await trader({ prepare });
  await cancelEverything(page);
  await level(page, "ask", 5);
  const id = await send(page);
  const before = (await orders()).length;
  await move(page, -3);
  assert.ok((await orders()).some((order) => order.vt_orderid === id && ["全部成交", "All Traded"].includes(order.status)));
  await page.click("[data-test=reprice] [data-test=yes]");
  await page.locator(".chart-note", { hasText: "Cancelling order" }).waitFor();
  release();
  await page.locator("[data-test=toast]", { hasText: `Order ${id} was filled before it could be cancelled; nothing new was sent` }).waitFor();
  await page.locator(`[data-panel=orders] .dt-body[data-key="${id}"]`, { hasText: "All Traded" }).waitFor();
  assert.equal((await orders()).length, before);
});

/** No order of an earlier test is on the chart. */
async function cancelEverything(page) {
  const button = page.locator("[data-panel=orders] [data-test=cancel-all]");
  if (await button.isEnabled()) {
    await button.click();
    await page.click("[data-test=yes]");
  }
  await page.locator("text=Active only (0)").first().waitFor();
}

async function tradingState(state) {
  const headers = { Authorization: `Bearer ${await token(system.url)}`, "Content-Type": "application/json" };
  const answer = await fetch(`${system.url}/api/v1/trading-state`, { method: "PUT", headers, body: JSON.stringify({ state, trader: "SIM" }) });
  assert.ok(answer.ok, await answer.text());
}

test("a gateway is logged out and in from its page, and secrets never come back", async () => {
  const page = await visit({ path: "/#/gateways" });
  await login(page);
  const gateway = page.locator("[data-gateway=SIM]");
  await gateway.locator("[data-test=state]", { hasText: "Connected" }).waitFor();
  await gateway.locator("[data-test=disconnect]").click();
  await page.click("[data-test=yes]");
  await gateway.locator("[data-test=state]", { hasText: "Not connected" }).waitFor();
  await gateway.locator("[data-test=connect]").click();
  await gateway.locator("[data-test=login]").click();
  await gateway.locator("[data-test=state]", { hasText: "Connected" }).and(gateway.locator(".good")).waitFor();
  assert.deepEqual(page.complaints, []);
});

test("an expired login comes back over the page, which stays as it was", async () => {
  const page = await trader();
  await level(page, "ask", 1);
  const typed = await page.inputValue("#ticket-price");
  const away = (route) => route.fulfill({ status: 401, contentType: "application/problem+json", body: '{"code":"token_invalid","detail":"over","title":"over","status":401,"type":"x"}' });
  await page.route("**/api/v1/traders", away);
  await page.locator("text=Your login has expired").waitFor();
  await page.unroute("**/api/v1/traders", away);
  await login(page);
  await live(page);
  assert.equal(await page.inputValue("#ticket-price"), typed);
  await page.locator("[data-test=send]:enabled").waitFor();
});

test("on a phone everything is reached by tabs, nothing is wider than the screen or cut in the heads, and an order fills", async () => {
  const page = await trader({ device: PHONE });
  for (const name of ["chart", "trade", "orders", "positions", "quotes"]) {
    await page.tap(`.phone-tabs [data-tab=${name}]`);
    await page.locator(`.on-${name}:visible`).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, name);
    const heads = await page.locator(".dt-head .dt-cell:visible").evaluateAll((all) => all.filter((head) => head.scrollWidth > head.clientWidth).map((head) => head.textContent));
    assert.deepEqual(heads, [], `heads that are cut: ${name}`);
  }
  assert.equal(await page.evaluate(() => performance.getEntriesByType("resource").some((entry) => /dock/i.test(entry.name))), false);
  await page.tap(".phone-tabs [data-tab=trade]");
  await page.tap(".levels.ask .level >> nth=0");
  await page.tap("[data-test=send]:enabled");
  await outcome(page, "All Traded");
  await page.tap(".phone-tabs [data-tab=orders]");
  await page.tap("[data-sub=orders]");
  await row(page, future.symbol, "All Traded").first().waitFor();
  assert.deepEqual(page.complaints, []);
});

test("the API pages work without the outside world and under the policy", async () => {
  const docs = await visit({ path: "/docs" });
  await docs.locator("#swagger-ui .opblock").first().waitFor();
  assert.deepEqual(docs.complaints, []);
  const redoc = await visit({ path: "/redoc" });
  await redoc.locator("#redoc h1").first().waitFor();
  assert.deepEqual(redoc.complaints, []);
});
