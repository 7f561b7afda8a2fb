// The venue's clock. A chart's times are seconds of that clock counted as if the venue lay at Greenwich, because
// lightweight-charts draws every time as UTC.
//
// Always true: a moment with an offset becomes the venue's clock however far away the browser or the database that
// wrote it is; a moment without one is the venue's clock already.

/** Seconds of the venue's clock since 1970, as if it were UTC. */
export type Wall = number;

export const PERIODS = ["1m", "5m", "15m", "1h", "d"] as const;
export type Period = (typeof PERIODS)[number];

export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;
const SECONDS: Readonly<Record<Period, number>> = { "1m": MINUTE, "5m": 5 * MINUTE, "15m": 15 * MINUTE, "1h": HOUR, d: DAY };
/** Chinese futures: what is traded from here on belongs to the next trading day. */
const NIGHT_BEGINS = 18;
/** And what is traded before this hour still belongs to the night before. */
const NIGHT_ENDS = 6;

export interface Venue {
  /** IANA name; `null` where the venue is not one place: its clock is the one its own times are written in. */
  readonly zone: string | null;
  /** Whether it trades at night for the next trading day. */
  readonly nights: boolean;
}

const ZONES: readonly (readonly [string, readonly string[]])[] = [
  ["Asia/Shanghai", ["CFFEX", "SHFE", "CZCE", "DCE", "INE", "GFEX", "SSE", "SZSE", "BSE", "SHHK", "SZHK", "SGE", "WXE", "CFETS", "XBOND"]],
  ["Asia/Hong_Kong", ["SEHK", "HKFE"]],
  ["America/New_York", ["NYSE", "NASDAQ", "ARCA", "EDGEA", "ISLAND", "BATS", "IEX", "AMEX", "NYMEX", "COMEX", "SMART"]],
  ["America/Chicago", ["CME", "CBOT", "CBOE", "GLOBEX"]],
];
const NIGHTS: ReadonlySet<string> = new Set(["SHFE", "CZCE", "DCE", "INE", "GFEX", "CFFEX"]);

export function venueOf(exchange: string): Venue {
  const found = ZONES.find(([, exchanges]) => exchanges.includes(exchange));
  return { zone: found?.[0] ?? null, nights: NIGHTS.has(exchange) };
}

const MOMENT = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d(?::?\d\d)?)?$/;

/** What the venue's clock shows at a moment of the API; `null` if it is no moment. */
export function wallOf(text: string | null | undefined, venue: Venue): Wall | null {
  const match = MOMENT.exec(text ?? "");
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const written = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
  const offset = match[7];
  if (offset === undefined || venue.zone === null) return written;
  const instant = written - secondsOf(offset);
  return instant + offsetAt(instant, venue.zone);
}

/** When the bar begins in which `wall` lies; for a day, midnight of the trading day that futures belong to. */
export function begin(wall: Wall, period: Period, venue: Venue, weekends = false): Wall {
  return period === "d" ? tradingDay(wall, venue, weekends) : wall - (wall % SECONDS[period]);
}

/** How long a bar is, in seconds. */
export function secondsIn(period: Period): number {
  return SECONDS[period];
}

/** Midnight of the trading day. `weekends`: whether this venue has trading days then (a simulated one may). */
export function tradingDay(wall: Wall, venue: Venue, weekends = false): Wall {
  const today = wall - (wall % DAY);
  const hour = (wall % DAY) / HOUR;
  if (!venue.nights) return today;
  if (hour >= NIGHT_BEGINS) return workday(today + DAY, weekends);
  return hour < NIGHT_ENDS ? workday(today, weekends) : today;
}

export function isWeekend(wall: Wall): boolean {
  const weekday = new Date(wall * 1000).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** `2026-11-23`. */
export function dateText(wall: Wall): string {
  return new Date(wall * 1000).toISOString().slice(0, 10);
}

/** `09:31`. */
export function timeText(wall: Wall): string {
  return new Date(wall * 1000).toISOString().slice(11, 16);
}

function workday(day: Wall, weekends: boolean): Wall {
  if (weekends) return day;
  return isWeekend(day) ? workday(day + DAY, weekends) : day;
}

function secondsOf(offset: string): number {
  if (offset === "Z") return 0;
  const digits = offset.slice(1).replaceAll(":", "");
  const seconds = Number(digits.slice(0, 2)) * HOUR + Number(digits.slice(2, 4)) * MINUTE + Number(digits.slice(4, 6) || 0);
  return offset.startsWith("-") ? -seconds : seconds;
}

// Asking Intl costs microseconds, and a page of history asks thousands of times: offsets change on the hour at most.
const offsets = new Map<string, number>();
const formats = new Map<string, Intl.DateTimeFormat>();
const OFFSETS_KEPT = 20_000;

function offsetAt(instant: number, zone: string): number {
  const hour = Math.floor(instant / HOUR);
  const key = `${zone} ${hour}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= OFFSETS_KEPT) offsets.clear();
  const offset = askOffset(hour * HOUR, zone);
  offsets.set(key, offset);
  return offset;
}

function askOffset(instant: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(instant * 1000).map((part) => [part.type, Number(part.value)]));
  const at = (name: string): number => parts[name] ?? 0;
  return Date.UTC(at("year"), at("month") - 1, at("day"), at("hour"), at("minute"), at("second")) / 1000 - instant;
}
