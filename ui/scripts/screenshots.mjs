// Pictures of every page, in both languages and both themes, made from the real binary: `npm run screenshots`.
// Writes docs/screenshots/*.png, each below 200 kB, or fails; pictures that are no longer made are removed. Always
// true: one program in each language, in which its two themes find the same orders; nothing waits for a time.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { launch, level, live, login, open, outcome, PHONE, send, step, ticking } from "../e2e/browser.mjs";
import { ask, start, token } from "../e2e/system.mjs";
import { withPalette } from "./palette.mjs";

const OUT = new URL("../../docs/screenshots/", import.meta.url).pathname;
const LARGEST = 200_000;
const THEMES = ["dark", "light"];
const DESK = { viewport: { width: 1440, height: 900 } };
const SMALL = { ...PHONE, viewport: { width: 390, height: 780 }, deviceScaleFactor: 1 };
const VIEWS = ["contracts", "gateways", "logs", "traders", "account", "users", "help", "about"];
const TABS = ["quotes", "chart", "trade", "orders", "positions"];
/** What a first visitor may recognise, where the simulated exchange has it. */
const WANTED = [/^IF\d+$/, /^rb\d+$/, /^au\d+$/, /^sc\d+$/, /^i\d+$/, /^SR\d+$/, /^si\d+$/, /^600519$/, /^000001$/, /^AAPL$/, /^BTC/];
/** Who may log in to what is photographed: one of each role. The first takes over from the user of the first day. */
const USERS = [["chen", "admin"], ["lin", "trader"], ["guest", "viewer"]];
const PASSWORD = "only-for-a-picture-1";

mkdirSync(OUT, { recursive: true });
const made = new Set();
const browser = await launch();
try {
  for (const language of ["zh", "en"]) await photograph(language);
} finally {
  await browser.close();
}
for (const name of readdirSync(OUT)) if (name.endsWith(".png") && !made.has(name)) rmSync(OUT + name);
console.log(`${made.size} pictures`);

async function photograph(language) {
  const system = await start(["--language", language]);
  try {
    const desk = await furnish(system.url, language);
    await fill(desk);
    for (const theme of THEMES) await desks(desk, theme);
    for (const theme of THEMES) await phones(desk, theme);
  } finally {
    await system.stop();
  }
}

/** Users, and what every browser finds: a watchlist of contracts that exist. */
async function furnish(url, language) {
  const bearer = await token(url);
  const contracts = await ask(url, "/contract", bearer);
  const headers = { Authorization: `Bearer ${bearer}`, "Content-Type": "application/json" };
  for (const [name, role] of USERS) {
    const answer = await fetch(`${url}/api/v1/users`, { method: "POST", headers, body: JSON.stringify({ name, role, password: PASSWORD }) });
    if (!answer.ok) throw new Error(`users: ${answer.status} ${await answer.text()}`);
    headers.Authorization = `Bearer ${await tokenOf(url)}`;
  }
  const found = WANTED.map((pattern) => contracts.find((one) => pattern.test(one.symbol))).filter(Boolean);
  const watchlist = found.map((one) => one.vt_symbol);
  const selected = found.find((one) => /^rb/.test(one.symbol))?.vt_symbol ?? watchlist[0];
  const groups = [{ name: "", symbols: watchlist }, { name: language === "zh" ? "股指" : "Indices", symbols: watchlist.slice(0, 1) }];
  return { url, language, selected, settings: { language, groups, selected, up: language === "zh" ? "red" : "green" } };
}

