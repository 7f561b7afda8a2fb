// When the shown order of a list is made. Natural order: at once. A sorted or filtered list of more than `AT_ONCE`
// rows: at most twice a second while its rows change, and in between the rows in sight show what they are now; after
// a click of the reader as soon as the keys are made, which is done in slices so that the page keeps painting.
import { onBeforeUnmount, shallowRef, watch, type ShallowRef } from "vue";
import type { Chunks } from "../rows/chunks";
import { isNatural, natural, pick, picking, refreshed, view, type Picked, type Rows, type View, type Wish } from "./view";

const AT_ONCE = 2000;
const EVERY_MS = 500;
const SLICE_MS = 8;

export interface Source<T> {
  rows(): Rows<T>;
  wish(): Wish<T>;
  newestFirst(): boolean;
  rowKey(row: T): unknown;
}

export function useView<T extends object>(source: Source<T>): ShallowRef<View<T>> {
  const shown = shallowRef(natural<T>([], { newestFirst: false })) as ShallowRef<View<T>>;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let madeAt = 0;
  let madeFor: Wish<T> | null = null;

  function later(work: () => void, delay_ms: number): void {
    stop();
    timer = setTimeout(() => {
      timer = undefined;
      work();
    }, delay_ms);
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  /** Starts from the order before, if that was made for the same wish. */
  function make(): void {
    stop();
    const before = madeFor === source.wish() ? shown.value.picked : null;
    if (before === null && source.rows().length > AT_ONCE) prepare();
    else show(before);
  }

  function show(before: Picked<T> | null): void {
    const wished = source.wish();
    shown.value = view(pick(listed(source.rows()), wished, { newestFirst: source.newestFirst() }, before), source.rows());
    madeFor = wished;
    madeAt = performance.now();
  }

  /** Makes the order of a long list bit by bit; what changed in the meantime is put into it at the end. */
  function prepare(): void {
    goOn(picking(listed(source.rows()), source.wish(), { newestFirst: source.newestFirst() }));
  }

  function goOn(work: Generator<void, Picked<T>>): void {
    const until = performance.now() + SLICE_MS;
    let step = work.next();
    while (step.done !== true && performance.now() < until) step = work.next();
    if (step.done === true) show(step.value);
    else later(() => goOn(work), 0);
  }

  function asItWas(): View<T> {
    const { picked } = shown.value;
    return picked === null ? asItComes() : refreshed(picked, source.rows(), source.rowKey);
  }

  function asItComes(): View<T> {
    return natural(source.rows(), { newestFirst: source.newestFirst() });
  }

  function changed(wishChanged: boolean): void {
    if (wishChanged) madeFor = null;
    if (isNatural(source.wish())) {
      stop();
      shown.value = asItComes();
    } else if (source.rows().length <= AT_ONCE) make();
    else {
      shown.value = asItWas();
      if (wishChanged) prepare();
      else if (timer === undefined) later(make, Math.max(0, madeAt + EVERY_MS - performance.now()));
    }
  }

  watch(
    [() => source.rows(), () => source.wish(), () => source.newestFirst()],
    (now, before) => changed(now[1] !== before[1] || now[2] !== before[2]),
    { immediate: true },
  );
  onBeforeUnmount(stop);
  return shown;
}

function listed<T>(rows: Rows<T>): readonly T[] {
  return Array.isArray(rows) ? (rows as readonly T[]) : (rows as Chunks<T>).toArray();
}
