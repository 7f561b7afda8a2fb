// Four hours' worth of 5,000 ticks a second of 500 instruments: 72 million ticks through the page's own link, lists and
// chart, as fast as it takes them, with what a busy day has besides: orders, trades, accounts, positions, log lines.
import { live, login, open } from "../../e2e/browser.mjs";
import { start } from "../../e2e/system.mjs";
import { heap, report } from "./page.mjs";
import { standIn } from "./stream.mjs";

const SYMBOLS = 500;
const HOURS = 4;
/** One tick of every instrument; ten of them are a second. */
const MESSAGES = HOURS * 3600 * 10;
/** Messages between two pictures. */
const AT_ONCE = 50;
const MARKS = 8;
/** The log is full from the start, as after days. */
const LINES = 100_000;

export async function heapOfHours(browser, bin, part, hasFacts) {
  const system = await start([], bin);
  try {
    const watchlist = Array.from({ length: SYMBOLS }, (_, n) => `rb${1000 + n}.SHFE`);
    const page = await open(browser, system.url, { settings: { watchlist, selected: watchlist[0] }, path: "/favicon.svg" });
    await page.addInitScript(standIn, { symbols: SYMBOLS, lines: LINES });
    await page.route("**/api/v1/bars?**", (route) => route.fulfill({ json: { data: [] } }));
    await page.goto(system.url);
    await login(page);
    await live(page);
    const count = Math.round(MESSAGES * part);
    await page.evaluate(run, { from: 0, count: 2000, atOnce: AT_ONCE, hasFacts });
    const marks = [{ at: 0, ...(await heap(page)), ...(await rows(page)) }];
    const begun = performance.now();
    for (let mark = 1; mark <= MARKS; mark += 1) {
      await page.evaluate(run, { from: 2000 + ((mark - 1) * count) / MARKS, count: count / MARKS, atOnce: AT_ONCE, hasFacts });
      marks.push({ at: mark / MARKS, ...(await heap(page)), ...(await rows(page)) });
    }
    const took = (performance.now() - begun) / 1000;
    report(`${((count * SYMBOLS) / 1e6).toFixed(1)} million ticks (${(HOURS * part).toFixed(1)} h at 5,000 a second) in ${took.toFixed(0)} s`, marks.map((mark) => [
      `after ${(mark.at * HOURS * part).toFixed(1)} h: heap after collection, MB`,
      `${mark.heap.toFixed(1)} (${mark.nodes} nodes, ${mark.listeners} listeners; ${mark.orders} orders, ${mark.trades} trades)`,
    ]));
    const [first, last] = [marks[0], marks.at(-1)];
    const more = last.orders + last.trades - first.orders - first.trades;
    const growth = last.heap - first.heap;
    report("growth", [["MB", growth], ...(more > 0 ? [["bytes for each order and trade that came and is held", (growth * 1e6) / more]] : [])]);
  } finally {
    await system.stop();
  }
}

function rows(page) {
  return page.evaluate(() => ({ orders: window.stand.orders, trades: window.stand.trades }));
}

/** In the page: messages between pictures, so that each picture shows what all of them left. */
async function run({ from, count, atOnce, hasFacts }) {
  const { stand } = window;
  for (let n = from; n < from + count; n += 1) {
    stand.ms = n * 100;
    stand.ticks(n);
    if (n % atOnce === 0) await new Promise(requestAnimationFrame);
    if (!hasFacts) continue;
    // A busy day: 5,000 orders, half of them filled; accounts and positions twice a second; a log line a second.
    if (n % 28 === 0) stand.fact("order", stand.order(stand.orders++, "SUBMITTING"));
    if (n % 28 === 3) stand.fact("order", stand.order(stand.orders - 1, "NOTTRADED"));
    if (n % 28 === 20) stand.fact("order", stand.order(stand.orders - 1, n % 56 === 20 ? "ALLTRADED" : "CANCELLED", n % 56 === 20 ? 5 : 0));
    if (n % 56 === 20) stand.fact("trade", stand.trade(stand.trades++));
    if (n % 5 === 0) stand.fact("account", stand.account(n));
    if (n % 5 === 1) stand.fact("position", stand.position(n));
    if (n % 10 === 0) stand.fact("log", stand.line(stand.lines++));
  }
}
