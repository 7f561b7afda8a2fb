import { expect, it } from "vitest";
import type { LogLine } from "../link";
import { select, stamp } from "./logs";

const line = (level: number, source: string): LogLine => ({ gateway_name: source, msg: "m", level, time: null }) as LogLine;

it("gives the same array where nothing is chosen, and what fits where something is", () => {
  const lines = [line(20, "CTP"), line(40, "CTP"), line(30, "MainEngine")];
  expect(select(lines, "debug", "")).toBe(lines);
  expect(select(lines, "warning", "")).toEqual([lines[1], lines[2]]);
  expect(select(lines, "warning", "CTP")).toEqual([lines[1]]);
});

it("shows times as they were written", () => {
  expect(stamp("2026-01-05T09:00:01.123456+08:00")).toBe("2026-01-05 09:00:01.123");
  expect(stamp("2026-01-05T09:00:01")).toBe("2026-01-05 09:00:01");
  expect(stamp(null)).toBe("-");
});
