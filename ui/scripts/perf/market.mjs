// 5,000 ticks a second of 500 instruments reach the web process, which forwards them; Debian's Chromium shows them with chart and
// depth open. Once from our own trading process, which plays a recording, and once from a VeighNa, whose Python takes most
// of a core for it.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { live, login, open, ticking } from "../../e2e/browser.mjs";
import { childOf, start, token } from "../../e2e/system.mjs";
import { heap, listening, measure, report } from "./page.mjs";

const ROOT = new URL("../../../", import.meta.url).pathname;
const PYTHON = process.env.VEIGHNA_PYTHON ?? join(ROOT, "target/venv-4.5/bin/python");
const ROWS = 500;
const TICKS_PER_SECOND = 5000;
const WARM_SECONDS = 6;

export async function busyMarket(browser, bin, seconds) {
  for (const begin of [own, veighna]) {
    const market = await begin(bin, seconds);
    try {
      await look(browser, market, seconds);
    } finally {
      await market.stop();
    }
  }
}

async function look(browser, { name, url, processes, go }, seconds) {
  const watchlist = await instruments(url);
  const page = await open(browser, url, { settings: { watchlist, selected: watchlist[0] } });
  await login(page);
  await live(page);
  go();
  await ticking(page, watchlist[0]);
  await measure(page, WARM_SECONDS);
  const before = await heap(page);
  const cpu = processes.map(spent);
  const seen = await measure(page, seconds);
  const share = processes.map((pid, n) => `${(((spent(pid) - cpu[n]) / seconds) * 100).toFixed(0)} %`);
  const after = await heap(page);
  report(`${TICKS_PER_SECOND} ticks/s from ${name}, ${ROWS} rows watched, chart and depth open`, [
    ["frames a second", seen.fps, "60"],
    ["frames: p95 and longest, ms", `${seen.p95.toFixed(1)} ${seen.longest.toFixed(1)}`],
    ["main thread busy, %", seen.busy, "< 40"],
    ["of one core: trading process, web process", share.join(", ")],
    ["heap after collection, MB, before and after", `${before.heap.toFixed(1)} ${after.heap.toFixed(1)}`, "no growth"],
  ]);
  await page.context().close();
}

/** Our trading process plays ten seconds of a recording again and again. */
async function own(bin) {
  const folder = mkdtempSync(join(tmpdir(), "webtrader-perf-"));
  const file = join(folder, "market.csv");
  writeFileSync(file, recording());
  const system = await start(["--replay", file, "--again", "--record", "none"], bin);
  const stop = async () => {
    await system.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { name: "our trading process", url: system.url, processes: ["trader", "web"].map((name) => childOf(system.pid, name)), go: () => undefined, stop };
}

function recording() {
  const LEVELS = [1, 2, 3, 4, 5];
  const heads = LEVELS.flatMap((level) => [`BidPrice${level}`, `BidVolume${level}`, `AskPrice${level}`, `AskVolume${level}`]);
  const lines = [["TradingDay", "UpdateTime", "UpdateMillisec", "InstrumentID", "ExchangeID", "LastPrice", "Volume", ...heads].join()];
  for (let n = 0; n < 100; n += 1) {
    for (let row = 0; row < ROWS; row += 1) {
      const cents = 3200 + ((n * 17 + row * 3) % 41);
      const book = LEVELS.map((level) => `${(cents - level) / 100},${100 * (1 + ((n + level * 11) % 90))},${(cents + level) / 100},${100 * (1 + ((n + level * 7) % 90))}`);
      lines.push(`20260105,09:31:${String(Math.floor(n / 10)).padStart(2, "0")},${(n % 10) * 100},${600000 + row},SSE,${cents / 100},${1000 * (n + 1)},${book.join(",")}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

async function veighna(bin, seconds) {
  const state = mkdtempSync(join(tmpdir(), "webtrader-perf-"));
  const market = spawn(PYTHON, [join(ROOT, "bench/veighna/trader.py"), "--contracts", String(ROWS + 20)], { stdio: ["pipe", "pipe", "ignore"] });
  const answers = createInterface({ input: market.stdout })[Symbol.asyncIterator]();
  const ready = JSON.parse((await answers.next()).value);
  const web = spawn(bin, ["web", "--state", state, "--listen", "127.0.0.1:0", "--req", ready.req ?? ready.rep, "--sub", ready.sub ?? ready.pub], { stdio: ["ignore", "pipe", "ignore"] });
  const total = TICKS_PER_SECOND * (seconds + WARM_SECONDS + 4);
  const go = () => market.stdin.write(`${JSON.stringify({ cmd: "ticks", count: total, rate: TICKS_PER_SECOND, symbols: ROWS })}\n`);
  const stop = () => {
    web.kill("SIGINT");
    market.kill("SIGKILL");
    rmSync(state, { recursive: true, force: true });
  };
  return { name: "VeighNa", url: await listening(web), processes: [market.pid, web.pid], go, stop };
}

async function instruments(url) {
  const headers = { Authorization: `Bearer ${await token(url)}` };
  for (;;) {
    const { data } = await (await fetch(`${url}/api/v1/contracts`, { headers })).json();
    const found = data.map((row) => row.vt_symbol).filter((vtSymbol) => /\d{3,}/.test(vtSymbol)).slice(-ROWS);
    if (found.length === ROWS) return found;
    // The trading process has not read its recording yet.
    await new Promise((done) => setTimeout(done, 200));
  }
}

/** Processor time of a process so far, in seconds. */
function spent(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
