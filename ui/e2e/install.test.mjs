// What makes the page a program of its own: it can be installed, opens without its server with words that say so, and says
// when the server has a newer one. And how fills, rejections and lost links make themselves known: each switch its way.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import * as browserOf from "./browser.mjs";
import { level, live, login, open, outcome, send, ticking, written } from "./browser.mjs";
import { ask, start, token } from "./system.mjs";

let system;
let browser;
let vtSymbol;
let pages = [];

before(async () => {
  system = await start();
  browser = await browserOf.launch();
  const contracts = await ask(system.url, "/contract", await token(system.url));
  vtSymbol = contracts.find((row) => /^rb\d+$/.test(row.symbol)).vt_symbol;
});
after(async () => {
  await browser?.close();
  await system?.stop();
});
afterEach(async () => {
  const all = pages;
  pages = [];
  for (const page of all) await page.context().close();
});

async function trader({ settings = {}, ...options } = {}) {
  const page = await open(browser, system.url, { ...options, settings: { watchlist: [vtSymbol], selected: vtSymbol, ...settings } });
  pages.push(page);
  await login(page);
  await live(page);
  return page;
}

test("the browser finds nothing against installing it, and every icon is a picture of the size that it says", async () => {
  const page = await trader();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const cdp = await page.context().newCDPSession(page);
  const { errors, data } = await cdp.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const found = (await cdp.send("Page.getInstallabilityErrors")).installabilityErrors.map(({ errorId }) => errorId);
  // A context of a test is a private window, from which nothing is installed.
  assert.deepEqual(found.filter((id) => id !== "in-incognito"), []);
  const { icons } = JSON.parse(data);
  const sizes = await page.evaluate(async (all) => Promise.all(all.map(async ({ src }) => {
    const image = new Image();
    image.src = src;
    await image.decode();
    return `${image.naturalWidth}x${image.naturalHeight}`;
  })), icons);
  assert.deepEqual(icons.map(({ sizes: said }, n) => (said === "any" ? "any" : sizes[n])), icons.map((icon) => icon.sizes));
  assert.deepEqual(page.complaints, []);
});

test("it opens without its server and says so, keeps no data, and is itself again when the server is back", async () => {
  const page = await trader();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.context().setOffline(true);
  await page.goto(system.url);
  await page.locator("h1", { hasText: "The server cannot be reached" }).waitFor();
  await page.locator("h1", { hasText: "无法连接服务器" }).waitFor();
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).display !== "" && document.styleSheets.length > 0), true);
  const kept = await page.evaluate(async () => {
    const cache = await caches.open((await caches.keys())[0]);
    return (await cache.keys()).map((request) => new URL(request.url).pathname);
  });
  assert.ok(kept.includes("/offline.html"));
  assert.deepEqual(kept.filter((path) => !/^\/(assets\/|offline\.|favicon)/.test(path)), []);
  await page.context().setOffline(false);
  await page.locator("a", { hasText: "Try again" }).click();
  await live(page);
});

test("a server that has a newer page is noticed when contact is back, and nothing reloads by itself", async () => {
  const page = await trader();
  await page.evaluate(() => (window.isTheSame = true));
  const html = (await (await fetch(system.url)).text()).replaceAll(/\/assets\/([\w-]+)\.js/g, "/assets/newer-$1.js");
  await page.route((url) => url.pathname === "/", (route) => route.fulfill({ contentType: "text/html", body: html }));
  system.kill("web");
  await page.locator("[data-test=update]").waitFor();
  assert.equal(await page.evaluate(() => window.isTheSame), true);
  await page.unrouteAll();
  await page.click("[data-test=update] button");
  await live(page);
  assert.equal(await page.evaluate(() => window.isTheSame), undefined);
});

