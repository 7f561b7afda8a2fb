import { describe, expect, it } from "vitest";
import type { LogLine } from "../link";
import type { Note, Severity } from "../store/notes";
import { Chunks } from "../rows/chunks";
import { Arrivals, booked, clockTime, levelOf, timeText, type Book, type Line, type LogWish } from "./logs";

const at = (second: number): string => `2026-11-22T10:00:${String(second).padStart(2, "0")}+08:00`;
const line = (number: number, time: string | null, level = 20): LogLine => ({ gateway_name: "CTP", msg: `line ${number}`, level, time, number });
const note = (id: number, second: number, severity: Severity = "info"): Note => ({ id, time: new Date(at(second)), severity, key: "watch.title", params: {} });
type Wanted = Pick<LogWish, "least" | "source">;
const all: Wanted = { least: "debug", source: "" };
const rest = { language: "en", fits: () => true } as const;
const merge = (lines: LogLine[], notes: Note[], wish: Wanted = all, arrivals = new Arrivals(() => 0)): Line[] => [...booked(null, Chunks.of(lines), notes, { ...wish, ...rest }, arrivals).shown];
const keys = (...given: Parameters<typeof merge>): string => merge(...given).map((each) => each.key).join(" ");

describe("the log", () => {
  it("is one list by time, of the trading process and of the page", () => {
    const lines = [line(1, at(1)), line(2, at(5)), line(3, null), line(4, at(9))];
    expect(keys(lines, [note(1, 0), note(2, 5), note(3, 6), note(4, 20)], all)).toBe("n1 t1 t2 t3 n2 n3 t4 n4");
    expect(keys([], [note(1, 0)], all)).toBe("n1");
  });

  it("is filtered by level and source", () => {
    const lines = [line(1, at(1), 10), line(2, at(2), 20), line(3, at(3), 40)];
    const notes = [note(1, 4, "good"), note(2, 5, "bad")];
    expect(keys(lines, notes, { least: "info", source: "" })).toBe("t2 t3 n1 n2");
    expect(keys(lines, notes, { least: "error", source: "" })).toBe("t3 n2");
    expect(keys(lines, notes, { least: "debug", source: "page" })).toBe("n1 n2");
    expect(keys(lines, notes, { least: "warning", source: "trader" })).toBe("t3");
  });

  it("puts a line whose zone nobody knows where it came in, and leaves it there", () => {
    const arrivals = new Arrivals(() => new Date(at(5)).getTime());
    const bare = line(1, "2026-11-22T03:00:00");
    expect(keys([bare], [note(1, 4), note(2, 6)], all, arrivals)).toBe("n1 t1 n2");
    expect(keys([{ ...bare }, line(2, at(7))], [note(1, 4), note(2, 6)], all, arrivals)).toBe("n1 t1 n2 t2");
    expect(merge([bare], []).map(timeText)).toEqual(["03:00:00"]);
  });

  it("goes on from what it was as if it were made anew, also where a line comes late", () => {
    let seed = 5;
    const below = (most: number): number => (seed = (seed * 48271) % 2147483647) % most;
    for (const wish of [{ ...all, ...rest }, { least: "warning", source: "", ...rest }, { ...all, ...rest, fits: (one: Line) => !one.key.endsWith("3") }] as LogWish[]) {
      const arrivals = new Arrivals(() => 0);
      const notes: Note[] = [];
      let lines = Chunks.of<LogLine>([]);
      let book: Book | null = null;
      for (let round = 1; round < 200; round += 1) {
        const more = lines.edit();
        for (let n = below(3); n > 0; n -= 1) more.push({ ...line(round * 10 + n, null, 10 * below(5)), time: new Date(round * 1000 - below(4000)).toISOString() });
        if (below(2) === 0) notes.push({ ...note(round, 0, below(2) === 0 ? "bad" : "info"), time: new Date(round * 1000) });
        lines = more.done();
        book = booked(book, lines, notes, wish, arrivals);
      }
      const keys = (shown: Iterable<Line>): string[] => [...shown].map((each) => each.key);
      expect(keys(book?.shown ?? [])).toEqual(keys(booked(null, lines, notes, wish, arrivals).shown));
    }
  });

  it("makes each line once", () => {
    const lines = [line(1, at(1))];
    expect(merge(lines, [])[0]).toBe(merge([...lines], [])[0]);
  });

  it("knows Python's levels and those between them", () => {
    expect([0, 10, 20, 25, 30, 40, 50, 60].map(levelOf)).toEqual(["debug", "debug", "info", "info", "warning", "error", "critical", "critical"]);
  });

  it("says the day where it is not today", () => {
    const now = new Date(2026, 10, 22, 13, 0).getTime();
    expect(clockTime(new Date(2026, 10, 22, 9, 5, 7, 42).getTime(), now)).toBe("09:05:07.042");
    expect(clockTime(new Date(2026, 10, 21, 9, 5, 7).getTime(), now)).toBe("11-21 09:05:07.000");
  });
});
