// Contracts by what one types: code, full symbol, name or the initials of a Chinese name. Pure. What is compared is made
// once per contract, and looked at whole only when somebody types: 20,000 contracts take below 5 ms a key
// (`npx vitest bench --run src/watch`).
import type { Contract } from "../link";
import { initials } from "./pinyin";

/** As many as are seen without scrolling. */
const MOST = 12;
const BETWEEN = "\u0000";
/** Contracts between two pauses: some milliseconds. */
const SLICE = 250;

interface Entry {
  readonly contract: Contract;
  /** All in lower case. */
  readonly symbol: string;
  readonly vtSymbol: string;
  readonly name: string;
  /** Each reading after `BETWEEN`. */
  readonly initials: string;
}

export type Index = readonly Entry[];

// A contract that did not change is the same object, so a new map of contracts costs only what is new in it.
const entries = new WeakMap<Contract, Entry>();

export function index(contracts: Iterable<Contract>): Index {
  return Array.from(contracts, entryOf);
}

/** Makes what is compared some at a time, so that the first key of whoever types is as quick as the others. */
export async function prepare(contracts: Iterable<Contract>, pause: () => Promise<unknown>): Promise<void> {
  let made = 0;
  for (const contract of contracts) {
    entryOf(contract);
    made += 1;
    if (made % SLICE === 0) await pause();
  }
}

/** The best matches: an exact code, what begins so, what contains it; shorter codes first. */
export function search(among: Index, typed: string, most = MOST): readonly Contract[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return [];
  const ranks: Entry[][] = [[], [], [], [], []];
  for (const entry of among) {
    const rank = rankOf(entry, wanted);
    if (rank >= 0) ranks[rank]?.push(entry);
  }
  const found: Entry[] = [];
  for (const rank of ranks) {
    if (found.length >= most) break;
    found.push(...best(rank, most - found.length));
  }
  return found.map((entry) => entry.contract);
}

/** The one contract that was typed in full, with or without its exchange; null where that is not clear. */
export function exact(among: Index, typed: string): Contract | null {
  const wanted = typed.trim().toLowerCase();
  const whole = among.find((entry) => entry.vtSymbol === wanted);
  if (whole !== undefined) return whole.contract;
  const named = among.filter((entry) => entry.symbol === wanted);
  return named.length === 1 ? (named[0]?.contract ?? null) : null;
}

function entryOf(contract: Contract): Entry {
  let entry = entries.get(contract);
  if (entry === undefined) {
    const name = (contract.name ?? "").toLowerCase();
    const read = initials(name).filter((text) => text !== name);
    entry = {
      contract, name, symbol: contract.symbol.toLowerCase(), vtSymbol: contract.vt_symbol.toLowerCase(),
      initials: read.map((text) => BETWEEN + text).join(""),
    };
    entries.set(contract, entry);
  }
  return entry;
}

function rankOf(entry: Entry, wanted: string): number {
  if (entry.symbol === wanted || entry.vtSymbol === wanted) return 0;
  if (entry.vtSymbol.startsWith(wanted)) return 1;
  if (entry.name.startsWith(wanted) || entry.initials.includes(BETWEEN + wanted)) return 2;
  if (entry.vtSymbol.includes(wanted)) return 3;
  return entry.name.includes(wanted) || entry.initials.includes(wanted) ? 4 : -1;
}

/** The first of a rank without ordering all of it: one letter matches thousands. */
function best(rank: readonly Entry[], count: number): readonly Entry[] {
  const top: Entry[] = [];
  for (const entry of rank) {
    const last = top[count - 1];
    if (last !== undefined && compare(entry, last) >= 0) continue;
    let place = top.length;
    while (place > 0 && compare(entry, top[place - 1] as Entry) < 0) place -= 1;
    top.splice(place, 0, entry);
    if (top.length > count) top.pop();
  }
  return top;
}

function compare(a: Entry, b: Entry): number {
  if (a.symbol.length !== b.symbol.length) return a.symbol.length - b.symbol.length;
  return a.vtSymbol < b.vtSymbol ? -1 : a.vtSymbol > b.vtSymbol ? 1 : 0;
}
