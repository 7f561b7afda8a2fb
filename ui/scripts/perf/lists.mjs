// The whole page with 50,000 orders, 5,000 trades, 100,000 log lines and 20,000 contracts, while 50 facts a second come in:
// frames while nobody does anything, and while the lists are scrolled, sorted and filtered.
import { live, login, open } from "../../e2e/browser.mjs";
import { start } from "../../e2e/system.mjs";
import { frames, heap, report, tasks } from "./page.mjs";
import { standIn } from "./stream.mjs";

const HELD = { orders: 50_000, trades: 5_000, lines: 100_000, symbols: 20, contracts: 20_000 };
const FACTS_MS = 20;
const LOOK_MS = 4000;
const WHEEL_PX = 2600;
const WHEELS = 40;
const WHEEL_MS = 50;

export async function longLists(browser, bin) {
  const system = await start([], bin);
  try {
    const watchlist = Array.from({ length: HELD.symbols }, (_, n) => `rb${1000 + n}.SHFE`);
    const page = await open(browser, system.url, { settings: { watchlist, selected: watchlist[0] }, path: "/favicon.svg" });
    await page.addInitScript(standIn, HELD);
    await page.route("**/api/v1/bars?**", (route) => route.fulfill({ json: { data: [] } }));
    await page.goto(system.url);
    await login(page);
    await live(page);
    await page.locator(".dv-tab", { hasText: "Log" }).click();
    await page.locator("[data-panel=log] .dt-body").nth(3).waitFor();
    await page.waitForTimeout(1000);
    await page.evaluate(trickle, FACTS_MS);
    const seen = [];
    const phase = async (name, act) => {
      const begun = performance.now();
      const [over, done] = [await frames(page), await tasks(page)];
      await act();
      const [{ p50, p95, longest }, { longestTask, spent }] = [await over(), await done()];
      const busy = (spent / (performance.now() - begun)) * 100;
      seen.push([name, `${[p50, p95, longest].map((ms) => ms.toFixed(0)).join(" ")}; ${longestTask.toFixed(0)}; ${busy.toFixed(0)} %`]);
    };
    await phase("nobody does anything", () => page.waitForTimeout(LOOK_MS));
    for (const panel of ["orders", "log"]) {
      const list = page.locator(`[data-panel=${panel}]`);
      await phase(`${panel}: scrolled`, () => scroll(page, list));
      await phase(`${panel}: sorted, and again`, () => twice(page, list.locator(`.dt-head [data-col=${panel === "log" ? "msg" : "price"}] .dt-title`)));
      await phase(`${panel}: sorted and scrolled`, () => scroll(page, list));
      await phase(`${panel}: filtered, letter by letter`, () => filter(page, list, panel === "log" ? "37" : "rb101"));
      await phase(`${panel}: in its own order again`, () => twice(page, list.locator(`.dt-head [data-col=${panel === "log" ? "msg" : "price"}] .dt-title`), 1));
    }
    await page.evaluate(() => (location.hash = "#/contracts"));
    const contracts = page.locator(".dt", { has: page.locator(".dt-head [data-col=option_strike]") });
    await contracts.locator(".dt-body").nth(3).waitFor();
    await phase("contracts: scrolled", () => scroll(page, contracts));
    await phase("contracts: sorted, and again", () => twice(page, contracts.locator(".dt-head [data-col=name] .dt-title")));
    await phase("contracts: filtered, letter by letter", () => filter(page, contracts, "m107"));
    report(`${HELD.orders} orders, ${HELD.lines} log lines, ${HELD.contracts} contracts, ${1000 / FACTS_MS} facts a second; frames in ms: p50, p95 (target 33), longest (100); longest task in ms of processor time; main thread busy`, seen);
    const after = await heap(page);
    report("held", [["heap after collection, MB", after.heap], ["rows in the document", await page.locator(".dt-body").count()]]);
  } finally {
    await system.stop();
  }
}

/** In the page: orders that come and change, trades, log lines. */
function trickle(everyMs) {
  const { stand } = window;
  let n = 0;
  setInterval(() => {
    n += 1;
    stand.ms += everyMs;
    // The stream gives an instrument's newest tick ten times a second.
    if ((n * everyMs) % 100 === 0) stand.ticks(n, 20);
    const what = n % 10;
    if (what < 3) stand.fact("order", stand.order(stand.orders++, "NOTTRADED"));
    else if (what < 6) stand.fact("order", stand.order(stand.orders - 1 - ((n * 997) % 40_000), "ALLTRADED", 5));
    else if (what < 7) stand.fact("trade", stand.trade(stand.trades++));
    else if (what < 8) stand.fact("account", stand.account(n));
    else stand.fact("log", stand.line(stand.lines++));
  }, everyMs);
}

async function scroll(page, list) {
  const box = await list.locator(".dt-grid").boundingBox();
  await page.mouse.move(box.x + 60, box.y + 60);
  for (let n = 0; n < WHEELS; n += 1) {
    await page.mouse.wheel(0, n < WHEELS / 2 ? WHEEL_PX : -WHEEL_PX);
    await page.waitForTimeout(WHEEL_MS);
  }
}

async function twice(page, head, times = 2) {
  for (let n = 0; n < times; n += 1) {
    // Notices of fills lie over the list, as they would for anybody.
    await head.dispatchEvent("click");
    await page.waitForTimeout(LOOK_MS / 2);
  }
}

async function filter(page, list, text) {
  await list.locator("[data-test=filter-open]").dispatchEvent("click");
  await list.locator("[data-test=filter]").pressSequentially(text, { delay: 250 });
  await page.waitForTimeout(LOOK_MS / 2);
  await list.locator("[data-test=filter-close]").dispatchEvent("click");
}
