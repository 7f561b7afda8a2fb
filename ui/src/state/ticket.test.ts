import { describe, expect, it } from "vitest";
import * as wire from "../api/wire";
import { blank, closing, forContract, problem, request, step, type Ticket } from "./ticket";

const future = wire.contract({
  vt_symbol: "IF2609.CFFEX", symbol: "IF2609", exchange: "CFFEX", product: "期货",
  pricetick: 0.2, min_volume: 1, max_volume: 20, size: 300, gateway_name: "SIM",
});
const share = wire.contract({ vt_symbol: "600000.SSE", symbol: "600000", exchange: "SSE", product: "Stock", pricetick: 0.01, min_volume: 100 });
const ticket = (change: Partial<Ticket>): Ticket => ({ ...blank, price: "3500.2", ...change });
const why = (change: Partial<Ticket>) => problem(ticket(change), future)?.key ?? null;

describe("what keeps a ticket from being sent", () => {
  it("is nothing when it is right", () => {
    expect(why({})).toBeNull();
    expect(why({ price: "3500.6000" })).toBeNull();
    expect(why({ price: "-0.2" })).toBeNull();
  });

  it("is named", () => {
    expect(problem(blank, null)?.key).toBe("ticket.noContract");
    for (const price of ["", "abc", "1e999", "NaN", "Infinity", "1.2.3"]) expect(why({ price })).toBe("ticket.noPrice");
    expect(why({ price: "3500.3" })).toBe("ticket.offTick");
    for (const volume of ["", "0", "-1", "x"]) expect(why({ volume })).toBe("ticket.noVolume");
    expect(why({ volume: "21" })).toBe("ticket.maxVolume");
    expect(problem(ticket({ volume: "99" }), share)?.key).toBe("ticket.minVolume");
    expect(why({ type: "STOP" })).toBe("ticket.noStop");
  });

  it("is no price for a market order only where one is typed wrongly", () => {
    expect(why({ type: "MARKET", price: "" })).toBeNull();
    expect(why({ type: "MARKET", price: "abc" })).toBe("ticket.noPrice");
  });
});

describe("the request", () => {
  it("carries what VeighNa reads", () => {
    expect(request(ticket({ direction: "SHORT", offset: "CLOSETODAY", volume: "2" }), future)).toEqual({
      symbol: "IF2609", exchange: "CFFEX", direction: "空", offset: "平今", type: "限价",
      price: 3500.2, volume: 2, reference: "ManualTrading",
    });
  });
});

describe("steppers", () => {
  it("move on the grid of the contract", () => {
    expect(step("3500.2", 0.2, 1, null)).toBe("3500.4");
    expect(step("3500.3", 0.2, 1, null)).toBe("3500.4");
    expect(step("3500.3", 0.2, -1, null)).toBe("3500.2");
    expect(step("0.3", 0.1, -1, null)).toBe("0.2");
    expect(step("", 0.2, 1, null)).toBe("0.2");
    expect(step("100", 100, -1, 100)).toBe("100");
  });
});

describe("another contract", () => {
  it("takes the old price away and starts at the smallest lot", () => {
    expect(forContract(ticket({}), share)).toMatchObject({ price: "", volume: "100", offset: "NONE" });
    expect(forContract(forContract(ticket({}), share), future)).toMatchObject({ offset: "OPEN", volume: "1" });
  });

  it("closes a position on the other side", () => {
    const position = (direction: string, volume: number) => wire.position({ vt_symbol: "IF2609.CFFEX", direction, volume });
    expect(closing(blank, position("多", 3))).toMatchObject({ direction: "SHORT", offset: "CLOSE", volume: "3" });
    expect(closing(blank, position("Short", 2))).toMatchObject({ direction: "LONG", volume: "2" });
    expect(closing(blank, position("Net", -4))).toMatchObject({ direction: "LONG", volume: "4" });
  });
});
