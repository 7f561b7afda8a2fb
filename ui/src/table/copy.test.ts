// What Ctrl+C takes of a list whose texts are cut: in a document in which text has a width.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createApp, h, nextTick, type App } from "vue";
import type { Column } from "./columns";
import DataTable from "./DataTable.vue";
import type { Key } from "../i18n";

interface Line {
  readonly id: number;
  readonly text: string;
}
const LETTER_PX = 8;
const COLUMNS: readonly Column<Line>[] = [
  { id: "id", title: "col.orderid", width: 60, text: (line) => String(line.id) },
  { id: "msg", title: "col.message", width: 12 + 10 * LETTER_PX, text: (line) => line.text },
];
const LINES: readonly Line[] = [{ id: 1, text: "short" }, { id: 2, text: "an order was refused by the exchange" }];

let app: App;
let host: HTMLElement;
beforeEach(async () => {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue({ measureText: (text: string) => ({ width: text.length * LETTER_PX }) } as never);
  host = document.body.appendChild(document.createElement("div"));
  app = createApp(() => h(DataTable as never, { rows: LINES, columns: COLUMNS, rowKey: (line: Line) => line.id, layoutId: "log", label: "Log", empty: "logs.empty" as Key }));
  app.mount(host);
  await nextTick();
});
afterEach(() => {
  app.unmount();
  host.remove();
  vi.restoreAllMocks();
});

const cell = (id: number): HTMLElement => host.querySelector<HTMLElement>(`[data-key="${id}"] [data-col=msg]`) ?? expect.fail("no cell");
const textOf = (id: number): Node => cell(id).firstChild ?? expect.fail("no text");

/** What is put on the clipboard; null where it is left to the browser. */
function copied(from: [Node, number], to: [Node, number]): string | null {
  const range = document.createRange();
  range.setStart(...from);
  range.setEnd(...to);
  document.getSelection()?.removeAllRanges();
  document.getSelection()?.addRange(range);
  let text: string | null = null;
  const event = new Event("copy", { bubbles: true, cancelable: true });
  Object.assign(event, { clipboardData: { setData: (_: string, data: string) => (text = data) } });
  cell(2).dispatchEvent(event);
  return text;
}

it("a text that is cut says so, and is whole where the pointer rests and where it is read aloud", () => {
  expect([cell(1).textContent, cell(1).title, cell(2).textContent, cell(2).title, cell(2).getAttribute("aria-label")]).toEqual(["short", "", "an order …", LINES[1]?.text, LINES[1]?.text]);
});

it("is taken whole, from where the mark begins", () => {
  expect(copied([textOf(2), 3], [textOf(2), 10])).toBe("order was refused by the exchange");
  expect(copied([textOf(2), 3], [textOf(2), 8])).toBeNull();
  expect(copied([textOf(1), 0], [textOf(1), 5])).toBeNull();
  expect(copied([textOf(1), 0], [textOf(2), 10])).toBe("1\tshort\n2\tan order was refused by the exchange");
});
