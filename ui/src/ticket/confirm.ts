// The question before an order, and the order in it: everything that matters is named. Always true: what is asked about
// is what is sent; the ticket may change behind the question.
import { label, ORDER_TYPE } from "../enums";
import { t } from "../i18n";
import type { Account, Contract, Intent } from "../link";
import type { Question } from "../store/ask";
import { settings } from "../store/settings";
import { plain } from "./ticket";
import { offsetOf, priceOf, side, tidy } from "./words";

export interface Circumstances {
  readonly contract: Contract;
  readonly accounts: Iterable<Account>;
  /** Null where the trading process does not tell: then it is taken for real. */
  readonly isSimulated: boolean | null;
  /** Orders whose outcome is unknown. */
  readonly unknown: number;
  readonly warnings: readonly string[];
}

export function confirmation(intent: Intent, around: Circumstances): Question {
  const gateway = intent.gateway ?? around.contract.gateway_name;
  const ids = [...around.accounts].filter((account) => account.gateway_name === gateway).map((account) => account.accountid);
  const account = [...new Set(ids)].join(", ") || t("confirm.noAccount");
  const mode = t(around.isSimulated === true ? "confirm.sim" : "confirm.live");
  const { contract } = around;
  return {
    title: t("confirm.title"),
    facts: [
      {
        name: t("confirm.order"), value: tidy(t("confirm.side", { direction: side(intent.direction), offset: offsetOf(intent.offset ?? "NONE") })),
        tone: intent.direction === "LONG" ? "up" : "down",
      },
      { name: t("ticket.contract"), value: `${contract.vt_symbol} ${contract.name}` },
      { name: t("ticket.price"), value: priceOf(intent) },
      { name: t("ticket.volume"), value: plain(intent.volume) },
      { name: t("ticket.type"), value: label(ORDER_TYPE, intent.type, settings.language) },
      { name: t("confirm.account"), value: account },
      { name: t("ticket.gateway"), value: gateway },
      { name: t("confirm.mode"), value: mode, ...(around.isSimulated === true ? {} : { tone: "warn" as const }) },
    ],
    text: [
      ...(around.unknown > 0 ? [t("confirm.unknown", { count: around.unknown })] : []),
      ...around.warnings.map((text) => t("confirm.warn", { text })),
    ],
    yes: t("confirm.yes", { direction: side(intent.direction), volume: plain(intent.volume) }),
    danger: around.isSimulated !== true || around.unknown > 0,
    box: { label: t("ticket.dontAsk"), take: () => (settings.confirm = false) },
  };
}
