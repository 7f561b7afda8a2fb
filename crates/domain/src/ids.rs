//! Ids as VeighNa derives them: `symbol.exchange`, `gateway.orderid`, …, each its own type.
//!
//! A peer's id is taken as it was sent: VeighNa's apps sometimes rename things without deriving ids anew.

use crate::{Direction, Exchange, Language, Text};
use compact_str::format_compact;
use std::borrow::Borrow;
use std::fmt;

/// One id type: a text with a name.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Text);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str { self.0.as_str() }
        }
        impl From<&str> for $name {
            fn from(text: &str) -> $name { $name(Text::new(text)) }
        }
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str { self.as_str() }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }
    };
}

id! {
    /// `symbol.exchange`, for example `rb2601.SHFE`.
    VtSymbol
}
id! {
    /// `gateway.orderid`, for example `CTP.1_-1795780178_1`.
    VtOrderId
}
id! {
    /// `gateway.tradeid`. Not unique for a trade of an account with itself: take the order id with it.
    VtTradeId
}
id! {
    /// `gateway.vt_symbol.direction`, the direction in the sender's language.
    VtPositionId
}
id! {
    /// `gateway.accountid`.
    VtAccountId
}
id! {
    /// `gateway.quoteid`.
    VtQuoteId
}

impl VtSymbol {
    /// Joins a symbol and its exchange.
    pub fn new(symbol: &str, exchange: Exchange) -> VtSymbol {
        VtSymbol(format_compact!("{symbol}.{exchange}"))
    }

    /// Splits at the last dot, as VeighNa's `extract_vt_symbol` does.
    pub fn split(&self) -> Option<(&str, Exchange)> {
        let (symbol, exchange) = self.as_str().rsplit_once('.')?;
        Some((symbol, Exchange::parse(exchange)?))
    }
}

impl VtOrderId {
    /// Joins a gateway's name and its order id.
    pub fn new(gateway: &str, orderid: &str) -> VtOrderId {
        VtOrderId(format_compact!("{gateway}.{orderid}"))
    }

    /// The gateway and the id in it; gateway names have no dot.
    pub fn split(&self) -> Option<(&str, &str)> {
        self.as_str().split_once('.')
    }
}

impl VtTradeId {
    /// Joins a gateway's name and its trade id.
    pub fn new(gateway: &str, tradeid: &str) -> VtTradeId {
        VtTradeId(format_compact!("{gateway}.{tradeid}"))
    }
}

impl VtAccountId {
    /// Joins a gateway's name and its account id.
    pub fn new(gateway: &str, accountid: &str) -> VtAccountId {
        VtAccountId(format_compact!("{gateway}.{accountid}"))
    }
}

impl VtQuoteId {
    /// Joins a gateway's name and its quote id.
    pub fn new(gateway: &str, quoteid: &str) -> VtQuoteId {
        VtQuoteId(format_compact!("{gateway}.{quoteid}"))
    }
}

impl VtPositionId {
    /// Joins gateway, instrument and side; VeighNa writes the side in its process's language.
    pub fn new(gateway: &str, vt_symbol: &VtSymbol, direction: Direction, language: Language) -> VtPositionId {
        VtPositionId(format_compact!("{gateway}.{vt_symbol}.{}", direction.value(language)))
    }
}
