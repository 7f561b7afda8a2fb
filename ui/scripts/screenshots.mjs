// Pictures of the page for the README, made from the real binary: `npm run screenshots`.
// Writes docs/screenshots/*.png, each below 200 kB, or fails.
import { mkdirSync, writeFileSync } from "node:fs";
import { launch, level, live, login, open, outcome, PHONE, send, step, ticking } from "../e2e/browser.mjs";
import { ask, start, token } from "../e2e/system.mjs";
import { withPalette } from "./palette.mjs";

const OUT = new URL("../../docs/screenshots/", import.meta.url).pathname;
const LARGEST = 200_000;
const DESK = { viewport: { width: 1500, height: 860 } };
/** What a first visitor may recognise, where the simulated exchange has it. */
const WANTED = [/^IF\d+$/, /^rb\d+$/, /^au\d+$/, /^sc\d+$/, /^i\d+$/, /^SR\d+$/, /^si\d+$/, /^600519$/, /^000001$/, /^AAPL$/, /^BTC/];

mkdirSync(OUT, { recursive: true });
const system = await start();
const browser = await launch();
try {
  const contracts = await ask(system.url, "/contract", await token(system.url));
  const found = WANTED.map((pattern) => contracts.find((row) => pattern.test(row.symbol))).filter(Boolean);
  const watchlist = found.map((row) => row.vt_symbol);
  const selected = found.find((row) => /^rb/.test(row.symbol))?.vt_symbol ?? watchlist[0];
  const visit = (settings, device = DESK) => open(browser, system.url, { device, settings: { watchlist, selected, ...settings } });

  const page = await visit({ language: "zh" });
  await page.locator("h1").waitFor();
  await shoot(page, "login-zh");
  await enter(page, watchlist);
  await trade(page);
  await shoot(page, "desk-zh-dark");
  await page.click("[data-test=theme]");
  await shoot(page, "desk-zh-light");
  await page.context().close();

  const english = await visit({ language: "en" });
  await enter(english, watchlist);
  await shoot(english, "desk-en-dark");
  await english.click("[data-test=theme]");
  await shoot(english, "desk-en-light");
  await english.context().close();

  const phone = await visit({ language: "zh" }, { ...PHONE, deviceScaleFactor: 1.5 });
  await enter(phone, watchlist);
  await shoot(phone, "phone-zh-quotes");
  await phone.tap(`.quote[data-symbol="${selected}"]`);
  await phone.tap(".levels.ask .level >> nth=4");
  await shoot(phone, "phone-zh-trade");
} finally {
  await browser.close();
  await system.stop();
}

async function enter(page, watchlist) {
  await login(page);
  await live(page);
  for (const vtSymbol of watchlist) await ticking(page, vtSymbol);
}

/** One order that fills, and two that wait on either side. */
async function trade(page) {
  await level(page, "ask", 5);
  await send(page);
  await outcome(page, "1/1");
  await level(page, "bid", 3);
  await step(page, "price", -5);
  await send(page);
  await page.click("[data-test=short]");
  await level(page, "ask", 3);
  await step(page, "price", 5);
  await send(page);
}

async function shoot(page, name) {
  const picture = withPalette(await page.screenshot());
  writeFileSync(`${OUT}${name}.png`, picture);
  console.log(`${name}.png ${Math.round(picture.length / 1000)} kB`);
  if (picture.length > LARGEST) throw new Error(`${name}.png is larger than ${LARGEST} bytes`);
}
