// F6 and Shift+F6 walk from group to group of the dock, in the order of reading, and to the header.
import type { DockviewApi } from "dockview-vue";

/** Returns how to stop. */
export function walkByKey(api: DockviewApi): () => void {
  document.addEventListener("keydown", key);
  return () => document.removeEventListener("keydown", key);

  function key(event: KeyboardEvent): void {
    if (event.key !== "F6" || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const stops = [document.querySelector<HTMLElement>("header.bar"), ...groups()].filter((stop) => stop !== null);
    const at = stops.findIndex((stop) => stop.contains(document.activeElement));
    const to = stops[(at + (event.shiftKey ? -1 : 1) + stops.length + (at === -1 && event.shiftKey ? 1 : 0)) % stops.length];
    (to?.querySelector<HTMLElement>(".dv-tab[aria-selected=true]") ?? to?.querySelector<HTMLElement>("a, button"))?.focus();
  }

  function groups(): HTMLElement[] {
    const shown = api.groups.map((group) => group.element).filter((element) => element.getClientRects().length > 0);
    return shown.sort((a, b) => {
      const [one, other] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
      return one.left - other.left || one.top - other.top;
    });
  }
}
