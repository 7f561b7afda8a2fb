// Accessibility, by axe on every page: nothing serious or critical, in both themes; and each role sees what it may.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import * as browserOf from "./browser.mjs";
import { live, login, open, PHONE, ticking } from "./browser.mjs";
import { ask, start, token } from "./system.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VIEWS = ["contracts", "gateways", "logs", "traders", "account", "users", "help", "about"];

let system;
let browser;
let vtSymbol;

before(async () => {
  system = await start();
  browser = await browserOf.launch();
  const contracts = await ask(system.url, "/contract", await token(system.url));
  vtSymbol = contracts.find((row) => /^rb\d+$/.test(row.symbol)).vt_symbol;
});
after(async () => {
  await browser?.close();
  await system?.stop();
});

async function findings(page) {
  // The policy forbids scripts from elsewhere; what the debugger evaluates is not asked.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const results = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

for (const theme of ["dark", "light"]) {
  test(`axe finds nothing serious on any page, ${theme}`, async () => {
    const page = await open(browser, system.url, { settings: { theme, watchlist: [vtSymbol], selected: vtSymbol } });
    const found = {};
    await page.locator("form [type=submit]").waitFor();
    found.login = await findings(page);
    await login(page);
    await live(page);
    await ticking(page, vtSymbol);
    found.desk = await findings(page);
    let title;
    for (const view of VIEWS) {
      await page.evaluate((path) => (location.hash = `#/${path}`), view);
      // The one before may still stand there.
      await page.waitForFunction((before) => ![undefined, before].includes(document.querySelector(".view h1")?.textContent), title);
      title = await page.locator(".view h1").textContent();
      found[view] = await findings(page);
    }
    await page.context().close();
    const phone = await open(browser, system.url, { device: PHONE, settings: { theme, watchlist: [vtSymbol], selected: vtSymbol } });
    await login(phone);
    await ticking(phone, vtSymbol);
    for (const tab of ["quotes", "chart", "trade", "orders", "positions"]) {
      await phone.tap(`.phone-tabs [data-tab=${tab}]`);
      found[`phone ${tab}`] = await findings(phone);
    }
    await phone.context().close();
    assert.deepEqual(Object.entries(found).filter(([, list]) => list.length > 0), []);
  });
}

/** Goes on by Tab until the focus is there, as somebody without a mouse does. */
async function tabTo(page, selector) {
  for (let n = 0; n < 150; n += 1) {
    if (await page.evaluate((where) => document.activeElement?.matches(where) === true, selector)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not come to ${selector}`);
}

test("without a mouse: log in, add a contract, send an order, cancel it", async () => {
  const page = await open(browser, system.url);
  await page.locator("form [type=submit]").waitFor();
  await tabTo(page, "[name=username]");
  await page.keyboard.type("vnpy");
  await tabTo(page, "[name=password]");
  await page.keyboard.type("vnpy");
  await page.keyboard.press("Enter");
  await live(page);
  await tabTo(page, "[data-test=add] input");
  await page.keyboard.type(vtSymbol.split(".")[0]);
  await page.locator("[data-test=add] [role=option]").first().waitFor();
  await page.keyboard.press("Enter");
  await ticking(page, vtSymbol);
  // Out of the field; then the list, whose first row Enter puts into the ticket.
  await tabTo(page, "[data-panel=watch] [role=grid]");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.waitForFunction((symbol) => document.querySelector("[data-test=send]").textContent.includes(symbol), vtSymbol.split(".")[0]);
  await page.keyboard.press("b");
  await page.keyboard.press("p");
  await page.waitForFunction(() => document.activeElement?.id === "ticket-price");
  for (let n = 0; n < 2; n += 1) await page.keyboard.press("PageDown");
  await page.locator("[data-test=send]:enabled").waitFor();
  await page.keyboard.press("Enter");
  await page.locator("[data-test=outcome][data-state=sent]", { hasText: "Not Traded" }).waitFor();
  await tabTo(page, "[data-panel=orders] [role=grid]");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.locator("[data-panel=orders] .dt-body", { hasText: "Cancelled" }).first().waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a viewer sees everything and can send nothing; an administrator makes and removes users", async () => {
  const headers = { Authorization: `Bearer ${await token(system.url)}`, "Content-Type": "application/json" };
  const body = JSON.stringify({ name: "vnpy", password: "vnpy", role: "admin" });
  assert.equal((await fetch(`${system.url}/api/v1/users`, { method: "POST", headers, body })).status, 201);
  const admin = await open(browser, system.url, { path: "/#/users" });
  await login(admin);
  await admin.fill("#user-name", "observer");
  await admin.fill("#user-password", "look only, please");
  await admin.selectOption("#user-role", "viewer");
  await admin.click(".user-form [type=submit]");
  await admin.locator("[data-user=observer]").waitFor();
  const settings = { watchlist: [vtSymbol], selected: vtSymbol };
  const page = await open(browser, system.url, { settings, user: "observer", password: "look only, please" });
  await login(page, "look only, please", "observer");
  await live(page);
  await ticking(page, vtSymbol);
  assert.equal(await page.isDisabled("[data-test=send]"), true);
  await page.locator("[data-test=why]", { hasText: "only look" }).waitFor();
  await admin.locator("[data-user=observer] button", { hasText: "Remove" }).click();
  await admin.click("[data-test=yes]");
  await admin.locator("[data-user=observer]").waitFor({ state: "detached" });
  await page.locator("form [type=submit]").waitFor();
  await page.context().close();
  await admin.context().close();
});
