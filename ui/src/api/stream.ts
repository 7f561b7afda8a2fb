// The classic WebSocket, kept open: reconnects with jitter, so that a thousand pages do not return in
// the same instant. It only reports; what to do about it is the session's business.
export interface StreamEvents {
  opened(): void;
  message(topic: string, data: Readonly<Record<string, unknown>>): void;
  closed(): void;
}

export interface Surroundings {
  random(): number;
  later(act: () => void, ms: number): number;
  never(timer: number): void;
  socket(url: string): WebSocket;
}

const FIRST_MS = 500;
const LONGEST_MS = 8000;

const browser: Surroundings = {
  random: Math.random,
  later: (act, ms) => window.setTimeout(act, ms),
  never: (timer) => window.clearTimeout(timer),
  socket: (url) => new WebSocket(url),
};

export class Stream {
  readonly #url: () => string;
  readonly #events: StreamEvents;
  readonly #around: Surroundings;
  #socket: WebSocket | null = null;
  #timer: number | null = null;
  #failures = 0;

  constructor(url: () => string, events: StreamEvents, around: Surroundings = browser) {
    this.#url = url;
    this.#events = events;
    this.#around = around;
  }

  open(): void {
    this.close();
    this.#connect();
  }

  /** Ends the stream for good; no event follows. */
  close(): void {
    if (this.#timer !== null) this.#around.never(this.#timer);
    this.#timer = null;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #connect(): void {
    this.#timer = null;
    const socket = this.#around.socket(this.#url());
    this.#socket = socket;
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      this.#failures = 0;
      this.#events.opened();
    };
    socket.onmessage = (event) => {
      if (this.#socket === socket) this.#read(event.data);
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#events.closed();
      this.#timer = this.#around.later(() => this.#connect(), delay(this.#failures, this.#around.random()));
      this.#failures += 1;
    };
  }

  #read(text: unknown): void {
    const message = parse(text);
    if (message !== null) this.#events.message(message.topic, message.data);
  }
}

/** Half to all of a doubling wait. */
export function delay(failures: number, random: number): number {
  const longest = Math.min(FIRST_MS * 2 ** Math.min(failures, 10), LONGEST_MS);
  return longest * (0.5 + random / 2);
}

function parse(text: unknown): { topic: string; data: Readonly<Record<string, unknown>> } | null {
  if (typeof text !== "string") return null;
  try {
    const value = JSON.parse(text) as { topic?: unknown; data?: unknown } | null;
    const { topic, data } = value ?? {};
    if (typeof topic !== "string" || typeof data !== "object" || data === null) return null;
    return { topic, data: data as Readonly<Record<string, unknown>> };
  } catch {
    return null;
  }
}
