import { expect, it } from "vitest";
import type { LogLine } from "../link";
import { Chunks } from "../rows/chunks";
import { namesOf, select, stamp } from "./logs";

const line = (level: number, source: string): LogLine => ({ gateway_name: source, msg: "m", level, time: null }) as LogLine;

it("gives the same list where nothing is chosen, and what fits where something is", () => {
  const lines = [line(20, "CTP"), line(40, "CTP"), line(30, "MainEngine")];
  const all = Chunks.of(lines);
  expect(select(null, all, "debug", "").picked.rows).toBe(all);
  const warnings = select(null, all, "warning", "");
  expect([...warnings.picked.rows]).toEqual([lines[1], lines[2]]);
  expect([...select(warnings, all, "warning", "CTP").picked.rows]).toEqual([lines[1]]);
  const more = all.edit();
  more.push(line(20, "SIM"));
  more.push(line(50, "SIM"));
  const next = more.done();
  expect([...select(warnings, next, "warning", "").picked.rows].map((each) => each.level)).toEqual([40, 30, 50]);
  expect([...select(warnings, Chunks.of([line(50, "XTP")]), "warning", "").picked.rows].map((each) => each.level)).toEqual([50]);
  const named = namesOf(null, all);
  expect([named.names, namesOf(named, next).names, namesOf(named, all).names === named.names]).toEqual([["CTP", "MainEngine"], ["CTP", "MainEngine", "SIM"], true]);
});

it("shows times as they were written", () => {
  expect(stamp("2026-01-05T09:00:01.123456+08:00")).toBe("2026-01-05 09:00:01.123");
  expect(stamp("2026-01-05T09:00:01")).toBe("2026-01-05 09:00:01");
  expect(stamp(null)).toBe("-");
});
