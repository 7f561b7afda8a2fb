import { describe, expect, it } from "vitest";
import { contract, position } from "./fixtures";
import { blank, closing, forContract, intent, parse, plain, problems, step, stops, type Ticket } from "./ticket";

const ready: Ticket = { ...blank, price: "3500" };
const rules = (ticket: Ticket, of = contract()) => problems(ticket, of).map((one) => one.rule);

describe("what keeps a ticket from being sent", () => {
  it("is nothing for a whole ticket", () => expect(rules(ready)).toEqual([]));
  it("is a missing contract, and then nothing else", () => expect(problems(ready, null).map((one) => one.key)).toEqual(["ticket.noContract"]));
  it("is a price that is none", () => {
    for (const price of ["", " ", "abc", "1e3", "1e999", "0", "--1", "3,5"]) expect(rules({ ...ready, price }), price).toEqual(["PRICE_GIVEN"]);
  });
  it("is no missing price where none is needed", () => {
    for (const type of ["MARKET", "RFQ", "ETF"] as const) expect(rules({ ...ready, price: "", type }), type).toEqual([]);
    expect(rules({ ...ready, price: "" }, contract({ product: "SPREAD" }))).toEqual(["PRICE_GIVEN"]);
    expect(rules({ ...ready, price: "0" }, contract({ product: "SPREAD" }))).toEqual([]);
    expect(rules({ ...ready, price: "-3" }, contract({ product: "SPREAD" }))).toEqual([]);
  });
  it("is a price between two ticks, told with number and limit", () => {
    const found = problems({ ...ready, price: "3500.1" }, contract({ pricetick: 0.2 }));
    expect(found[0]).toMatchObject({ rule: "PRICE_TICK", weight: "overridable", value: 3500.1, limit: 0.2 });
    expect(rules({ ...ready, price: "3500.4" }, contract({ pricetick: 0.2 }))).toEqual([]);
    expect(rules({ ...ready, price: "0.00001234" }, contract({ pricetick: 1e-8 }))).toEqual([]);
    expect(rules({ ...ready, price: "3.7" }, contract({ pricetick: null }))).toEqual([]);
  });
  it("is a volume that is none, and one above the largest", () => {
    for (const volume of ["", "0", "-1", "x"]) expect(rules({ ...ready, volume }), volume).toEqual(["VOLUME_POSITIVE"]);
    expect(problems({ ...ready, volume: "501" }, contract())[0]).toMatchObject({ rule: "VOLUME_MAX", value: 501, limit: 500 });
    expect(rules({ ...ready, volume: "501" }, contract({ max_volume: null }))).toEqual([]);
  });
  it("is a STOP order where the contract takes none", () => {
    expect(rules({ ...ready, type: "STOP" })).toEqual(["ORDER_TYPE"]);
    expect(rules({ ...ready, type: "STOP" }, contract({ stop_supported: true }))).toEqual([]);
  });
  it("only warns of an odd lot, which may be sold", () => {
    const [odd] = problems({ ...ready, volume: "50" }, contract({ min_volume: 100 }));
    expect(odd).toMatchObject({ rule: "VOLUME_MIN", weight: "warns" });
    expect(odd !== undefined && stops(odd, ready)).toBe(false);
  });
  it("is not what the reader has overruled, unless that cannot be", () => {
    expect(stops({ rule: "PRICE_TICK", weight: "overridable" }, { ...ready, override: ["PRICE_TICK"] })).toBe(false);
    expect(stops({ rule: "PRICE_TICK", weight: "overridable" }, ready)).toBe(true);
    expect(stops({ rule: "LINK_LIVE", weight: "refuses" }, { ...ready, override: ["LINK_LIVE"] })).toBe(true);
  });
  it("tells refusals before warnings", () => {
    expect(rules({ ...ready, volume: "50", price: "" }, contract({ min_volume: 100 }))).toEqual(["PRICE_GIVEN", "VOLUME_MIN"]);
  });
});

