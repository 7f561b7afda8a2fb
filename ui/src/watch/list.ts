// The watchlist's changes, written into the settings, from where they go to the reader's other browsers.
import { settings } from "../store/settings";
import type { Groups } from "./groups";

export function changeGroups(change: (from: Groups) => Groups): void {
  const next = change({ groups: settings.groups, group: settings.group });
  settings.groups = next.groups.map((group) => ({ name: group.name, symbols: [...group.symbols] }));
  settings.group = next.group;
}
