// What a trader does on the first page, against the real binary and its simulated exchange.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import * as browserOf from "./browser.mjs";
import { add, level, live, login, open, outcome, PHONE, row, send, step, ticking } from "./browser.mjs";
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

test("a wrong password is refused with a text, the right one opens the page", async () => {
  const page = await visit();
  await login(page, "wrong");
  await page.locator(".failure", { hasText: "Wrong user name or password" }).waitFor();
  await login(page);
  await live(page);
  await page.locator("[data-test=log]", { hasText: "Connected" }).waitFor();
});

test("a contract is found by code and by name, ticks, stays after a reload and goes when removed", async () => {
  const page = await visit();
  await login(page);
  await live(page);
  await add(page, future.symbol.slice(0, 3), future.symbol);
  await ticking(page, future.vt_symbol);
  await page.fill("[data-test=add] input", future.name.slice(0, 2));
  await page.locator("[data-test=add] [role=option]").first().waitFor();
  await page.reload();
  await live(page);
  await ticking(page, future.vt_symbol);
  await page.click(`.quote[data-symbol="${future.vt_symbol}"] .x button`);
  await page.locator(".watch .empty").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("an order through the book fills and becomes a trade and a position", async () => {
  const page = await trader();
  await level(page, "ask", 5);
  await send(page);
  await outcome(page, "All Traded 1/1");
  await row(page, future.symbol, "All Traded").first().waitFor();
  await page.click("text=Trades");
  await row(page, future.symbol, "Long").first().waitFor();
  await page.locator(".holdings .body", { hasText: future.symbol }).first().waitFor();
  await page.locator("[data-test=log] .good", { hasText: `Traded: ${future.vt_symbol}` }).first().waitFor();
  assert.deepEqual(page.complaints, []);
});

test("a position fills the ticket with the order that closes it", async () => {
  const page = await trader();
  await page.locator(".holdings .body button").first().click();
  assert.equal(await page.getAttribute("[data-test=short]", "aria-checked"), "true");
  assert.equal(await page.inputValue("#ticket-offset"), "CLOSE");
});

test("a resting order is cancelled by its button, by a double-click, and with all others after a question", async () => {
  const page = await trader();
  await level(page, "bid", 5);
  await step(page, "price", -5);
  const ids = [await send(page), await send(page), await send(page), await send(page)];
  await page.check("[data-test=only-active]");
  await page.click(`[aria-label="Cancel ${ids[0]}"]`);
  await page.locator(`[aria-label="Cancel ${ids[0]}"]`).waitFor({ state: "detached" });
  await page.locator(".table .body", { has: page.locator(`[aria-label="Cancel ${ids[1]}"]`) }).dblclick();
  await page.locator(`[aria-label="Cancel ${ids[1]}"]`).waitFor({ state: "detached" });
  await page.click("[data-test=cancel-all]");
  await page.keyboard.press("Escape");
  await page.locator(`[aria-label="Cancel ${ids[2]}"]`).waitFor();
  await page.click("[data-test=cancel-all]");
  await page.click("[data-test=yes]");
  await page.locator("text=Active only (0)").waitFor();
  const known = (await orders()).filter((order) => ids.includes(order.vt_orderid));
  assert.deepEqual(known.map((order) => order.status).filter((status) => !["已撤销", "Cancelled"].includes(status)), []);
  assert.equal(known.length, 4);
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
  await page.locator("[data-test=why]", { hasText: "Enter a price" }).waitFor();
  await level(page, "bid", 1);
  await page.fill("#ticket-price", `${await page.inputValue("#ticket-price")}.037`);
  await page.locator("[data-test=why]", { hasText: "multiple of" }).waitFor();
  assert.equal(await page.isDisabled("[data-test=send]"), true);
  await level(page, "bid", 1);
  await page.fill("#ticket-volume", "0");
  await page.locator("[data-test=why]", { hasText: "Enter a volume" }).waitFor();
  await page.fill("#ticket-volume", "1");
  await page.fill("#ticket-price", "1000000");
  await page.click("[data-test=send]:enabled");
  await page.locator("[data-test=log] .bad", { hasText: "rejected: " }).first().waitFor();
  await page.locator("[data-test=outcome].bad", { hasText: "Rejected" }).waitFor();
});

test("the language switches at once, with everything, and is remembered", async () => {
  const page = await trader();
  await page.click("[data-test=language]");
  await page.locator("text=自选行情").waitFor();
  await page.locator(".badge", { hasText: "实时" }).waitFor();
  await row(page, future.symbol, "全部成交").first().waitFor();
  assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
  await page.click("[data-test=theme]");
  await page.reload();
  await page.locator("text=自选行情").waitFor();
  assert.equal(await page.getAttribute("html", "data-theme"), "light");
  const text = await page.locator("body").innerText();
  const left = text.match(/\b(Watchlist|Orders|Not Traded|Cancelled|Long|Short|Open|Volume|Price|Live)\b/g);
  assert.deepEqual(left, null);
});

test("an expired login comes back over the page, which stays as it was", async () => {
  const page = await trader();
  await level(page, "ask", 1);
  const typed = await page.inputValue("#ticket-price");
  const away = (route) => route.fulfill({ status: 401, body: '{"detail":"Could not validate credentials"}' });
  await page.route("**/api/v1/traders", away);
  await page.locator("text=Your login has expired").waitFor();
  await page.unroute("**/api/v1/traders", away);
  await login(page);
  await live(page);
  assert.equal(await page.inputValue("#ticket-price"), typed);
  await page.locator("[data-test=send]:enabled").waitFor();
});

test("on a phone everything is reached by tabs, nothing is wider than the screen, and an order fills", async () => {
  const page = await trader({ device: PHONE });
  for (const name of ["Orders", "Positions", "Log", "Quotes"]) {
    await page.tap(`.phone-tabs >> text=${name}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, name);
  }
  await page.tap(`.quote[data-symbol="${future.vt_symbol}"]`);
  await page.tap(".levels.ask .level >> nth=0");
  await page.tap("[data-test=send]:enabled");
  await outcome(page, "All Traded 1/1");
  await page.tap(".phone-tabs >> text=Orders");
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
