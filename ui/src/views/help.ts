// What the help tells: topics in order, and the keys of every part that has some. Keys of the desk come from the
// registry of hotkeys; those of lists and charts are listed here, because they hold only where the focus is.
import type { Key } from "../i18n";
import type { Shortcut } from "../store/keys";

export const TOPICS = ["start", "order", "outcome", "profit", "away", "layout", "phone"] as const;

export interface KeyGroup {
  readonly title: Key;
  readonly keys: readonly (readonly [combo: string, what: Key])[];
}

const LISTS: KeyGroup = {
  title: "help.lists",
  keys: [
    ["↑ ↓ PageUp PageDown Home End", "help.move"],
    ["Enter", "help.activate"],
    ["Space", "help.open"],
    ["Delete", "help.remove"],
    ["Alt+↑ Alt+↓", "help.moveRow"],
    ["/", "help.filter"],
    ["Escape", "help.escape"],
    ["Shift+F10", "help.menu"],
    ["Ctrl+C", "help.copy"],
  ],
};

const CHART: KeyGroup = {
  title: "help.chart",
  keys: [
    ["← →", "help.bar"],
    ["Shift+← Shift+→", "help.bars"],
    ["Home End", "help.ends"],
    ["+ − ↑ ↓", "help.zoom"],
    ["Escape", "help.noCross"],
    ["Enter", "help.reprice"],
  ],
};

const DESK: KeyGroup = {
  title: "help.desk",
  keys: [
    ["F6 Shift+F6", "help.groups"],
    ["?", "help.help"],
  ],
};

/** By the part before the dot. */
const PARTS: Readonly<Record<string, Key>> = { ticket: "help.ticket", depth: "help.ticket" };

/** All keys by part, in the order in which they are told. */
export function groupsOf(shortcuts: readonly Shortcut[]): readonly KeyGroup[] {
  const groups = new Map<Key, [string, Key][]>();
  for (const { id, combo, key } of shortcuts) {
    const title = PARTS[id.split(".")[0] ?? ""] ?? "help.desk";
    groups.set(title, [...(groups.get(title) ?? []), [combo, key]]);
  }
  return [...[...groups].map(([title, keys]) => ({ title, keys })), LISTS, CHART, DESK];
}
