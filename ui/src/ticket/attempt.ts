// What became of one press of the send button. Pure. Always true: what may be at the exchange is called unknown until the
// server or the order itself says otherwise; that a second try was not looked at says nothing about the first.
import type { NewOrder, OrderPlaced, Outcome } from "../link";
import type { Problem } from "../link/types";
import type { Schemas } from "../api/schemas";

export type Verdict = Schemas["RuleVerdict"];
type NotSent = Extract<Outcome<never>, { outcome: "not_sent" }>["why"];
type Unknown = Extract<Outcome<never>, { outcome: "unknown" }>["why"];

export type Attempt =
  | { readonly state: "sending"; readonly order: NewOrder; /** It was unknown before. */ readonly again: boolean }
  | { readonly state: "sent"; readonly order: NewOrder; readonly vtOrderid: string; readonly warnings: readonly Verdict[]; readonly replayed: boolean }
  | { readonly state: "refused"; readonly order: NewOrder; readonly problem: Problem }
  | { readonly state: "not_sent"; readonly order: NewOrder; readonly why: NotSent; readonly problem: Problem | null }
  | { readonly state: "unknown"; readonly order: NewOrder; readonly why: Unknown; readonly problem: Problem | null }
  | { readonly state: "acknowledged"; readonly order: NewOrder };

/** Refusals that are about the order of this id, and not about the second try alone. */
const OF_THE_ORDER: ReadonlySet<string> = new Set(["refused", "unsupported", "rule_broken", "contract_not_found"]);

export function press(order: NewOrder): Attempt {
  return { state: "sending", order, again: false };
}

/** The same order with the same id once more. */
export function again(attempt: Attempt): Attempt {
  return { state: "sending", order: attempt.order, again: attempt.state === "unknown" };
}

/** After the answer. */
export function after(attempt: Attempt, outcome: Outcome<OrderPlaced>): Attempt {
  if (attempt.state !== "sending") return attempt;
  const { order } = attempt;
  switch (outcome.outcome) {
    case "done":
      return sent(order, outcome.data.vt_orderid, warningsOf(outcome.data), outcome.data.replayed);
    case "refused":
      return attempt.again ? refusedAgain(order, outcome.problem) : { state: "refused", order, problem: outcome.problem };
    case "not_sent": {
      const surely = !attempt.again || outcome.problem?.["state"] === "NOT_SENT";
      if (surely) return { state: "not_sent", order, why: outcome.why, problem: outcome.problem };
      return { state: "unknown", order, why: "lost", problem: outcome.problem };
    }
    case "unknown":
      return { state: "unknown", order, why: outcome.why, problem: outcome.problem };
  }
}

/** The order has shown up. */
export function shown(attempt: Attempt, vtOrderid: string): Attempt {
  return attempt.state === "unknown" || attempt.state === "sending" ? sent(attempt.order, vtOrderid, [], true) : attempt;
}

/** The order that has not been settled, which a page must not forget. */
export function isOpen(attempt: Attempt | null): boolean {
  return attempt?.state === "unknown" || attempt?.state === "sending";
}

function refusedAgain(order: NewOrder, problem: Problem): Attempt {
  if (problem.code === "acknowledged") return { state: "acknowledged", order };
  if (OF_THE_ORDER.has(problem.code)) return { state: "refused", order, problem };
  return { state: "unknown", order, why: "server", problem };
}

function sent(order: NewOrder, vtOrderid: string, warnings: readonly Verdict[], replayed: boolean): Attempt {
  return { state: "sent", order, vtOrderid, warnings, replayed };
}

function warningsOf(placed: OrderPlaced): readonly Verdict[] {
  const { warnings } = placed as Partial<Schemas["OrderPlaced"]>;
  return warnings ?? [];
}
