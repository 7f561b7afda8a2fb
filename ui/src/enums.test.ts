import { describe, expect, it } from "vitest";
import { DIRECTION, isActive, label, member, OFFSET, ORDER_TYPE, PRODUCT, STATUS, wire } from "./enums";

describe("enum values of both languages", () => {
  const tables = { DIRECTION, OFFSET, STATUS, ORDER_TYPE, PRODUCT };

  it("reads every Chinese value, English value and name as the same member", () => {
    for (const table of Object.values(tables)) {
      for (const [name, [zh, en]] of Object.entries(table)) {
        for (const value of [name, zh, en]) expect(member(table, value)).toBe(name);
      }
    }
  });

  it("takes the empty offset for NONE and an unknown value for nothing", () => {
    expect(member(OFFSET, "")).toBe("NONE");
    expect(member(STATUS, "Gone fishing")).toBeNull();
    expect(member(DIRECTION, null)).toBeNull();
  });

  it("shows members in the language of the page and sends what VeighNa reads", () => {
    expect(label(OFFSET, "CLOSETODAY", "en")).toBe("Close Today");
    expect(label(OFFSET, "CLOSETODAY", "zh")).toBe("平今");
    expect(label(OFFSET, "NONE", "zh")).toBe("-");
    expect(label(STATUS, null, "en")).toBe("-");
    expect(wire(DIRECTION, "LONG")).toBe("多");
    expect(wire(OFFSET, "NONE")).toBe("");
  });

  it("knows which orders may still trade", () => {
    expect(["SUBMITTING", "NOTTRADED", "PARTTRADED"].every((s) => isActive(member(STATUS, s)))).toBe(true);
    expect(["ALLTRADED", "CANCELLED", "REJECTED"].some((s) => isActive(member(STATUS, s)))).toBe(false);
    expect(isActive(null)).toBe(false);
  });
});
