// Keeps bars and lines of orders out of the readout: as much of the chart's top is free as the readout is high. Always
// true: the chart does not jump while the crosshair moves, for what was once needed stays free until the width changes.
import { onBeforeUnmount, onMounted, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import type { Surface } from "./surface";

/** Between the readout and the highest price. */
const GAP = 10;

export function useFreeTop(area: Readonly<Ref<HTMLElement | null>>, surface: Readonly<Ref<Surface | null>>, shown: () => string): ShallowRef<number | null> {
  /** Where the pane of MACD begins, for what is written there. */
  const below = shallowRef<number | null>(null);
  let needed = 0;
  let width = 0;
  const sizes = new ResizeObserver(measure);

  onMounted(() => {
    if (area.value !== null) sizes.observe(area.value);
  });
  onBeforeUnmount(() => sizes.disconnect());
  watch(surface, measure);
  // Other lines that are shown, or another contract: the readout has other lengths.
  watch(shown, () => {
    needed = 0;
    measure();
  }, { flush: "post" });

  return below;

  function measure(): void {
    const host = area.value;
    const readout = host?.querySelector("[data-test=readout]") ?? null;
    if (host === null || readout === null) return;
    if (host.clientWidth !== width) needed = 0;
    width = host.clientWidth;
    needed = Math.max(needed, (readout as HTMLElement).offsetHeight);
    // Sizes of the chart's own panes are known after it has drawn.
    requestAnimationFrame(() => {
      surface.value?.freeTop(needed + GAP);
      below.value = surface.value?.macdTop ?? null;
    });
  }
}
