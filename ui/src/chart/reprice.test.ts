import { describe, expect, it } from "vitest";
import type { Order } from "../link/types";
import { canMove, IDLE, left, next, type Effect, type End, type Happening, type Reprice } from "./reprice";

const ORDER: Order = {
  gateway_name: "SIM", symbol: "rb2701", exchange: "SHFE", vt_symbol: "rb2701.SHFE", orderid: "1", vt_orderid: "SIM.1", type: "LIMIT",
  direction: "LONG", offset: "OPEN", price: 3200, volume: 10, traded: 0, status: "NOTTRADED", datetime: null, reference: "", client_order_id: null,
};
const order = (change: Partial<Order>): Order => ({ ...ORDER, ...change });
const row = (change: Partial<Order>, filled = 0): Happening => ({ type: "order", order: order(change), filled });
const cancelled = (ending: "done" | "refused" | "not_sent" | "unknown"): Happening => ({ type: "cancelled", ending, detail: "because" });
const placed = (ending: "done" | "refused" | "not_sent" | "unknown"): Happening => ({ type: "placed", ending, detail: "because" });
const ASK: Happening = { type: "ask", order: ORDER, price: 3190 };
const YES: Happening = { type: "yes" };

interface Played {
  readonly state: Reprice;
  readonly effects: readonly Effect[];
}

function play(...happenings: readonly Happening[]): Played {
  let state: Reprice = IDLE;
  const effects: Effect[] = [];
  for (const happening of happenings) {
    const step = next(state, happening);
    state = step.state;
    if (step.effect !== null) effects.push(step.effect);
  }
  return { state, effects };
}

const kinds = (played: Played): string[] => played.effects.map((effect) => effect.type);
const end = (played: Played): End | string => (played.state.step === "over" ? played.state.end : played.state.step);

describe("moving an order", () => {
  it("sends nothing before it is answered with yes, and nothing at all after no", () => {
    expect(kinds(play(ASK))).toEqual([]);
    expect(play(ASK, { type: "no" })).toEqual({ state: IDLE, effects: [] });
    expect(kinds(play(ASK, { type: "no" }, YES, row({ status: "CANCELLED" })))).toEqual([]);
  });

  it("cancels, and places what was left only once the order says CANCELLED", () => {
    expect(kinds(play(ASK, YES))).toEqual(["cancel"]);
    expect(kinds(play(ASK, YES, cancelled("done")))).toEqual(["cancel"]);
    const moved = play(ASK, YES, cancelled("done"), row({ status: "CANCELLED" }), placed("done"));
    expect(kinds(moved)).toEqual(["cancel", "place"]);
    expect(moved.effects[1]).toMatchObject({ rest: { price: 3190, volume: 10 } });
    expect(end(moved)).toBe("moved");
  });

  it("does the same where the order's row comes before the answer", () => {
    const moved = play(ASK, YES, row({ status: "CANCELLED" }), cancelled("refused"), row({ status: "CANCELLED" }), placed("done"));
    expect(kinds(moved)).toEqual(["cancel", "place"]);
    expect(end(moved)).toBe("moved");
  });

  it("takes the price that was typed last", () => {
    const moved = play(ASK, { type: "price", price: 3185 }, YES, { type: "price", price: 1 }, row({ status: "CANCELLED" }));
    expect(moved.effects[1]).toMatchObject({ rest: { price: 3185 } });
  });
});

describe("fills in between", () => {
  it("are taken off what is placed", () => {
    const moved = play(ASK, YES, row({ status: "PARTTRADED", traded: 3 }), cancelled("done"), row({ status: "CANCELLED", traded: 4 }));
    expect(moved.effects[1]).toMatchObject({ rest: { volume: 6 } });
  });

  it("that only the trades know of are taken off too", () => {
    const moved = play(ASK, YES, row({ status: "CANCELLED", traded: 4 }, 7));
    expect(moved.effects[1]).toMatchObject({ rest: { volume: 3 } });
    expect(end(play(ASK, YES, row({ status: "CANCELLED", traded: 4 }, 10)))).toBe("filled");
  });

  it("of all of it leave nothing to send", () => {
    const filled = play(ASK, YES, row({ status: "ALLTRADED", traded: 10 }), cancelled("done"), row({ status: "CANCELLED", traded: 10 }));
    expect(kinds(filled)).toEqual(["cancel"]);
    expect(end(filled)).toBe("filled");
    expect(end(play(ASK, YES, row({ status: "CANCELLED", traded: 10 })))).toBe("filled");
  });

  it("while it is still asked about show in the question, or end it", () => {
    const asked = play(ASK, row({ status: "PARTTRADED", traded: 3 }));
    expect(asked.state).toMatchObject({ step: "asking", order: { traded: 3 } });
    expect(end(play(ASK, row({ status: "ALLTRADED", traded: 10 }), YES))).toBe("filled");
    expect(kinds(play(ASK, row({ status: "ALLTRADED", traded: 10 }), YES))).toEqual([]);
    expect(end(play(ASK, row({ status: "CANCELLED" }), YES))).toBe("gone");
  });
});

