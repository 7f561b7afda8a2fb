// The name of the browser's tab: the chosen contract's price, as it is looked for among many tabs; and, before all else,
// that what is behind it is not live. Always true: told at most once a second.
import { onBeforeUnmount, watch } from "vue";
import { price } from "../format";
import { t } from "../i18n";
import { digits, isLive, selected } from "../store/desk";
import { tickOf } from "../store/ticks";
import { change, lastOf } from "../watch/quote";
import { now } from "./clock";

export function useTitle(): void {
  watch([now, () => isLive.value.ok, () => selected.value?.vt_symbol], () => (document.title = text()), { immediate: true });
  onBeforeUnmount(() => (document.title = t("app.title")));
}

function text(): string {
  if (!isLive.value.ok) return `⚠ ${t(isLive.value.why)} · ${t("app.title")}`;
  const contract = selected.value;
  const tick = contract === null ? null : tickOf(contract.vt_symbol).value;
  if (contract === null || lastOf(tick) === null) return t("app.title");
  const moved = change(tick) ?? 0;
  return `${price(lastOf(tick), digits(contract.vt_symbol))}${moved > 0 ? " ▲" : moved < 0 ? " ▼" : ""} ${contract.symbol} · ${t("app.title")}`;
}
