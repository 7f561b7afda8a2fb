// What a changed order costs among 50,000: `npx vitest bench --run src/monitors`.
import { bench, describe } from "vitest";
import { isActive } from "../enums";
import type { Order } from "../link";
import { advance, few, NONE, NO_LEDGER } from "./ledger";
import { keepOrder } from "./sticky";

const key = (row: Order): string => row.vt_orderid;
const all = Array.from({ length: 50_000 }, (_, n) => ({ vt_orderid: `S.${n}`, vt_symbol: "a.SSE", status: n % 100 === 0 ? "NOTTRADED" : "ALLTRADED", reference: "" }) as Order);
const before = new Map(all.map((row) => [row.vt_orderid, row]));
const ledger = advance(NO_LEDGER, before, key, keepOrder);
const changed = new Map(before).set("S.49000", { ...(all[49_000] as Order), traded: 1 }).set("S.50001", { ...(all[0] as Order), vt_orderid: "S.50001" });
const after = advance(ledger, changed, key, keepOrder);
const active = few(NONE, ledger.rows, (row) => isActive(row.status));

describe("50,000 orders", () => {
  bench("one changed, one new", () => void advance(ledger, changed, key, keepOrder));
  bench("none changed", () => void advance(ledger, before, key, keepOrder));
  bench("the active ones", () => void few(active, after.rows, (row) => isActive(row.status)));
  bench("copying the map (the link)", () => void new Map(before));
});
