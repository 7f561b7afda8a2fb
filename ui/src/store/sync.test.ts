import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { nextTick } from "vue";
import { api } from "../api/http";
import type { Outcome } from "../link";
import { adopt, settings } from "./settings";
import { syncSettings, type Sync } from "./sync";

type Answer = (outcome: Outcome<unknown>) => void;
interface Asked {
  readonly method: string;
  readonly body: { readonly version: number; readonly data: Record<string, unknown> } | null;
  readonly answer: Answer;
}

/** What the page has asked, each waiting for its answer. */
let asked: Asked[] = [];
let sync: Sync | null = null;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  adopt({ language: "en", toured: true });
  asked = [];
  const ask = (method: string) => (_: string, body?: object) =>
    new Promise<Outcome<never>>((answer) => asked.push({ method, body: (body ?? null) as Asked["body"], answer: answer as Answer }));
  vi.spyOn(api, "get").mockImplementation(ask("GET"));
  vi.spyOn(api, "put").mockImplementation(ask("PUT"));
});
afterEach(() => {
  sync?.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function begin(): void {
  sync = syncSettings("somebody");
}

/** Gives the answer to the oldest question. */
async function answer(method: string, outcome: Outcome<unknown>): Promise<Asked["body"]> {
  const question = asked.shift();
  expect(question?.method).toBe(method);
  question?.answer(outcome);
  await vi.advanceTimersByTimeAsync(0);
  return question?.body ?? null;
}

const has = (version: number, data: object): Outcome<unknown> => ({ outcome: "done", data: { version, data } });
const conflict: Outcome<unknown> = { outcome: "refused", problem: { type: "", title: "", status: 409, code: "settings_conflict", detail: "" } };
const hidden = (is: boolean): void => {
  vi.spyOn(document, "hidden", "get").mockReturnValue(is);
  document.dispatchEvent(new Event("visibilitychange"));
};

it("keeps what was changed before a browser that was never here has its first answer, and takes all else", async () => {
  begin();
  settings.language = "zh";
  await answer("GET", has(7, { language: "en", theme: "light", toured: true }));
  expect(settings).toMatchObject({ language: "zh", theme: "light" });
  expect(await answer("PUT", has(8, {}))).toMatchObject({ version: 7, data: { language: "zh", theme: "light" } });
  expect(asked).toEqual([]);
});

it("is not undone by the answer to an older question", async () => {
  begin();
  await answer("GET", has(0, {}));
  await answer("PUT", has(1, {}));
  hidden(false);
  settings.theme = "light";
  await nextTick();
  await vi.advanceTimersByTimeAsync(5000);
  // The write waits for the answer that may be older than it.
  expect(asked.map(({ method }) => method)).toEqual(["GET"]);
  await answer("GET", has(1, { language: "en", toured: true }));
  expect(settings.theme).toBe("light");
  expect(await answer("PUT", has(2, {}))).toMatchObject({ version: 1, data: { theme: "light" } });
  expect(asked).toEqual([]);
});

it("writes a change that was made while another was on its way, and merges what another browser wrote", async () => {
  begin();
  await answer("GET", has(0, {}));
  settings.language = "zh";
  await nextTick();
  await vi.advanceTimersByTimeAsync(5000);
  await answer("PUT", has(1, {}));
  expect(await answer("PUT", conflict)).toMatchObject({ version: 1, data: { language: "zh" } });
  await answer("GET", has(2, { language: "en", theme: "light", toured: true }));
  expect(await answer("PUT", has(3, {}))).toMatchObject({ version: 2, data: { language: "zh", theme: "light" } });
  expect(settings).toMatchObject({ language: "zh", theme: "light" });
});

it("writes at once when the page is hidden, as it is before it goes", async () => {
  begin();
  await answer("GET", has(0, {}));
  await answer("PUT", has(1, {}));
  settings.theme = "light";
  hidden(true);
  expect(asked.map(({ method, body }) => [method, body?.data["theme"]])).toEqual([["PUT", "light"]]);
});

it("writes what waits before a logout, and nothing where nothing waits", async () => {
  begin();
  await answer("GET", has(0, {}));
  await answer("PUT", has(1, {}));
  await vi.advanceTimersByTimeAsync(5000);
  await sync?.flush();
  expect(asked).toEqual([]);
  settings.theme = "light";
  await nextTick();
  const flushed = sync?.flush();
  sync?.stop();
  expect(await answer("PUT", has(2, {}))).toMatchObject({ version: 1, data: { theme: "light" } });
  await flushed;
});
