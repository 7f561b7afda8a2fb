// Makes the page installable and quick to start. The page itself always comes from the server, so that nobody trades
// with an old one; what has a hash in its name never changes and is kept; data is never kept.
// Always true: nothing of /api, /ws or the classic routes passes through here.
"use strict";

const CACHE = "webtrader-1";
const OFFLINE = "/offline.html";
/** What the offline page needs. */
const KEPT = [OFFLINE, "/offline.css", "/favicon.svg"];
/** More are of older versions. */
const MOST = 80;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(fromCache(request));
  else if (KEPT.includes(url.pathname)) event.respondWith(fetch(request).catch(() => caches.match(request)));
  else if (request.mode === "navigate" && url.pathname === "/") event.respondWith(page(request));
});

/** A click on a notification brings the page back to the front. */
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((pages) => (pages[0] ? pages[0].focus() : self.clients.openWindow("/"))));
});

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

async function fromCache(request) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(request);
  if (known !== undefined) return known;
  const response = await fetch(request);
  if (response.ok) {
    await cache.put(request, response.clone());
    await dropOldest(cache);
  }
  return response;
}

/** Keys come in the order in which they were put. */
async function dropOldest(cache) {
  const assets = (await cache.keys()).filter((request) => new URL(request.url).pathname.startsWith("/assets/"));
  await Promise.all(assets.slice(0, Math.max(assets.length - MOST, 0)).map((request) => cache.delete(request)));
}

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}
