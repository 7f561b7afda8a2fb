// How the terminal bears a busy market: `npm run perf` (`-- --seconds 60` for a longer look at the heap).
// A real VeighNa publishes 5,000 ticks a second of 500 instruments, our web process forwards them, Debian's Chromium shows
// them with chart and depth open; then our own trading process, for loading and for orders. Figures, never a test.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { launch, level, live, login, open, step, ticking } from "../e2e/browser.mjs";
import { ask, start, token } from "../e2e/system.mjs";

const ROOT = new URL("../../", import.meta.url).pathname;
const BIN = process.env.WEBTRADER_BIN ?? join(ROOT, "target/release/webtrader");
const PYTHON = process.env.VEIGHNA_PYTHON ?? join(ROOT, "target/venv-4.5/bin/python");
const ROWS = 500;
const TICKS_PER_SECOND = 5000;
const WARM_SECONDS = 6;
const ORDERS = 100;
const asked = process.argv.indexOf("--seconds");
const seconds = asked < 0 ? 20 : Number(process.argv[asked + 1]);

const browser = await launch();
try {
  await busyMarket();
  await ownTrader();
} finally {
  await browser.close();
}

async function busyMarket() {
  const state = mkdtempSync(join(tmpdir(), "webtrader-perf-"));
  const market = spawn(PYTHON, [join(ROOT, "bench/veighna/trader.py"), "--contracts", String(ROWS + 20)], { stdio: ["pipe", "pipe", "ignore"] });
  const answers = createInterface({ input: market.stdout })[Symbol.asyncIterator]();
  const said = async () => JSON.parse((await answers.next()).value);
  const ready = await said();
  const web = spawn(BIN, ["web", "--state", state, "--listen", "127.0.0.1:0", "--req", ready.req ?? ready.rep, "--sub", ready.sub ?? ready.pub], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const url = await listening(web);
    const watchlist = await instruments(url);
    const page = await open(browser, url, { settings: { watchlist, selected: watchlist[0] } });
    await login(page);
    await live(page);
    const total = TICKS_PER_SECOND * (seconds + WARM_SECONDS + 4);
    market.stdin.write(`${JSON.stringify({ cmd: "ticks", count: total, rate: TICKS_PER_SECOND, symbols: ROWS })}\n`);
    await ticking(page, watchlist[0]);
    const before = await measure(page, WARM_SECONDS);
    const after = await measure(page, seconds);
    report(`${TICKS_PER_SECOND} ticks/s, ${ROWS} rows watched, chart and depth open`, [
      ["frames a second", after.fps, "≥ 59"],
      ["main thread busy, %", after.busy, "< 40"],
      ["longest frame, ms", after.longest, ""],
      ["heap after collection, MB, before and after", `${before.heap.toFixed(1)} ${after.heap.toFixed(1)}`, "no growth"],
    ]);
    await page.context().close();
  } finally {
    web.kill("SIGINT");
    market.kill("SIGKILL");
    rmSync(state, { recursive: true, force: true });
  }
}

async function ownTrader() {
  const system = await start([], BIN);
  try {
    const contracts = await ask(system.url, "/contract", await token(system.url));
    const vtSymbol = contracts.find((row) => /^rb\d+$/.test(row.symbol)).vt_symbol;
    const page = await open(browser, system.url, { settings: { watchlist: [vtSymbol], selected: vtSymbol } });
    await login(page);
    await live(page);
    await ticking(page, vtSymbol);
    const begun = performance.now();
    await page.reload();
    await page.waitForFunction((key) => /\d/.test(document.querySelector(`.quote[data-key="${key}"] [data-col=last]`)?.textContent ?? ""), vtSymbol);
    const loaded = performance.now() - begun;
    await live(page);
    await level(page, "bid", 5);
    await step(page, "price", -5);
    const took = await page.evaluate(placeMany, ORDERS);
    took.sort((a, b) => a - b);
    report("our own trading process", [
      ["load to first price, ms", loaded, "< 1500"],
      [`order sent to row visible, ms, p50 of ${ORDERS}`, took[ORDERS / 2], ""],
      ["p99", took[Math.floor(ORDERS * 0.99)], "< 50"],
    ]);
  } finally {
    await system.stop();
  }
}

/** In the page: presses the button and waits, frame by frame, until another order is the first row. */
async function placeMany(count) {
  const took = [];
  const first = () => document.querySelector("[data-panel=orders] .dt-body[data-index='0']")?.dataset.key;
  const frame = () => new Promise(requestAnimationFrame);
  for (let n = 0; n < count; n += 1) {
    const button = document.querySelector("[data-test=send]");
    while (button.disabled) await frame();
    const known = first();
    const begun = performance.now();
    button.click();
    while (first() === known) await frame();
    took.push(performance.now() - begun);
  }
  return took;
}

/** Frames, how long the main thread was busy, and what is left of the heap. */
async function measure(page, forSeconds) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () => (await cdp.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value;
  const before = await busy();
  const frames = await page.evaluate((ms) => new Promise((done) => {
    const begun = performance.now();
    let [count, last, longest] = [0, begun, 0];
    const next = (now) => {
      count += 1;
      longest = Math.max(longest, now - last);
      last = now;
      if (now - begun < ms) requestAnimationFrame(next);
      else done({ fps: (count / (now - begun)) * 1000, longest });
    };
    requestAnimationFrame(next);
  }), forSeconds * 1000);
  const spent = (await busy()) - before;
  await cdp.send("HeapProfiler.collectGarbage");
  const heap = await page.evaluate(() => performance.memory.usedJSHeapSize / 1e6);
  await cdp.detach();
  return { ...frames, busy: (spent / forSeconds) * 100, heap };
}

async function instruments(url) {
  const headers = { Authorization: `Bearer ${await token(url)}` };
  const { data } = await (await fetch(`${url}/api/v1/contracts`, { headers })).json();
  return data.map((row) => row.vt_symbol).filter((vtSymbol) => /\d{3,}/.test(vtSymbol)).slice(-ROWS);
}

function listening(child) {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /listening on (http:\/\/\S+)/.exec(line);
      if (found !== null) resolve(found[1].replace(/\/$/, ""));
    });
  });
}

function report(title, figures) {
  console.log(title);
  for (const [name, value, target] of figures) console.log(`  ${name}: ${typeof value === "number" ? value.toFixed(1) : value}  ${target}`);
}
