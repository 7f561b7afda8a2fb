// The last press of the send button and what became of it; it outlives the panel, which a phone takes away. Always true:
// from the press to the outcome no second one is taken; each press is one order with one id; an order of unknown outcome
// is also in `lost`, and asked about before the next one even where asking is off.
import { shallowRef } from "vue";
import { newOrder, type Contract, type Intent, type NewOrder } from "../link";
import { ask } from "../store/ask";
import { send } from "../store/commands";
import { accounts, canTrade, traderName } from "../store/desk";
import { settings } from "../store/settings";
import { traderInfo } from "../store/traders";
import { after, press, type Attempt } from "./attempt";
import { confirmation } from "./confirm";
import { lost, onSettled } from "./lost";

export const attempt = shallowRef<Attempt | null>(null);
/** What the press waits for. Set before anything is waited for, so that no second press comes in between. */
export const busy = shallowRef<"" | "asking" | "sending">("");

/** One press: asks where that is wanted, and sends once. `warnings`: rules that it breaks and that do not stop it. */
export async function submit(intent: Intent, contract: Contract, warnings: readonly string[]): Promise<void> {
  if (busy.value !== "" || !canTrade.value.ok) return;
  busy.value = "asking";
  try {
    const order = newOrder({ ...intent, trader: traderName.value });
    if (await agreed(intent, contract, warnings)) await carryOut(order);
  } finally {
    busy.value = "";
  }
}

async function carryOut(order: NewOrder): Promise<void> {
  busy.value = "sending";
  const pressed = press(order);
  attempt.value = pressed;
  const outcome = canTrade.value.ok ? await send(order) : ({ outcome: "not_sent", why: "not_live", problem: null } as const);
  // The order may have shown up before its answer was given up; then `lost` has told so.
  if (attempt.value === pressed) attempt.value = after(pressed, outcome);
}

/** Takes the outcome off the ticket; one that is unknown stays in the list of those. */
export function clearAttempt(): void {
  if (attempt.value?.state !== "sending") attempt.value = null;
}

async function agreed(intent: Intent, contract: Contract, warnings: readonly string[]): Promise<boolean> {
  const unknown = lost.value.length;
  if (!settings.confirm && unknown === 0) return true;
  const isSimulated = traderInfo(traderName.value)?.simulated ?? null;
  return ask(confirmation(intent, { contract, accounts: accounts.value.values(), isSimulated, unknown, warnings }));
}

onSettled((id, settled) => {
  if (attempt.value?.order.client_order_id === id) attempt.value = settled;
});
