// The ticket's hotkeys, from anywhere on the page, and the same in its own number fields, where no letter is text.
// Always true: they change the ticket and the focus; none of them sends, and cancelling asks.
import { onUnmounted, type Ref } from "vue";
import type { Key } from "../i18n";
import type { Offset } from "../link";
import { hotkey, shortcuts } from "../store/keys";
import { askCancelMany } from "../store/commands";
import { activeOrders, canAct } from "../store/desk";
import { settings } from "../store/settings";
import { edit, ticket } from "../store/ticket";

const OFFSETS: Readonly<Record<string, Offset>> = {
  "ticket.open": "OPEN", "ticket.close": "CLOSE", "ticket.closeToday": "CLOSETODAY", "ticket.closeYesterday": "CLOSEYESTERDAY", "ticket.none": "NONE",
};

/** `all`: fills in all that can be closed. Returns what the form does with a key in one of its number fields. */
export function useTicketKeys(form: Ref<HTMLElement | null>, isNet: () => boolean, all: () => void): (event: KeyboardEvent) => void {
  const acts: Readonly<Record<string, () => unknown>> = {
    "ticket.buy": () => take("LONG"),
    "ticket.sell": () => take("SHORT"),
    "ticket.price": () => focus("#ticket-price"),
    "ticket.volume": () => focus("#ticket-volume"),
    "ticket.contract": () => focus("[role=combobox]"),
    "ticket.follow": () => (settings.follow = !settings.follow),
    "ticket.all": all,
    "ticket.cancelAll": () => canAct.value.ok && activeOrders.value.length > 0 && void askCancelMany(),
    ...Object.fromEntries(Object.entries(OFFSETS).map(([id, offset]) => [id, () => offsetTo(offset)])),
  };
  const mine = shortcuts.value.filter((known) => known.id in acts);
  const releases = mine.map(({ id, combo, key }) => hotkey(id, combo, key as Key, () => acts[id]?.()));
  onUnmounted(() => releases.forEach((release) => release()));
  return inField;

  function inField(event: KeyboardEvent): void {
    const isNumber = event.target instanceof HTMLInputElement && event.target.inputMode === "decimal";
    if (!isNumber || event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const found = mine.find(({ combo }) => combo === event.key.toLowerCase() && /[a-z]/.test(combo));
    if (found === undefined) return;
    event.preventDefault();
    acts[found.id]?.();
  }

  function take(direction: "LONG" | "SHORT"): void {
    edit({ direction });
    focus(ticket.value.price === "" ? "#ticket-price" : "#ticket-volume");
  }

  function offsetTo(offset: Offset): void {
    if (!isNet() || offset === "NONE") edit({ offset });
  }

  function focus(where: string): void {
    const field = form.value?.querySelector<HTMLInputElement>(where);
    field?.focus();
    field?.select();
  }
}
