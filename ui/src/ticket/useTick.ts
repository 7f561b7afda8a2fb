// The newest tick of the selected instrument, wanted for as long as the component lives.
import { computed, onUnmounted, watch, type ComputedRef } from "vue";
import type { Tick } from "../link";
import { settings } from "../store/settings";
import { tickOf, watchTicks } from "../store/ticks";

export function useTick(): ComputedRef<Tick | null> {
  let release: () => void = () => undefined;
  watch(() => settings.selected, (vtSymbol) => {
    release();
    release = watchTicks([vtSymbol]);
  }, { immediate: true });
  onUnmounted(() => release());
  return computed(() => (settings.selected === "" ? null : tickOf(settings.selected).value));
}
