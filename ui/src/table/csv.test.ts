import { expect, it } from "vitest";
import type { Column, Value } from "./columns";
import { csvPieces, fileName } from "./csv";
import type { Key } from "../i18n";

const one = (value: Value): string => {
  const column: Column<object> = { id: "a", title: "a" as Key, width: 50, text: () => "shown", value: () => value };
  return [...csvPieces([column], ["head"], [{}])].join("").slice("\uFEFFhead\r\n".length);
};

it("starts with the mark for Excel and ends each line as RFC 4180 says", () => {
  const columns: readonly Column<{ n: number }>[] = [
    { id: "a", title: "a" as Key, width: 50, text: (row) => `行${row.n}` },
    { id: "b", title: "b" as Key, width: 50, number: true, text: (row) => row.n.toFixed(2), value: (row) => row.n },
  ];
  expect([...csvPieces(columns, ["代码", "价,格"], [{ n: 1.5 }, { n: -2 }])].join("")).toBe('\uFEFF代码,"价,格"\r\n行1,1.5\r\n行2,-2\r\n'.replace("行1,", "行1.5,").replace("行2,", "行-2,"));
});

it("quotes what would break a line", () => {
  expect([one('say "hi"'), one("a,b"), one("a\r\nb"), one("plain")]).toEqual(['"say ""hi"""\r\n', '"a,b"\r\n', '"a\r\nb"\r\n', "plain\r\n"]);
});

it("lets no text become a formula", () => {
  expect([one("=1+1"), one("@SUM(A1)"), one("+cmd|' /C calc'!A0"), one("-2+3"), one("\t=1"), one("＝1+1")].map((line) => line.replace(/^"/, "")[0])).toEqual(["'", "'", "'", "'", "'", "'"]);
});

it("leaves numbers, signed ones too, and the sign for nothing", () => {
  expect([one(-1.5), one("-1.5"), one("+1,234.50"), one("-0.33%"), one("-"), one(null), one(NaN)].map((line) => line.trimEnd())).toEqual(["-1.5", "-1.5", '"+1,234.50"', "-0.33%", "-", "", ""]);
});

it("prefers a column's own value for files", () => {
  const column: Column<object> = { id: "a", title: "a" as Key, width: 50, text: () => "09:30", value: () => 34200, csv: () => "2026-11-23T09:30:00+08:00" };
  expect([...csvPieces([column], ["t"], [{}])].at(-1)).toBe("2026-11-23T09:30:00+08:00\r\n");
});

it("makes long lists in pieces", () => {
  const column: Column<object> = { id: "a", title: "a" as Key, width: 50, text: () => "x" };
  const pieces = [...csvPieces([column], ["t"], Array.from({ length: 2500 }, () => ({})))];
  expect(pieces).toHaveLength(4);
  expect(pieces.join("").split("\r\n")).toHaveLength(2502);
});

it("names the file by table and moment", () => {
  expect(fileName("orders", new Date(2026, 10, 3, 9, 5, 7))).toBe("orders-20261103-090507.csv");
});
