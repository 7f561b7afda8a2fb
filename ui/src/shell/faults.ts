// Errors that nobody caught: in a component, in a listener, in a promise. They are shown with a text to copy, and the
// page goes on. Bounded; the same error again is counted, not listed.
import { shallowRef, type App } from "vue";

export interface Fault {
  readonly text: string;
  readonly count: number;
}

const MOST = 20;
/** A browser reports it where one observer's work takes two frames; nothing is wrong then. */
const HARMLESS = /^ResizeObserver loop/;

export const faults = shallowRef<readonly Fault[]>([]);

export function startFaults(app: App): void {
  app.config.errorHandler = (error, _instance, where) => {
    report(error, where);
    console.error(error);
  };
  window.addEventListener("error", (event) => report(event.error ?? event.message, "window"));
  window.addEventListener("unhandledrejection", (event) => report(event.reason, "promise"));
}

export function report(error: unknown, where: string): void {
  const text = textOf(error);
  if (HARMLESS.test(text)) return;
  const full = `${text}\n\n${where}, ${new Date().toISOString()}, ${location.hash || "#/"}, ${navigator.userAgent}`;
  faults.value = add(faults.value, full);
}

/** Pure; what follows the error itself (where, when) does not make it another one. */
export function add(known: readonly Fault[], text: string): readonly Fault[] {
  const same = known.find((fault) => head(fault.text) === head(text));
  const others = known.filter((fault) => fault !== same);
  return [...others.slice(-(MOST - 1)), { text, count: (same?.count ?? 0) + 1 }];
}

function head(text: string): string {
  return text.split("\n\n")[0] ?? "";
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Firefox's and Safari's stack lacks the message.
  const { message, stack = "" } = error;
  return (stack.includes(message) ? stack : `${error.name}: ${message}\n${stack}`).replaceAll("\n\n", "\n");
}
