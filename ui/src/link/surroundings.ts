// All that the link needs of the world: a line to the server, a clock, chance, animation frames, and word that the
// machine or the network has gone or come back. Tests bring their own.

export interface Line {
  send(text: string): void;
  /** No event follows. */
  hangUp(): void;
}

export interface LineEvents {
  opened(): void;
  message(text: unknown): void;
  /** Once, and nothing after it. */
  closed(code: number, reason: string): void;
}

export type Cancel = () => void;

export interface Surroundings {
  dial(url: string, events: LineEvents): Line;
  /** Milliseconds since 1970; goes on while the machine sleeps. */
  now(): number;
  later(act: () => void, ms: number): Cancel;
  /** Before the next picture, or soon where no pictures are made. */
  frame(act: () => void): void;
  /** From 0 up to 1. */
  random(): number;
  /** Calls back when the page is looked at again, the machine has slept, or the network is back. */
  woken(act: () => void): Cancel;
  /** Calls back when the machine says that it has no network any more. */
  unplugged(act: () => void): Cancel;
}

/** A hidden tab gets no animation frames. */
const HIDDEN_FRAME_MS = 250;
/** How often the clock is looked at, and by how much it must have run ahead for the machine to have slept. Hidden pages
 * are called once a minute only, so they look at nothing: they are told when they are shown. */
const LOOK_MS = 1_000;
const SLEPT_MS = 4_000;

export const browser: Surroundings = {
  dial: (url, events) => overWebSocket(new WebSocket(url), events),
  now: () => Date.now(),
  later: (act, ms) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
  frame,
  random: () => Math.random(),
  woken,
  unplugged: (act) => heard(window, ["offline"], act),
};

/** A line over anything that behaves as the browser's WebSocket. */
export function overWebSocket(socket: WebSocket, events: LineEvents): Line {
  socket.onopen = () => events.opened();
  socket.onmessage = (event: { data: unknown }) => events.message(event.data);
  socket.onclose = (event: { code: number; reason: string }) => events.closed(event.code, event.reason);
  // What went wrong comes with the close, too.
  socket.onerror = () => undefined;
  return {
    send: (text) => socket.send(text),
    hangUp: () => {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    },
  };
}

function frame(act: () => void): void {
  const timer = setTimeout(once, HIDDEN_FRAME_MS);
  const picture = requestAnimationFrame(once);
  function once(): void {
    clearTimeout(timer);
    cancelAnimationFrame(picture);
    act();
  }
}

function woken(act: () => void): Cancel {
  const shown = (): void => {
    if (!document.hidden) act();
  };
  // `resume`: a page that the browser had frozen. None of them comes to a page in front of which a lid was closed.
  const stops = [heard(document, ["visibilitychange", "resume"], shown), heard(window, ["online", "pageshow"], act), slept(shown)];
  return () => stops.forEach((stop) => stop());
}

function slept(act: () => void): Cancel {
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - last > LOOK_MS + SLEPT_MS) act();
    last = now;
  }, LOOK_MS);
  return () => clearInterval(timer);
}

function heard(target: EventTarget, names: readonly string[], act: () => void): Cancel {
  for (const name of names) target.addEventListener(name, act);
  return () => names.forEach((name) => target.removeEventListener(name, act));
}

/** A random UUID, version 4. `crypto.randomUUID` is there only where the page came over HTTPS or from this machine. */
export function uuid(source: Pick<Crypto, "getRandomValues"> & Partial<Pick<Crypto, "randomUUID">> = crypto): string {
  if (source.randomUUID !== undefined) return source.randomUUID();
  const bytes = source.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
