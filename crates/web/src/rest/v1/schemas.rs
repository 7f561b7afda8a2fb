//! What comes back, field by field with its unit: the OpenAPI document and the columns of the CSV are made of this.
//!
//! Always true: a member that is named here is always there, `null` where it is unknown; nothing else is, but for
//! `extra`. The tests compare answers with this.

use super::Code;
use super::market::PRODUCTS;
use super::quotes::OFFSETS;
use crate::auth::Role;
use serde_json::{Map, Value, json};

/// What a member may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Type {
    /// A text.
    Text,
    /// A text or `null`.
    MaybeText,
    /// A number or `null`: every price and volume may be unknown.
    Number,
    /// A whole number.
    Int,
    /// A whole number or `null`.
    MaybeInt,
    /// A switch.
    Flag,
    /// A switch or `null`.
    MaybeFlag,
    /// A moment in RFC 3339, without offset where the trading process gave none; or `null`.
    Time,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// One of these, or `null`.
    MaybeOneOf(&'static [&'static str]),
    /// Texts.
    Texts,
    /// Objects of another schema.
    Many(&'static str),
    /// An object of another schema.
    One(&'static str),
    /// An object of another schema, or `null`.
    MaybeOne(&'static str),
    /// An object of anything.
    Object,
    /// Anything that JSON has.
    Any,
    /// What a gateway hung onto the object; absent where it did not.
    Extra,
}

/// A member: name, type, meaning.
pub(super) type Member = (&'static str, Type, &'static str);
/// A schema: name, meaning, members.
pub(super) type Schema = (&'static str, &'static str, &'static [Member]);

use Type::{Any, Extra, Flag, Int, Many, MaybeFlag, MaybeInt, MaybeOneOf, MaybeText, Number, OneOf, Text, Texts, Time};

pub(super) const DIRECTIONS: &[&str] = &["LONG", "SHORT", "NET"];
pub(super) const ORDER_TYPES: &[&str] = &["LIMIT", "MARKET", "STOP", "FAK", "FOK", "RFQ", "ETF"];
pub(super) const STATUSES: &[&str] = &["SUBMITTING", "NOTTRADED", "PARTTRADED", "ALLTRADED", "CANCELLED", "REJECTED"];
pub(super) const TRADING_STATES: &[&str] = &["ACTIVE", "REDUCING", "HALTED"];
pub(super) const ROLES: &[&str] = Role::NAMES;
const LINKS: &[&str] = &["connecting", "syncing", "live", "stale"];

const GATEWAY_NAME: Member = ("gateway_name", Text, "Gateway that it came from.");
const SYMBOL: Member = ("symbol", Text, "Code on its exchange.");
const EXCHANGE: Member = ("exchange", Text, "Member name of the exchange, such as `SHFE`; forks have further ones.");
const VT_SYMBOL: Member = ("vt_symbol", Text, "`symbol.exchange`.");
const EXTRA: Member = ("extra", Extra, "What the gateway added, as it is.");

/// All of them, but those of the other modules.
const OWN: &[Schema] = &[
    (
        "Contract",
        "An instrument.",
        &[
            GATEWAY_NAME,
            SYMBOL,
            EXCHANGE,
            ("name", Text, "Name."),
            ("product", OneOf(PRODUCTS), "Kind of instrument."),
            ("size", Number, "Units of the underlying per lot; price times volume times size is money."),
            ("pricetick", Number, "Smallest step of a price, in the unit of prices."),
            ("min_volume", Number, "Smallest volume of an order, in lots or shares."),
            ("max_volume", Number, "Largest volume of an order, in lots or shares; `null`: not said."),
            ("stop_supported", Flag, "Whether the gateway takes stop orders."),
            ("net_position", Flag, "Whether positions are netted instead of kept by side."),
            ("history_data", Flag, "Whether the gateway has bars."),
            ("option_strike", Number, "Strike, in the unit of prices."),
            ("option_underlying", MaybeText, "`vt_symbol` of the underlying."),
            ("option_type", MaybeOneOf(&["CALL", "PUT"]), "Right of the option."),
            ("option_listed", Time, "First day of trading."),
            ("option_expiry", Time, "Last day of trading."),
            ("option_portfolio", MaybeText, "Group of the options of one underlying."),
            ("option_index", MaybeText, "Tells options of one strike apart."),
            VT_SYMBOL,
            EXTRA,
        ],
    ),
    (
        "Order",
        "An order.",
        &[
            GATEWAY_NAME,
            SYMBOL,
            EXCHANGE,
            ("orderid", Text, "Id within the gateway."),
            ("type", OneOf(ORDER_TYPES), "How it is to be filled."),
            ("direction", MaybeOneOf(DIRECTIONS), "Side."),
            ("offset", OneOf(OFFSETS), "Opens or closes."),
            ("price", Number, "Limit or trigger price, in the unit of prices; 0 for a market order."),
            ("volume", Number, "Volume in lots or shares."),
            ("traded", Number, "Traded so far, in lots or shares."),
            ("status", OneOf(STATUSES), "Where it is in its life."),
            ("datetime", Time, "When it was taken, on the venue's clock."),
            ("reference", Text, "Who sent it."),
            ("client_order_id", MaybeText, "The sender's own id; `null` where it did not come through us."),
            VT_SYMBOL,
            ("vt_orderid", Text, "`gateway.orderid`."),
            EXTRA,
        ],
    ),
    (
        "Trade",
        "A fill.",
        &[
            GATEWAY_NAME,
            SYMBOL,
            EXCHANGE,
            ("orderid", Text, "Order, within the gateway."),
            ("tradeid", Text, "Id within the gateway; a fill with oneself has it twice, once per order."),
            ("direction", MaybeOneOf(DIRECTIONS), "Side."),
            ("offset", OneOf(OFFSETS), "Opened or closed."),
            ("price", Number, "Price, in the unit of prices."),
            ("volume", Number, "Volume in lots or shares."),
            ("datetime", Time, "When, on the venue's clock."),
            VT_SYMBOL,
            ("vt_orderid", Text, "`gateway.orderid`."),
            ("vt_tradeid", Text, "`gateway.tradeid`."),
            EXTRA,
        ],
    ),
    (
        "Position",
        "A position.",
        &[
            GATEWAY_NAME,
            SYMBOL,
            EXCHANGE,
            ("direction", OneOf(DIRECTIONS), "Side; `NET` where the account nets."),
            ("volume", Number, "Volume in lots or shares; of a net position negative when short."),
            ("frozen", Number, "Part of it that closing orders hold, in lots or shares."),
            ("price", Number, "Average price, in the unit of prices."),
            ("pnl", Number, "Profit or loss, in the account's currency, as the gateway has it."),
            ("yd_volume", Number, "Part of it from before today, in lots or shares."),
            VT_SYMBOL,
            ("vt_positionid", Text, "`gateway.vt_symbol.direction`, the direction in the trading process's language."),
            EXTRA,
        ],
    ),
    (
        "Account",
        "An account.",
        &[
            GATEWAY_NAME,
            ("accountid", Text, "Id within the gateway."),
            ("balance", Number, "Balance, in the account's currency."),
            ("frozen", Number, "Held by orders, in the account's currency."),
            ("available", Number, "Balance less frozen, in the account's currency."),
            ("vt_accountid", Text, "`gateway.accountid`."),
            EXTRA,
        ],
    ),
    (
        "Quote",
        "A two-sided quote.",
        &[
            GATEWAY_NAME,
            SYMBOL,
            EXCHANGE,
            ("quoteid", Text, "Id within the gateway."),
            ("bid_price", Number, "What is bid, in the unit of prices."),
            ("bid_volume", Number, "How much of it, in lots or shares."),
            ("ask_price", Number, "What is asked, in the unit of prices."),
            ("ask_volume", Number, "How much of it, in lots or shares."),
            ("bid_offset", OneOf(OFFSETS), "Whether the bid opens or closes."),
            ("ask_offset", OneOf(OFFSETS), "Whether the ask opens or closes."),
            ("status", OneOf(STATUSES), "Where it is in its life."),
            ("datetime", Time, "When it was taken, on the venue's clock."),
            ("reference", Text, "Who sent it."),
            VT_SYMBOL,
            ("vt_quoteid", Text, "`gateway.quoteid`."),
            EXTRA,
        ],
    ),
    (
        "Bar",
        "A bar.",
        &[
            GATEWAY_NAME,
            SYMBOL,
            EXCHANGE,
            ("datetime", Time, "Begin of the bar, on the venue's clock."),
            ("interval", MaybeOneOf(&["MINUTE", "HOUR", "DAILY", "WEEKLY", "TICK"]), "Length of the bar."),
            ("volume", Number, "Volume in lots or shares."),
            ("turnover", Number, "Turnover in currency."),
            ("open_interest", Number, "Open interest at its end, in lots."),
            ("open_price", Number, "First price, in the unit of prices."),
            ("high_price", Number, "Highest price, in the unit of prices."),
            ("low_price", Number, "Lowest price, in the unit of prices."),
            ("close_price", Number, "Last price, in the unit of prices."),
        ],
    ),
    (
        "Logs",
        "Lines of a trading process's log.",
        &[
            ("trader", Text, "Trading process."),
            ("last", Int, "Number of the newest line there is; 0 where there is none."),
            ("data", Many("LogLine"), "The lines, oldest first."),
        ],
    ),
    (
        "LogLine",
        "A line of the log.",
        &[
            ("gateway_name", Text, "Gateway or engine that wrote it."),
            ("msg", Text, "What it says, in the trading process's language."),
            ("level", Int, "Python's level: 10 debug, 20 info, 30 warning, 40 error, 50 critical."),
            ("time", Time, "When, on the trading process's clock."),
            ("number", Int, "Its number; rises by one."),
        ],
    ),
    (
        "Trader",
        "A trading process.",
        &[
            ("name", Text, "Its name in our configuration."),
            ("dialect", Text, "Which of VeighNa's RPC dialects it speaks, or `bridge`; empty while unknown."),
            ("state", OneOf(LINKS), "How far our copy can be trusted; orders are refused while it is not `live`."),
            ("stale_since", Time, "When contact was lost."),
            ("event_age_ms", MaybeInt, "Age of the newest event, in milliseconds."),
            (
                "epoch",
                MaybeText,
                "Changes when another run of the trading process answers; `null` where it does not tell.",
            ),
            (
                "round_trip_ms",
                Number,
                "Time from a question to its answer, in milliseconds; `null` where not measured.",
            ),
            ("clock_skew_ms", Number, "Its clock less ours, in milliseconds; `null` where it does not tell its time."),
            (
                "capabilities",
                Texts,
                "What it can do beyond what every VeighNa can: `quotes`, `history`, `gateways`, `connect`, `logs`, `trading_state`.",
            ),
            ("language", OneOf(&["zh", "en"]), "Language of its texts."),
            ("trading_state", MaybeOneOf(TRADING_STATES), "What new orders may do, where it enforces that itself."),
            (
                "simulated",
                MaybeFlag,
                "Whether no order reaches a real market, as our configuration or it itself says; `null` where neither does: \
                 take it for real.",
            ),
        ],
    ),
    (
        "Reader",
        "A reader of a stream.",
        &[
            ("id", Int, "Its number; of two readers at the same time never the same on one stream."),
            ("stream", OneOf(&["classic", "v1"]), "Which stream."),
            ("user", MaybeText, "Who reads; `null` before the login, and where the stream does not tell."),
            ("remote", MaybeText, "Address that it comes from; `null` where not told."),
            ("since", Time, "When it came, UTC; `null` where not told."),
            ("lag", Int, "Facts, on the classic stream messages, that it has yet to be sent."),
            ("queued_bytes", MaybeInt, "Bytes that are on their way to it; `null` where not told."),
            ("conflated", Int, "Ticks that it was spared because a newer one was there."),
            ("bytes", MaybeInt, "Bytes that it was sent; `null` where not told."),
            ("interval_ms", Int, "Milliseconds between its messages of ticks; 0 where each comes at once, or none."),
            ("compressed", Flag, "Whether its messages are compressed."),
        ],
    ),
    ("App", "An app of a trading process.", &[("name", Text, "Its name.")]),
    (
        "Subscription",
        "An instrument's feed of ticks.",
        &[
            ("vt_symbol", Text, "Instrument."),
            ("subscribed", Flag, "Whether the trading process was asked for its ticks, or goes on sending them."),
            ("unsubscribed", Flag, "Whether the feed was ended in the trading process; no dialect can yet."),
        ],
    ),
    (
        "Gateway",
        "A gateway of a trading process.",
        &[
            ("name", Text, "What stands in `gateway_name`."),
            ("state", MaybeOneOf(&["DOWN", "CONNECTING", "UP"]), "Session with its venue; `null` where not told."),
            ("reason", MaybeText, "Why it is down, where that was not asked for."),
            ("exchanges", Texts, "Member names of the exchanges that it trades."),
            ("form", Many("FormField"), "Its login form, in order; empty where not told."),
        ],
    ),
    ("GatewayCommand", "A gateway that was told something.", &[("name", Text, "The gateway.")]),
    ("QuotePlaced", "A quote that was sent.", &[("vt_quoteid", Text, "`gateway.quoteid`.")]),
    ("QuoteCancel", "A quote whose cancel was sent.", &[("vt_quoteid", Text, "`gateway.quoteid`.")]),
    (
        "Session",
        "A session.",
        &[
            ("token", Text, "Bearer token."),
            ("token_type", OneOf(&["bearer"]), "How to send it: `Authorization: Bearer …`."),
            ("expires_at", Time, "When the token ends, UTC."),
            ("user", Text, "Who logged in."),
            ("role", OneOf(ROLES), "What he may do."),
        ],
    ),
    (
        "Me",
        "Who is logged in.",
        &[
            ("user", Text, "User name."),
            ("role", OneOf(ROLES), "`viewer` looks, `trader` trades too, `admin` decides who may log in, too."),
            ("expires_at", Time, "When this token ends, UTC."),
            ("traders", Texts, "Names of the trading processes."),
        ],
    ),
];

/// The names of a schema's members, for a table with columns.
pub(super) fn columns(name: &str) -> Vec<&'static str> {
    if name == "Tick" {
        return tick_members().into_iter().map(|(name, _, _)| name).collect();
    }
    let members = all().into_iter().find(|schema| schema.0 == name).map_or(&[][..], |schema| schema.2);
    members.iter().filter(|(name, kind, _)| *kind != Extra && *name != "number").map(|(name, _, _)| *name).collect()
}

/// Every schema as JSON Schema, by name.
pub(super) fn components() -> Map<String, Value> {
    let mut out = Map::new();
    for (name, help, members) in all() {
        out.insert(name.to_owned(), object(help, members));
    }
    out.insert("Tick".to_owned(), object("The newest state of a market.", &tick_members()));
    out.insert("FormField".to_owned(), form_field());
    out.insert("Problem".to_owned(), problem());
    out.insert(
        "ProblemField".to_owned(),
        object(
            "A wrong field.",
            &[
                ("field", Text, "Its name; of an item of a list `list/index/name`."),
                ("detail", Text, "What is wrong with it."),
            ],
        ),
    );
    out
}

/// The names of all schemas that are made here.
pub fn names() -> Vec<&'static str> {
    all().into_iter().map(|schema| schema.0).chain(["Tick", "FormField", "ProblemField"]).collect()
}

fn all() -> Vec<Schema> {
    super::SCHEMAS.iter().flat_map(|table| table.iter().copied()).chain(OWN.iter().copied()).collect()
}

fn object(help: &str, members: &[Member]) -> Value {
    let properties: Map<String, Value> =
        members.iter().map(|(name, kind, help)| ((*name).to_owned(), described(*kind, help))).collect();
    let required: Vec<&str> = members.iter().filter(|member| member.1 != Extra).map(|member| member.0).collect();
    json!({
        "type": "object",
        "description": help,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn described(kind: Type, help: &str) -> Value {
    let mut schema = schema(kind);
    if let Value::Object(members) = &mut schema {
        members.insert("description".into(), help.into());
    }
    schema
}

fn schema(kind: Type) -> Value {
    match kind {
        Type::Text => json!({ "type": "string" }),
        Type::MaybeText => json!({ "type": ["string", "null"] }),
        Type::Number => json!({ "type": ["number", "null"] }),
        Type::Int => json!({ "type": "integer" }),
        Type::MaybeInt => json!({ "type": ["integer", "null"] }),
        Type::Flag => json!({ "type": "boolean" }),
        Type::MaybeFlag => json!({ "type": ["boolean", "null"] }),
        Type::Time => json!({ "type": ["string", "null"], "pattern": TIME }),
        Type::OneOf(names) => json!({ "type": "string", "enum": names }),
        Type::MaybeOneOf(names) => {
            let names: Vec<Value> = names.iter().map(|name| Value::from(*name)).chain([Value::Null]).collect();
            json!({ "type": ["string", "null"], "enum": names })
        }
        Type::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Type::Many(name) => json!({ "type": "array", "items": reference(name) }),
        Type::One(name) => reference(name),
        Type::MaybeOne(name) => json!({ "anyOf": [reference(name), { "type": "null" }] }),
        Type::Any => json!({}),
        Type::Object | Type::Extra => json!({ "type": "object", "additionalProperties": true }),
    }
}

/// A moment as we write it; not `date-time`, for VeighNa has moments without an offset.
const TIME: &str = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2}(:\d{2})?)?$";

/// Points to another schema.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn tick_members() -> Vec<Member> {
    let mut members = vec![
        GATEWAY_NAME,
        SYMBOL,
        EXCHANGE,
        ("datetime", Time, "When, on the venue's clock."),
        ("name", Text, "Name of the instrument."),
    ];
    members.extend(domain::TickData::NUMBERS.iter().map(|name| (*name, Number, tick_help(name))));
    members.extend([("localtime", Time, "When the gateway got it, on the trading process's clock."), VT_SYMBOL, EXTRA]);
    members
}

fn tick_help(name: &str) -> &'static str {
    match name {
        "volume" => "Traded today, in lots or shares.",
        "turnover" => "Traded today, in currency.",
        "open_interest" => "Open interest, in lots.",
        "last_volume" => "Volume of the last trade, in lots or shares.",
        "limit_up" | "limit_down" => "Price limit of the day, in the unit of prices.",
        _ if name.starts_with("bid_volume") || name.starts_with("ask_volume") => "Volume there, in lots or shares.",
        _ => "In the unit of prices.",
    }
}

