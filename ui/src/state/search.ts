// Contracts by what one types: code, full symbol or name. Pure; 20,000 contracts take about a millisecond.
import type { Contract } from "../api/wire";

const MOST = 12;

/** The best matches: an exact code, then codes that begin so, then anything that contains it. */
export function search(contracts: Iterable<Contract>, typed: string): readonly Contract[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return [];
  const ranks: Contract[][] = [[], [], []];
  for (const contract of contracts) {
    const rank = rankOf(contract, wanted);
    if (rank !== null && (ranks[rank]?.length ?? MOST) < MOST) ranks[rank]?.push(contract);
  }
  for (const found of ranks) found.sort((a, b) => (a.vtSymbol < b.vtSymbol ? -1 : 1));
  return ranks.flat().slice(0, MOST);
}

/** The one contract that was typed in full, with or without its exchange; null where that is not clear. */
export function exact(contracts: ReadonlyMap<string, Contract>, typed: string): Contract | null {
  const wanted = typed.trim().toLowerCase();
  let found: Contract | null = null;
  for (const contract of contracts.values()) {
    if (contract.vtSymbol.toLowerCase() === wanted) return contract;
    if (contract.symbol.toLowerCase() !== wanted) continue;
    if (found !== null) return null;
    found = contract;
  }
  return found;
}

function rankOf(contract: Contract, wanted: string): number | null {
  const code = contract.vtSymbol.toLowerCase();
  if (code === wanted || contract.symbol.toLowerCase() === wanted) return 0;
  if (code.startsWith(wanted) || contract.name.toLowerCase().startsWith(wanted)) return 1;
  return code.includes(wanted) || contract.name.toLowerCase().includes(wanted) ? 2 : null;
}
