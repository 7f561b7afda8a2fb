// The whole ticket over a link of straw: what a press sends, how often, and what is shown of it.
import { createApp, nextTick, type App } from "vue";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Link, NewOrder, Outcome, Phase, Tables } from "../link";
import { NEW_DESK } from "../link/tables";
import TicketPanel from "../panels/TicketPanel.vue";
import { asked } from "../store/ask";
import { phase } from "../store/desk";
import { link, session } from "../store/session";
import { settings } from "../store/settings";
import { edit, ticket } from "../store/ticket";
import { contract, order } from "./fixtures";
import { lost } from "./lost";
import { attempt } from "./sending";
import { blank } from "./ticket";

type Answer = (outcome: Outcome<unknown>) => void;

interface Straw {
  readonly sent: NewOrder[];
  answer: Answer;
  show(clientOrderId: string): void;
}

let app: App | null = null;
let straw: Straw;

function tablesWith(rows: Tables["desks"] extends ReadonlyMap<string, infer D> ? Partial<D> : never): Tables {
  const desk = { ...NEW_DESK, state: "live" as const, contract: new Map([["rb2601.SHFE", contract()]]), ...rows };
  return { epoch: "e", seq: 1, fields: [], barFields: [], desks: new Map([["SIM", desk]]) };
}

/** A link that keeps what was placed and answers when the test says so. */
function strawLink(): Straw {
  const sent: NewOrder[] = [];
  const listeners: ((tables: Tables) => void)[] = [];
  const live: Phase = { name: "live" };
  let tables = tablesWith({});
  const made = { sent, answer: (() => undefined) as Answer, show };
  const fake = {
    phase: live,
    get tables() { return tables; },
    on: (name: string, listener: (tables: Tables) => void) => {
      if (name === "tables") listeners.push(listener);
      return () => undefined;
    },
    subscribe: () => () => undefined,
    close: () => undefined,
    call: (method: string, params: NewOrder) => {
      if (method === "orders.unknown") return Promise.resolve({ outcome: "done", data: [] });
      if (method === "orders.check") return Promise.resolve({ outcome: "done", data: { ok: true, rules: [] } });
      if (method !== "orders.place") return Promise.resolve({ outcome: "done", data: {} });
      sent.push(params);
      return new Promise((resolve: Answer) => (made.answer = resolve));
    },
  };
  link.value = fake as unknown as Link;
  listeners.forEach((tell) => tell(tables));
  phase.value = live;
  return made;

  function show(clientOrderId: string): void {
    tables = tablesWith({ order: new Map([["SIM.7", order({ vt_orderid: "SIM.7", client_order_id: clientOrderId })]]) });
    listeners.forEach((tell) => tell(tables));
  }
}

const find = <T extends HTMLElement>(where: string): T => {
  const found = document.querySelector<T>(where);
  if (found === null) throw new Error(`${where} is not there`);
  return found;
};
const button = (): HTMLButtonElement => find<HTMLButtonElement>("[data-test=send]");
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
/** The ticket follows a moment behind (store/behind.ts). */
const shown = (is: () => void): Promise<void> => vi.waitFor(is);
const done = (id: string): Outcome<unknown> => ({ outcome: "done", data: { vt_orderid: "SIM.7", client_order_id: id, replayed: false, warnings: [] } });

beforeEach(async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new Error("no server")));
  Object.assign(settings, { language: "en", selected: "rb2601.SHFE", confirm: false, follow: false });
  Object.assign(session, { user: "me", role: "trader", loggedIn: true });
  document.body.innerHTML = "<div id=app></div>";
  attempt.value = null;
  lost.value = [];
  straw = strawLink();
  ticket.value = blank;
  edit({ price: "3500" });
  app = createApp(TicketPanel);
  app.mount("#app");
  await nextTick();
});

afterEach(() => {
  app?.unmount();
  link.value = null;
  vi.unstubAllGlobals();
});

it("sends once however often and however it is pressed before the outcome", async () => {
  for (const detail of [1, 2]) button().dispatchEvent(new MouseEvent("click", { detail, bubbles: true }));
  button().click();
  for (const repeat of [false, true]) find("#ticket-price").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", repeat, bubbles: true }));
  await settle();
  expect(straw.sent).toHaveLength(1);
  await shown(() => expect(button().disabled).toBe(true));
  straw.answer(done(straw.sent[0]?.client_order_id ?? ""));
  await shown(() => expect(find("[data-test=outcome]").textContent).toContain("SIM.7"));
  expect(button().disabled).toBe(false);
});

it("shows what is answered at once as its outcome, without a picture that says that it is sent", async () => {
  const texts: string[] = [];
  const watcher = new MutationObserver(() => texts.push(button().textContent));
  watcher.observe(find(".ticket"), { subtree: true, childList: true, characterData: true, attributes: true });
  button().click();
  await settle();
  straw.answer(done(straw.sent[0]?.client_order_id ?? ""));
  await shown(() => expect(find("[data-test=outcome]").textContent).toContain("SIM.7"));
  watcher.disconnect();
  expect(texts.filter((text) => !text.startsWith("Buy Open"))).toEqual([]);
});

it("gives each press an id of its own", async () => {
  for (let n = 0; n < 2; n += 1) {
    button().click();
    await settle();
    straw.answer(done(""));
    await settle();
  }
  expect(new Set(straw.sent.map((one) => one.client_order_id)).size).toBe(2);
});

it("asks once, and sends what was asked about, though the ticket has changed", async () => {
  settings.confirm = true;
  button().click();
  button().click();
  await settle();
  const question = asked.value;
  expect(question?.facts?.map((fact) => fact.value)).toContain("3500");
  edit({ price: "3600" });
  question?.answer(true);
  await settle();
  expect(straw.sent.map((one) => one.price)).toEqual([3500]);
  straw.answer(done(""));
  await settle();
});

it("sends nothing where the answer is no", async () => {
  settings.confirm = true;
  button().click();
  await settle();
  asked.value?.answer(false);
  await settle();
  expect(straw.sent).toEqual([]);
  await shown(() => expect(button().disabled).toBe(false));
});

it("shows an unknown outcome until the order shows up, and asks before the next though asking is off", async () => {
  button().click();
  await settle();
  straw.answer({ outcome: "unknown", why: "lost", problem: null });
  await shown(() => expect(find("[data-test=unknown]").textContent).toContain("Outcome unknown"));
  button().click();
  await settle();
  expect(asked.value?.text.join(" ")).toContain("unknown");
  asked.value?.answer(false);
  find("[data-test=again]").click();
  await settle();
  expect(straw.sent.map((one) => one.client_order_id)).toEqual([straw.sent[0]?.client_order_id, straw.sent[0]?.client_order_id]);
  straw.answer({ outcome: "refused", problem: { type: "", title: "", status: 429, code: "rate_limited", detail: "slow down" } });
  await shown(() => expect(find("[data-test=unknown]").textContent).toContain("Too many requests"));
  straw.show(straw.sent[0]?.client_order_id ?? "");
  await shown(() => expect(find("[data-test=outcome]").textContent).toContain("SIM.7 Not Traded"));
  expect(document.querySelector("[data-test=unknown]")).toBeNull();
});

it("is off for whoever may only look, and says why", async () => {
  session.role = "viewer";
  await nextTick();
  expect(button().disabled).toBe(true);
  expect(find("[data-test=why]").textContent).toContain("may only look");
});
