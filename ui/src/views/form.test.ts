import { expect, it } from "vitest";
import { blank, settingsOf, wrong, type FormField } from "./form";

const form: readonly FormField[] = [
  { name: "用户名", help: "", kind: "TEXT", default: "me" },
  { name: "密码", help: "", kind: "SECRET", default: null },
  { name: "次数", help: "", kind: "INT", default: 3 },
  { name: "资金", help: "", kind: "FLOAT", default: 1e6 },
  { name: "循环", help: "", kind: "BOOL", default: true },
  { name: "柜台", help: "", kind: "CHOICE", choices: ["实盘", "测试"], default: "实盘" },
];

it("shows defaults, and a secret as nothing", () => {
  expect(blank(form)).toEqual({ 用户名: "me", 密码: "", 次数: "3", 资金: "1000000", 循环: true, 柜台: "实盘" });
});

it("sends numbers as numbers, and a secret only where one was typed", () => {
  expect(settingsOf(form, blank(form))).toEqual({ 用户名: "me", 次数: 3, 资金: 1e6, 循环: true, 柜台: "实盘" });
  expect(settingsOf(form, { ...blank(form), 密码: "x", 资金: "2.5e3" })).toMatchObject({ 密码: "x", 资金: 2500 });
});

it("names the fields that hold no number", () => {
  expect(wrong(form, { ...blank(form), 次数: "3.5", 资金: "" })).toEqual(["次数", "资金"]);
  expect(wrong(form, { ...blank(form), 次数: "0x10" })).toEqual(["次数"]);
  expect(wrong(form, blank(form))).toEqual([]);
});
