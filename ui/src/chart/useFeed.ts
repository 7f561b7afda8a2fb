// The feed of the contract that is shown, in the chosen period. Always true: another contract, period or trading process
// is another feed, and the old one is told nothing any more; whatever was missed (a lost link, a hidden page) is asked
// for again on return.
import { computed, onBeforeUnmount, onMounted, shallowRef, watch } from "vue";
import { api } from "../api/http";
import type { BarRow } from "./bars";
import { isLive, selected, traderName } from "../store/desk";
import { tickOf, watchTicks } from "../store/ticks";
import { Feed, type FeedState } from "./feed";
import { options } from "./options";
import { venueOf } from "./time";

export function useFeed() {
  const feed = shallowRef<Feed | null>(null);
  const state = shallowRef<FeedState>({ history: "loading", older: "end", why: "" });
  /** Whether there is a bar to be seen. */
  const isEmpty = shallowRef(true);
  const chosen = computed(() => options());
  const shown = computed(() => ({ ma: chosen.value.ma, boll: chosen.value.boll, macd: chosen.value.macd }));
  const vtSymbol = computed(() => selected.value?.vt_symbol ?? "");
  const tick = computed(() => (vtSymbol.value === "" ? null : tickOf(vtSymbol.value).value));
  let release: () => void = () => undefined;

  watch(vtSymbol, (now) => {
    release();
    release = watchTicks([now]);
  }, { immediate: true });
  watch([traderName, vtSymbol, () => chosen.value.period], begin, { immediate: true });
  watch(() => JSON.stringify(shown.value), () => feed.value?.show(shown.value));
  watch(tick, (now) => {
    if (now === null) return;
    feed.value?.take(now);
    if (isEmpty.value) isEmpty.value = (feed.value?.bars.all.length ?? 0) === 0;
  });
  watch(() => isLive.value.ok, (isOk) => (isOk ? void feed.value?.reload() : feed.value?.miss()));
  onMounted(() => document.addEventListener("visibilitychange", seen));
  onBeforeUnmount(() => {
    document.removeEventListener("visibilitychange", seen);
    release();
    feed.value?.stop();
  });

  function begin(): void {
    feed.value?.stop();
    feed.value = null;
    const contract = selected.value;
    if (contract === null) return;
    const [trader, period, vt_symbol] = [traderName.value, chosen.value.period, contract.vt_symbol];
    const made = new Feed({
      period, venue: venueOf(contract.exchange),
      ask: (span) => api.get<readonly BarRow[]>("/bars", { trader, vt_symbol, interval: period, ...span }),
      tell: (now) => {
        state.value = now;
        isEmpty.value = made.bars.all.length === 0;
      },
    }, shown.value);
    feed.value = made;
    isEmpty.value = true;
    // So that a market that lives in the past is asked about its own time.
    if (tick.value !== null) made.take(tick.value);
    void made.open();
  }

  /** Nothing is drawn and few ticks come while the page is hidden. */
  function seen(): void {
    if (document.hidden) feed.value?.miss();
    else if (isLive.value.ok) void feed.value?.reload();
  }

  return { feed, state, isEmpty, chosen };
}
