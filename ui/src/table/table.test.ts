// The table as a reader uses it, in a document without sizes: everything that is not layout.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApp, h, nextTick, shallowRef, type App } from "vue";
import type { Column } from "./columns";
import DataTable from "./DataTable.vue";
import type { TableLayout } from "./layout";
import type { Key } from "../i18n";

interface Row {
  readonly id: number;
  readonly symbol: string;
  readonly price: number;
}
const COLUMNS: readonly Column<Row>[] = [
  { id: "symbol", title: "col.symbol", width: 80, text: (row) => row.symbol },
  { id: "price", title: "col.price", width: 60, number: true, text: (row) => row.price.toFixed(2), value: (row) => row.price },
  { id: "id", title: "col.orderid", width: 60, hidden: true, text: (row) => String(row.id) },
];
const row = (id: number, symbol: string, price: number): Row => ({ id, symbol, price });
const ROWS = [row(1, "rb2605", 9), row(2, "IF2606", 100), row(3, "rb2610", 10)];

let app: App;
let host: HTMLElement;
const rows = shallowRef<readonly Row[]>(ROWS);
const layout = shallowRef<TableLayout | undefined>();
const events: string[] = [];

function mount(more: Record<string, unknown> = {}): void {
  const say = (what: string) => (each: Row) => events.push(`${what} ${each.id}`);
  app = createApp(() => h(DataTable as never, {
    rows: rows.value, columns: COLUMNS, rowKey: (each: Row) => each.id, layoutId: "orders", label: "Orders", empty: "orders.empty" as Key, layout: layout.value,
    onLayout: (next: TableLayout) => (layout.value = next), onActivate: say("activate"), onOpen: say("open"), onRemove: say("remove"), ...more,
  }));
  app.mount(host);
}

beforeEach(() => {
  host = document.body.appendChild(document.createElement("div"));
  rows.value = ROWS;
  layout.value = undefined;
  events.length = 0;
});
afterEach(() => {
  app.unmount();
  host.remove();
  vi.useRealTimers();
});

const one = (selector: string): HTMLElement => host.querySelector<HTMLElement>(selector) ?? expect.fail(`no ${selector}`);
const keys = (): string => [...host.querySelectorAll<HTMLElement>(".dt-body")].sort((a, b) => Number(a.dataset["index"]) - Number(b.dataset["index"])).map((each) => each.dataset["key"]).join(" ");
const heads = (): string => [...host.querySelectorAll<HTMLElement>(".dt-head [data-col]")].map((each) => each.dataset["col"]).join(" ");
async function press(key: string, more: KeyboardEventInit = {}): Promise<void> {
  one(".dt-grid").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  await nextTick();
}
async function click(selector: string, detail = 1): Promise<void> {
  one(selector).dispatchEvent(new MouseEvent("click", { bubbles: true, detail }));
  await nextTick();
}
async function type(text: string): Promise<void> {
  const field = one("[data-test=filter]") as HTMLInputElement;
  field.value = text;
  field.dispatchEvent(new Event("input"));
  await nextTick();
}

it("is a grid with rows in groups, its hidden columns left out", () => {
  mount();
  expect(one("[role=grid]").getAttribute("aria-rowcount")).toBe("4");
  expect([...host.querySelectorAll("[role=grid] > *")].map((each) => each.getAttribute("role"))).toEqual(["rowgroup", "rowgroup"]);
  expect(heads()).toBe("symbol price");
  expect(one('[data-key="2"]').getAttribute("aria-rowindex")).toBe("3");
  expect(one('[data-key="2"] .number').textContent).toBe("100.00");
});

it("sorts by a click on the head: up, down, as it came", async () => {
  mount();
  const head = ".dt-head [data-col=price]";
  const seen: string[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    await click(head);
    seen.push(`${one(head).getAttribute("aria-sort")} ${keys()}`);
  }
  expect(seen).toEqual(["ascending 1 3 2", "descending 2 3 1", "none 1 2 3"]);
});

it("tells the parent the layout and takes it back", async () => {
  mount();
  await click(".dt-head [data-col=price]");
  expect(layout.value?.sort).toEqual({ id: "price", descending: false });
  layout.value = { order: ["price", "symbol", "id"], widths: {}, hidden: { id: false }, sort: null };
  await nextTick();
  expect([heads(), keys()]).toEqual(["price symbol id", "1 2 3"]);
});

it("shows the newest first of rows in order of arrival", async () => {
  mount({ newestFirst: true });
  rows.value = [...ROWS, row(4, "au", 1)];
  await nextTick();
  expect(keys()).toBe("4 3 2 1");
});

