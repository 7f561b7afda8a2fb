// The least that this machine's browser takes for a row: a page with nothing else on it, no framework, no server. What lies
// above its figures is ours; what lies below nobody can reach here.
import { DESK } from "../../e2e/browser.mjs";

const CELLS = 14;
/** As many as the orders' panel shows. */
const ROWS = 7;
const PAGE = `<style>
  body { font: 13px sans-serif }
  #list { width: 1275px; height: 190px; overflow: auto }
  #list div { display: flex; height: 26px }
  #list span { width: 90px }
</style><div id="list"></div>`;
/** Apart from other sites, as ours: elsewhere a browser tells the time of a picture to the next 4 ms only. */
const APART = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** Puts down rows, each some milliseconds after a moment that stands for the press; milliseconds from it to the painted row, in order. */
export async function bareRows(browser, count, afterMs) {
  const page = await (await browser.newContext(DESK)).newPage();
  await page.route("http://localhost/", (route) => route.fulfill({ contentType: "text/html", headers: APART, body: PAGE }));
  await page.goto("http://localhost/");
  const took = await page.evaluate(putDown, { count, afterMs, cells: CELLS, rows: ROWS });
  await page.context().close();
  return took.sort((a, b) => a - b);
}

/** In the page. */
async function putDown({ count, afterMs, cells, rows }) {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const list = document.querySelector("#list");
  const painted = new Map();
  new PerformanceObserver((seen) => seen.getEntries().forEach((entry) => painted.set(entry.identifier, entry.renderTime))).observe({ type: "element" });
  const row = (id) => {
    const made = document.createElement("div");
    for (let n = 0; n < cells; n += 1) {
      const cell = made.appendChild(document.createElement("span"));
      cell.textContent = `${id} ${n}`;
      if (n === 1) cell.setAttribute("elementtiming", id);
    }
    list.prepend(made);
    if (list.childElementCount > rows) list.lastElementChild.remove();
  };
  const took = [];
  for (let n = 0; n < count; n += 1) {
    await pause(100 + Math.random() * 100);
    const pressed = performance.now();
    await pause(afterMs);
    row(`row ${n}`);
    while (!painted.has(`row ${n}`)) await pause(5);
    took.push(painted.get(`row ${n}`) - pressed);
  }
  return took;
}
