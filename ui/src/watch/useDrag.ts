// Dragging a row to another place by its handle, with mouse, pen or finger. What is under the pointer says where it
// would go; near the upper and lower edge the list scrolls. Always true: one row at a time, and Esc puts it back.
import { onBeforeUnmount, shallowRef } from "vue";

export interface Drop {
  /** The row that is held. */
  readonly held: string;
  /** The row that it would stand before or behind; null while it is over itself. */
  readonly over: string | null;
  readonly behind: boolean;
}

const EDGE_PX = 28;
const SCROLL_PX = 8;

export function useDrag(dropped: (held: string, over: string, behind: boolean) => void) {
  const drop = shallowRef<Drop | null>(null);
  let stop: () => void = () => undefined;
  let moved = false;

  function grasp(event: PointerEvent, key: string): void {
    if (event.button !== 0) return;
    event.preventDefault();
    stop();
    moved = false;
    const handle = event.currentTarget as HTMLElement;
    const list = handle.closest<HTMLElement>(".dt-grid");
    const at = { x: event.clientX, y: event.clientY };
    drop.value = { held: key, over: null, behind: false };
    handle.setPointerCapture(event.pointerId);

    const look = (): void => {
      const row = document.elementFromPoint(at.x, at.y)?.closest<HTMLElement>(".dt-body");
      const over = row?.dataset["key"] ?? null;
      if (row === null || row === undefined || over === null) return;
      const { top, height } = row.getBoundingClientRect();
      moved ||= over !== key;
      drop.value = { held: key, over: over === key ? null : over, behind: at.y > top + height / 2 };
    };
    const move = (now: PointerEvent): void => {
      Object.assign(at, { x: now.clientX, y: now.clientY });
      look();
    };
    const timer = setInterval(() => {
      if (list === null) return;
      const { top, bottom } = list.getBoundingClientRect();
      if (at.y < top + 2 * EDGE_PX) list.scrollTop -= SCROLL_PX;
      else if (at.y > bottom - EDGE_PX) list.scrollTop += SCROLL_PX;
      else return;
      look();
    }, 16);
    const end = (): void => {
      const { over, behind } = drop.value ?? { over: null, behind: false };
      stop();
      if (over !== null) dropped(key, over, behind);
    };
    const escaped = (pressed: KeyboardEvent): void => {
      if (pressed.key === "Escape") stop();
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", end);
    handle.addEventListener("pointercancel", cancel);
    window.addEventListener("keydown", escaped, true);
    stop = () => {
      clearInterval(timer);
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", end);
      handle.removeEventListener("pointercancel", cancel);
      window.removeEventListener("keydown", escaped, true);
      drop.value = null;
      stop = () => undefined;
    };
  }

  function cancel(): void {
    stop();
  }

  /** How a row is shown meanwhile. */
  function classOf(key: string): string {
    if (drop.value === null) return "";
    if (drop.value.held === key) return "held";
    if (drop.value.over !== key) return "";
    return drop.value.behind ? "drop-below" : "drop-above";
  }

  onBeforeUnmount(() => stop());
  return { grasp, classOf, hasMoved: () => moved };
}
