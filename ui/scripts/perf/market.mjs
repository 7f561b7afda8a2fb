// A real VeighNa publishes 5,000 ticks a second of 500 instruments, our web process forwards them, Debian's Chromium shows
// them with chart and depth open.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { live, login, open, ticking } from "../../e2e/browser.mjs";
import { token } from "../../e2e/system.mjs";
import { heap, listening, measure, report } from "./page.mjs";

const ROOT = new URL("../../../", import.meta.url).pathname;
const PYTHON = process.env.VEIGHNA_PYTHON ?? join(ROOT, "target/venv-4.5/bin/python");
const ROWS = 500;
const TICKS_PER_SECOND = 5000;
const WARM_SECONDS = 6;

export async function busyMarket(browser, bin, seconds) {
  const state = mkdtempSync(join(tmpdir(), "webtrader-perf-"));
  const market = spawn(PYTHON, [join(ROOT, "bench/veighna/trader.py"), "--contracts", String(ROWS + 20)], { stdio: ["pipe", "pipe", "ignore"] });
  const answers = createInterface({ input: market.stdout })[Symbol.asyncIterator]();
  const ready = JSON.parse((await answers.next()).value);
  const web = spawn(bin, ["web", "--state", state, "--listen", "127.0.0.1:0", "--req", ready.req ?? ready.rep, "--sub", ready.sub ?? ready.pub], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const url = await listening(web);
    const watchlist = await instruments(url);
    const page = await open(browser, url, { settings: { watchlist, selected: watchlist[0] } });
    await login(page);
    await live(page);
    const total = TICKS_PER_SECOND * (seconds + WARM_SECONDS + 4);
    market.stdin.write(`${JSON.stringify({ cmd: "ticks", count: total, rate: TICKS_PER_SECOND, symbols: ROWS })}\n`);
    await ticking(page, watchlist[0]);
    await measure(page, WARM_SECONDS);
    const before = await heap(page);
    const cpu = [spent(market.pid), spent(web.pid)];
    const seen = await measure(page, seconds);
    const share = [market.pid, web.pid].map((pid, n) => `${(((spent(pid) - cpu[n]) / seconds) * 100).toFixed(0)} %`);
    const after = await heap(page);
    report(`${TICKS_PER_SECOND} ticks/s, ${ROWS} rows watched, chart and depth open`, [
      ["frames a second", seen.fps, "60"],
      ["frames: p95 and longest, ms", `${seen.p95.toFixed(1)} ${seen.longest.toFixed(1)}`],
      ["main thread busy, %", seen.busy, "< 40"],
      ["of one core: VeighNa, web process", share.join(", ")],
      ["heap after collection, MB, before and after", `${before.heap.toFixed(1)} ${after.heap.toFixed(1)}`, "no growth"],
    ]);
    await page.context().close();
  } finally {
    web.kill("SIGINT");
    market.kill("SIGKILL");
    rmSync(state, { recursive: true, force: true });
  }
}

async function instruments(url) {
  const headers = { Authorization: `Bearer ${await token(url)}` };
  const { data } = await (await fetch(`${url}/api/v1/contracts`, { headers })).json();
  return data.map((row) => row.vt_symbol).filter((vtSymbol) => /\d{3,}/.test(vtSymbol)).slice(-ROWS);
}

/** Processor time of a process so far, in seconds. */
function spent(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
