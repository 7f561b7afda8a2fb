// The second half of reversing a position: opens the other side for as much of the closing orders as was accepted.
// Always true: an order that was rejected, or of which nothing is seen in time, counts for nothing; never opens more than
// was accepted to close.
import { watch } from "vue";
import type { Schemas } from "../api/schemas";
import { newOrder, type NewOrder, type Order, type OrderPlaced, type Outcome } from "../link";
import { desks } from "../store/desk";
import { note, toast } from "../store/notes";
import { tickOf } from "../store/ticks";
import type { Plan } from "./closing";
import { opposite } from "./depth";
import { plain, REFERENCE } from "./ticket";

/** A venue that has not answered by then may still reject. */
const SEEN_MS = 5000;

type Send = (order: NewOrder) => Promise<Outcome<OrderPlaced>>;

export async function openOther(plan: Plan, closed: Schemas["OrderResults"], send: Send, trader: string): Promise<void> {
  const { vtSymbol: symbol, direction, offset, price: before } = plan.open;
  const ids = closed.results.flatMap((one) => (one.ok && one.order !== null ? [one.order.vt_orderid] : []));
  const rows = await Promise.all(ids.map((id) => decided(trader, id)));
  const volume = Math.min(plan.volume, accepted(rows));
  if (!(volume > 0)) return toast("bad", "cmd.notOpened", { symbol });
  if (volume < plan.volume) note("warn", "cmd.openedLess", { symbol, volume: plain(volume) });
  const price = opposite(tickOf(symbol).value, direction) ?? before;
  if (price === null) return toast("bad", "cmd.noQuote", { symbol });
  await send(newOrder({
    vt_symbol: symbol, direction, offset, type: "LIMIT", price, volume, reference: REFERENCE, gateway: plan.gateway, trader,
  }));
}

/** How much of the closing orders stands or has traded. */
export function accepted(rows: readonly (Order | null)[]): number {
  const volumes = rows.map((row) => {
    if (row === null || row.status === "SUBMITTING" || row.status === "REJECTED") return 0;
    return (row.status === "CANCELLED" ? row.traded : row.volume) ?? 0;
  });
  return volumes.reduce((sum, volume) => sum + volume, 0);
}

/** The order as soon as the venue has said something of it; as it is when the time is over. */
function decided(trader: string, vtOrderid: string): Promise<Order | null> {
  const row = (): Order | null => desks.value.get(trader)?.order.get(vtOrderid) ?? null;
  const isDecided = (): boolean => (row()?.status ?? "SUBMITTING") !== "SUBMITTING";
  return new Promise((resolve) => {
    const stop = watch(desks, () => isDecided() && end());
    const timer = setTimeout(end, SEEN_MS);
    if (isDecided()) end();
    function end(): void {
      clearTimeout(timer);
      stop();
      resolve(row());
    }
  });
}
