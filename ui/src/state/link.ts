// Whether what the page shows is true at this moment, and why not. Made of two things that are known
// apart from each other: the page's stream to the web process, and the web process's own link to each
// trading process. Orders are possible only while both are live.

export type TraderState = "live" | "connecting" | "syncing" | "stale";

export interface Trader {
  readonly name: string;
  readonly dialect: string;
  readonly state: TraderState;
  readonly staleSince: string | null;
  readonly eventAgeMs: number | null;
}

/** `opening`: not there yet, or there and still fetching the lists. */
export type StreamState = "closed" | "opening" | "live";

export interface LinkState {
  readonly stream: StreamState;
  /** null until the web process told, or where it has nothing to tell (the classic surface alone). */
  readonly traders: readonly Trader[] | null;
}

export type LinkAction =
  | { readonly type: "stream"; readonly stream: StreamState }
  | { readonly type: "traders"; readonly traders: readonly Trader[] | null };

export type LinkKey = "link.live" | "link.connecting" | "link.syncing" | "link.stale" | "link.web" | "link.opening";

export const unlinked: LinkState = { stream: "opening", traders: null };

export function reduceLink(state: LinkState, action: LinkAction): LinkState {
  return action.type === "stream" ? { ...state, stream: action.stream } : { ...state, traders: action.traders };
}

/** What the badge says. The first trading process is the one that the classic routes trade with. */
export function linkKey(state: LinkState): LinkKey {
  if (state.stream === "closed") return "link.web";
  const trader = state.traders?.[0];
  if (trader !== undefined && trader.state !== "live") return `link.${trader.state}`;
  return state.stream === "live" ? "link.live" : "link.opening";
}

export function mayTrade(state: LinkState): boolean {
  return linkKey(state) === "link.live";
}

/** Whether this answer means that the lists must be fetched anew: the web process has just resynchronised. */
export function cameBack(before: LinkState, after: LinkState): boolean {
  const was = before.traders?.[0]?.state;
  return was !== undefined && was !== "live" && after.traders?.[0]?.state === "live";
}

/** Reads `GET /api/v1/traders`; what is not of that shape is nothing. */
export function readTraders(body: unknown): readonly Trader[] | null {
  return Array.isArray(body) ? body.filter(isRow).map(trader) : null;
}

function trader(row: Readonly<Record<string, unknown>>): Trader {
  const state = row["state"];
  const known = state === "live" || state === "connecting" || state === "syncing" || state === "stale";
  return {
    name: String(row["name"] ?? ""),
    dialect: String(row["dialect"] ?? ""),
    state: known ? state : "connecting",
    staleSince: typeof row["stale_since"] === "string" ? row["stale_since"] : null,
    eventAgeMs: typeof row["event_age_ms"] === "number" ? row["event_age_ms"] : null,
  };
}

function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
