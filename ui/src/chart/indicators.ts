// MA, BOLL and MACD over closing prices, as TA-Lib (and so VeighNa's ArrayManager) has them: BOLL by the standard
// deviation of the population, EMAs begun with a simple average, the histogram not doubled.
//
// Always true: a point is a function of the closes and, for MACD, of the point before it; so the last point can be made
// anew on each tick, and is exactly what making all of them would give.

export const MA_LENGTHS = [5, 10, 20, 60] as const;
const BOLL = { length: 20, width: 2 };
const FAST = 12;
const SLOW = 26;
const SIGNAL = 9;

export interface Band {
  readonly middle: number;
  readonly upper: number;
  readonly lower: number;
}

export interface Macd {
  readonly fast: number;
  readonly slow: number;
  readonly dif: number;
  /** `null` until there are nine values of `dif`. */
  readonly dea: number | null;
  readonly histogram: number | null;
}

type Closes = readonly number[];

/** The simple average that ends at `index`; `null` while there are too few closes. */
export function ma(closes: Closes, index: number, length: number): number | null {
  if (index < length - 1 || index >= closes.length) return null;
  let sum = 0;
  for (let at = index - length + 1; at <= index; at += 1) sum += closes[at] ?? 0;
  return sum / length;
}

export function boll(closes: Closes, index: number): Band | null {
  const middle = ma(closes, index, BOLL.length);
  if (middle === null) return null;
  let squares = 0;
  for (let at = index - BOLL.length + 1; at <= index; at += 1) squares += ((closes[at] ?? 0) - middle) ** 2;
  const reach = BOLL.width * Math.sqrt(squares / BOLL.length);
  return { middle, upper: middle + reach, lower: middle - reach };
}

/** MACD at `index`, given the points before it. */
export function macd(closes: Closes, index: number, before: readonly (Macd | null)[]): Macd | null {
  const [fast, slow] = [ema(closes, index, FAST, before[index - 1]?.fast), ema(closes, index, SLOW, before[index - 1]?.slow)];
  if (fast === null || slow === null) return null;
  const dif = fast - slow;
  const dea = signal(dif, index, before);
  return { fast, slow, dif, dea, histogram: dea === null ? null : dif - dea };
}

/** Which indicators are shown. */
export interface Shown {
  readonly ma: boolean;
  readonly boll: boolean;
  readonly macd: boolean;
}

/** All points of the indicators that are shown, and how the last one follows its close. */
export class Indicators {
  readonly shown: Shown;
  #closes: number[] = [];
  readonly #macd: (Macd | null)[] = [];

  constructor(shown: Shown, closes: Closes) {
    this.shown = shown;
    closes.forEach((close, index) => this.set(index, close));
  }

  get length(): number {
    return this.#closes.length;
  }

  /** The close of the last bar, or of the one that follows it. */
  set(index: number, close: number): void {
    this.#closes[index] = close;
    if (this.shown.macd) this.#macd[index] = macd(this.#closes, index, this.#macd);
  }

  /** One value for each of `MA_LENGTHS`. */
  ma(index: number): readonly (number | null)[] {
    return MA_LENGTHS.map((length) => (this.shown.ma ? ma(this.#closes, index, length) : null));
  }

  boll(index: number): Band | null {
    return this.shown.boll ? boll(this.#closes, index) : null;
  }

  macd(index: number): Macd | null {
    return this.#macd[index] ?? null;
  }
}

/** Both averages begin where the slow one can. */
function ema(closes: Closes, index: number, length: number, before: number | undefined): number | null {
  if (index < SLOW - 1) return null;
  return before === undefined ? ma(closes, index, length) : follow(before, closes[index] ?? 0, length);
}

function signal(dif: number, index: number, before: readonly (Macd | null)[]): number | null {
  const first = SLOW - 1 + SIGNAL - 1;
  if (index < first) return null;
  const last = before[index - 1]?.dea;
  if (last !== null && last !== undefined) return follow(last, dif, SIGNAL);
  let sum = dif;
  for (let at = index - SIGNAL + 1; at < index; at += 1) sum += before[at]?.dif ?? 0;
  return sum / SIGNAL;
}

function follow(before: number, value: number, length: number): number {
  return before + (value - before) * (2 / (length + 1));
}
