// The trading vocabulary in both languages. The wire carries an enum's value in the language of the
// trading process; inside the page there are member names only, and this table turns one into the other.
// It is also what the page shows, so labels follow the page's language and not the process's.

type Pair = readonly [zh: string, en: string];

export const DIRECTION = {
  LONG: ["多", "Long"],
  SHORT: ["空", "Short"],
  NET: ["净", "Net"],
} as const satisfies Record<string, Pair>;

export const OFFSET = {
  NONE: ["", ""],
  OPEN: ["开", "Open"],
  CLOSE: ["平", "Close"],
  CLOSETODAY: ["平今", "Close Today"],
  CLOSEYESTERDAY: ["平昨", "Close Yesterday"],
} as const satisfies Record<string, Pair>;

export const STATUS = {
  SUBMITTING: ["提交中", "Submitting"],
  NOTTRADED: ["未成交", "Not Traded"],
  PARTTRADED: ["部分成交", "Part Traded"],
  ALLTRADED: ["全部成交", "All Traded"],
  CANCELLED: ["已撤销", "Cancelled"],
  REJECTED: ["拒单", "Rejected"],
} as const satisfies Record<string, Pair>;

export const ORDER_TYPE = {
  LIMIT: ["限价", "Limit"],
  MARKET: ["市价", "Market"],
  STOP: ["STOP", "STOP"],
  FAK: ["FAK", "FAK"],
  FOK: ["FOK", "FOK"],
  RFQ: ["询价", "RFQ"],
  ETF: ["ETF", "ETF"],
} as const satisfies Record<string, Pair>;

export const PRODUCT = {
  EQUITY: ["股票", "Stock"],
  FUTURES: ["期货", "Futures"],
  OPTION: ["期权", "Option"],
  INDEX: ["指数", "Index"],
  FOREX: ["外汇", "Forex"],
  SPOT: ["现货", "Spot"],
  ETF: ["ETF", "ETF"],
  BOND: ["债券", "Bond"],
  WARRANT: ["权证", "Warrant"],
  SPREAD: ["价差", "Spread"],
  FUND: ["基金", "Fund"],
  CFD: ["CFD", "CFD"],
  SWAP: ["互换", "Swap"],
} as const satisfies Record<string, Pair>;

export type Direction = keyof typeof DIRECTION;
export type Offset = keyof typeof OFFSET;
export type Status = keyof typeof STATUS;
export type OrderType = keyof typeof ORDER_TYPE;
export type Product = keyof typeof PRODUCT;
export type Language = "zh" | "en";

type Table = Readonly<Record<string, Pair>>;

/** The member that `wire` means in either language or by name, or null where a fork has one that we do not know. */
export function member<T extends Table>(table: T, wire: unknown): (keyof T & string) | null {
  if (typeof wire !== "string") return null;
  for (const name in table) {
    const pair = table[name];
    if (name === wire || pair?.[0] === wire || pair?.[1] === wire) return name;
  }
  return null;
}

/** What the page shows for a member in its own language. */
export function label<T extends Table>(table: T, name: (keyof T & string) | null, language: Language): string {
  const pair = name === null ? undefined : table[name];
  return pair?.[language === "zh" ? 0 : 1] || "-";
}

/** What goes into a request: the Chinese value, which VeighNa's own web process takes as well. */
export function wire<T extends Table>(table: T, name: keyof T & string): string {
  return table[name]?.[0] ?? name;
}

const ACTIVE: ReadonlySet<Status | null> = new Set<Status>(["SUBMITTING", "NOTTRADED", "PARTTRADED"]);

/** Whether an order in this status may still trade (VeighNa's ACTIVE_STATUSES). */
export function isActive(status: Status | null): boolean {
  return ACTIVE.has(status);
}
