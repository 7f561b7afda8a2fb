// The profit of the trading day, worked out once a second. Always true: the contracts that it concerns are subscribed to
// while somebody looks, as VeighNa's PortfolioManager does, but no more of them than `MOST`.
import { onBeforeUnmount, shallowRef, watch } from "vue";
import { contracts, positions, trades, traderName } from "../store/desk";
import { concerned, dayProfit, type DayProfit } from "../store/profit";
import { tickOf, watchTicks } from "../store/ticks";
import { traderInfo } from "../store/traders";
import { now } from "./clock";

/** Contracts that somebody may hold or have traded on a day; each costs a subscription. */
const MOST = 200;

export function useDayProfit() {
  const profit = shallowRef<DayProfit>({ markets: [], unknown: [] });
  let wanted = "";
  let release: () => void = () => undefined;
  let seen: readonly unknown[] = [];

  watch(now, work, { immediate: true });
  onBeforeUnmount(() => release());

  function work(): void {
    follow();
    profit.value = dayProfit({
      positions: positions.value.values(), trades: trades.value.values(), weekends: traderInfo(traderName.value)?.simulated === true,
      contract: (vtSymbol) => contracts.value.get(vtSymbol) ?? null, tick: (vtSymbol) => tickOf(vtSymbol).value,
    });
  }

  function follow(): void {
    const rows = [positions.value, trades.value];
    if (rows.every((row, n) => row === seen[n])) return;
    seen = rows;
    const symbols = concerned(positions.value.values(), trades.value.values()).slice(0, MOST);
    if (symbols.join() === wanted) return;
    wanted = symbols.join();
    const before = release;
    release = watchTicks(symbols);
    before();
  }

  return profit;
}
