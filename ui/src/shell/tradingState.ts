// What new orders may do, of each trading process, and who enforces it. Always true: what is shown is what the server
// said last; a change counts only once it has answered.
import { computed, shallowRef, watch } from "vue";
import { t, type Key } from "../i18n";
import type { Outcome } from "../link";
import type { Schemas } from "../api/schemas";
import { api } from "../api/http";
import { ask } from "../store/ask";
import { traderName } from "../store/desk";
import { note, toast } from "../store/notes";
import { link } from "../store/session";
import { askTraders, traders } from "../store/traders";

export type State = Schemas["TradingStates"]["state"];
export const STATES: readonly State[] = ["ACTIVE", "REDUCING", "HALTED"];

const states = shallowRef<Schemas["TradingStates"] | null>(null);

/** Of the trading process that is shown; null while not known. */
export const tradingState = computed(() => states.value?.traders.find((one) => one.trader === traderName.value) ?? null);

async function refresh(): Promise<void> {
  const answer = await api.get<Schemas["TradingStates"]>("/trading-state");
  if (answer.outcome === "done") states.value = answer.data;
}

/** Once per page: asked as often as the trading processes are. */
export function startTradingState(): void {
  watch(traders, () => void refresh());
}

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
    states.value = answer.data;
    note("good", "state.set", { trader, state: t(nameOf(state)) });
  } else {
    toast("bad", answer?.outcome === "unknown" ? "state.unsure" : "state.failed", { text: whyNot(answer) });
  }
  void refresh();
  void askTraders();
}

export function nameOf(state: State): Key {
  return `state.${state}`;
}

function whyNot(answer: Outcome<unknown> | null): string {
  if (answer === null || answer.outcome === "done") return t("desk.webAway");
  const problem = "problem" in answer ? answer.problem : null;
  return problem === null ? t("desk.webAway") : problem.detail || problem.title;
}
