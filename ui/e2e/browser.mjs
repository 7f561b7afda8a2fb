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
/** A deadline, not a pause: everything here waits for a state. */
const DEADLINE_MS = 20_000;

export function launch() {
  if (!existsSync(EXECUTABLE)) throw new Error(`${EXECUTABLE} is not there: install Chromium (Debian: apt-get install chromium) or set CHROMIUM`);
  return chromium.launch({ executablePath: EXECUTABLE, args: QUIET });
}

/** A fresh browser profile with these settings; `complaints` collects what the console said was wrong. */
export async function open(browser, url, { device = DESK, settings = {}, path = "/" } = {}) {
  const context = await browser.newContext({ ...device, locale: "en-US" });
  await context.addInitScript((stored) => {
    localStorage["webtrader.settings"] ??= JSON.stringify(stored);
  }, { language: "en", ...settings });
  const page = await context.newPage();
  page.setDefaultTimeout(DEADLINE_MS);
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error.stack)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") page.complaints.push(message.text());
  });
  await page.goto(`${url}${path}`);
  return page;
}

export async function login(page, password = "vnpy") {
  await page.fill("[name=username]", "vnpy");
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
  await page.click("[data-test=send]:enabled");
  const outcome = page.locator("[data-test=outcome]");
  await outcome.filter({ hasText: /\S+\.\S+ / }).waitFor();
  return (await outcome.textContent()).trim().split(" ").find((word) => word.includes("."));
}

export function outcome(page, text) {
  return page.locator("[data-test=outcome]", { hasText: text }).waitFor();
}

/** The row of a list in which all these texts stand. */
export function row(page, ...texts) {
  return texts.reduce((found, text) => found.filter({ hasText: text }), page.locator(".table .body"));
}

export async function step(page, field, by) {
  const button = page.locator(`.field:has(#ticket-${field}) button`).nth(by < 0 ? 0 : 1);
  for (let n = 0; n < Math.abs(by); n += 1) await button.click();
}

/** The last price of a row of the watchlist changes: the market is alive on the screen. */
export async function ticking(page, vtSymbol) {
  const cell = `.quote[data-symbol="${vtSymbol}"]`;
  const seen = await page.locator(cell).textContent();
  await page.waitForFunction(([where, before]) => document.querySelector(where)?.textContent !== before, [cell, seen]);
}
