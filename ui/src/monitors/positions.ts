// Which positions are shown. Whether flat ones are is remembered with the table's other arrangements.
import { computed } from "vue";
import type { Position } from "../link";
import { settings } from "../store/settings";

const KEY = "positions.flat";

/** Flat positions are shown unless the reader hid them. */
export const flatShown = computed({
  get: () => settings.tables[KEY] !== false,
  set: (shown: boolean) => void (settings.tables[KEY] = shown),
});

export function hasVolume(position: Position): boolean {
  return position.volume !== null && position.volume !== 0;
}

/** A position of unknown size is no flat one, and neither is one that orders have bound. */
export function withoutFlat(positions: Iterable<Position>): readonly Position[] {
  return [...positions].filter((position) => position.volume !== 0 || (position.frozen ?? 0) !== 0);
}