it("filters over visible columns, says how many, and Esc takes it away", async () => {
  mount();
  await press("/");
  await type("RB26");
  expect([keys(), one(".dt-count").textContent?.match(/\d+/g)?.join("/")]).toEqual(["1 3", "2/3"]);
  await type("nothing");
  expect(one(".dt-empty").textContent).toContain("nothing");
  one("[data-test=filter]").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  await nextTick();
  expect([keys(), host.querySelector("[data-test=filter]")]).toEqual(["1 2 3", null]);
});

it("goes through rows by keys and stays at its row when others come in above", async () => {
  mount();
  await press("ArrowDown");
  await press("ArrowDown");
  await press("Enter");
  rows.value = [row(9, "new", 1), ...ROWS];
  await nextTick();
  expect(document.getElementById(one(".dt-grid").getAttribute("aria-activedescendant") ?? "")?.dataset["key"]).toBe("2");
  await press("ArrowDown");
  await press("Delete");
  await press(" ");
  expect(events).toEqual(["activate 2", "remove 3", "open 3"]);
});

it("reaches the head by keys: sorts, moves, resizes", async () => {
  mount();
  await press("ArrowUp");
  await press("ArrowRight");
  await press("Enter");
  expect(keys()).toBe("1 3 2");
  await press("ArrowLeft", { altKey: true });
  expect(heads()).toBe("price symbol");
  await press("ArrowRight", { shiftKey: true });
  expect(layout.value?.widths).toEqual({ price: 68 });
});

it("activates by a double click only if both clicks met the same row", async () => {
  mount();
  const double = (key: number): boolean => one(`[data-key="${key}"] span`).dispatchEvent(new MouseEvent("dblclick", { bubbles: true, detail: 2 }));
  await click('[data-key="1"] span');
  await click('[data-key="1"] span', 2);
  double(1);
  await click('[data-key="1"] span');
  await click('[data-key="2"] span', 2);
  double(2);
  expect(events).toEqual(["open 1", "activate 1", "open 1"]);
});

it("waits with opening where a double click may come", async () => {
  vi.useFakeTimers();
  mount({ patient: true });
  await click('[data-key="1"] span');
  await click('[data-key="1"] span', 2);
  vi.runAllTimers();
  await click('[data-key="2"] span');
  vi.runAllTimers();
  expect(events).toEqual(["open 2"]);
});

it("offers everything about a column in its menu", async () => {
  mount();
  one(".dt-head [data-col=symbol]").dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true }));
  await nextTick();
  await click("[role=menu] [data-do=right]");
  expect([heads(), host.querySelector("[role=menu]") !== null]).toEqual(["price symbol", true]);
  await click("[role=menu] [data-column=id]");
  expect(heads()).toBe("price symbol id");
  await click("[role=menu] [data-do=hide]");
  expect([heads(), host.querySelector("[role=menu]")]).toEqual(["price id", null]);
  await click("[data-test=columns]");
  await click("[role=menu] [data-do=reset]");
  expect(heads()).toBe("symbol price");
});

it("moves within a menu by arrows and closes it by Esc", async () => {
  mount();
  await click("[data-test=columns]");
  await nextTick();
  const menu = one("[role=menu]");
  const entries = [...menu.querySelectorAll("[role^=menuitem]")];
  const at = (): number => entries.indexOf(document.activeElement as Element);
  const seen = [at()];
  for (const key of ["ArrowDown", "ArrowUp", "ArrowUp", "Home"]) {
    menu.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    seen.push(at());
  }
  expect(seen).toEqual([0, 1, 0, entries.length - 1, 0]);
  menu.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  await nextTick();
  expect(host.querySelector("[role=menu]")).toBeNull();
});