describe("a step", () => {
  it("stays on the grid and goes the right way, from anywhere", () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (const size of [0.2, 0.01, 1e-8, 0.5, 5, 0.25, 100, 0.0001, 1]) {
      for (let n = 0; n < 200; n += 1) {
        const by = [1, -1, 10, -10][n % 4] ?? 1;
        const typed = plain(Number((random() * size * 5000).toFixed(8)));
        const moved = step(typed, size, by, null);
        const places = Number(moved) / size;
        expect(Math.abs(places - Math.round(places)), `${typed} by ${by} of ${size}: ${moved}`).toBeLessThan(1e-6);
        const steps = (Number(moved) - Number(typed)) / size;
        expect(Math.sign(steps)).toBe(Math.sign(by));
        expect(Math.abs(steps)).toBeLessThanOrEqual(Math.abs(by) + 1e-6);
        expect(step(moved, size, -by, null), `${moved} back`).toBe((Math.round(places - by) * size).toFixed((moved.split(".")[1] ?? "").length).replace(/^-(0\.?0*)$/, "$1"));
      }
    }
  });
  it("does not go below the floor", () => {
    expect(step("1", 1, -10, 1)).toBe("1");
    expect(step("0.4", 0.2, -10, 0)).toBe("0.0");
    expect(step("100", 100, -1, 100)).toBe("100");
  });
  it("begins at the market where nothing is typed", () => {
    expect(step("", 0.2, 1, 0, 3500)).toBe("3500.2");
    expect(step("abc", 1, -1, 0, 3500)).toBe("3499");
  });
  it("takes one for a step that nobody told", () => expect(step("3", null, 1, 0)).toBe("4"));
});

it("begins anew for another contract", () => {
  const typed: Ticket = { ...ready, type: "STOP", volume: "7", gateway: "X", override: ["PRICE_TICK"] };
  expect(forContract(typed, contract())).toMatchObject({ price: "", volume: "1", type: "LIMIT", offset: "OPEN", gateway: "", override: [] });
  expect(forContract(typed, contract({ product: "EQUITY", min_volume: 100 }))).toMatchObject({ offset: "NONE", volume: "100" });
  expect(forContract(forContract(typed, contract({ net_position: true })), contract()).offset).toBe("OPEN");
  expect(forContract(typed, contract({ min_volume: 1e-7 })).volume).toBe("0.0000001");
});

it("closes a position by the other side", () => {
  expect(closing(ready, position(), contract())).toMatchObject({ direction: "SHORT", offset: "CLOSE", volume: "10", gateway: "" });
  expect(closing(ready, position({ direction: "SHORT" }), contract())).toMatchObject({ direction: "LONG" });
  const net = position({ direction: "NET", volume: -2, gateway_name: "IB" });
  expect(closing(ready, net, contract({ net_position: true }))).toMatchObject({ direction: "LONG", offset: "NONE", volume: "2", gateway: "IB" });
});

it("becomes a request with VeighNa's reference, or none while a number is missing", () => {
  expect(intent(ready, contract())).toEqual({
    vt_symbol: "rb2601.SHFE", direction: "LONG", offset: "OPEN", type: "LIMIT", price: 3500, volume: 1, reference: "ManualTrading",
  });
  expect(intent({ ...ready, price: "" }, contract())).toBeNull();
  expect(intent({ ...ready, volume: "" }, contract())).toBeNull();
  expect(intent(ready, null)).toBeNull();
  expect(intent({ ...ready, price: "", type: "MARKET" }, contract())).toMatchObject({ price: 0 });
  expect(intent({ ...ready, gateway: "B", override: ["PRICE_TICK"] }, contract())).toMatchObject({ gateway: "B", override: ["PRICE_TICK"] });
});

it("reads plain decimals only", () => {
  expect(["1", " 2.50 ", ".5", "-3", "4."].map(parse)).toEqual([1, 2.5, 0.5, -3, 4]);
  expect(["", "1e3", "Infinity", "NaN", "0x1", "1,5", "-"].map(parse)).toEqual([null, null, null, null, null, null, null]);
});