fn form_field() -> Value {
    let mut schema = object(
        "A field of a login form.",
        &[
            ("name", Text, "Its name, which is also the key in VeighNa's `connect_*.json`."),
            ("help", Text, "What it means."),
            ("kind", OneOf(&["TEXT", "INT", "FLOAT", "BOOL", "CHOICE", "SECRET"]), "Kind of input."),
            ("choices", Texts, "What may be chosen; absent where it is no choice."),
            ("default", Any, "Value where the user gives none; `null` for a secret."),
        ],
    );
    schema["required"] = json!(["name", "help", "kind", "default"]);
    schema
}

fn problem() -> Value {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    let titles: Vec<String> = Code::ALL
        .iter()
        .map(|code| format!("- `{}` ({}): {}", code.name(), code.status().as_u16(), code.title()))
        .collect();
    json!({
        "type": "object",
        "description": "RFC 9457. Decide by `code`; `detail` is for a person and may change.",
        "properties": {
            "type": { "type": "string", "description": "`urn:webtrader:problem:` and the code." },
            "title": { "type": "string", "description": "What the code means." },
            "status": { "type": "integer", "description": "The HTTP status." },
            "code": { "type": "string", "enum": codes, "description": titles.join("\n") },
            "detail": { "type": "string", "description": "What happened this time." },
            "request_id": { "type": "string", "description": "The request's id, as in the header and in the log." },
            "retry_after_ms": { "type": "integer", "description": "Milliseconds after which it may be tried again." },
            "errors": {
                "type": "array",
                "items": reference("ProblemField"),
                "description": "With `invalid`: each wrong field.",
            },
        },
        "required": ["type", "title", "status", "code", "detail"],
        "additionalProperties": true,
    })
}
