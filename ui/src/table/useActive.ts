// Where the keyboard is in a table: at a row, which it follows by key wherever the row goes, or at a head. The focus
// itself stays on the table, because a row that is scrolled away leaves the document.
import { ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { moved, movedAside, opensFilter, opensMenu } from "./keys";
import type { Arrangement } from "./useLayout";
import type { View } from "./view";

const WIDER_PX = 8;

export interface Grid<T> {
  readonly view: ShallowRef<View<T>>;
  readonly table: Arrangement<T>;
  readonly page: Readonly<Ref<number>>;
  rowKey(row: T): string | number;
  /** Scrolls to the row. */
  show(index: number): void;
  /** What the keys ask for. */
  activate(row: T): void;
  open(row: T): void;
  remove(row: T): void;
  entered(row: T): void;
  filter(): void;
  /** Takes the filter away; false if there is none. */
  unfilter(): boolean;
  rowMenu(index: number): void;
  headMenu(index: number): void;
}

export function useActive<T>(grid: Grid<T>) {
  const key: Ref<string | number | null> = shallowRef(null);
  const head = ref<number | null>(null);
  let at = -1;

  /** The active row's place now; the row is most often where it was. */
  function index(): number {
    const is = (place: number): boolean => place >= 0 && place < grid.view.value.length && grid.rowKey(grid.view.value.at(place)) === key.value;
    if (key.value === null) return -1;
    for (let place = 0; !is(at) && place < grid.view.value.length; place += 1) if (is(place)) at = place;
    return is(at) ? at : -1;
  }

  function enter(place: number): void {
    head.value = place < 0 ? (head.value ?? 0) : null;
    if (place < 0 || place >= grid.view.value.length) return;
    const row = grid.view.value.at(place);
    at = place;
    key.value = grid.rowKey(row);
    grid.entered(row);
  }

  function pressed(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget) return;
    if (event.key === "Escape") return void (grid.unfilter() && event.stopPropagation());
    const done = opensFilter(event) ? void grid.filter() : head.value === null ? inRows(event) : inHead(event, head.value);
    if (done === false) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function inRows(event: KeyboardEvent): void | false {
    const place = index();
    if (opensMenu(event)) return grid.rowMenu(place);
    if (event.altKey || event.ctrlKey || event.metaKey) return false;
    const to = moved(event.key, place, grid.view.value.length, grid.page.value);
    if (to !== null) {
      enter(to);
      return to >= 0 ? grid.show(to) : undefined;
    }
    if (place < 0) return false;
    const row = grid.view.value.at(place);
    if (event.key === "Enter") return event.repeat ? undefined : grid.activate(row);
    if (event.key === " ") return grid.open(row);
    return event.key === "Delete" ? grid.remove(row) : false;
  }

  function inHead(event: KeyboardEvent, place: number): void | false {
    const column = grid.table.shown.value[place];
    if (column === undefined || event.ctrlKey || event.metaKey) return false;
    if (opensMenu(event)) return grid.headMenu(place);
    const by = { ArrowLeft: -1 as const, ArrowRight: 1 as const }[event.key];
    if (by !== undefined && event.altKey) {
      grid.table.moveBy(column.id, by);
      return void (head.value = grid.table.shown.value.indexOf(column));
    }
    if (by !== undefined && event.shiftKey) return grid.table.resize({ [column.id]: grid.table.width(column) + by * WIDER_PX });
    if (event.key === "Enter" || event.key === " ") return grid.table.sortNext(column.id);
    if (event.key === "ArrowDown") return enter(Math.max(0, index()));
    const to = movedAside(event.key, place, grid.table.shown.value.length);
    return to === null ? false : void (head.value = to);
  }

  return { key, head, index, enter, pressed };
}
