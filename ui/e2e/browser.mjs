// Debian's Chromium, driven by playwright-core; and what a person does on the page, as functions.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";
const QUIET = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-lcd-text",
];
export const DESK = { viewport: { width: 1600, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
/** `gateway.orderid` of the simulated exchange. */
const ID = /SIM\.\w+/;
/** A deadline, not a pause: everything here waits for a state. Only a broken program reaches it, not a busy machine. */
const DEADLINE_MS = 90_000;

export function launch() {
  if (!existsSync(EXECUTABLE)) throw new Error(`${EXECUTABLE} is not there: install Chromium (Debian: apt-get install chromium) or set CHROMIUM`);
  return chromium.launch({ executablePath: EXECUTABLE, args: QUIET });
}

/** What a test finds where it asks for nothing else: English, no tour, no question before an order. */
const SETTINGS = { language: "en", toured: true, confirm: false };

/**
 * A fresh browser profile of a user with these settings, which the server keeps; `complaints` collects what the console
 * said was wrong, but for the question whether this browser is logged in. `prepare`: done to the page before it is loaded.
 */
export async function open(browser, url, { device = DESK, settings = {}, path = "/", user = "vnpy", password = "vnpy", prepare } = {}) {
  await keep(url, { ...SETTINGS, ...settings }, user, password);
  const context = await browser.newContext({ ...device, locale: "en-US" });
  await context.addInitScript((stored) => {
    localStorage["webtrader.settings"] ??= JSON.stringify(stored);
  }, { ...SETTINGS, ...settings });
  const page = await watched(context);
  await prepare?.(page);
  await page.goto(`${url}${path}`);
  return page;
}

/** A browser that has never been here, and in which nothing was prepared. */
export async function stranger(browser, url, { device = DESK } = {}) {
  const page = await watched(await browser.newContext({ ...device, locale: "en-US" }));
  await page.goto(url);
  return page;
}

async function watched(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(DEADLINE_MS);
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error.stack)));
  page.on("console", (message) => {
    const isQuestion = /status of 401/.test(message.text()) && message.location().url.endsWith("/api/v1/me");
    if ((message.type() === "error" || message.type() === "warning") && !isQuestion) page.complaints.push(message.text());
  });
  return page;
}

/** The write of settings of which this is true, and not one that was on its way before. */
export function written(page, is) {
  return page.waitForResponse((response) => {
    const request = response.request();
    return request.url().endsWith("/me/settings") && request.method() === "PUT" && response.ok() && is(request.postDataJSON().data);
  });
}

/** Settings of a user on the server, as if another browser had chosen them. */
async function keep(url, data, username, password) {
  const json = { "Content-Type": "application/json" };
  const opened = await fetch(`${url}/api/v1/session`, { method: "POST", headers: json, body: JSON.stringify({ username, password }) });
  if (!opened.ok) throw new Error(`login: ${opened.status} ${await opened.text()}`);
  const headers = { ...json, Authorization: `Bearer ${(await opened.json()).token}` };
  const write = async () => {
    const { version } = await (await fetch(`${url}/api/v1/me/settings`, { headers })).json();
    return fetch(`${url}/api/v1/me/settings`, { method: "PUT", headers, body: JSON.stringify({ version, data }) });
  };
  let kept = await write();
  // A page of this user that is open or was just closed has written meanwhile.
  while (kept.status === 409) kept = await write();
  if (!kept.ok) throw new Error(`settings: ${kept.status} ${await kept.text()}`);
  await fetch(`${url}/api/v1/session`, { method: "DELETE", headers });
}

export async function login(page, password = "vnpy", user = "vnpy") {
  await page.fill("[name=username]", user);
  await page.fill("[name=password]", password);
  await page.click("form [type=submit]");
}

export async function live(page) {
  await page.waitForSelector(".badge.live");
}

/** Types into the watchlist's box and takes the suggestion of this symbol. */
export async function add(page, typed, symbol) {
  await page.fill("[data-test=add] input", typed);
  await page.click(`[data-test=add] [role=option]:has(b:text-is("${symbol}"))`);
}

/** Fills the ticket from level 1 to 5 of a side of the book, as a click on its price does. */
export async function level(page, side, n) {
  const nth = side === "ask" ? 5 - n : n - 1;
  await page.click(`.levels.${side} .level >> nth=${nth}`);
  await page.waitForFunction(() => document.querySelector("#ticket-price").value !== "");
}

/** Sends what the ticket holds and gives the id under which it is known. */
export async function send(page) {
  const outcome = page.locator("[data-test=outcome][data-state=sent]");
  // The one of the order before is there for a moment yet.
  const [before] = (await outcome.allTextContents()).map((text) => ID.exec(text)?.[0]);
  await page.click("[data-test=send]:enabled");
  const now = before === undefined ? outcome : outcome.filter({ hasNotText: new RegExp(`${before}(?!\\w)`) });
  await now.filter({ hasText: ID }).waitFor();
  return ID.exec(await now.textContent())[0];
}

export function outcome(page, text) {
  return page.locator("[data-test=outcome]", { hasText: text }).waitFor();
}

/** The row of a list in which all these texts stand. */
export function row(page, ...texts) {
  return texts.reduce((found, text) => found.filter({ hasText: text }), page.locator(".dt-body"));
}

export async function step(page, field, by) {
  const button = page.locator(`.field:has(#ticket-${field}) button`).nth(by < 0 ? 0 : 1);
  for (let n = 0; n < Math.abs(by); n += 1) await button.click();
}

/** The last price of a row of the watchlist changes: the market is alive on the screen. */
export async function ticking(page, vtSymbol) {
  const cell = `.quote[data-key="${vtSymbol}"]`;
  const seen = await page.locator(cell).textContent();
  await page.waitForFunction(([where, before]) => document.querySelector(where)?.textContent !== before, [cell, seen]);
}
