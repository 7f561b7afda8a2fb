import { afterEach, expect, it } from "vitest";
import { settings } from "../store/settings";
import { problemText } from "./problem";

const problem = (code: string, detail = "said by the server") => ({ code, detail, title: "Title" });
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
