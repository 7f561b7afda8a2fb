// Whether the server has another version of this page than the one that runs, and the service worker that makes the
// page installable. Always true: nothing reloads by itself; the reader is told and chooses the moment.
import { ref, watch } from "vue";
import { phase } from "../store/desk";

/** The server has another version. */
export const isOutdated = ref(false);

/** The script that this page was started with; while developing there is none of that form. */
const ENTRY = /\/assets\/[\w-]+\.js/;
const AT_MOST_EVERY_MS = 10_000;

let asked = 0;
let isAsking = false;

/** Compares the page that the server gives now with this one. */
export async function checkForUpdate(): Promise<void> {
  const mine = document.querySelector<HTMLScriptElement>("script[type=module][src]")?.src;
  const entry = ENTRY.exec(mine ?? "")?.[0];
  if (entry === undefined || isOutdated.value || isAsking) return;
  isAsking = true;
  // Many chunks may be missing at once, and a server that restarts comes back more than once; the last time counts.
  await new Promise((go) => setTimeout(go, Math.max(asked + AT_MOST_EVERY_MS - Date.now(), 0)));
  asked = Date.now();
  isAsking = false;
  try {
    const response = await fetch("/", { cache: "no-store" });
    const page = response.ok ? await response.text() : "";
    // Another program's page, or an offline one, has no such script at all.
    if (ENTRY.test(page) && !page.includes(entry)) isOutdated.value = true;
  } catch {
    return;
  }
}

/** Starts looking: whenever contact is back, a newer server may have answered. */
export function startUpdates(): void {
  watch(() => phase.value.name, (name, before) => {
    if (name === "live" && before !== "live") void checkForUpdate();
  });
  // Browsers have service workers where the page came over HTTPS or from this machine; elsewhere all works without.
  if (import.meta.env.PROD && window.isSecureContext && "serviceWorker" in navigator) {
    navigator.serviceWorker.register("/sw.js").catch(() => undefined);
  }
}
