// What new orders may do, of each trading process, and who enforces it. Always true: what is shown is what the server
// said last; a change counts only once it has answered.
import { computed } from "vue";
import { problemText } from "../api/problem";
import { t, type Key } from "../i18n";
import type { Outcome } from "../link";
import type { Schemas } from "../api/schemas";
import { ask } from "../store/ask";
import { traderName } from "../store/desk";
import { note, toast } from "../store/notes";
import { link } from "../store/session";
import { askTraders, tradingStateOf, tradingStates } from "../store/traders";

export type State = Schemas["TradingStates"]["state"];
export const STATES: readonly State[] = ["ACTIVE", "REDUCING", "HALTED"];

/** Of the trading process that is shown; null while not known. */
export const tradingState = computed(() => tradingStateOf(traderName.value));

/** Asks the reader, then sets it. */
export async function change(state: State): Promise<void> {
  const trader = traderName.value;
  const sure = await ask({
    title: t(`state.ask.${state}`, { trader }),
    text: [t(`state.askText.${state}`), t(tradingState.value?.enforced_by === "trader" ? "state.byTrader" : "state.byWeb")],
    yes: t(state === "HALTED" ? "state.haltNow" : nameOf(state)),
    danger: state === "HALTED",
  });
  if (!sure) return;
  const answer = await (link.value?.call<Schemas["TradingStates"]>("trading_state.set", { state, trader }) ?? null);
  if (answer?.outcome === "done") {
    tradingStates.value = answer.data;
    note("info", "state.set", { trader, state: t(nameOf(state)) });
  } else {
    toast("bad", answer?.outcome === "unknown" ? "state.unsure" : "state.failed", { text: whyNot(answer) });
  }
  void askTraders();
}

export function nameOf(state: State): Key {
  return `state.${state}`;
}

function whyNot(answer: Outcome<unknown> | null): string {
  if (answer === null || answer.outcome === "done") return t("desk.webAway");
  const problem = "problem" in answer ? answer.problem : null;
  return problem === null ? t("desk.webAway") : problemText(problem);
}
