// The server's errors in the page's language. Always true: a code that is not known here is shown as the server wrote it,
// and what only the server can say (which field, which rule) is never left out.
import { settings } from "../store/settings";
import type { Problem } from "../link/types";
import { messages, t, type Key } from "../i18n";
import { membersText } from "./wrong";

/** Codes whose details say more than their title; the server writes them in English, and in members of their own. */
const DETAILED: ReadonlySet<string> = new Set(["invalid", "rule_broken", "refused", "internal", "unsupported", "busy"]);

export function problemText(problem: Problem): string {
  const { code, detail, title } = problem;
  const key = `problem.${code}`;
  if (!(key in messages.zh)) return detail || title;
  if (!DETAILED.has(code)) return t(key as Key);
  const plain = membersText(problem) ?? (detail || title);
  return settings.language === "en" || plain === "" ? plain : `${t(key as Key)}：${plain}`;
}