describe("of a list with sizes", () => {
  const SIZES = { clientWidth: 100, clientHeight: 200 } as const;
  beforeEach(() => {
    vi.useFakeTimers();
    for (const [name, value] of Object.entries(SIZES)) Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value });
  });
  afterEach(() => Object.keys(SIZES).forEach((name) => Reflect.deleteProperty(HTMLElement.prototype, name)));
  const height = (): string => one(".dt-rows").style.height;
  async function scroll(to: { top?: number; left?: number }): Promise<void> {
    Object.assign(one(".dt-grid"), { scrollTop: to.top ?? 0, scrollLeft: to.left ?? 0 });
    one(".dt-grid").dispatchEvent(new Event("scroll"));
    await nextTick();
  }

  it("a row that comes in at the top is there at once, and its room at the far end a moment later", async () => {
    const many = Array.from({ length: 100 }, (_, index) => row(index, "rb", 1));
    rows.value = many;
    mount({ newestFirst: true });
    await nextTick();
    expect(height()).toBe("2600px");
    rows.value = [...many, row(100, "rb", 1)];
    await nextTick();
    expect([one("[data-index='0']").dataset["key"], height()]).toEqual(["100", "2600px"]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(height()).toBe("2626px");
    rows.value = [...rows.value, row(101, "rb", 1)];
    await nextTick();
    await scroll({ top: 600 });
    expect(height()).toBe("2652px");
    rows.value = [...rows.value, row(102, "rb", 1)];
    await nextTick();
    expect([height(), one(".dt-grid").scrollTop]).toEqual(["2678px", 626]);
  });

  it("End goes to the last row, also when it has just come in", async () => {
    const many = Array.from({ length: 100 }, (_, index) => row(index, "rb", 1));
    rows.value = many;
    mount();
    await nextTick();
    rows.value = [...many, row(100, "rb", 1)];
    await nextTick();
    await press("End");
    await nextTick();
    expect([height(), one(".dt-grid").scrollTop]).toEqual(["2626px", 2626 - (SIZES.clientHeight - 26)]);
  });

  describe("behind another tab", () => {
    let isShown = true;
    let resized: () => void = () => undefined;
    beforeEach(() => {
      isShown = true;
      vi.stubGlobal("ResizeObserver", class {
        constructor(told: () => void) {
          resized = told;
        }
        observe(): void {}
        disconnect(): void {}
      });
      Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get: () => (isShown ? SIZES.clientHeight : 0) });
      Object.defineProperty(HTMLElement.prototype, "checkVisibility", { configurable: true, value: () => isShown });
    });
    afterEach(() => {
      vi.unstubAllGlobals();
      Reflect.deleteProperty(HTMLElement.prototype, "checkVisibility");
    });
    async function show(is: boolean): Promise<void> {
      isShown = is;
      resized();
      await nextTick();
    }
    const top = (): number => one(".dt-grid").scrollTop;

    it("nothing is drawn, and all of it is there with the picture that shows it again", async () => {
      isShown = false;
      mount({ newestFirst: true });
      await nextTick();
      rows.value = [...ROWS, row(4, "au2606", 5)];
      await nextTick();
      expect(keys()).toBe("3 2 1");
      await show(true);
      expect(keys()).toBe("4 3 2 1");
      await show(false);
      rows.value = [row(1, "rb2605", 8), ...rows.value.slice(1)];
      await nextTick();
      expect(one('[data-key="1"] .number').textContent).toBe("9.00");
      await show(true);
      expect(one('[data-key="1"] .number').textContent).toBe("8.00");
    });

    it("what is being read stays where it is, and a list that follows its end is at its new one", async () => {
      const many = (count: number): Row[] => Array.from({ length: count }, (_, index) => row(index, "rb", 1));
      rows.value = many(100);
      mount({ newestFirst: true });
      await nextTick();
      await scroll({ top: 260 });
      await show(false);
      rows.value = many(140);
      await nextTick();
      await show(true);
      expect(top()).toBe(260 + 40 * 26);
      app.unmount();
      rows.value = many(100);
      mount({ follow: true });
      await nextTick();
      await show(false);
      rows.value = many(140);
      await nextTick();
      await show(true);
      expect(top()).toBe(141 * 26 - SIZES.clientHeight);
    });
  });

  it("columns beyond its right edge are in the document once it is scrolled sideways", async () => {
    layout.value = { order: ["symbol", "price", "id"], widths: {}, hidden: { id: false }, sort: null };
    mount();
    await nextTick();
    const cells = (): number => one("[data-key='1']").querySelectorAll("[role=gridcell]").length;
    expect([heads(), cells(), one("[role=grid]").getAttribute("aria-colcount")]).toEqual(["symbol price id", 2, "3"]);
    await scroll({ left: 30 });
    expect(cells()).toBe(3);
    await scroll({ left: 0 });
    expect(cells()).toBe(2);
  });
});

it("keeps few rows of a long list in the document, and orders it no more than twice a second", async () => {
  vi.useFakeTimers();
  const many = Array.from({ length: 10_000 }, (_, index) => row(index, `S.${index}`, (index * 7919) % 10_000));
  rows.value = many;
  mount();
  await click(".dt-head [data-col=price]");
  await vi.runAllTimersAsync();
  expect(keys().startsWith("0 ")).toBe(true);
  expect(host.querySelectorAll(".dt-body").length).toBeLessThan(60);
  const cheapest = row(10_000, "new", -1);
  rows.value = [...many, cheapest];
  await nextTick();
  rows.value = [row(0, "S.0", 0.5), ...rows.value.slice(1)];
  await nextTick();
  expect([keys().startsWith("0 "), one('[data-key="0"] .number').textContent]).toEqual([true, "0.50"]);
  await vi.advanceTimersByTimeAsync(500);
  expect(keys().startsWith("10000 0 ")).toBe(true);
});
