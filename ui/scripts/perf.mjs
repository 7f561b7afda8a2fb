// How the terminal bears what it is made for, in Debian's Chromium with the real binary. Figures, never a test.
//
//   npm run perf                     5,000 ticks a second; loading; the way of an order (four minutes)
//   npm run perf -- --heap           four hours' worth of ticks, sped up: what is left of the heap (one to three minutes)
//   npm run perf -- --lists          50,000 orders, 100,000 log lines, 20,000 contracts while facts come in (a minute)
//
// `--market` and `--orders` take one half of the first; `--seconds 60` looks longer, `--part 0.1` at less of the hours,
// `--ticks-only` leaves out the orders, trades and log lines, which the page keeps.
import { join } from "node:path";
import { launch } from "../e2e/browser.mjs";
import { heapOfHours } from "./perf/heap.mjs";
import { longLists } from "./perf/lists.mjs";
import { busyMarket } from "./perf/market.mjs";
import { ownTrader } from "./perf/orders.mjs";

const BIN = process.env.WEBTRADER_BIN ?? join(new URL("../../", import.meta.url).pathname, "target/release/webtrader");
const has = (name) => process.argv.includes(name);
const given = (name, otherwise) => (has(name) ? Number(process.argv[process.argv.indexOf(name) + 1]) : otherwise);
const all = !["--heap", "--lists", "--market", "--orders"].some(has);

const browser = await launch();
try {
  if (all || has("--market")) await busyMarket(browser, BIN, given("--seconds", 20));
  if (all || has("--orders")) await ownTrader(browser, BIN);
  if (has("--heap")) await heapOfHours(browser, BIN, given("--part", 1), !has("--ticks-only"));
  if (has("--lists")) await longLists(browser, BIN);
} finally {
  await browser.close();
}
