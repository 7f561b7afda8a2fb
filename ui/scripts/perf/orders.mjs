// Our own trading process with its simulated exchange: loading, and the way of an order from the press of the button to
// the picture on the screen, stage by stage.
import { live, level, login, open, step, ticking } from "../../e2e/browser.mjs";
import { ask, start, token } from "../../e2e/system.mjs";
import { bareRows } from "./bare.mjs";
import { part, report } from "./page.mjs";

const ORDERS = 500;
const WARM = 10;
const STAGES = [
  ["the request is sent", "sent"], ["its answer is in the browser", "reply"], ["its fact is in the browser", "fact"],
  ["its row is in the document", "row"], ["its row is painted", "painted"],
];

export async function ownTrader(browser, bin) {
  const system = await start([], bin);
  try {
    const contracts = await ask(system.url, "/contract", await token(system.url));
    const vtSymbol = contracts.find((row) => /^rb\d+$/.test(row.symbol)).vt_symbol;
    const page = await open(browser, system.url, { settings: { watchlist: [vtSymbol], selected: vtSymbol } });
    await page.addInitScript(overhear);
    await login(page);
    await live(page);
    await ticking(page, vtSymbol);
    const begun = performance.now();
    await page.reload();
    await page.waitForFunction((key) => /\d/.test(document.querySelector(`.quote[data-key="${key}"] [data-col=last]`)?.textContent ?? ""), vtSymbol);
    report("our own trading process", [["load to first price, ms", performance.now() - begun, "< 1500"]]);
    await live(page);
    await level(page, "bid", 5);
    await step(page, "price", -5);
    await page.evaluate(placeMany, WARM);
    const took = await page.evaluate(placeMany, ORDERS);
    const stages = STAGES.map(([name, stage]) => [name, took.map((one) => one[stage]).sort((a, b) => a - b), stage === "painted" ? "p99 < 50" : ""]);
    const fact = part(took.map((one) => one.fact).sort((a, b) => a - b), 0.5);
    stages.push(["a row painted so long after, on a page with nothing else", await bareRows(browser, ORDERS, fact), "the least that this machine's browser takes"]);
    report(`order, ms after the press of the button, p50, p90 and p99 of ${ORDERS}`, stages.map(([name, sorted, target]) => [name, [0.5, 0.9, 0.99].map((of) => part(sorted, of).toFixed(1)).join(" "), target]));
  } finally {
    await system.stop();
  }
}

/** In the page: when what passes the stream. */
function overhear() {
  const heard = (window.heard = {});
  const known = (stage) => (heard[stage] ??= performance.now());
  window.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => {
        if (data.startsWith('{"type":"reply"') || data.includes('"type":"reply"')) known("reply");
        else if (data.includes('"channel":"order"')) known("fact");
      });
    }
    send(text) {
      if (text.includes("orders.place")) known("sent");
      super.send(text);
    }
  };
}

/** In the page: presses the button and waits for the row; the browser says when it has painted it (Element Timing). */
async function placeMany(count) {
  const frame = () => new Promise(requestAnimationFrame);
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const rows = document.querySelector("[data-panel=orders] .dt-rows");
  const first = () => rows.querySelector(".dt-body[data-index='0']");
  const painted = new Map();
  const painter = new PerformanceObserver((list) => list.getEntries().forEach((entry) => painted.set(entry.identifier, entry.renderTime)));
  painter.observe({ type: "element" });
  const button = document.querySelector("[data-test=send]");
  const took = [];
  while (took.length < count) {
    // Not in step with frames, ticks and what the order before left to do.
    await pause(100 + Math.random() * 100);
    while (button.disabled) await frame();
    const [known, id] = [first()?.dataset.key, `row ${Math.random()}`];
    for (const stage of Object.keys(window.heard)) delete window.heard[stage];
    const come = new Promise((done) => {
      const watcher = new MutationObserver(() => {
        if (first()?.dataset.key === known) return;
        watcher.disconnect();
        first().querySelector("[data-col=orderid]").setAttribute("elementtiming", id);
        done(performance.now());
      });
      watcher.observe(rows, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-index"] });
    });
    const pressed = performance.now();
    button.click();
    const row = await come;
    while (!painted.has(id) || window.heard.reply === undefined) await pause(5);
    const { sent, reply, fact } = window.heard;
    took.push({ sent: sent - pressed, reply: reply - pressed, fact: fact - pressed, row: row - pressed, painted: painted.get(id) - pressed });
  }
  painter.disconnect();
  return took;
}
