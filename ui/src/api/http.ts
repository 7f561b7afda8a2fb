// REST of `/api/v1` with the session's cookie. Each request ends as a call over the stream does: done, refused, not
// sent, or unknown. Always true: nothing here throws, nothing is retried, and a 401 is told to whoever listens.
import type { Outcome } from "../link";
import { refusal } from "../link/calls";
import type { Problem } from "../link/types";

export const BASE = "/api/v1";
/** Longer than the server's own deadline for a call to a trading process. */
const DEADLINE_MS = 40_000;

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** What is written while the page goes away arrives all the same. */
export const OUTLIVES_PAGE = { keepalive: true } as const;
/** Browsers take no more than 64 kB from a page that is gone. */
const PARTING_BYTES = 60_000;

let loggedOut: () => void = () => undefined;

/** Whom to tell when the server no longer knows us. */
export function onLoggedOut(listener: () => void): void {
  loggedOut = listener;
}

export const api = {
  get: <T>(path: string, query: Query = {}): Promise<Outcome<T>> => request("GET", path + encoded(query)),
  post: <T>(path: string, body: object = {}): Promise<Outcome<T>> => request("POST", path, body),
  put: <T>(path: string, body: object = {}, more: RequestInit = {}): Promise<Outcome<T>> => request("PUT", path, body, more),
  delete: <T>(path: string, query: Query = {}): Promise<Outcome<T>> => request("DELETE", path + encoded(query)),
};

async function request<T>(method: string, path: string, body?: object, more: RequestInit = {}): Promise<Outcome<T>> {
  const text = body === undefined ? null : JSON.stringify(body);
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      credentials: "same-origin",
      signal: AbortSignal.timeout(DEADLINE_MS),
      keepalive: more.keepalive === true && new TextEncoder().encode(text ?? "").length < PARTING_BYTES,
      ...(text === null ? {} : { headers: { "Content-Type": "application/json" }, body: text }),
    });
  } catch {
    // A GET that did not arrive is as good as never sent; of anything else nobody knows.
    return method === "GET" ? { outcome: "not_sent", why: "server", problem: null } : { outcome: "unknown", why: "lost", problem: null };
  }
  return read(response);
}

async function read<T>(response: Response): Promise<Outcome<T>> {
  const data: unknown = await response.json().catch(() => null);
  // What a path answers is known where it is asked for, from the generated types.
  if (response.ok) return { outcome: "done", data: data as T };
  const problem = isProblem(data) ? data : blank(response.status);
  if (response.status === 401 && problem.code !== "wrong_credentials") loggedOut();
  return refusal(problem);
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}

/** An answer that is not ours: a proxy's in between, most often. */
function blank(status: number): Problem {
  return { type: "about:blank", title: `HTTP ${status}`, status, code: `http_${status}`, detail: "" };
}

function encoded(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}
