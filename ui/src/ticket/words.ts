// Orders and outcomes in the words of the page's language. Always true: a code that is not known here is shown as the
// server wrote it, never left out.
import { DIRECTION, label, OFFSET } from "../enums";
import { isNumber } from "../format";
import { t } from "../i18n";
import { problemText as worded } from "../api/problem";
import type { Intent, Offset, Order, Outcome } from "../link";
import type { Problem } from "../link/types";
import { settings } from "../store/settings";
import { plain } from "./ticket";

type Failure = Exclude<Outcome<unknown>, { outcome: "done" }>;

/** "Buy Open", with the offset left out where there is none. */
export function side(direction: string | null): string {
  return direction === "LONG" ? t("ticket.buy") : direction === "SHORT" ? t("ticket.sell") : label(DIRECTION, null, settings.language);
}

export function offsetOf(offset: Offset): string {
  return offset === "NONE" ? "" : label(OFFSET, offset, settings.language);
}

export function priceOf(order: Pick<Intent, "type" | "price">): string {
  return !isNumber(order.price) || (order.price === 0 && order.type !== "LIMIT") ? t("ticket.marketPrice") : plain(order.price);
}

/** One line: "Buy Open 1 rb2601.SHFE @ 3500". */
export function inWords(order: Pick<Intent, "direction" | "offset" | "volume" | "vt_symbol" | "type" | "price">): string {
  const words = t("ticket.send", {
    direction: side(order.direction), offset: offsetOf(order.offset ?? "NONE"), volume: plain(order.volume), symbol: order.vt_symbol,
  });
  return `${tidy(words)} @ ${priceOf(order)}`;
}

/** Without the gap that an empty word leaves. */
export function tidy(text: string): string {
  return text.replace(/ {2,}/g, " ").trim();
}

/** Why it was not done, or not known. */
export function whyNot(outcome: Failure): string {
  if (outcome.problem !== null && outcome.problem !== undefined) return problemText(outcome.problem);
  if (outcome.outcome === "unknown") return t(`unknown.${outcome.why}`);
  if (outcome.outcome === "refused") return "";
  const keys = { not_live: "outcome.notSentLink", busy: "outcome.notSentBusy", server: "outcome.notSentServer" } as const;
  return t(keys[outcome.why]);
}

export function problemText(problem: Problem): string {
  return t("outcome.why", { text: worded(problem), code: problem.code });
}

/** Why the venue rejected it, where its gateway tells. */
export function reasonOf(order: Order): string {
  const text = order.extra?.[settings.language === "zh" ? "reason_zh" : "reason_en"];
  return typeof text === "string" ? text : "";
}
