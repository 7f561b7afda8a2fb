// What stands under the crosshair, as texts: for the line above the chart and for whoever reads with their ears.
import { isNumber, percent, price } from "../format";
import type { Language } from "../enums";
import type { Bar } from "./bars";
import { MA_LENGTHS, type Indicators } from "./indicators";
import { dateText, timeText, type Period } from "./time";

export interface Value {
  /** Names its line, and by `chart-line-{id}` its colour. */
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

export interface Readout {
  readonly date: string;
  /** Empty for days. */
  readonly time: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  /** Against the close before, or the open where there is none. */
  readonly change: string;
  readonly tone: "up" | "down" | "";
  readonly volume: string;
  /** Of the lines among the prices. */
  readonly values: readonly Value[];
  /** Of the lines below them, in a pane of their own. */
  readonly below: readonly Value[];
}

export function readout(bars: readonly Bar[], of: Indicators, index: number, period: Period, digits: number | null, language: Language): Readout | null {
  const bar = bars[index];
  if (bar === undefined) return null;
  const before = bars[index - 1]?.close ?? bar.open;
  const moved = bar.close - before;
  const text = (value: number | null | undefined): string => price(value, digits);
  return {
    date: dateText(bar.time), time: period === "d" ? "" : timeText(bar.time),
    open: text(bar.open), high: text(bar.high), low: text(bar.low), close: text(bar.close),
    change: before === 0 ? "-" : percent(moved / before), tone: moved > 0 ? "up" : moved < 0 ? "down" : "",
    volume: compact(bar.volume, language), values: valuesOf(of, index, digits), below: belowOf(of, index, digits),
  };
}

/** A volume in at most five digits: 12345678 → 1235万, 12.35M. */
export function compact(value: number, language: Language): string {
  const units = language === "zh" ? ([[1e8, "亿"], [1e4, "万"]] as const) : ([[1e9, "B"], [1e6, "M"], [1e3, "K"]] as const);
  const unit = units.find(([size]) => value >= size * (language === "zh" ? 1 : 10));
  if (unit === undefined) return String(Number(value.toFixed(value < 100 ? 4 : 0)));
  return `${Number((value / unit[0]).toPrecision(4))}${unit[1]}`;
}

/** Averages lie between the ticks, and their differences are smaller still. */
function finer(value: number | null | undefined, digits: number | null, by: number): string {
  return price(value, isNumber(digits) ? digits + by : null);
}

function valuesOf(of: Indicators, index: number, digits: number | null): Value[] {
  const text = (value: number | null | undefined): string => finer(value, digits, 1);
  const averages = of.shown.ma ? of.ma(index).map((value, n) => ({ id: `ma${n}`, name: `MA${MA_LENGTHS[n]}`, text: text(value) })) : [];
  const band = of.boll(index);
  const bands = of.shown.boll
    ? [{ id: "middle", name: "BOLL", text: text(band?.middle) }, { id: "upper", name: "UP", text: text(band?.upper) }, { id: "lower", name: "LOW", text: text(band?.lower) }]
    : [];
  return [...averages, ...bands];
}

function belowOf(of: Indicators, index: number, digits: number | null): Value[] {
  if (!of.shown.macd) return [];
  const text = (value: number | null | undefined): string => finer(value, digits, 2);
  const point = of.macd(index);
  return [{ id: "dif", name: "DIF", text: text(point?.dif) }, { id: "dea", name: "DEA", text: text(point?.dea) }, { id: "macd", name: "MACD", text: text(point?.histogram) }];
}
