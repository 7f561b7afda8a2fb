// What the page says and allows when one of the two processes is gone, and that all is right when it returns.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as browserOf from "./browser.mjs";
import { level, live, login, open, send, step, ticking } from "./browser.mjs";
import { ask, start, token } from "./system.mjs";

let system;
let browser;
let vtSymbol;

before(async () => {
  system = await start();
  browser = await browserOf.launch();
  const contracts = await ask(system.url, "/contract", await token(system.url));
  vtSymbol = (contracts.find((row) => /^rb\d+$/.test(row.symbol)) ?? contracts[0]).vt_symbol;
});
after(async () => {
  await browser?.close();
  await system?.stop();
});

async function trader() {
  const page = await open(browser, system.url, { settings: { watchlist: [vtSymbol], selected: vtSymbol } });
  await login(page);
  await live(page);
  await ticking(page, vtSymbol);
  return page;
}

test("a web process that dies is named, comes back, and the page is right without a reload", async () => {
  const page = await trader();
  await level(page, "bid", 5);
  await step(page, "price", -5);
  const id = await send(page);
  system.kill("web");
  await page.locator(".badge.lost, .badge.waiting").waitFor();
  assert.equal(await page.isDisabled("[data-test=send]"), true);
  await live(page);
  await ticking(page, vtSymbol);
  await page.click(`[aria-label="Cancel ${id}"]`);
  await page.locator(`[aria-label="Cancel ${id}"]`).waitFor({ state: "detached" });
  await page.context().close();
});

test("a trading process that is stopped for a while is named, and all recovers when it goes on", async () => {
  const page = await trader();
  system.kill("trader", "SIGSTOP");
  try {
    await page.locator(".badge.lost", { hasText: "Trading process away" }).waitFor();
    await page.locator("[data-test=why]", { hasText: /trading process is away/i }).waitFor();
    await page.locator("[data-test=away]").waitFor();
  } finally {
    system.kill("trader", "SIGCONT");
  }
  await live(page);
  await ticking(page, vtSymbol);
  await page.context().close();
});

test("a connection that falls silent, as when a laptop's lid is closed, is noticed, and all is right when it returns", async () => {
  const page = await trader();
  const other = await trader();
  system.kill("web", "SIGSTOP");
  try {
    await page.locator(".badge.lost, .badge.waiting").waitFor();
    await page.locator(".desk.away").waitFor();
    assert.equal(await page.isDisabled("[data-test=send]"), true);
  } finally {
    system.kill("web", "SIGCONT");
  }
  await live(page);
  await live(other);
  await level(other, "bid", 5);
  await step(other, "price", -5);
  const id = await send(other);
  await page.locator(`[data-panel=orders] .dt-body[data-key="${id}"]`).waitFor();
  await ticking(page, vtSymbol);
  await page.context().close();
  await other.context().close();
});

test("a cable that is pulled is noticed at once, not when the silence has become long, and so is its return", async () => {
  const page = await trader();
  // Before the 12 s after which a silent server is taken for gone.
  const soon = { timeout: 10_000 };
  await page.context().setOffline(true);
  await page.locator(".badge.lost", { hasText: "Web process away" }).waitFor(soon);
  await page.locator("[data-test=away]", { hasText: "This computer is offline." }).waitFor(soon);
  assert.equal(await page.isDisabled("[data-test=send]"), true);
  await page.context().setOffline(false);
  await page.waitForSelector(".badge.live", soon);
  await ticking(page, vtSymbol);
  await page.context().close();
});

test("a trading process that dies is named and takes no orders", async () => {
  const page = await trader();
  await level(page, "ask", 1);
  system.kill("trader");
  await page.locator(".badge.lost", { hasText: "Trading process away" }).waitFor();
  assert.equal(await page.isDisabled("[data-test=send]"), true);
  await page.locator("[data-test=why]", { hasText: /trading process is away/i }).waitFor();
  await page.locator("[data-test=away]").waitFor();
  await page.context().close();
});
