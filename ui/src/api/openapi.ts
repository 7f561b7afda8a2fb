// @generated from contract/openapi.json by `npm run types`; not to be edited.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description Taken in both languages and by member name; answered in the trading process's language
         * @enum {string}
         */
        readonly Direction: "多" | "空" | "净" | "Long" | "Short" | "Net" | "LONG" | "SHORT" | "NET";
        /**
         * @description Taken in both languages and by member name
         * @enum {string}
         */
        readonly OrderType: "限价" | "市价" | "STOP" | "FAK" | "FOK" | "询价" | "ETF" | "Limit" | "Market" | "RFQ" | "LIMIT" | "MARKET";
        /**
         * @description Taken in both languages and by member name
         * @enum {string}
         */
        readonly Offset: "" | "开" | "平" | "平今" | "平昨" | "Open" | "Close" | "Close Today" | "Close Yesterday" | "NONE" | "OPEN" | "CLOSE" | "CLOSETODAY" | "CLOSEYESTERDAY";
        /**
         * @description VeighNa's exchanges, and those of gateways that add their own
         * @example CFFEX
         * @example SHFE
         * @example CZCE
         * @example DCE
         * @example INE
         * @example GFEX
         * @example SSE
         * @example SZSE
         * @example BSE
         * @example SHHK
         * @example SZHK
         * @example SGE
         * @example WXE
         * @example CFETS
         * @example XBOND
         * @example SMART
         * @example NYSE
         * @example NASDAQ
         * @example ARCA
         * @example EDGEA
         * @example ISLAND
         * @example BATS
         * @example IEX
         * @example AMEX
         * @example TSE
         * @example NYMEX
         * @example COMEX
         * @example GLOBEX
         * @example IDEALPRO
         * @example CME
         * @example ICE
         * @example SEHK
         * @example HKFE
         * @example SGX
         * @example CBOT
         * @example CBOE
         * @example CFE
         * @example DME
         * @example EUX
         * @example APEX
         * @example LME
         * @example BMD
         * @example TOCOM
         * @example EUNX
         * @example KRX
         * @example OTC
         * @example IBKRATS
         * @example LOCAL
         * @example GLOBAL
         */
        readonly Exchange: string;
        /**
         * @description In the trading process's language
         * @enum {string}
         */
        readonly Status: "提交中" | "未成交" | "部分成交" | "全部成交" | "已撤销" | "拒单" | "Submitting" | "Not Traded" | "Part Traded" | "All Traded" | "Cancelled" | "Rejected";
        /**
         * @example {
         *       "symbol": "rb2610",
         *       "exchange": "SHFE",
         *       "direction": "多",
         *       "type": "限价",
         *       "volume": 1,
         *       "price": 3000,
         *       "offset": "开",
         *       "reference": "WebTrader"
         *     }
         */
        readonly OrderRequestModel: {
            readonly symbol: string;
            readonly exchange: components["schemas"]["Exchange"];
            readonly direction: components["schemas"]["Direction"];
            readonly type: components["schemas"]["OrderType"];
            readonly volume: number;
            /** @default 0 */
            readonly price: number;
            /** @default  */
            readonly offset: components["schemas"]["Offset"];
            /** @default  */
            readonly reference: string;
        };
        readonly LoginForm: {
            readonly grant_type?: string;
            readonly username: string;
            /** Format: password */
            readonly password: string;
            readonly scope?: string;
            readonly client_id?: string;
            readonly client_secret?: string;
        };
        readonly Token: {
            readonly access_token: string;
            readonly token_type: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly Detail: {
            readonly detail: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly HTTPValidationError: {
            readonly detail: readonly components["schemas"]["ValidationError"][];
        };
        readonly ValidationError: {
            readonly type: string;
            readonly loc: readonly (string | number)[];
            readonly msg: string;
            readonly input?: unknown;
            readonly ctx?: Record<string, never>;
        };
        readonly TickData: {
            readonly gateway_name: string;
            readonly symbol: string;
            readonly exchange: string;
            /**
             * @description str(datetime) of Python
             * @example 2026-01-05 09:30:00.500000+08:00
             */
            readonly datetime: string | null;
            readonly name: string;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly volume: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly turnover: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly open_interest: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly last_price: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly last_volume: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly limit_up: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly limit_down: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly open_price: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly high_price: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly low_price: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly pre_close: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly bid_price_1: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly bid_price_2: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly bid_price_3: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly bid_price_4: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly bid_price_5: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly ask_price_1: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly ask_price_2: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly ask_price_3: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly ask_price_4: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly ask_price_5: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly bid_volume_1: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly bid_volume_2: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly bid_volume_3: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly bid_volume_4: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly bid_volume_5: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly ask_volume_1: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly ask_volume_2: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly ask_volume_3: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly ask_volume_4: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly ask_volume_5: number | null;
            /**
             * @description str(datetime) of Python
             * @example 2026-01-05 09:30:00.500000+08:00
             */
            readonly localtime: string | null;
            readonly vt_symbol: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly OrderData: {
            readonly gateway_name: string;
            readonly symbol: string;
            readonly exchange: string;
            readonly orderid: string;
            readonly type: string;
            readonly direction: string | null;
            readonly offset: string;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly price: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly volume: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly traded: number | null;
            readonly status: components["schemas"]["Status"];
            /**
             * @description str(datetime) of Python
             * @example 2026-01-05 09:30:00.500000+08:00
             */
            readonly datetime: string | null;
            readonly reference: string;
            readonly vt_symbol: string;
            readonly vt_orderid: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly TradeData: {
            readonly gateway_name: string;
            readonly symbol: string;
            readonly exchange: string;
            readonly orderid: string;
            readonly tradeid: string;
            readonly direction: string | null;
            readonly offset: string;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly price: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly volume: number | null;
            /**
             * @description str(datetime) of Python
             * @example 2026-01-05 09:30:00.500000+08:00
             */
            readonly datetime: string | null;
            readonly vt_symbol: string;
            readonly vt_orderid: string;
            readonly vt_tradeid: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly PositionData: {
            readonly gateway_name: string;
            readonly symbol: string;
            readonly exchange: string;
            readonly direction: string;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly volume: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly frozen: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly price: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly pnl: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly yd_volume: number | null;
            readonly vt_symbol: string;
            readonly vt_positionid: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly AccountData: {
            readonly gateway_name: string;
            readonly accountid: string;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly balance: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly frozen: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly available: number | null;
            readonly vt_accountid: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly ContractData: {
            readonly gateway_name: string;
            readonly symbol: string;
            readonly exchange: string;
            readonly name: string;
            readonly product: string;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly size: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly pricetick: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly min_volume: number | null;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly max_volume: number | null;
            readonly stop_supported: boolean;
            readonly net_position: boolean;
            readonly history_data: boolean;
            /** @description null where unknown (NaN, infinity or the venue's DBL_MAX) */
            readonly option_strike: number | null;
            readonly option_underlying: string | null;
            readonly option_type: string | null;
            /**
             * @description str(datetime) of Python
             * @example 2026-01-05 09:30:00.500000+08:00
             */
            readonly option_listed: string | null;
            /**
             * @description str(datetime) of Python
             * @example 2026-01-05 09:30:00.500000+08:00
             */
            readonly option_expiry: string | null;
            readonly option_portfolio: string | null;
            readonly option_index: string | null;
            readonly vt_symbol: string;
        } & {
            readonly [key: string]: unknown;
        };
        /** @description An order that is there. */
        readonly OrderPlaced: {
            /** @description The order, `gateway.orderid`. */
            readonly vt_orderid: string;
            /** @description The user's own id. */
            readonly client_order_id: string;
            /**
             * @description An order is there; its own status says what became of it.
             * @enum {string}
             */
            readonly state: "DONE";
            /** @description Whether an earlier request with this id has sent it; this one has sent nothing. */
            readonly replayed: boolean;
            /** @description Whether the id was made by us, so that a retry is a new order. */
            readonly generated_id: boolean;
            /** @description Rules that it breaks, and that do not refuse it. */
            readonly warnings: readonly components["schemas"]["RuleVerdict"][];
        };
        /** @description How a rule came out. */
        readonly RuleVerdict: {
            /** @description Code of the rule. */
            readonly rule: string;
            /**
             * @description What it does when it is broken.
             * @enum {string}
             */
            readonly weight: "refuses" | "overridable" | "warns";
            /** @description Whether it is kept; `null` where it cannot be told. */
            readonly kept: unknown;
            /** @description The order's number, where it is about one. */
            readonly value: number | null;
            /** @description What that may be at most, at least, or has to be a multiple of. */
            readonly limit: number | null;
            /** @description What it has to be at least, where there are two limits. */
            readonly floor: number | null;
            /** @description What the rule demands, in Chinese. */
            readonly text_zh: string;
            /** @description What the rule demands, in English. */
            readonly text_en: string;
        };
        /** @description An order against every rule. */
        readonly OrderCheck: {
            /** @description Whether it would be sent. */
            readonly ok: boolean;
            /** @description Every rule, kept or not. */
            readonly rules: readonly components["schemas"]["RuleVerdict"][];
        };
        /** @description What became of one of several orders. */
        readonly OrderResult: {
            /** @description Whether an order is there. */
            readonly ok: boolean;
            /** @description The order. */
            readonly order: components["schemas"]["OrderPlaced"] | null;
            /** @description Why not. */
            readonly error: components["schemas"]["Problem"] | null;
        };
        /** @description What became of several orders, in their order. */
        readonly OrderResults: {
            /** @description One for each. */
            readonly results: readonly components["schemas"]["OrderResult"][];
        };
        /** @description An order whose cancel was sent. */
        readonly OrderCancel: {
            /** @description `gateway.orderid`. */
            readonly vt_orderid: string;
        };
        /** @description What became of one cancel. */
        readonly CancelResult: {
            /** @description `gateway.orderid`. */
            readonly vt_orderid: string;
            /** @description Whether the trading process was told. */
            readonly ok: boolean;
            /** @description Why not. */
            readonly error: components["schemas"]["Problem"] | null;
        };
        /** @description What became of the cancels. */
        readonly CancelResults: {
            /** @description Trading process. */
            readonly trader: string;
            /** @description One for each active order that matched. */
            readonly results: readonly components["schemas"]["CancelResult"][];
        };
        /** @description An order with what we know of its way. */
        readonly OrderDetail: {
            /** @description Trading process. */
            readonly trader: string;
            /** @description The order. */
            readonly order: components["schemas"]["Order"];
            /** @description What was asked for; `null` where it did not come through us. */
            readonly intent: components["schemas"]["OrderIntent"] | null;
            /** @description Its stages; `null` where it did not come through this run of ours. */
            readonly timeline: components["schemas"]["OrderTimeline"] | null;
        };
        /** @description An order as it was asked for. */
        readonly OrderIntent: {
            /** @description The user's own id. */
            readonly client_order_id: string;
            /** @description Whose order it is. */
            readonly user: string;
            /** @description Trading process. */
            readonly trader: string;
            /**
             * @description How far it is known to have come.
             * @enum {string}
             */
            readonly state: "RECORDED" | "SENT" | "DONE" | "REFUSED" | "NOT_SENT" | "UNKNOWN" | "ACKNOWLEDGED";
            /** @description Why, machine-readable; empty where there is nothing to say. */
            readonly reason_code: string;
            /** @description Why, for a person. */
            readonly reason: string;
            /** @description The order, `gateway.orderid`, as soon as it is known. */
            readonly vt_orderid: string | null;
            /** @description When the request came in, UTC. */
            readonly received: string | null;
            /** @description Instrument, `symbol.exchange`. */
            readonly vt_symbol: string;
            /**
             * @description Side.
             * @enum {string}
             */
            readonly direction: "LONG" | "SHORT" | "NET";
            /**
             * @description How it is to be filled.
             * @enum {string}
             */
            readonly type: "LIMIT" | "MARKET" | "STOP" | "FAK" | "FOK" | "RFQ" | "ETF";
            /** @description Volume in lots or shares. */
            readonly volume: number | null;
            /** @description Price, in the unit of prices. */
            readonly price: number | null;
            /**
             * @description Opens or closes.
             * @enum {string}
             */
            readonly offset: "NONE" | "OPEN" | "CLOSE" | "CLOSETODAY" | "CLOSEYESTERDAY";
            /** @description Who sent it. */
            readonly reference: string;
        };
        /** @description An order of which nobody knows whether it is there. */
        readonly UnknownOrder: {
            /** @description The user's own id. */
            readonly client_order_id: string;
            /** @description Whose order it is. */
            readonly user: string;
            /** @description Trading process. */
            readonly trader: string;
            /**
             * @description How far it is known to have come.
             * @enum {string}
             */
            readonly state: "RECORDED" | "SENT" | "DONE" | "REFUSED" | "NOT_SENT" | "UNKNOWN" | "ACKNOWLEDGED";
            /** @description Why, machine-readable; empty where there is nothing to say. */
            readonly reason_code: string;
            /** @description Why, for a person. */
            readonly reason: string;
            /** @description The order, `gateway.orderid`, as soon as it is known. */
            readonly vt_orderid: string | null;
            /** @description When the request came in, UTC. */
            readonly received: string | null;
            /** @description Instrument, `symbol.exchange`. */
            readonly vt_symbol: string;
            /**
             * @description Side.
             * @enum {string}
             */
            readonly direction: "LONG" | "SHORT" | "NET";
            /**
             * @description How it is to be filled.
             * @enum {string}
             */
            readonly type: "LIMIT" | "MARKET" | "STOP" | "FAK" | "FOK" | "RFQ" | "ETF";
            /** @description Volume in lots or shares. */
            readonly volume: number | null;
            /** @description Price, in the unit of prices. */
            readonly price: number | null;
            /**
             * @description Opens or closes.
             * @enum {string}
             */
            readonly offset: "NONE" | "OPEN" | "CLOSE" | "CLOSETODAY" | "CLOSEYESTERDAY";
            /** @description Who sent it. */
            readonly reference: string;
            /** @description Orders that could be it, though nothing proves it; newest first. */
            readonly lookalikes: readonly string[];
        };
        /** @description Stages of an order in microseconds after it was received, on a monotonic clock. */
        readonly OrderTimeline: {
            /** @description When the request came in, UTC. */
            readonly received: string | null;
            /** @description All rules were looked at. */
            readonly checked_us: number | null;
            /** @description The intent was on disk. */
            readonly recorded_us: number | null;
            /** @description It was handed to the link. */
            readonly sent_us: number | null;
            /** @description The trading process answered. */
            readonly answered_us: number | null;
            /** @description The trading process told of the order; may come before the answer. */
            readonly first_event_us: number | null;
            /** @description It was wholly traded. */
            readonly filled_us: number | null;
        };
        /** @description What new orders may do. */
        readonly TradingStates: {
            /**
             * @description Set for all trading processes.
             * @enum {string}
             */
            readonly state: "ACTIVE" | "REDUCING" | "HALTED";
            /** @description Each trading process. */
            readonly traders: readonly components["schemas"]["TraderTradingState"][];
            /** @description Those that enforce it themselves and could not be told yet; we refuse meanwhile. */
            readonly untold: readonly components["schemas"]["Untold"][];
        };
        /** @description What new orders of one trading process may do. */
        readonly TraderTradingState: {
            /** @description Trading process. */
            readonly trader: string;
            /**
             * @description What counts: the tightest.
             * @enum {string}
             */
            readonly state: "ACTIVE" | "REDUCING" | "HALTED";
            /**
             * @description Set for this one.
             * @enum {string}
             */
            readonly set: "ACTIVE" | "REDUCING" | "HALTED";
            /**
             * @description What it enforces itself; `null` where it does not or is away.
             * @enum {string|null}
             */
            readonly of_trader: "ACTIVE" | "REDUCING" | "HALTED" | null;
            /**
             * @description `web`: only orders that come through us are refused.
             * @enum {string}
             */
            readonly enforced_by: "trader" | "web";
        };
        /** @description A trading process that could not be told. */
        readonly Untold: {
            /** @description Trading process. */
            readonly trader: string;
            /** @description Why. */
            readonly reason: string;
        };
        /** @description What a user has set. */
        readonly Settings: {
            /** @description Rises with each change; 0 while nothing was set. */
            readonly version: number;
            /** @description All settings. */
            readonly data: {
                readonly [key: string]: unknown;
            };
        };
        /** @description Settings were replaced. */
        readonly SettingsVersion: {
            /** @description Their version now. */
            readonly version: number;
        };
        /** @description A session that is open. */
        readonly OpenSession: {
            /** @description Its id in this list; no secret. */
            readonly id: string;
            /** @description When it began, UTC; of one that an earlier run opened, when its token was made. */
            readonly since: string | null;
            /** @description When it was last heard of, UTC. */
            readonly last_seen: string | null;
            /** @description Address that it was first seen from; `null` where not known. */
            readonly remote: string | null;
            /** @description What its program calls itself; `null` where it does not. */
            readonly agent: string | null;
            /** @description Whether this request is of it. */
            readonly current: boolean;
        };
        /** @description Somebody who may log in. */
        readonly User: {
            /** @description Name. */
            readonly name: string;
            /**
             * @description What he may do.
             * @enum {string}
             */
            readonly role: "admin" | "trader" | "viewer";
            /** @description Whether he stands in a configuration file, and cannot be changed here. */
            readonly configured: boolean;
            /** @description Sessions that are open. */
            readonly sessions: number;
        };
        /** @description The web process. */
        readonly About: {
            /** @description Its name. */
            readonly program: string;
            /** @description Its version. */
            readonly version: string;
            /** @description Its licence, an SPDX expression. */
            readonly licence: string;
            /** @description When it started, UTC. */
            readonly started_at: string | null;
            /** @description Seconds since then. */
            readonly uptime_s: number;
        };
        /** @description How long a stage takes. */
        readonly Latency: {
            /**
             * @description `check`: rules; `record`: the intent on disk; `answer`: sent to answered by the trading process; `total`: received to answered; `first_event`: sent to the first word about the order; `fill`: received to wholly traded.
             * @enum {string}
             */
            readonly stage: "check" | "record" | "answer" | "total" | "first_event" | "fill";
            /** @description Orders that have passed it. */
            readonly count: number;
            /** @description Half of them took at most this, in milliseconds; `null` where there is none. */
            readonly p50_ms: number | null;
            /** @description 90 % of them, in milliseconds. */
            readonly p90_ms: number | null;
            /** @description 99 % of them, in milliseconds. */
            readonly p99_ms: number | null;
            /** @description The longest, in milliseconds. */
            readonly max_ms: number | null;
        };
        /** @description An instrument. */
        readonly Contract: {
            /** @description Gateway that it came from. */
            readonly gateway_name: string;
            /** @description Code on its exchange. */
            readonly symbol: string;
            /** @description Member name of the exchange, such as `SHFE`; forks have further ones. */
            readonly exchange: string;
            /** @description Name. */
            readonly name: string;
            /**
             * @description Kind of instrument.
             * @enum {string}
             */
            readonly product: "EQUITY" | "FUTURES" | "OPTION" | "INDEX" | "FOREX" | "SPOT" | "ETF" | "BOND" | "WARRANT" | "SPREAD" | "FUND" | "CFD" | "SWAP";
            /** @description Units of the underlying per lot; price times volume times size is money. */
            readonly size: number | null;
            /** @description Smallest step of a price, in the unit of prices. */
            readonly pricetick: number | null;
            /** @description Smallest volume of an order, in lots or shares. */
            readonly min_volume: number | null;
            /** @description Largest volume of an order, in lots or shares; `null`: not said. */
            readonly max_volume: number | null;
            /** @description Whether the gateway takes stop orders. */
            readonly stop_supported: boolean;
            /** @description Whether positions are netted instead of kept by side. */
            readonly net_position: boolean;
            /** @description Whether the gateway has bars. */
            readonly history_data: boolean;
            /** @description Strike, in the unit of prices. */
            readonly option_strike: number | null;
            /** @description `vt_symbol` of the underlying. */
            readonly option_underlying: string | null;
            /**
             * @description Right of the option.
             * @enum {string|null}
             */
            readonly option_type: "CALL" | "PUT" | null;
            /** @description First day of trading. */
            readonly option_listed: string | null;
            /** @description Last day of trading. */
            readonly option_expiry: string | null;
            /** @description Group of the options of one underlying. */
            readonly option_portfolio: string | null;
            /** @description Tells options of one strike apart. */
            readonly option_index: string | null;
            /** @description `symbol.exchange`. */
            readonly vt_symbol: string;
            /** @description What the gateway added, as it is. */
            readonly extra?: {
                readonly [key: string]: unknown;
            };
        };
        /** @description An order. */
        readonly Order: {
            /** @description Gateway that it came from. */
            readonly gateway_name: string;
            /** @description Code on its exchange. */
            readonly symbol: string;
            /** @description Member name of the exchange, such as `SHFE`; forks have further ones. */
            readonly exchange: string;
            /** @description Id within the gateway. */
            readonly orderid: string;
            /**
             * @description How it is to be filled.
             * @enum {string}
             */
            readonly type: "LIMIT" | "MARKET" | "STOP" | "FAK" | "FOK" | "RFQ" | "ETF";
            /**
             * @description Side.
             * @enum {string|null}
             */
            readonly direction: "LONG" | "SHORT" | "NET" | null;
            /**
             * @description Opens or closes.
             * @enum {string}
             */
            readonly offset: "NONE" | "OPEN" | "CLOSE" | "CLOSETODAY" | "CLOSEYESTERDAY";
            /** @description Limit or trigger price, in the unit of prices; 0 for a market order. */
            readonly price: number | null;
            /** @description Volume in lots or shares. */
            readonly volume: number | null;
            /** @description Traded so far, in lots or shares. */
            readonly traded: number | null;
            /**
             * @description Where it is in its life.
             * @enum {string}
             */
            readonly status: "SUBMITTING" | "NOTTRADED" | "PARTTRADED" | "ALLTRADED" | "CANCELLED" | "REJECTED";
            /** @description When it was taken, on the venue's clock. */
            readonly datetime: string | null;
            /** @description Who sent it. */
            readonly reference: string;
            /** @description The sender's own id; `null` where it did not come through us. */
            readonly client_order_id: string | null;
            /** @description `symbol.exchange`. */
            readonly vt_symbol: string;
            /** @description `gateway.orderid`. */
            readonly vt_orderid: string;
            /** @description What the gateway added, as it is. */
            readonly extra?: {
                readonly [key: string]: unknown;
            };
        };
        /** @description A fill. */
        readonly Trade: {
            /** @description Gateway that it came from. */
            readonly gateway_name: string;
            /** @description Code on its exchange. */
            readonly symbol: string;
            /** @description Member name of the exchange, such as `SHFE`; forks have further ones. */
            readonly exchange: string;
            /** @description Order, within the gateway. */
            readonly orderid: string;
            /** @description Id within the gateway; a fill with oneself has it twice, once per order. */
            readonly tradeid: string;
            /**
             * @description Side.
             * @enum {string|null}
             */
            readonly direction: "LONG" | "SHORT" | "NET" | null;
            /**
             * @description Opened or closed.
             * @enum {string}
             */
            readonly offset: "NONE" | "OPEN" | "CLOSE" | "CLOSETODAY" | "CLOSEYESTERDAY";
            /** @description Price, in the unit of prices. */
            readonly price: number | null;
            /** @description Volume in lots or shares. */
            readonly volume: number | null;
            /** @description When, on the venue's clock. */
            readonly datetime: string | null;
            /** @description `symbol.exchange`. */
            readonly vt_symbol: string;
            /** @description `gateway.orderid`. */
            readonly vt_orderid: string;
            /** @description `gateway.tradeid`. */
            readonly vt_tradeid: string;
            /** @description What the gateway added, as it is. */
            readonly extra?: {
                readonly [key: string]: unknown;
            };
        };
        /** @description A position. */
        readonly Position: {
            /** @description Gateway that it came from. */
            readonly gateway_name: string;
            /** @description Code on its exchange. */
            readonly symbol: string;
            /** @description Member name of the exchange, such as `SHFE`; forks have further ones. */
            readonly exchange: string;
            /**
             * @description Side; `NET` where the account nets.
             * @enum {string}
             */
            readonly direction: "LONG" | "SHORT" | "NET";
            /** @description Volume in lots or shares; of a net position negative when short. */
            readonly volume: number | null;
            /** @description Part of it that closing orders hold, in lots or shares. */
            readonly frozen: number | null;
            /** @description Average price, in the unit of prices. */
            readonly price: number | null;
            /** @description Profit or loss, in the account's currency, as the gateway has it. */
            readonly pnl: number | null;
            /** @description Part of it from before today, in lots or shares. */
            readonly yd_volume: number | null;
            /** @description `symbol.exchange`. */
            readonly vt_symbol: string;
            /** @description `gateway.vt_symbol.direction`, the direction in the trading process's language. */
            readonly vt_positionid: string;
            /** @description What the gateway added, as it is. */
            readonly extra?: {
                readonly [key: string]: unknown;
            };
        };
        /** @description An account. */
        readonly Account: {
            /** @description Gateway that it came from. */
            readonly gateway_name: string;
            /** @description Id within the gateway. */
            readonly accountid: string;
            /** @description Balance, in the account's currency. */
            readonly balance: number | null;
            /** @description Held by orders, in the account's currency. */
            readonly frozen: number | null;
            /** @description Balance less frozen, in the account's currency. */
            readonly available: number | null;
            /** @description `gateway.accountid`. */
            readonly vt_accountid: string;
            /** @description What the gateway added, as it is. */
            readonly extra?: {
                readonly [key: string]: unknown;
            };
        };
        /** @description A two-sided quote. */
        readonly Quote: {
            /** @description Gateway that it came from. */
            readonly gateway_name: string;
            /** @description Code on its exchange. */
            readonly symbol: string;
            /** @description Member name of the exchange, such as `SHFE`; forks have further ones. */
            readonly exchange: string;
            /** @description Id within the gateway. */
            readonly quoteid: string;
            /** @description What is bid, in the unit of prices. */
            readonly bid_price: number | null;
            /** @description How much of it, in lots or shares. */
            readonly bid_volume: number | null;
            /** @description What is asked, in the unit of prices. */
            readonly ask_price: number | null;
            /** @description How much of it, in lots or shares. */
            readonly ask_volume: number | null;
            /**
             * @description Whether the bid opens or closes.
             * @enum {string}
             */
            readonly bid_offset: "NONE" | "OPEN" | "CLOSE" | "CLOSETODAY" | "CLOSEYESTERDAY";
            /**
             * @description Whether the ask opens or closes.
             * @enum {string}
             */
            readonly ask_offset: "NONE" | "OPEN" | "CLOSE" | "CLOSETODAY" | "CLOSEYESTERDAY";
            /**
             * @description Where it is in its life.
             * @enum {string}
             */
            readonly status: "SUBMITTING" | "NOTTRADED" | "PARTTRADED" | "ALLTRADED" | "CANCELLED" | "REJECTED";
            /** @description When it was taken, on the venue's clock. */
            readonly datetime: string | null;
            /** @description Who sent it. */
            readonly reference: string;
            /** @description `symbol.exchange`. */
            readonly vt_symbol: string;
            /** @description `gateway.quoteid`. */
            readonly vt_quoteid: string;
            /** @description What the gateway added, as it is. */
            readonly extra?: {
                readonly [key: string]: unknown;
            };
        };
        /** @description A bar. */
        readonly Bar: {
            /** @description Gateway that it came from. */
            readonly gateway_name: string;
            /** @description Code on its exchange. */
            readonly symbol: string;
            /** @description Member name of the exchange, such as `SHFE`; forks have further ones. */
            readonly exchange: string;
            /** @description Begin of the bar, on the venue's clock. */
            readonly datetime: string | null;
            /**
             * @description Length of the bar.
             * @enum {string|null}
             */
            readonly interval: "MINUTE" | "HOUR" | "DAILY" | "WEEKLY" | "TICK" | null;
            /** @description Volume in lots or shares. */
            readonly volume: number | null;
            /** @description Turnover in currency. */
            readonly turnover: number | null;
            /** @description Open interest at its end, in lots. */
            readonly open_interest: number | null;
            /** @description First price, in the unit of prices. */
            readonly open_price: number | null;
            /** @description Highest price, in the unit of prices. */
            readonly high_price: number | null;
            /** @description Lowest price, in the unit of prices. */
            readonly low_price: number | null;
            /** @description Last price, in the unit of prices. */
            readonly close_price: number | null;
        };
        /** @description Lines of a trading process's log. */
        readonly Logs: {
            /** @description Trading process. */
            readonly trader: string;
            /** @description Number of the newest line there is; 0 where there is none. */
            readonly last: number;
            /** @description The lines, oldest first. */
            readonly data: readonly components["schemas"]["LogLine"][];
        };
        /** @description A line of the log. */
        readonly LogLine: {
            /** @description Gateway or engine that wrote it. */
            readonly gateway_name: string;
            /** @description What it says, in the trading process's language. */
            readonly msg: string;
            /** @description Python's level: 10 debug, 20 info, 30 warning, 40 error, 50 critical. */
            readonly level: number;
            /** @description When, on the trading process's clock. */
            readonly time: string | null;
            /** @description Its number; rises by one. */
            readonly number: number;
        };
        /** @description A trading process. */
        readonly Trader: {
            /** @description Its name in our configuration. */
            readonly name: string;
            /** @description Which of VeighNa's RPC dialects it speaks, or `bridge`; empty while unknown. */
            readonly dialect: string;
            /**
             * @description How far our copy can be trusted; orders are refused while it is not `live`.
             * @enum {string}
             */
            readonly state: "connecting" | "syncing" | "live" | "stale";
            /** @description When contact was lost. */
            readonly stale_since: string | null;
            /** @description Age of the newest event, in milliseconds. */
            readonly event_age_ms: number | null;
            /** @description Changes when another run of the trading process answers; `null` where it does not tell. */
            readonly epoch: string | null;
            /** @description Time from a question to its answer, in milliseconds; `null` where not measured. */
            readonly round_trip_ms: number | null;
            /** @description Its clock less ours, in milliseconds; `null` where it does not tell its time. */
            readonly clock_skew_ms: number | null;
            /** @description What it can do beyond what every VeighNa can: `quotes`, `history`, `gateways`, `connect`, `logs`, `trading_state`. */
            readonly capabilities: readonly string[];
            /**
             * @description Language of its texts.
             * @enum {string}
             */
            readonly language: "zh" | "en";
            /**
             * @description What new orders may do, where it enforces that itself.
             * @enum {string|null}
             */
            readonly trading_state: "ACTIVE" | "REDUCING" | "HALTED" | null;
            /** @description Whether no order reaches a real market, as our configuration or it itself says; `null` where neither does: take it for real. */
            readonly simulated: boolean | null;
        };
        /** @description A reader of a stream. */
        readonly Reader: {
            /** @description Its number; of two readers at the same time never the same on one stream. */
            readonly id: number;
            /**
             * @description Which stream.
             * @enum {string}
             */
            readonly stream: "classic" | "v1";
            /** @description Who reads; `null` before the login, and where the stream does not tell. */
            readonly user: string | null;
            /** @description Address that it comes from; `null` where not told. */
            readonly remote: string | null;
            /** @description When it came, UTC; `null` where not told. */
            readonly since: string | null;
            /** @description Facts, on the classic stream messages, that it has yet to be sent. */
            readonly lag: number;
            /** @description Bytes that are on their way to it; `null` where not told. */
            readonly queued_bytes: number | null;
            /** @description Ticks that it was spared because a newer one was there. */
            readonly conflated: number;
            /** @description Bytes that it was sent; `null` where not told. */
            readonly bytes: number | null;
            /** @description Milliseconds between its messages of ticks; 0 where each comes at once, or none. */
            readonly interval_ms: number;
            /** @description Whether its messages are compressed. */
            readonly compressed: boolean;
        };
        /** @description An app of a trading process. */
        readonly App: {
            /** @description Its name. */
            readonly name: string;
        };
        /** @description An instrument's feed of ticks. */
        readonly Subscription: {
            /** @description Instrument. */
            readonly vt_symbol: string;
            /** @description Whether the trading process was asked for its ticks, or goes on sending them. */
            readonly subscribed: boolean;
            /** @description Whether the feed was ended in the trading process; no dialect can yet. */
            readonly unsubscribed: boolean;
        };
        /** @description A gateway of a trading process. */
        readonly Gateway: {
            /** @description What stands in `gateway_name`. */
            readonly name: string;
            /**
             * @description Session with its venue; `null` where not told.
             * @enum {string|null}
             */
            readonly state: "DOWN" | "CONNECTING" | "UP" | null;
            /** @description Why it is down, where that was not asked for. */
            readonly reason: string | null;
            /** @description Member names of the exchanges that it trades. */
            readonly exchanges: readonly string[];
            /** @description Its login form, in order; empty where not told. */
            readonly form: readonly components["schemas"]["FormField"][];
        };
        /** @description A gateway that was told something. */
        readonly GatewayCommand: {
            /** @description The gateway. */
            readonly name: string;
        };
        /** @description A quote that was sent. */
        readonly QuotePlaced: {
            /** @description `gateway.quoteid`. */
            readonly vt_quoteid: string;
        };
        /** @description A quote whose cancel was sent. */
        readonly QuoteCancel: {
            /** @description `gateway.quoteid`. */
            readonly vt_quoteid: string;
        };
        /** @description A session. */
        readonly Session: {
            /** @description Bearer token. */
            readonly token: string;
            /**
             * @description How to send it: `Authorization: Bearer …`.
             * @enum {string}
             */
            readonly token_type: "bearer";
            /** @description When the token ends, UTC. */
            readonly expires_at: string | null;
            /** @description Who logged in. */
            readonly user: string;
            /**
             * @description What he may do.
             * @enum {string}
             */
            readonly role: "admin" | "trader" | "viewer";
        };
        /** @description Who is logged in. */
        readonly Me: {
            /** @description User name. */
            readonly user: string;
            /**
             * @description `viewer` looks, `trader` trades too, `admin` decides who may log in, too.
             * @enum {string}
             */
            readonly role: "admin" | "trader" | "viewer";
            /** @description When this token ends, UTC. */
            readonly expires_at: string | null;
            /** @description Names of the trading processes. */
            readonly traders: readonly string[];
        };
        /** @description The newest state of a market. */
        readonly Tick: {
            /** @description Gateway that it came from. */
            readonly gateway_name: string;
            /** @description Code on its exchange. */
            readonly symbol: string;
            /** @description Member name of the exchange, such as `SHFE`; forks have further ones. */
            readonly exchange: string;
            /** @description When, on the venue's clock. */
            readonly datetime: string | null;
            /** @description Name of the instrument. */
            readonly name: string;
            /** @description Traded today, in lots or shares. */
            readonly volume: number | null;
            /** @description Traded today, in currency. */
            readonly turnover: number | null;
            /** @description Open interest, in lots. */
            readonly open_interest: number | null;
            /** @description In the unit of prices. */
            readonly last_price: number | null;
            /** @description Volume of the last trade, in lots or shares. */
            readonly last_volume: number | null;
            /** @description Price limit of the day, in the unit of prices. */
            readonly limit_up: number | null;
            /** @description Price limit of the day, in the unit of prices. */
            readonly limit_down: number | null;
            /** @description In the unit of prices. */
            readonly open_price: number | null;
            /** @description In the unit of prices. */
            readonly high_price: number | null;
            /** @description In the unit of prices. */
            readonly low_price: number | null;
            /** @description In the unit of prices. */
            readonly pre_close: number | null;
            /** @description In the unit of prices. */
            readonly bid_price_1: number | null;
            /** @description In the unit of prices. */
            readonly bid_price_2: number | null;
            /** @description In the unit of prices. */
            readonly bid_price_3: number | null;
            /** @description In the unit of prices. */
            readonly bid_price_4: number | null;
            /** @description In the unit of prices. */
            readonly bid_price_5: number | null;
            /** @description In the unit of prices. */
            readonly ask_price_1: number | null;
            /** @description In the unit of prices. */
            readonly ask_price_2: number | null;
            /** @description In the unit of prices. */
            readonly ask_price_3: number | null;
            /** @description In the unit of prices. */
            readonly ask_price_4: number | null;
            /** @description In the unit of prices. */
            readonly ask_price_5: number | null;
            /** @description Volume there, in lots or shares. */
            readonly bid_volume_1: number | null;
            /** @description Volume there, in lots or shares. */
            readonly bid_volume_2: number | null;
            /** @description Volume there, in lots or shares. */
            readonly bid_volume_3: number | null;
            /** @description Volume there, in lots or shares. */
            readonly bid_volume_4: number | null;
            /** @description Volume there, in lots or shares. */
            readonly bid_volume_5: number | null;
            /** @description Volume there, in lots or shares. */
            readonly ask_volume_1: number | null;
            /** @description Volume there, in lots or shares. */
            readonly ask_volume_2: number | null;
            /** @description Volume there, in lots or shares. */
            readonly ask_volume_3: number | null;
            /** @description Volume there, in lots or shares. */
            readonly ask_volume_4: number | null;
            /** @description Volume there, in lots or shares. */
            readonly ask_volume_5: number | null;
            /** @description When the gateway got it, on the trading process's clock. */
            readonly localtime: string | null;
            /** @description `symbol.exchange`. */
            readonly vt_symbol: string;
            /** @description What the gateway added, as it is. */
            readonly extra?: {
                readonly [key: string]: unknown;
            };
        };
        /** @description A field of a login form. */
        readonly FormField: {
            /** @description Its name, which is also the key in VeighNa's `connect_*.json`. */
            readonly name: string;
            /** @description What it means. */
            readonly help: string;
            /**
             * @description Kind of input.
             * @enum {string}
             */
            readonly kind: "TEXT" | "INT" | "FLOAT" | "BOOL" | "CHOICE" | "SECRET";
            /** @description What may be chosen; absent where it is no choice. */
            readonly choices?: readonly string[];
            /** @description Value where the user gives none; `null` for a secret. */
            readonly default: unknown;
        };
        /** @description RFC 9457. Decide by `code`; `detail` is for a person and may change. */
        readonly Problem: {
            /** @description `urn:webtrader:problem:` and the code. */
            readonly type: string;
            /** @description What the code means. */
            readonly title: string;
            /** @description The HTTP status. */
            readonly status: number;
            /**
             * @description - `malformed` (400): The request cannot be read
             *     - `bad_handshake` (400): Not a WebSocket handshake
             *     - `not_authenticated` (401): Not logged in
             *     - `token_invalid` (401): The session is not valid any more
             *     - `wrong_credentials` (401): Wrong user name or password
             *     - `cross_site` (403): A page of another origin may not do this
             *     - `forbidden` (403): Your role does not allow this
             *     - `wrong_password` (403): The present password is wrong
             *     - `not_found` (404): There is nothing at this address
             *     - `method_unknown` (404): There is no such method
             *     - `trader_not_found` (404): There is no trading process of this name
             *     - `contract_not_found` (404): There is no such contract
             *     - `tick_not_found` (404): There is no tick of this instrument
             *     - `order_not_found` (404): There is no such order
             *     - `quote_not_found` (404): There is no such quote
             *     - `position_not_found` (404): There is no such position
             *     - `gateway_not_found` (404): There is no such gateway
             *     - `user_not_found` (404): There is no such user
             *     - `session_not_found` (404): There is no such session
             *     - `cursor_not_found` (404): There is no page behind this cursor
             *     - `method_not_allowed` (405): This method is not allowed here
             *     - `body_too_slow` (408): The body did not arrive in time
             *     - `id_conflict` (409): This id was used with another content
             *     - `acknowledged` (409): This order of unknown outcome was acknowledged
             *     - `settings_conflict` (409): The settings were changed meanwhile
             *     - `user_exists` (409): There is such a user already
             *     - `last_admin` (409): One user at least has to be an admin
             *     - `own_user` (409): Nobody removes himself
             *     - `configured_user` (409): This user stands in a configuration file
             *     - `body_too_large` (413): The body is too large
             *     - `media_type` (415): The body has to be application/json
             *     - `invalid` (422): Fields of the request are wrong
             *     - `rule_broken` (422): A rule forbids this
             *     - `refused` (422): The trading process refused
             *     - `upgrade_required` (426): Not a WebSocket handshake
             *     - `rate_limited` (429): Too many requests
             *     - `login_throttled` (429): Too many failed logins
             *     - `internal` (500): Something of ours failed
             *     - `unsupported` (501): The trading process does not offer this
             *     - `trader_away` (503): The trading process is away
             *     - `not_sent` (503): Certainly not sent
             *     - `busy` (503): Too much at once
             *     - `no_seat` (503): No seat
             *     - `outcome_unknown` (504): The outcome is unknown
             * @enum {string}
             */
            readonly code: "malformed" | "bad_handshake" | "not_authenticated" | "token_invalid" | "wrong_credentials" | "cross_site" | "forbidden" | "wrong_password" | "not_found" | "method_unknown" | "trader_not_found" | "contract_not_found" | "tick_not_found" | "order_not_found" | "quote_not_found" | "position_not_found" | "gateway_not_found" | "user_not_found" | "session_not_found" | "cursor_not_found" | "method_not_allowed" | "body_too_slow" | "id_conflict" | "acknowledged" | "settings_conflict" | "user_exists" | "last_admin" | "own_user" | "configured_user" | "body_too_large" | "media_type" | "invalid" | "rule_broken" | "refused" | "upgrade_required" | "rate_limited" | "login_throttled" | "internal" | "unsupported" | "trader_away" | "not_sent" | "busy" | "no_seat" | "outcome_unknown";
            /** @description What happened this time. */
            readonly detail: string;
            /** @description The request's id, as in the header and in the log. */
            readonly request_id?: string;
            /** @description Milliseconds after which it may be tried again. */
            readonly retry_after_ms?: number;
            /** @description With `invalid`: each wrong field. */
            readonly errors?: readonly components["schemas"]["ProblemField"][];
        } & {
            readonly [key: string]: unknown;
        };
        /** @description A wrong field. */
        readonly ProblemField: {
            /** @description Its name; of an item of a list `list/index/name`. */
            readonly field: string;
            /** @description What is wrong with it. */
            readonly detail: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
