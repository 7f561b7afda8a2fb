import { describe, expect, it } from "vitest";
import { newOrder, type OrderPlaced, type Outcome } from "../link";
import type { Problem } from "../link/types";
import { after, again, isOpen, press, shown, type Attempt } from "./attempt";

const wanted = newOrder({ vt_symbol: "rb2601.SHFE", direction: "LONG", type: "LIMIT", volume: 1, price: 3500 });
const done: Outcome<OrderPlaced> = { outcome: "done", data: { vt_orderid: "SIM.1", client_order_id: wanted.client_order_id, replayed: false } };
const lost: Outcome<OrderPlaced> = { outcome: "unknown", why: "lost", problem: null };
const away: Outcome<OrderPlaced> = { outcome: "not_sent", why: "not_live", problem: null };
const problem = (code: string, more: object = {}): Problem => ({ type: "", title: "", status: 422, code, detail: "", ...more });
const refused = (code: string): Outcome<OrderPlaced> => ({ outcome: "refused", problem: problem(code) });
const unknown = after(press(wanted), lost);
const retried = (outcome: Outcome<OrderPlaced>): Attempt["state"] => after(again(unknown), outcome).state;

describe("the first answer", () => {
  it("is taken at its word", () => {
    expect(after(press(wanted), done)).toMatchObject({ state: "sent", vtOrderid: "SIM.1", warnings: [] });
    expect(after(press(wanted), refused("rate_limited")).state).toBe("refused");
    expect(after(press(wanted), away).state).toBe("not_sent");
    expect(unknown).toMatchObject({ state: "unknown", why: "lost" });
  });
  it("is the only one", () => {
    const sent = after(press(wanted), done);
    expect(after(sent, lost)).toBe(sent);
    expect(after(unknown, away)).toBe(unknown);
  });
});

describe("an order of unknown outcome", () => {
  it("stays so where the second try was not looked at", () => {
    for (const code of ["rate_limited", "token_invalid", "forbidden", "id_conflict", "invalid"]) expect(retried(refused(code)), code).toBe("unknown");
    expect(retried(away)).toBe("unknown");
    expect(retried({ outcome: "not_sent", why: "server", problem: problem("busy") })).toBe("unknown");
    expect(retried(lost)).toBe("unknown");
  });
  it("is known as soon as the server says what became of this id", () => {
    expect(retried(done)).toBe("sent");
    for (const code of ["refused", "unsupported", "rule_broken", "contract_not_found"]) expect(retried(refused(code)), code).toBe("refused");
    expect(retried({ outcome: "not_sent", why: "server", problem: problem("not_sent", { state: "NOT_SENT" }) })).toBe("not_sent");
    expect(retried(refused("acknowledged"))).toBe("acknowledged");
  });
  it("is known when the order shows up", () => {
    expect(shown(unknown, "SIM.9")).toMatchObject({ state: "sent", vtOrderid: "SIM.9" });
    const refusedOne = after(press(wanted), refused("refused"));
    expect(shown(refusedOne, "SIM.9")).toBe(refusedOne);
  });
  it("keeps its id over every try", () => {
    let now: Attempt = press(wanted);
    for (const outcome of [lost, away, refused("rate_limited"), lost, done]) now = again(after(now, outcome));
    expect(now.order.client_order_id).toBe(wanted.client_order_id);
  });
  it("is what a page must not forget", () => {
    expect([null, press(wanted), unknown, after(press(wanted), done)].map(isOpen)).toEqual([false, true, true, false]);
  });
});
