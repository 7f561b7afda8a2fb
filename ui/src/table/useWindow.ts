// Which rows are in sight. Rows have one height, so a row's place is its index; rows that come in above leave what
// is being read where it is, and a list that follows its end stays there until the reader scrolls away.
import { computed, onBeforeUnmount, onMounted, ref, watch, type Ref, type ShallowRef } from "vue";
import { behind } from "../store/behind";
import { anchorShift } from "./anchor";
import type { View } from "./view";

/** Rows in the document beyond those in sight, where the list may be scrolled next; elsewhere none. */
const OVERSCAN = 6;
/** Until it is measured. */
const FIRST_HEIGHT = 400;
/** New rows at the top come to the far end of the list so much later. */
const FAR_MS = 500;
const ROW = { desk: 26, phone: 40 } as const;
export const HEAD = { desk: 26, phone: 34 } as const;

export interface Watched<T> {
  readonly box: Readonly<Ref<HTMLElement | null>>;
  readonly view: ShallowRef<View<T>>;
  rowKey(row: T): unknown;
  follow(): boolean;
  /** Whether pointer or focus is in the list. */
  readonly near: Readonly<Ref<boolean>>;
  /** Set here: whether it is behind another tab, or otherwise not on the page. */
  readonly hidden: Ref<boolean>;
}

export function useWindow<T>({ box, view, rowKey, follow, near, hidden }: Watched<T>) {
  const phone = matchMedia("(max-width: 999px)");
  const small = ref(phone.matches);
  const top = ref(0);
  const outer = ref(FIRST_HEIGHT);
  const wide = ref(0);
  /** Whether it is scrolled sideways, and down: only then does anything need to stick to its edges. */
  const aside = ref(false);
  const down = computed(() => top.value > 0);
  const rowHeight = computed(() => (small.value ? ROW.phone : ROW.desk));
  const inner = computed(() => Math.max(outer.value - (small.value ? HEAD.phone : HEAD.desk), rowHeight.value));
  const more = computed(() => (near.value || down.value ? OVERSCAN : 0));
  const from = computed(() => Math.max(0, Math.min(Math.floor(top.value / rowHeight.value), view.value.length - 1) - more.value));
  const until = computed(() => Math.min(view.value.length, Math.ceil((top.value + inner.value) / rowHeight.value) + more.value));
  const page = computed(() => Math.max(1, Math.floor(inner.value / rowHeight.value) - 1));
  const end = (length: number): number => Math.max(0, length * rowHeight.value - inner.value);
  const atEnd = computed(() => top.value >= end(view.value.length) - rowHeight.value / 2);

  /**
   * For how many rows there is room. A list of another height has the browser work out all layers anew, so while the reader
   * is at its top, rows that come are counted a moment later; those in sight are there at once.
   */
  const room = behind(() => view.value.length, () => (down.value || follow() ? view.value.length : null), FAR_MS);

  /** Where the box is to be when the list has its new height. */
  let wanted: number | null = null;
  /** A hidden panel has no sizes and forgets where it was: the last ones hold until it is back. */
  let gone = false;
  const scrolled = (): void => {
    if (gone || box.value === null) return;
    top.value = box.value.scrollTop;
    aside.value = box.value.scrollLeft > 0;
  };
  const measured = (): void => {
    const height = box.value?.clientHeight ?? 0;
    const back = gone && height > 0;
    const stay = follow() && atEnd.value;
    gone = height === 0;
    hidden.value = gone && box.value?.checkVisibility?.() === false;
    if (gone) return;
    outer.value = height;
    wide.value = box.value?.clientWidth ?? 0;
    if (stay) toEnd();
    else if (back) goTo(top.value);
  };
  const switched = (): void => void (small.value = phone.matches);
  const sizes = new ResizeObserver(measured);

  function goTo(y: number): void {
    top.value = y;
    if (box.value !== null) box.value.scrollTop = y;
    // The room for it may come with the next picture.
    if (room.value < view.value.length) wanted = y;
  }

  function toEnd(): void {
    goTo(end(view.value.length));
  }

  function show(index: number): void {
    const start = index * rowHeight.value;
    if (start < top.value) goTo(start);
    else if (start + rowHeight.value > top.value + inner.value) goTo(start + rowHeight.value - inner.value);
  }

  /** How many rows came in (or went) above what is being read. */
  function shiftOf(now: View<T>, before: View<T>): number {
    const first = Math.floor(top.value / rowHeight.value);
    return anchorShift(before, now, first, Math.ceil(inner.value / rowHeight.value), rowKey);
  }

  // Before the page is painted. The box is asked only when the window must move: its answer costs a layout, and is
  // newer than what the last scroll event said.
  watch(view, (now, before) => {
    if (follow() && top.value >= end(before.length) - rowHeight.value / 2) wanted = end(now.length);
    else if (top.value >= rowHeight.value / 2) {
      const shift = shiftOf(now, before);
      if (shift !== 0) wanted = Math.max(0, (gone ? top.value : (box.value?.scrollTop ?? 0)) + shift * rowHeight.value);
    }
    if (wanted !== null) top.value = wanted;
  });
  // After the list has its new height: the box goes to where the window is.
  watch([top, view], () => {
    if (wanted !== null && box.value !== null) box.value.scrollTop = wanted;
    wanted = null;
  }, { flush: "post" });

  // Switched on, it goes there.
  watch(follow, (is) => void (is && toEnd()), { flush: "post" });

  onMounted(() => {
    phone.addEventListener("change", switched);
    if (box.value !== null) sizes.observe(box.value);
    measured();
    if (follow()) toEnd();
  });
  onBeforeUnmount(() => {
    phone.removeEventListener("change", switched);
    sizes.disconnect();
  });
  return { small, rowHeight, room, wide, aside, down, from, until, page, atEnd, scrolled, show, goTo, toEnd };
}
