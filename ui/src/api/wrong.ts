// What the server says in members of its own besides the English detail, in the page's language: broken rules, what can be
// closed, wrong fields. Always true: a part that is not known here is shown as the server wrote it, never left out.
import { messages, t, type Key } from "../i18n";
import type { Problem } from "../link/types";
import { verdictText, type Verdict } from "../ticket/why";

/** How the server words a wrong field, and the numbers in it. */
const REASONS: readonly (readonly [RegExp, Key])[] = [
  [/^a user name has 1 to (\d+) bytes/, "wrong.userName"],
  [/^the password is empty$/, "wrong.empty"],
  [/^the password is longer than (\d+) bytes$/, "wrong.long"],
  [/^is required$/, "wrong.required"],
  [/^must be a text of 1 to (\d+) characters/, "wrong.text"],
  [/^must be a text of at most (\d+) characters/, "wrong.loose"],
  [/^must be a whole number from (-?\d+) to (-?\d+)$/, "wrong.whole"],
  [/^must be a finite number$/, "wrong.number"],
  [/^must be a finite number above 0$/, "wrong.positive"],
  [/^must be one of (.+)$/, "wrong.oneOf"],
];

/** Null where the problem has no such members. */
export function membersText(problem: Problem): string | null {
  const { held, available } = problem;
  if (typeof held === "number" && typeof available === "number") return t("problem.notEnough", { held, available });
  const verdicts = list(problem["verdicts"]) as readonly Verdict[];
  if (verdicts.length > 0) return verdicts.map(verdictText).join("; ");
  const rules = list(problem["rules"]).map((rule) => `rule.${String(rule)}`);
  if (rules.length > 0 && rules.every(isKey)) return rules.map((rule) => t(rule as Key)).join("; ");
  const errors = list(problem["errors"]) as readonly { readonly field: string; readonly detail: string }[];
  return errors.length > 0 ? errors.map(({ field, detail }) => `${fieldText(field)}: ${reasonText(detail)}`).join("; ") : null;
}

function fieldText(field: string): string {
  const key = `wrong.${field}`;
  return isKey(key) ? t(key as Key) : field;
}

function reasonText(detail: string): string {
  for (const [form, key] of REASONS) {
    const found = form.exec(detail);
    if (found !== null) return t(key, { a: found[1] ?? "", b: found[2] ?? "" });
  }
  return detail;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isKey(key: string): boolean {
  return key in messages.zh;
}
