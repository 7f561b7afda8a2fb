// Clicks on rows. A double click counts only if both clicks met the same row: new rows may come in above and push
// another one under the pointer, and what a double click does (cancel an order) cannot be taken back.
import { onBeforeUnmount } from "vue";
import type { View } from "./view";

/** As long as a slow double click takes. */
const PATIENCE_MS = 300;
const CONTROLS = "button, a, input, select, textarea, label";

export interface Clicks<T> {
  view(): View<T>;
  rowKey(row: T): unknown;
  /** Whether `open` waits for a second click, because it would cover the row. */
  patient(): boolean;
  enter(index: number): void;
  open(row: T): void;
  activate(row: T): void;
  menu(index: number, x: number, y: number): void;
}

export function usePointer<T>(clicks: Clicks<T>) {
  let first: unknown = null;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  function rowAt(event: MouseEvent): number {
    const target = event.target as Element;
    const row = target.closest<HTMLElement>("[data-index]");
    return row === null || target.closest(CONTROLS) !== null ? -1 : Number(row.dataset["index"]);
  }

  function clicked(event: MouseEvent): void {
    const index = rowAt(event);
    if (index < 0 || index >= clicks.view().length) return;
    const row = clicks.view().at(index);
    clearTimeout(waiting);
    clicks.enter(index);
    if (event.detail > 1) return;
    first = clicks.rowKey(row);
    if (clicks.patient()) waiting = setTimeout(() => clicks.open(row), PATIENCE_MS);
    else clicks.open(row);
  }

  function doubled(event: MouseEvent): void {
    const index = rowAt(event);
    if (index < 0 || index >= clicks.view().length) return;
    const row = clicks.view().at(index);
    if (clicks.rowKey(row) === first) clicks.activate(row);
  }

  function asked(event: MouseEvent): void {
    event.preventDefault();
    const index = rowAt(event);
    if (index >= 0) clicks.enter(index);
    clicks.menu(index, event.clientX, event.clientY);
  }

  onBeforeUnmount(() => clearTimeout(waiting));
  return { clicked, doubled, asked };
}
