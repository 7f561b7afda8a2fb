// Numbers and times as a trader reads them. Everything that is not a number shows as "-", also the largest number that
// there is, by which exchanges say that there is none; and no rounding ever leaves a "-0".

export const NOTHING = "-";
const MAX_DIGITS = 10;

/** Decimals that prices of this step have: 0.2 → 1, 1e-05 → 5, 5 → 0. An unknown step gives null. */
export function digitsOf(pricetick: number | null | undefined): number | null {
  if (!isNumber(pricetick) || pricetick <= 0) return null;
  const [mantissa = "", exponent = "0"] = String(pricetick).split("e");
  const decimals = (mantissa.split(".")[1] ?? "").length - Number(exponent);
  return Math.min(Math.max(decimals, 0), MAX_DIGITS);
}

/** A price with the digits of its contract; without a known contract as many as it needs. */
export function price(value: number | null | undefined, digits: number | null): string {
  if (!isNumber(value)) return NOTHING;
  return positiveZero(digits === null ? String(Number(value.toPrecision(12))) : value.toFixed(digits));
}

/** A quoted price: where a book has no such level VeighNa gives 0, which is shown as nothing. */
export function quoted(value: number | null | undefined, digits: number | null): string {
  return value === 0 ? NOTHING : price(value, digits);
}

/** An average price: it lies between ticks, so up to two digits more, and none that say nothing. */
export function average(value: number | null | undefined, digits: number | null): string {
  if (!isNumber(value) || digits === null) return price(value, digits);
  const exact = value.toFixed(digits);
  return Math.abs(Number(exact) - value) < 1e-9 ? positiveZero(exact) : positiveZero(value.toFixed(digits + 2));
}

/** A volume: whole lots without decimals, coins with as many as they need. */
export function volume(value: number | null | undefined): string {
  if (!isNumber(value)) return NOTHING;
  return positiveZero(Number.isInteger(value) ? String(value) : String(Number(value.toFixed(8))));
}

const MONEY = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Money with two decimals and thousands apart. */
export function money(value: number | null | undefined): string {
  return isNumber(value) ? positiveZero(MONEY.format(value)) : NOTHING;
}

/** A difference with its sign, so that colour is never the only thing that says up or down. */
export function signed(value: number | null | undefined, text: (value: number) => string): string {
  if (!isNumber(value)) return NOTHING;
  const shown = text(value);
  return value > 0 && /[1-9]/.test(shown) ? `+${shown}` : shown;
}

export function percent(value: number | null | undefined): string {
  return isNumber(value) ? `${signed(value * 100, (n) => positiveZero(n.toFixed(2)))}%` : NOTHING;
}

/** The time of day of VeighNa's `str(datetime)`, in the zone in which the exchange wrote it. */
export function timeOfDay(text: string | null | undefined): string {
  const match = /[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?/.exec(text ?? "");
  if (match === null) return NOTHING;
  return match[2] === undefined ? (match[1] ?? NOTHING) : `${match[1]}.${match[2].padEnd(3, "0")}`;
}

/** The clock on the wall of whoever looks at the page. */
export function clock(time: Date): string {
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((n) => String(n).padStart(2, "0")).join(":");
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) < Number.MAX_VALUE;
}

function positiveZero(text: string): string {
  return /^-[0.,]+$/.test(text) ? text.slice(1) : text;
}
