//! What the operations on orders answer, field by field.

use super::super::quotes::OFFSETS;
use super::super::schemas::Type::{
    Any, Flag, Many, MaybeInt, MaybeOne, MaybeOneOf, MaybeText, Number, One, OneOf, Text, Texts, Time,
};
use super::super::schemas::{DIRECTIONS, Member, ORDER_TYPES, Schema, TRADING_STATES};

const STATES: &[&str] = &["RECORDED", "SENT", "DONE", "REFUSED", "NOT_SENT", "UNKNOWN", "ACKNOWLEDGED"];

const CLIENT_ORDER_ID: Member = ("client_order_id", Text, "The user's own id.");
const USER: Member = ("user", Text, "Whose order it is.");
const TRADER: Member = ("trader", Text, "Trading process.");
const STATE: Member = ("state", OneOf(STATES), "How far it is known to have come.");
const REASON_CODE: Member = ("reason_code", Text, "Why, machine-readable; empty where there is nothing to say.");
const REASON: Member = ("reason", Text, "Why, for a person.");
const VT_ORDERID: Member = ("vt_orderid", MaybeText, "The order, `gateway.orderid`, as soon as it is known.");
const RECEIVED: Member = ("received", Time, "When the request came in, UTC.");
const VT_SYMBOL: Member = ("vt_symbol", Text, "Instrument, `symbol.exchange`.");
const DIRECTION: Member = ("direction", OneOf(DIRECTIONS), "Side.");
const TYPE: Member = ("type", OneOf(ORDER_TYPES), "How it is to be filled.");
const VOLUME: Member = ("volume", Number, "Volume in lots or shares.");
const PRICE: Member = ("price", Number, "Price, in the unit of prices.");
const OFFSET: Member = ("offset", OneOf(OFFSETS), "Opens or closes.");
const REFERENCE: Member = ("reference", Text, "Who sent it.");

/// All of them.
pub(in super::super) const SCHEMAS: &[Schema] = &[
    (
        "OrderPlaced",
        "An order that is there.",
        &[
            ("vt_orderid", Text, "The order, `gateway.orderid`."),
            CLIENT_ORDER_ID,
            ("state", OneOf(&["DONE"]), "An order is there; its own status says what became of it."),
            ("replayed", Flag, "Whether an earlier request with this id has sent it; this one has sent nothing."),
            ("generated_id", Flag, "Whether the id was made by us, so that a retry is a new order."),
            ("warnings", Many("RuleVerdict"), "Rules that it breaks, and that do not refuse it."),
        ],
    ),
    (
        "RuleVerdict",
        "How a rule came out.",
        &[
            ("rule", Text, "Code of the rule."),
            ("weight", OneOf(&["refuses", "overridable", "warns"]), "What it does when it is broken."),
            ("kept", Any, "Whether it is kept; `null` where it cannot be told."),
            ("value", Number, "The order's number, where it is about one."),
            ("limit", Number, "What that may be at most, at least, or has to be a multiple of."),
            ("floor", Number, "What it has to be at least, where there are two limits."),
            ("text_zh", Text, "What the rule demands, in Chinese."),
            ("text_en", Text, "What the rule demands, in English."),
        ],
    ),
    (
        "OrderCheck",
        "An order against every rule.",
        &[("ok", Flag, "Whether it would be sent."), ("rules", Many("RuleVerdict"), "Every rule, kept or not.")],
    ),
    (
        "OrderResult",
        "What became of one of several orders.",
        &[
            ("ok", Flag, "Whether an order is there."),
            ("order", MaybeOne("OrderPlaced"), "The order."),
            ("error", MaybeOne("Problem"), "Why not."),
        ],
    ),
    (
        "OrderResults",
        "What became of several orders, in their order.",
        &[("results", Many("OrderResult"), "One for each.")],
    ),
    ("OrderCancel", "An order whose cancel was sent.", &[("vt_orderid", Text, "`gateway.orderid`.")]),
    (
        "CancelResult",
        "What became of one cancel.",
        &[
            ("vt_orderid", Text, "`gateway.orderid`."),
            ("ok", Flag, "Whether the trading process was told."),
            ("error", MaybeOne("Problem"), "Why not."),
        ],
    ),
    (
        "CancelResults",
        "What became of the cancels.",
        &[TRADER, ("results", Many("CancelResult"), "One for each active order that matched.")],
    ),
    (
        "OrderDetail",
        "An order with what we know of its way.",
        &[
            TRADER,
            ("order", One("Order"), "The order."),
            ("intent", MaybeOne("OrderIntent"), "What was asked for; `null` where it did not come through us."),
            (
                "timeline",
                MaybeOne("OrderTimeline"),
                "Its stages; `null` where it did not come through this run of ours.",
            ),
        ],
    ),
    (
        "OrderIntent",
        "An order as it was asked for.",
        &[
            CLIENT_ORDER_ID,
            USER,
            TRADER,
            STATE,
            REASON_CODE,
            REASON,
            VT_ORDERID,
            RECEIVED,
            VT_SYMBOL,
            DIRECTION,
            TYPE,
            VOLUME,
            PRICE,
            OFFSET,
            REFERENCE,
        ],
    ),
    (
        "UnknownOrder",
        "An order of which nobody knows whether it is there.",
        &[
            CLIENT_ORDER_ID,
            USER,
            TRADER,
            STATE,
            REASON_CODE,
            REASON,
            VT_ORDERID,
            RECEIVED,
            VT_SYMBOL,
            DIRECTION,
            TYPE,
            VOLUME,
            PRICE,
            OFFSET,
            REFERENCE,
            ("lookalikes", Texts, "Orders that could be it, though nothing proves it; newest first."),
        ],
    ),
    (
        "OrderTimeline",
        "Stages of an order in microseconds after it was received, on a monotonic clock.",
        &[
            RECEIVED,
            ("checked_us", MaybeInt, "All rules were looked at."),
            ("recorded_us", MaybeInt, "The intent was on disk."),
            ("sent_us", MaybeInt, "It was handed to the link."),
            ("answered_us", MaybeInt, "The trading process answered."),
            ("first_event_us", MaybeInt, "The trading process told of the order; may come before the answer."),
            ("filled_us", MaybeInt, "It was wholly traded."),
        ],
    ),
    (
        "TradingStates",
        "What new orders may do.",
        &[
            ("state", OneOf(TRADING_STATES), "Set for all trading processes."),
            ("traders", Many("TraderTradingState"), "Each trading process."),
            (
                "untold",
                Many("Untold"),
                "Those that enforce it themselves and could not be told yet; we refuse meanwhile.",
            ),
        ],
    ),
    (
        "TraderTradingState",
        "What new orders of one trading process may do.",
        &[
            TRADER,
            ("state", OneOf(TRADING_STATES), "What counts: the tightest."),
            ("set", OneOf(TRADING_STATES), "Set for this one."),
            ("of_trader", MaybeOneOf(TRADING_STATES), "What it enforces itself; `null` where it does not or is away."),
            ("enforced_by", OneOf(&["trader", "web"]), "`web`: only orders that come through us are refused."),
        ],
    ),
    ("Untold", "A trading process that could not be told.", &[TRADER, ("reason", Text, "Why.")]),
];
