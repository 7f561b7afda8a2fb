// How it stands with the connection, and what a close means for it. Pure.

export type EndReason =
  /** Not logged in, or not any more: log in and connect again. */
  | "login"
  /** This user or this page may not have the stream. */
  | "forbidden"
  /** The session was ended elsewhere. */
  | "session"
  /** By us. */
  | "closed";

export type Phase =
  /** On the way, and nothing was ever there. */
  | { readonly name: "connecting" }
  /** Connected; what is shown is being brought up to date. `since`: out of date since then, where it was live before. */
  | { readonly name: "syncing"; readonly since: number | null }
  /** What is shown is true, and calls are taken. */
  | { readonly name: "live" }
  /** Contact was lost: what is shown was last true at `since` (milliseconds since 1970); we try again by ourselves. */
  | { readonly name: "stale"; readonly since: number }
  | { readonly name: "ended"; readonly reason: EndReason };

export type PhaseEvent =
  | { readonly type: "hello" }
  | { readonly type: "synced" }
  /** `heard`: when the last message came. */
  | { readonly type: "lost"; readonly heard: number }
  | { readonly type: "ended"; readonly reason: EndReason };

export const START: Phase = { name: "connecting" };

export function next(phase: Phase, event: PhaseEvent): Phase {
  if (phase.name === "ended") return phase;
  switch (event.type) {
    case "hello":
      return { name: "syncing", since: phase.name === "stale" ? phase.since : null };
    case "synced":
      return phase.name === "syncing" ? { name: "live" } : phase;
    case "lost":
      return lost(phase, event.heard);
    case "ended":
      return { name: "ended", reason: event.reason };
  }
}

function lost(phase: Exclude<Phase, { name: "ended" }>, heard: number): Phase {
  switch (phase.name) {
    case "live":
      return { name: "stale", since: heard };
    case "syncing":
      return phase.since === null ? START : { name: "stale", since: phase.since };
    case "connecting":
    case "stale":
      return phase;
  }
}

/** The first wait before we try again, and the longest. */
const FIRST_MS = 500;
const LONGEST_MS = 15_000;
/** A server that asks us to stay away for longer than this is asked again all the same. */
const LONGEST_ASKED_MS = 120_000;

const ENDS: Readonly<Record<number, EndReason>> = { 4401: "login", 4403: "forbidden", 4409: "session" };
const GOING_AWAY = 1001;
const SLOW_CONSUMER = 4408;

/** What to do after a close: end, or wait so long and connect again. `failures`: attempts in a row that came to nothing. */
export function afterClose(code: number, reason: string, failures: number, random: number): { end: EndReason } | { waitMs: number } {
  const end = ENDS[code];
  if (end !== undefined) return { end };
  const asked = code === GOING_AWAY ? retryAfter(reason) : null;
  if (asked !== null && failures === 0) return { waitMs: asked };
  // Too slow a reader is at once welcome again: it resumes.
  if (code === SLOW_CONSUMER && failures === 0) return { waitMs: (FIRST_MS * random) / 2 };
  return { waitMs: backoff(failures, random) };
}

/** Half to all of a doubling wait, so that a thousand pages do not return in the same instant. */
export function backoff(failures: number, random: number): number {
  return Math.min(FIRST_MS * 2 ** Math.min(failures, 10), LONGEST_MS) * (0.5 + random / 2);
}

function retryAfter(reason: string): number | null {
  const found = /"retry_after_ms"\s*:\s*(\d+)/.exec(reason);
  return found === null ? null : Math.min(Number(found[1]), LONGEST_ASKED_MS);
}
