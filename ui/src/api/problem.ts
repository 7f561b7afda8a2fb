// The server's errors in the page's language. Always true: a code that is not known here is shown as the server wrote it,
// and what only the server can say (which field, which rule) is never left out.
import { settings } from "../store/settings";
import type { Problem } from "../link/types";
import { messages, t, type Key } from "../i18n";

/** Codes whose details say more than their title; the server writes them in English. */
const DETAILED: ReadonlySet<string> = new Set(["invalid", "rule_broken", "refused", "internal", "unsupported", "busy"]);

export function problemText({ code, detail, title }: Pick<Problem, "code" | "detail" | "title">): string {
  const key = `problem.${code}`;
  const plain = detail || title;
  if (!(key in messages.zh)) return plain;
  if (settings.language === "en") return DETAILED.has(code) ? plain : t(key as Key);
  return DETAILED.has(code) && plain !== "" ? `${t(key as Key)}：${plain}` : t(key as Key);
}
