// Bars as the stream has them, arrays in an order that the hello names, and as objects. Pure.
import type { BarArray } from "./messages";
import type { Interval, LiveBar, Numeric } from "./types";

const INTERVALS: ReadonlySet<unknown> = new Set<Interval>(["1m", "5m", "15m", "30m", "1h", "d", "w"]);

/** How arrays of this order become bars; `null` for what does not say which bar it is. */
export function barDecoder(fields: readonly string[]): (values: BarArray) => LiveBar | null {
  const places = new Map(fields.map((name, place) => [name, place]));
  const at = (name: keyof LiveBar): number => places.get(name) ?? -1;
  const AT = {
    vt_symbol: at("vt_symbol"), interval: at("interval"), datetime: at("datetime"), finished: at("finished"),
    open_price: at("open_price"), high_price: at("high_price"), low_price: at("low_price"), close_price: at("close_price"),
    volume: at("volume"), turnover: at("turnover"), open_interest: at("open_interest"),
  };
  return (values) => {
    const [vtSymbol, interval, datetime] = [values[AT.vt_symbol], values[AT.interval], values[AT.datetime]];
    if (typeof vtSymbol !== "string" || typeof datetime !== "string" || !INTERVALS.has(interval)) return null;
    return {
      vt_symbol: vtSymbol,
      interval: interval as Interval,
      datetime,
      open_price: number(values[AT.open_price]),
      high_price: number(values[AT.high_price]),
      low_price: number(values[AT.low_price]),
      close_price: number(values[AT.close_price]),
      volume: number(values[AT.volume]),
      turnover: number(values[AT.turnover]),
      open_interest: number(values[AT.open_interest]),
      finished: values[AT.finished] === true,
    };
  };
}

function number(value: BarArray[number] | undefined): Numeric {
  return typeof value === "number" ? value : null;
}
