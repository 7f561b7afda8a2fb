// What the reader chose for charts, remembered with the other settings. Always true: whatever was stored, the answer
// is a valid choice.
import { settings } from "../store/settings";
import { PERIODS, type Period } from "./time";

export interface ChartOptions {
  readonly period: Period;
  readonly ma: boolean;
  readonly boll: boolean;
  readonly macd: boolean;
  /** Lines at the average price of positions. */
  readonly position: boolean;
}

export type Toggle = "ma" | "boll" | "macd" | "position";

export function options(stored: Readonly<Record<string, unknown>> = settings.chart): ChartOptions {
  return {
    period: PERIODS.find((period) => period === stored["period"]) ?? "1m",
    ma: stored["ma"] !== false,
    boll: stored["boll"] === true,
    macd: stored["macd"] === true,
    position: stored["position"] !== false,
  };
}

export function choose(change: Partial<ChartOptions>): void {
  settings.chart = { ...settings.chart, ...change };
}
