import { describe, expect, it } from "vitest";
import { cameBack, linkKey, mayTrade, readTraders, reduceLink, unlinked, type LinkState, type StreamState } from "./link";

const link = (stream: StreamState, state?: string): LinkState => ({
  stream,
  traders: state === undefined ? null : readTraders([{ name: "sim", dialect: "rpc", state, stale_since: null, event_age_ms: 3 }]),
});

describe("the link", () => {
  it("is live only when both halves are", () => {
    expect(linkKey(link("live", "live"))).toBe("link.live");
    expect(linkKey(link("live", "stale"))).toBe("link.stale");
    expect(linkKey(link("live", "syncing"))).toBe("link.syncing");
    expect(linkKey(link("opening", "live"))).toBe("link.opening");
    expect(linkKey(link("closed", "live"))).toBe("link.web");
    expect([link("live", "live"), link("live", "stale"), link("closed", "live")].map(mayTrade)).toEqual([true, false, false]);
  });

  it("trusts the stream alone where the web process tells nothing more", () => {
    expect(mayTrade(link("live"))).toBe(true);
  });

  it("asks for the lists anew when the trading process returns, and only then", () => {
    expect(cameBack(link("live", "stale"), link("live", "live"))).toBe(true);
    expect(cameBack(link("live", "live"), link("live", "live"))).toBe(false);
    expect(cameBack(link("live"), link("live", "live"))).toBe(false);
  });

  it("reads what the server says, and takes an unknown state for not live", () => {
    expect(readTraders({ detail: "Not Found" })).toBeNull();
    expect(readTraders([{ name: "a", state: "confused" }])?.[0]?.state).toBe("connecting");
  });

  it("keeps one half when the other changes", () => {
    const state = reduceLink(reduceLink(unlinked, { type: "stream", stream: "live" }), { type: "traders", traders: [] });
    expect(state.stream).toBe("live");
  });
});