/** In the page: writes down each tone and each notification instead of making it; `answer`: what the reader says to the browser's question. */
function overhear(answer) {
  const told = (window.told = { tones: [], shown: [], asked: 0 });
  const param = { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined };
  window.AudioContext = class {
    currentTime = 0;
    destination = {};
    resume = async () => undefined;
    createGain = () => ({ gain: param, connect: (to) => to });
    createOscillator = () => {
      const frequency = { value: 0 };
      return { frequency, connect: (to) => to, stop: () => undefined, start: () => told.tones.push(frequency.value) };
    };
  };
  window.Notification = class {
    static permission = "default";
    static requestPermission = async () => {
      told.asked += 1;
      return (window.Notification.permission = answer);
    };
    constructor(title, { body }) {
      told.shown.push(body);
    }
  };
  document.hasFocus = () => false;
}

const KINDS = ["fill", "reject", "link"];
const FIRST = { fill: 880, reject: 440, link: 233 };

/** Lets each kind of event happen once; its line in the list of notices tells that it was heard. */
const CAUSES = {
  fill: async (page) => {
    await level(page, "ask", 5);
    await send(page);
    await outcome(page, "All Traded");
  },
  reject: async () => {
    const headers = { Authorization: `Bearer ${await token(system.url)}`, "Content-Type": "application/json" };
    const [symbol, exchange] = vtSymbol.split(".");
    const order = { symbol, exchange, direction: "多", type: "限价", volume: 1, price: 1, offset: "开", reference: "test" };
    const answer = await fetch(`${system.url}/order`, { method: "POST", headers, body: JSON.stringify(order) });
    assert.ok(answer.ok, await answer.text());
  },
  link: async (page) => {
    await page.context().setOffline(true);
    await page.locator(".badge.lost").waitFor();
    await page.context().setOffline(false);
    await live(page);
  },
};
const WORDS = { fill: "Filled", reject: "ejected", link: "eb process" };

for (const way of ["toast", "sound", "browser"]) {
  test(`${way}: each switch tells of its kind and of no other`, async () => {
    const none = Object.fromEntries(KINDS.map((kind) => [kind, { toast: false, sound: false, browser: false }]));
    for (const chosen of KINDS) {
      const page = await trader({ settings: { alerts: none }, prepare: (made) => made.addInitScript(overhear, "granted") });
      await ticking(page, vtSymbol);
      await page.click("[data-test=settings]");
      // Also so that this page has nothing left to write when the next one begins.
      const kept = written(page, ({ alerts }) => alerts[chosen][way]);
      await page.check(`[data-test=alert-${chosen}-${way}]`);
      await page.click("[data-test=settings-close]");
      await kept;
      assert.equal(await page.evaluate(() => window.told.asked), way === "browser" ? 1 : 0);
      // Switched on, a sound is heard once.
      assert.deepEqual(await page.evaluate(() => window.told.tones.splice(0).slice(0, 1)), way === "sound" ? [FIRST[chosen]] : []);
      for (const kind of KINDS) {
        await CAUSES[kind](page);
        await noted(page, WORDS[kind]);
        const told = await page.evaluate(() => ({ tones: window.told.tones.splice(0), shown: window.told.shown.splice(0) }));
        const is = kind === chosen;
        assert.equal(told.tones[0], is && way === "sound" ? FIRST[kind] : undefined, `${chosen}: tones of ${kind}`);
        assert.equal(told.shown.some((text) => text.includes(WORDS[kind])), is && way === "browser", `${chosen}: notification of ${kind}: ${told.shown}`);
        const toasts = await page.locator("[data-test=toast]", { hasText: WORDS[kind] }).count();
        assert.equal(toasts > 0, is && way === "toast", `${chosen}: toast of ${kind}`);
      }
      await page.context().close();
      pages = [];
    }
  });
}

/** It stands in the list behind the bell. */
async function noted(page, text) {
  await page.click("[data-test=bell]");
  await page.locator(".alarms li", { hasText: text }).first().waitFor();
  await page.keyboard.press("Escape");
}

test("who refuses the browser's notifications is told so, and the switch stays off", async () => {
  const page = await trader({ prepare: (made) => made.addInitScript(overhear, "denied") });
  await page.click("[data-test=settings]");
  await page.locator("[data-test=alert-fill-browser]").click();
  await page.locator("[data-test=settings-dialog] [role=alert]").waitFor();
  assert.equal(await page.isChecked("[data-test=alert-fill-browser]"), false);
});
