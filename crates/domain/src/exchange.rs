//! Exchanges (`vnpy.trader.constant.Exchange`), with room for those that only a fork knows.
//!
//! Forks and crypto gateways add members (BINANCE, OKX, …), so an unknown name is kept as it is instead of
//! refused. A value is at most `NAME_MAX` (15) bytes, so that an exchange stays `Copy`.

use std::fmt;

/// Longest exchange name that is accepted, in bytes. VeighNa's longest is `IDEALPRO`; forks stay below this.
const NAME_MAX: usize = 15;

/// An exchange, known by its member name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Exchange {
    bytes: [u8; NAME_MAX],
    len: u8,
}

/// Exchanges of VeighNa 4.5 in its own order. All but `EUREX` (`EUX`) have their name as their value.
const KNOWN: &[&str] = &[
    "CFFEX", "SHFE", "CZCE", "DCE", "INE", "GFEX", "SSE", "SZSE", "BSE", "SHHK", "SZHK", "SGE", "WXE", "CFETS",
    "XBOND", "SMART", "NYSE", "NASDAQ", "ARCA", "EDGEA", "ISLAND", "BATS", "IEX", "AMEX", "TSE", "NYMEX", "COMEX",
    "GLOBEX", "IDEALPRO", "CME", "ICE", "SEHK", "HKFE", "SGX", "CBOT", "CBOE", "CFE", "DME", "EUREX", "APEX", "LME",
    "BMD", "TOCOM", "EUNX", "KRX", "OTC", "IBKRATS", "LOCAL", "GLOBAL",
];

impl Exchange {
    /// China Financial Futures Exchange.
    pub const CFFEX: Exchange = Exchange::literal("CFFEX");
    /// Shanghai Futures Exchange.
    pub const SHFE: Exchange = Exchange::literal("SHFE");
    /// Shanghai International Energy Exchange.
    pub const INE: Exchange = Exchange::literal("INE");
    /// Dalian Commodity Exchange.
    pub const DCE: Exchange = Exchange::literal("DCE");
    /// Zhengzhou Commodity Exchange.
    pub const CZCE: Exchange = Exchange::literal("CZCE");
    /// Guangzhou Futures Exchange.
    pub const GFEX: Exchange = Exchange::literal("GFEX");
    /// Shanghai Stock Exchange.
    pub const SSE: Exchange = Exchange::literal("SSE");
    /// Shenzhen Stock Exchange.
    pub const SZSE: Exchange = Exchange::literal("SZSE");
    /// Nasdaq.
    pub const NASDAQ: Exchange = Exchange::literal("NASDAQ");
    /// VeighNa's exchange for what is traded worldwide and has none (since 4.1).
    pub const GLOBAL: Exchange = Exchange::literal("GLOBAL");
    /// VeighNa's exchange for things made locally.
    pub const LOCAL: Exchange = Exchange::literal("LOCAL");

    const fn literal(name: &str) -> Exchange {
        let source = name.as_bytes();
        let mut bytes = [0; NAME_MAX];
        let mut i = 0;
        while i < source.len() {
            bytes[i] = source[i];
            i += 1;
        }
        Exchange { bytes, len: source.len() as u8 }
    }

    /// The exchange of this member name; `None` if it is empty, too long, or not printable ASCII without dots
    /// (a dot would make `symbol.exchange` ambiguous).
    pub fn from_name(name: &str) -> Option<Exchange> {
        let fits = !name.is_empty() && name.len() <= NAME_MAX;
        let clean = name.bytes().all(|b| b.is_ascii_graphic() && b != b'.');
        (fits && clean).then(|| Exchange::literal(name))
    }

    /// The exchange of this value (`EUX`) or member name (`EUREX`).
    pub fn parse(text: &str) -> Option<Exchange> {
        match text {
            "EUX" => Some(Exchange::literal("EUREX")),
            _ => Exchange::from_name(text),
        }
    }

    /// Whether VeighNa 4.5 itself has this member.
    pub fn is_known(self) -> bool {
        KNOWN.contains(&self.name())
    }

    /// VeighNa 4.5's own members, in its order.
    pub fn known() -> impl Iterator<Item = Exchange> {
        KNOWN.iter().map(|name| Exchange::literal(name))
    }

    /// The member's Python name.
    pub fn name(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).expect("only made from whole strings")
    }

    /// The member's value, as it stands in `vt_symbol` and in JSON.
    pub fn value(&self) -> &str {
        match self.name() {
            "EUREX" => "EUX",
            name => name,
        }
    }

    /// Whether closing today's and yesterday's positions are told apart by the order (SHFE and INE).
    pub fn splits_today(self) -> bool {
        self == Exchange::SHFE || self == Exchange::INE
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.value())
    }
}
