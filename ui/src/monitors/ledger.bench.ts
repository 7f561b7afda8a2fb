// What a changed order costs among 50,000: `npx vitest bench --run src/monitors`.
import { bench, describe } from "vitest";
import { isActive } from "../enums";
import type { Order } from "../link";
import { few, NONE } from "../rows/few";
import { Keyed } from "../rows/keyed";
import { advance, NO_LEDGER } from "./ledger";
import { keepOrder } from "./sticky";

const key = (row: Order): string => row.vt_orderid;
const all = Array.from({ length: 50_000 }, (_, n) => ({ vt_orderid: `S.${n}`, vt_symbol: "a.SSE", status: n % 100 === 0 ? "NOTTRADED" : "ALLTRADED", reference: "" }) as Order);
const before = Keyed.of(all.map((row) => [key(row), row] as const));
const ledger = advance(NO_LEDGER, before.rows, key, keepOrder);
const changed = change();
const after = advance(ledger, changed.rows, key, keepOrder);
const active = few(NONE, ledger.rows, (row) => isActive(row.status));

function change(): Keyed<Order> {
  const editor = before.edit();
  editor.set("S.49000", { ...(all[49_000] as Order), traded: 1 });
  editor.set("S.50001", { ...(all[0] as Order), vt_orderid: "S.50001" });
  return editor.done();
}

describe("50,000 orders, one changed", () => {
  bench("in the link's table", () => {
    const editor = before.edit();
    editor.set("S.49000", { ...(all[49_000] as Order), traded: 2 });
    editor.done();
  });
  bench("in the rows that are shown", () => void advance(ledger, changed.rows, key, keepOrder));
  bench("in the active ones", () => void few(active, after.rows, (row) => isActive(row.status)));
  bench("for comparison: copying a Map", () => void new Map(before));
});