describe("a cancel that does not succeed", () => {
  it("leaves the order as it is", () => {
    expect(end(play(ASK, YES, cancelled("refused")))).toBe("cancelRefused");
    expect(end(play(ASK, YES, cancelled("not_sent")))).toBe("cancelNotSent");
  });

  it("never places anything, whatever becomes of the order afterwards", () => {
    for (const ending of ["refused", "not_sent"] as const) {
      expect(kinds(play(ASK, YES, cancelled(ending), row({ status: "CANCELLED" }), YES))).toEqual(["cancel"]);
    }
  });

  it("with an unknown outcome waits for what the order says", () => {
    const waiting = play(ASK, YES, cancelled("unknown"));
    expect(waiting.state).toMatchObject({ step: "cancelling", isAnswerUnknown: true });
    expect(kinds(play(ASK, YES, cancelled("unknown"), row({ status: "CANCELLED", traded: 1 })))).toEqual(["cancel", "place"]);
    expect(end(play(ASK, YES, cancelled("unknown"), row({ status: "ALLTRADED", traded: 10 })))).toBe("filled");
  });

  it("but not for ever: what is confirmed too late is not placed any more", () => {
    const late = play(ASK, YES, cancelled("done"), { type: "tooLate" }, row({ status: "CANCELLED" }));
    expect(kinds(late)).toEqual(["cancel"]);
    expect(end(late)).toBe("notConfirmed");
  });

  it("because the order was refused says so", () => {
    expect(end(play(ASK, YES, row({ status: "REJECTED" })))).toBe("rejected");
  });
});

describe("a lost link", () => {
  it("ends it before anything is placed, and what comes after the return does not begin it again", () => {
    expect(end(play(ASK, { type: "lost" }, YES))).toBe("linkLost");
    const lost = play(ASK, YES, { type: "lost" }, cancelled("unknown"), row({ status: "CANCELLED" }));
    expect(kinds(lost)).toEqual(["cancel"]);
    expect(end(lost)).toBe("linkLost");
  });

  it("while the new order is on its way leaves its outcome to the answer", () => {
    const sent = [ASK, YES, row({ status: "CANCELLED" }), { type: "lost" }, { type: "tooLate" }] as const;
    expect(end(play(...sent))).toBe("placing");
    expect(end(play(...sent, placed("unknown")))).toBe("placeUnknown");
  });
});

describe("a new order that is not taken", () => {
  it("is said to be missing, with the server's words, and not sent again", () => {
    const ends = { refused: "placeRefused", not_sent: "placeNotSent", unknown: "placeUnknown", done: "moved" } as const;
    for (const ending of ["refused", "not_sent", "unknown", "done"] as const) {
      const played = play(ASK, YES, row({ status: "CANCELLED" }), placed(ending), placed(ending), row({ status: "CANCELLED" }), YES);
      expect(kinds(played)).toEqual(["cancel", "place"]);
      expect(end(played)).toBe(ends[ending]);
      expect(played.state).toMatchObject({ detail: "because" });
    }
  });
});

describe("which orders", () => {
  it("can be moved: those that work at a price of their own", () => {
    expect(canMove(ORDER)).toBe(true);
    expect(canMove(order({ status: "PARTTRADED", type: "STOP" }))).toBe(true);
    for (const change of [{ status: "CANCELLED" }, { type: "MARKET" }, { type: "FAK" }, { direction: null }] as const) {
      expect(canMove(order(change))).toBe(false);
    }
    expect(end(play({ ...ASK, order: order({ status: "ALLTRADED" }) } as Happening))).toBe("gone");
  });

  it("others' rows say nothing of this one", () => {
    const other = { vt_orderid: "SIM.2", orderid: "2", status: "CANCELLED" } as const;
    expect(kinds(play(ASK, YES, row(other)))).toEqual(["cancel"]);
  });

  it("one at a time: another one is not asked about while this one is under way", () => {
    const second: Happening = { type: "ask", order: order({ vt_orderid: "SIM.2" }), price: 1 };
    expect(play(ASK, YES, second).state).toMatchObject({ step: "cancelling", order: { vt_orderid: "SIM.1" } });
  });

  it("leave their volume as doubles do not: 0.3 less 0.1 is 0.2", () => {
    expect(left(order({ volume: 0.3, traded: 0.1 }))).toBe(0.2);
    expect(left(order({ volume: 3, traded: 5 }))).toBe(0);
    expect(left(order({ volume: null, traded: null }))).toBe(0);
  });
});

describe("whatever happens in whatever order", () => {
  it("places at most once, only after CANCELLED, and never more than was left", () => {
    const all: readonly Happening[] = [
      ASK, YES, { type: "no" }, { type: "lost" }, { type: "tooLate" }, cancelled("done"), cancelled("refused"), cancelled("not_sent"), cancelled("unknown"),
      row({ status: "NOTTRADED" }), row({ status: "PARTTRADED", traded: 4 }), row({ status: "CANCELLED", traded: 4 }), row({ status: "ALLTRADED", traded: 10 }), placed("done"),
    ];
    // Every sequence of three after the order was asked about and answered.
    for (const a of all) for (const b of all) for (const c of all) {
      const { effects } = play(ASK, YES, a, b, c);
      const places = effects.filter((effect) => effect.type === "place");
      expect(places.length).toBeLessThanOrEqual(1);
      const cancels = [a, b, c].some((happening) => happening.type === "order" && happening.order.status === "CANCELLED");
      if (!cancels) expect(places).toEqual([]);
      for (const effect of places) expect(effect).toMatchObject({ rest: { volume: 6 } });
    }
  });
});
