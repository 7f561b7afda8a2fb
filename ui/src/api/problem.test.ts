import { afterEach, expect, it } from "vitest";
import { settings } from "../store/settings";
import { problemText } from "./problem";

const problem = (code: string, detail = "said by the server", members: object = {}) => ({ type: "", status: 400, code, detail, title: "Title", ...members });
afterEach(() => void (settings.language = "zh"));

it("speaks the page's language, with what only the server knows", () => {
  settings.language = "zh";
  expect(problemText(problem("last_admin"))).toBe("至少要保留一个管理员");
  expect(problemText(problem("invalid", "password is too short"))).toBe("填写有误：password is too short");
  expect(problemText(problem("new_code"))).toBe("said by the server");
  expect(problemText(problem("new_code", ""))).toBe("Title");
  settings.language = "en";
  expect(problemText(problem("last_admin"))).toBe("One user at least has to be an administrator");
  expect(problemText(problem("invalid", "password is too short"))).toBe("password is too short");
});

it("has words of its own for rules and fields that the server names, and the server's for others", () => {
  const cases: readonly [object, string][] = [
    [{ code: "invalid", errors: [{ field: "password", detail: "the password is longer than 72 bytes" }, { field: "odd", detail: "is odd" }] }, "填写有误：密码: 不能超过 72 字节; odd: is odd"],
    [{ code: "invalid", errors: [{ field: "name", detail: "a user name has 1 to 64 bytes and no control characters" }] }, "填写有误：名称: 须为 1 至 64 字节，且不含控制字符"],
    [{ code: "rule_broken", rules: ["CLOSABLE"], held: 3, available: 1 }, "违反规则：可平数量只有 1（持仓 3）"],
    [{ code: "rule_broken", rules: ["TRADING_STATE"] }, "违反规则：当前交易状态不允许此委托（只能减仓，或已暂停）"],
    [{ code: "rule_broken", rules: ["NEW_RULE"] }, "违反规则：said by the server"],
    [
      { code: "rule_broken", rules: ["VOLUME_STEP"], verdicts: [{ rule: "VOLUME_STEP", kept: false, value: 1.5, limit: 1, floor: null, text_zh: "", text_en: "" }] },
      "违反规则：数量 1.5 不是 1 的整数倍",
    ],
  ];
  for (const [members, wanted] of cases) expect(problemText(problem("", undefined, members))).toBe(wanted);
});
