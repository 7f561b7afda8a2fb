// What the help tells: topics in order, and the keys of every part that has some. Keys of the desk come from the
// registry of hotkeys; those of lists and charts are listed here, because they hold only where the focus is.
import type { Key } from "../i18n";
import type { Shortcut } from "../store/keys";

export const TOPICS = ["start", "order", "outcome", "away", "layout", "phone"] as const;

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
    ["/", "help.filter"],
    ["Escape", "help.escape"],
    ["Shift+F10", "help.menu"],
    ["Ctrl+C", "help.copy"],
  ],
};

/** In the order in which they are told: by the part before the dot. */
const PARTS: Readonly<Record<string, Key>> = {
  ticket: "help.ticket", depth: "help.ticket", chart: "help.chart", desk: "help.desk", shell: "help.desk", panel: "help.desk",
};

/** All keys by part; a part that nobody has named stands under the desk. */
export function groupsOf(shortcuts: readonly Shortcut[]): readonly KeyGroup[] {
  const groups = new Map<Key, [string, Key][]>();
  for (const { id, combo, key } of shortcuts) {
    const title = PARTS[id.split(".")[0] ?? ""] ?? "help.desk";
    groups.set(title, [...(groups.get(title) ?? []), [combo, key]]);
  }
  return [...[...groups].map(([title, keys]) => ({ title, keys })), LISTS];
}
