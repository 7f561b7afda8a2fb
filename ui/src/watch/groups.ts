// The groups of the watchlist and which of them is shown. Pure: each change gives new groups. Always true: there is at
// least one group, the shown one exists, and an instrument is at most once in a group.
import type { WatchGroup } from "../store/settings";

export interface Groups {
  readonly groups: readonly WatchGroup[];
  /** Index of the one that is shown. */
  readonly group: number;
}

export function add(from: Groups, vtSymbol: string): Groups {
  return change(from, (symbols) => (symbols.includes(vtSymbol) ? symbols : [...symbols, vtSymbol]));
}

export function remove(from: Groups, vtSymbol: string): Groups {
  return change(from, (symbols) => symbols.filter((each) => each !== vtSymbol));
}

/** By places in the list; beyond its ends is its end. */
export function moveBy(from: Groups, vtSymbol: string, by: number): Groups {
  const at = shown(from).indexOf(vtSymbol);
  return at < 0 ? from : moveTo(from, vtSymbol, at + by);
}

/** To this place; the others close up. */
export function moveTo(from: Groups, vtSymbol: string, place: number): Groups {
  return change(from, (symbols) => {
    if (!symbols.includes(vtSymbol)) return symbols;
    const others = symbols.filter((each) => each !== vtSymbol);
    const at = Math.max(0, Math.min(place, others.length));
    return [...others.slice(0, at), vtSymbol, ...others.slice(at)];
  });
}

/** A new one at the end, which is shown. */
export function addGroup(from: Groups, name: string): Groups {
  return { groups: [...from.groups, { name, symbols: [] }], group: from.groups.length };
}

export function renameGroup(from: Groups, name: string): Groups {
  return { ...from, groups: from.groups.map((each, index) => (index === from.group ? { ...each, name: name.trim() } : each)) };
}

/** Not the last one that is left. */
export function deleteGroup(from: Groups): Groups {
  if (from.groups.length < 2) return from;
  return { groups: from.groups.filter((_, index) => index !== from.group), group: Math.max(0, from.group - 1) };
}

/** The shown group past its neighbour. */
export function moveGroup(from: Groups, by: -1 | 1): Groups {
  const to = from.group + by;
  const mine = from.groups[from.group];
  const other = from.groups[to];
  if (mine === undefined || other === undefined) return from;
  const groups = from.groups.map((each, index) => (index === from.group ? other : index === to ? mine : each));
  return { groups, group: to };
}

export function shown(from: Groups): readonly string[] {
  return from.groups[from.group]?.symbols ?? [];
}

function change(from: Groups, symbols: (before: readonly string[]) => readonly string[]): Groups {
  return { ...from, groups: from.groups.map((each, index) => (index === from.group ? { ...each, symbols: [...symbols(each.symbols)] } : each)) };
}
