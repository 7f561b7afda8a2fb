// The page's hotkeys. Always true: none acts while somebody types, while a question is open, or on a key that something
// else has taken; the last that was registered for a combination wins, so that a panel on top gets it.
import { shallowRef } from "vue";
import type { Key } from "../i18n";

export interface Shortcut {
  readonly id: string;
  /** As it is written in the help: `b`, `shift+b`, `ctrl+k`, `ArrowUp`. Several: `1` … by one entry each. */
  readonly combo: string;
  /** What it does. */
  readonly key: Key;
}

interface Hotkey extends Shortcut {
  readonly run: (event: KeyboardEvent) => void;
}

/** Keys that are always the same, for the help: those of the ticket and the depth, which may not be on the page now. */
export const shortcuts = shallowRef<readonly Shortcut[]>([
  { id: "ticket.buy", combo: "b", key: "key.buy" },
  { id: "ticket.sell", combo: "s", key: "key.sell" },
  { id: "ticket.price", combo: "p", key: "key.price" },
  { id: "ticket.volume", combo: "v", key: "key.volume" },
  { id: "ticket.contract", combo: "c", key: "key.contract" },
  { id: "ticket.follow", combo: "f", key: "key.follow" },
  { id: "ticket.all", combo: "a", key: "key.all" },
  { id: "ticket.cancelAll", combo: "x", key: "key.cancelAll" },
  { id: "ticket.open", combo: "1", key: "key.open" },
  { id: "ticket.close", combo: "2", key: "key.close" },
  { id: "ticket.closeToday", combo: "3", key: "key.closeToday" },
  { id: "ticket.closeYesterday", combo: "4", key: "key.closeYesterday" },
  { id: "ticket.none", combo: "5", key: "key.none" },
  { id: "ticket.submit", combo: "Enter", key: "key.submit" },
  { id: "ticket.clear", combo: "Escape", key: "key.clear" },
  { id: "ticket.step", combo: "↑ / ↓", key: "key.step" },
  { id: "ticket.stepTen", combo: "Shift+↑ / Shift+↓ / PageUp / PageDown", key: "key.stepTen" },
  { id: "depth.level", combo: "Enter", key: "key.level" },
]);

let hotkeys: readonly Hotkey[] = [];

/** Tells the help of a key that a component handles by itself. */
export function describe(id: string, combo: string, key: Key): void {
  shortcuts.value = [...shortcuts.value.filter((known) => known.id !== id), { id, combo, key }];
}

/** Acts on a key wherever the focus is, but not while somebody types; returns how to stop. */
export function hotkey(id: string, combo: string, key: Key, run: (event: KeyboardEvent) => void): () => void {
  if (hotkeys.length === 0) window.addEventListener("keydown", pressed);
  const mine: Hotkey = { id, combo: combo.toLowerCase(), key, run };
  hotkeys = [...hotkeys, mine];
  if (!shortcuts.value.some((known) => known.id === id)) describe(id, combo, key);
  return () => {
    hotkeys = hotkeys.filter((known) => known !== mine);
    if (hotkeys.length === 0) window.removeEventListener("keydown", pressed);
  };
}

/** `ctrl+alt+shift+key`, as far as they are held. Shift counts for letters only: `?` needs it on some keyboards. */
export function comboOf(event: KeyboardEvent): string {
  const name = event.key.toLowerCase();
  const shift = event.shiftKey && (name.length > 1 || /[a-z]/.test(name));
  return [event.ctrlKey || event.metaKey ? "ctrl" : "", event.altKey ? "alt" : "", shift ? "shift" : "", name].filter((part) => part !== "").join("+");
}

/** Whether keys go into this element as text, or choose something in it. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("select, textarea, [role=combobox], [role=listbox], [role=menu]") !== null) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "range"].includes(target.type);
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.repeat || event.isComposing || isTyping(event.target)) return;
  if (document.querySelector("dialog[open], [aria-modal=true]") !== null) return;
  const combo = comboOf(event);
  const found = hotkeys.findLast((known) => known.combo === combo);
  if (found === undefined) return;
  event.preventDefault();
  found.run(event);
}
