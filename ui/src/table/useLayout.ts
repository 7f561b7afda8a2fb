// The arrangement of one table while it is shown: the parent's layout, or one of its own where the parent keeps
// none. Every change of the reader is told to the parent; a width that is being dragged only when it is let go.
import { computed, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import type { Column } from "./columns";
import { displayed, movedBy, movedTo, PLAIN, resized, sortedNext, toggled, widthOf, type TableLayout } from "./layout";

export interface Arrangement<T> {
  readonly layout: Readonly<ShallowRef<TableLayout>>;
  readonly shown: ComputedRef<readonly Column<T>[]>;
  width(column: Column<T>): number;
  sortNext(id: string): void;
  sortBy(id: string, descending: boolean | null): void;
  toggle(id: string): void;
  moveBy(id: string, by: -1 | 1): void;
  moveTo(id: string, target: string): void;
  resize(widths: Readonly<Record<string, number>>): void;
  /** A width in the making: shown, not kept. */
  drag(id: string, width: number): void;
  drop(): void;
  reset(): void;
}

export function useLayout<T>(
  columns: () => readonly Column<T>[],
  given: () => TableLayout | undefined,
  small: Readonly<Ref<boolean>>,
  tell: (layout: TableLayout) => void,
): Arrangement<T> {
  const layout = shallowRef(given() ?? PLAIN);
  const set = (next: TableLayout): void => {
    layout.value = next;
    tell(next);
  };
  // A parent may hand over a copy each time: only another content counts.
  watch(() => JSON.stringify(given() ?? null), () => (layout.value = given() ?? PLAIN));

  return {
    layout,
    // The same columns in the same order stay the same object, whatever their widths.
    shown: computed<readonly Column<T>[]>((before) => {
      const now = displayed(columns(), layout.value, small.value);
      return before?.length === now.length && before.every((column, index) => column === now[index]) ? before : now;
    }),
    width: (column) => widthOf(column, layout.value, small.value),
    sortNext: (id) => set(sortedNext(layout.value, id)),
    sortBy: (id, descending) => set({ ...layout.value, sort: descending === null ? null : { id, descending } }),
    toggle: (id) => set(toggled(columns(), layout.value, id)),
    moveBy: (id, by) => set(movedBy(columns(), layout.value, id, by)),
    moveTo: (id, target) => set(movedTo(columns(), layout.value, id, target)),
    resize: (widths) => set(resized(layout.value, widths)),
    drag: (id, width) => (layout.value = resized(layout.value, { [id]: width })),
    drop: () => tell(layout.value),
    reset: () => set(PLAIN),
  };
}
