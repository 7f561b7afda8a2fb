// What all measurements have in common: frames and load of a page, what is left of its heap, the words of a report.
import { createInterface } from "node:readline";

/** How long a stretch of frames took, the longest, and how busy the main thread was (its processor time). */
export async function measure(page, forSeconds) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () => (await cdp.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value;
  const before = await busy();
  const [watch, rest] = [frames(page), new Promise((done) => setTimeout(done, forSeconds * 1000))];
  await rest;
  const seen = await (await watch)();
  const spent = (await busy()) - before;
  await cdp.detach();
  return { ...seen, busy: (spent / forSeconds) * 100 };
}

/** Watches the page's frames until the function that it gives is called. */
export async function frames(page) {
  await page.evaluate(() => {
    const gaps = [];
    let [last, isOver] = [performance.now(), false];
    const next = (now) => {
      if (now > last) gaps.push(now - last);
      last = now;
      if (!isOver) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
    window.framesSeen = () => {
      isOver = true;
      return gaps;
    };
  });
  return async () => {
    const gaps = (await page.evaluate(() => window.framesSeen())).sort((a, b) => a - b);
    const sum = gaps.reduce((all, gap) => all + gap, 0);
    return { fps: (gaps.length / sum) * 1000, p50: part(gaps, 0.5), p95: part(gaps, 0.95), longest: gaps.at(-1) ?? 0 };
  };
}

/** Watches the tasks of the page's main thread until the function that it gives is called: their processor time in ms, which neighbours on the same cores do not lengthen. */
export async function tasks(page) {
  const cdp = await page.context().browser().newBrowserCDPSession();
  const events = [];
  cdp.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await cdp.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["devtools.timeline", "disabled-by-default-devtools.timeline"], excludedCategories: ["*"] } });
  return async () => {
    const ended = new Promise((done) => cdp.once("Tracing.tracingComplete", done));
    await cdp.send("Tracing.end");
    await ended;
    await cdp.detach();
    const mains = new Set(events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid }) => pid));
    const times = events.filter(({ name, pid, tdur }) => name === "RunTask" && mains.has(pid) && tdur !== undefined).map(({ tdur }) => tdur / 1000);
    return { longestTask: Math.max(0, ...times), spent: times.reduce((all, time) => all + time, 0) };
  };
}

/** In MB, after everything that nobody holds is gone. */
export async function heap(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  const { nodes, jsEventListeners } = await cdp.send("Memory.getDOMCounters");
  await cdp.detach();
  return { heap: usedSize / 1e6, nodes, listeners: jsEventListeners };
}

/** Of numbers in order: the one below which this part of them lies. */
export function part(sorted, of) {
  return sorted[Math.max(Math.ceil(sorted.length * of), 1) - 1] ?? NaN;
}

export function listening(child) {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /listening on (http:\/\/\S+)/.exec(line);
      if (found !== null) resolve(found[1].replace(/\/$/, ""));
    });
  });
}

export function report(title, figures) {
  console.log(title);
  for (const [name, value, target] of figures) console.log(`  ${name}: ${typeof value === "number" ? value.toFixed(1) : value}  ${target ?? ""}`);
}
