//! The channels, and the patterns that clients name them with.
//!
//! Pure. Always true: a channel's number is its place in [`Channel::ALL`].

use super::bar::LineName;
use super::limits::PATTERN_BYTES;
use domain::Text;
use domain::bars::Period;

/// A kind of fact. Ticks and bars are no facts and have patterns of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    Order,
    Trade,
    Position,
    Account,
    Log,
    Contract,
    Quote,
    /// State of the link to the trading process.
    Trader,
}

/// What a client subscribes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    Facts(Channel),
    /// Ticks of one instrument, or of all whose name matches a text with one `*`.
    Ticks(Text),
    /// Bars of one instrument in one length.
    Bars(LineName),
}

/// Why a pattern means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPattern {
    #[error("there is no channel {0:?}")]
    Unknown(String),
    #[error("{0:?} names no instrument: vt_symbol, or a text with one *")]
    Instrument(String),
    #[error("{0:?} names no one instrument: bars are of a vt_symbol, bar:rb2601.SHFE:1m")]
    OneInstrument(String),
    #[error("{0:?} is no interval of bars: {intervals}", intervals = Period::ALL.map(Period::name).join(", "))]
    Interval(String),
}

impl Channel {
    pub const ALL: [Channel; 8] = [
        Channel::Order,
        Channel::Trade,
        Channel::Position,
        Channel::Account,
        Channel::Log,
        Channel::Contract,
        Channel::Quote,
        Channel::Trader,
    ];

    /// As it stands in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Channel::Order => "order",
            Channel::Trade => "trade",
            Channel::Position => "position",
            Channel::Account => "account",
            Channel::Log => "log",
            Channel::Contract => "contract",
            Channel::Quote => "quote",
            Channel::Trader => "trader",
        }
    }

    pub(super) fn number(self) -> u8 {
        self as u8
    }

    pub(super) fn of(number: u8) -> Channel {
        Self::ALL[usize::from(number)]
    }
}

impl BadPattern {
    /// The problem's code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            BadPattern::Unknown(_) => "unknown_channel",
            BadPattern::Instrument(_) | BadPattern::OneInstrument(_) => "bad_instrument",
            BadPattern::Interval(_) => "bad_interval",
        }
    }
}

impl Pattern {
    /// Reads `order`, `tick:rb2601.SHFE`, `tick:*`, `bar:rb2601.SHFE:1m`, ….
    ///
    /// # Errors
    /// It names nothing that there is.
    pub fn parse(text: &str) -> Result<Pattern, BadPattern> {
        if let Some(channel) = Channel::ALL.into_iter().find(|channel| channel.name() == text) {
            return Ok(Pattern::Facts(channel));
        }
        match text.split_once(':') {
            Some(("tick", name)) if is_instrument(name) => Ok(Pattern::Ticks(Text::new(name))),
            Some(("tick", name)) => Err(BadPattern::Instrument(shorten(name))),
            Some(("bar", line)) => parse_line(line).map(Pattern::Bars),
            _ => Err(BadPattern::Unknown(shorten(text))),
        }
    }
}

/// An instrument's name may have colons, an interval has none.
fn parse_line(text: &str) -> Result<LineName, BadPattern> {
    let (vt_symbol, interval) = text.rsplit_once(':').unwrap_or((text, ""));
    if !is_instrument(vt_symbol) || vt_symbol.contains('*') {
        return Err(BadPattern::OneInstrument(shorten(vt_symbol)));
    }
    let period = Period::from_name(interval).ok_or_else(|| BadPattern::Interval(shorten(interval)))?;
    Ok(LineName { vt_symbol: Text::new(vt_symbol), period })
}

fn is_instrument(name: &str) -> bool {
    !name.is_empty() && name.len() <= PATTERN_BYTES && name.matches('*').count() <= 1
}

fn shorten(text: &str) -> String {
    text.chars().take(PATTERN_BYTES / 2).collect()
}