async function tokenOf(url) {
  const body = JSON.stringify({ username: USERS[0][0], password: PASSWORD });
  const answer = await fetch(`${url}/api/v1/session`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  return (await answer.json()).token;
}

function visit(desk, theme, more = {}) {
  const settings = { ...desk.settings, theme, confirm: true, ...more.settings };
  return open(browser, desk.url, { device: DESK, user: USERS[0][0], password: PASSWORD, ...more, settings });
}

async function enter(page, desk) {
  await login(page, PASSWORD, USERS[0][0]);
  await live(page);
  await ticking(page, desk.selected);
  // Away from what would show that the mouse is over it.
  await page.mouse.move(0, 0);
}

/** One order that fills, and two that wait on either side. */
async function fill(desk) {
  const page = await visit(desk, "dark", { settings: { confirm: false } });
  await enter(page, desk);
  await level(page, "ask", 5);
  await step(page, "volume", 4);
  await send(page);
  await outcome(page, "5/5");
  await level(page, "bid", 3);
  await step(page, "price", -5);
  await send(page);
  await page.click("[data-test=short]");
  await level(page, "ask", 3);
  await step(page, "price", 5);
  await send(page);
  await page.context().close();
}

async function desks(desk, theme) {
  const name = (page) => `${page}-${desk.language}-${theme}`;
  const page = await visit(desk, theme);
  await page.locator("h1").waitFor();
  await shoot(page, name("login"));
  await enter(page, desk);
  await furnished(page);
  await level(page, "bid", 1);
  await page.locator("[data-test=send]:enabled").waitFor();
  await page.mouse.move(0, 0);
  await shoot(page, name("desk"));
  await page.locator("[data-panel=orders] .dt-body").last().click();
  await page.locator("[data-test=timeline] [data-stage=filled]").waitFor();
  await shoot(page, name("timeline"));
  await page.keyboard.press("Escape");
  await page.click("[data-test=send]:enabled");
  await page.locator("dialog[open] [data-test=yes]").waitFor();
  await shoot(page, name("question"));
  await page.click("[data-test=no]");
  for (const view of VIEWS) {
    await page.evaluate((path) => (location.hash = `#/${path}`), view);
    await shown(page, view);
    await shoot(page, name(view));
  }
  await page.context().close();
}

/** Everything of the desk has something in it: bars, a book, an order, a position. */
async function furnished(page) {
  await drawn(page);
  await page.locator(".levels.ask .level:enabled").first().waitFor();
  await page.locator("[data-panel=orders] .dt-body").first().waitFor();
  await page.locator("[data-panel=positions] .dt-body").first().waitFor();
}

/** History has come: the slowest average has a value. */
async function drawn(page) {
  await page.waitForFunction(() => /MA60\s*\d/.test(document.querySelector("[data-test=readout]")?.textContent ?? ""));
}

async function shown(page, view) {
  await page.locator("main h1, main h2, .view h1").first().waitFor();
  await page.waitForLoadState("networkidle").catch(() => undefined);
  if (view === "users") await page.locator("[data-user=guest]").waitFor();
  if (view === "gateways") await page.locator("[data-gateway=SIM]").waitFor();
  if (view === "account") await page.locator("[data-test=sessions] tbody tr").first().waitFor();
  if (view === "contracts" || view === "logs") await page.locator(".dt-body").first().waitFor();
}

async function phones(desk, theme) {
  const page = await visit(desk, theme, { device: SMALL });
  await enter(page, desk);
  for (const tab of TABS) {
    await page.tap(`.phone-tabs [data-tab=${tab}]`);
    await page.locator(`.on-${tab}:visible`).waitFor();
    if (tab === "chart") await drawn(page);
    if (tab === "trade") await level(page, "ask", 1);
    if (tab === "orders") await page.locator(".on-orders .dt-body:visible").first().waitFor();
    if (tab === "positions") await page.locator(".on-positions .dt-body:visible").first().waitFor();
    await shoot(page, `phone-${tab}-${desk.language}-${theme}`);
  }
  await page.context().close();
}

async function shoot(page, name) {
  const picture = withPalette(await page.screenshot());
  writeFileSync(`${OUT}${name}.png`, picture);
  made.add(`${name}.png`);
  console.log(`${name}.png ${Math.round(picture.length / 1000)} kB`);
  if (picture.length > LARGEST) throw new Error(`${name}.png is larger than ${LARGEST} bytes`);
}
