// An order with its timeline, asked for when the dialog opens and again when the order has changed. Always true: what is
// shown stays while it is asked again, and a failure says why.
import { onBeforeUnmount, shallowRef, watch } from "vue";
import type { Schemas } from "../api/schemas";
import type { Outcome } from "../link";
import { isLive, orders, traderName } from "../store/desk";
import { link } from "../store/session";

/** Changes come in bursts; the last of them is what counts. */
const REST_MS = 250;

export function useDetail(vtOrderid: string) {
  const detail = shallowRef<Schemas["OrderDetail"] | null>(null);
  const failed = shallowRef<Exclude<Outcome<unknown>, { outcome: "done" }> | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;

  async function load(): Promise<void> {
    const answer = await link.value?.call<Schemas["OrderDetail"]>("orders.get", { vt_orderid: vtOrderid, trader: traderName.value });
    if (gone || answer === undefined) return;
    failed.value = answer.outcome === "done" ? null : answer;
    if (answer.outcome === "done") detail.value = answer.data;
  }

  function soon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void load(), REST_MS);
  }

  watch([() => orders.value.get(vtOrderid), () => isLive.value.ok], soon);
  void load();
  onBeforeUnmount(() => {
    gone = true;
    clearTimeout(timer);
  });
  return { detail, failed, load };
}
