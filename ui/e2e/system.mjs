// The real thing for a test: one `webtrader run` with its own state and ports, and the two processes
// below it, which a test may kill. Everything is stopped and removed at the end.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const BIN = process.env.WEBTRADER_BIN ?? new URL("../../target/debug/webtrader", import.meta.url).pathname;
const START_MS = 120_000;
const STOP_MS = 60_000;

/** Starts it, with further arguments if given, and resolves once it says where it listens. */
export async function start(args = [], bin = BIN) {
  if (!existsSync(bin)) throw new Error(`${bin} is not there: run \`cargo build\` first, or set WEBTRADER_BIN`);
  const state = mkdtempSync(join(tmpdir(), "webtrader-e2e-"));
  const child = spawn(bin, ["run", "--state", state, "--listen", "127.0.0.1:0", ...args], { stdio: ["ignore", "pipe", "pipe"], cwd: state });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const said = [];
  child.stderr.on("data", (text) => said.push(String(text)));
  const url = await Promise.race([address(child.stdout, said), exited.then(() => null), after(START_MS)]);
  if (url === null) {
    child.kill("SIGKILL");
    throw new Error(`webtrader did not start:\n${said.join("")}`);
  }
  return { url, pid: child.pid, kill: (name, signal = "SIGKILL") => kill(child.pid, name, signal), stop, said };

  async function stop() {
    child.kill("SIGINT");
    const clean = await Promise.race([exited.then(() => true), after(STOP_MS)]);
    if (clean === null) child.kill("SIGKILL");
    await exited;
    rmSync(state, { recursive: true, force: true });
    if (clean === null) throw new Error(`webtrader did not stop on SIGINT:\n${said.join("")}`);
  }
}

/** The JSON of a classic route, as any script would ask for it. */
export async function ask(url, path, token) {
  const response = await fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

export async function token(url) {
  const body = new URLSearchParams({ username: "vnpy", password: "vnpy" });
  const response = await fetch(`${url}/token`, { method: "POST", body });
  return (await response.json()).access_token;
}

/** Reads lines for as long as the process lives, so that it never blocks on a full pipe. */
function address(stdout, said) {
  return new Promise((resolve) => {
    createInterface({ input: stdout }).on("line", (line) => {
      said.push(`${line}\n`);
      const found = /listening on (http:\/\/\S+)/.exec(line);
      if (found !== null) resolve(found[1].replace(/\/$/, ""));
    });
  });
}

function kill(parent, name, signal) {
  const pid = childOf(parent, name);
  process.kill(pid, signal);
  return pid;
}

/** The child process that was started with this subcommand. */
export function childOf(parent, name) {
  const lists = readdirSync(`/proc/${parent}/task`).map((thread) => readFileSync(`/proc/${parent}/task/${thread}/children`, "utf8"));
  const children = lists.join(" ").split(/\s+/).filter((pid) => pid !== "").map(Number);
  const all = children.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[1] === name);
  if (all.length !== 1) throw new Error(`${all.length} processes called ${name} below ${parent}`);
  return all[0];
}

function after(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms, null).unref());
}
