//! Texts, enum members and times.

use super::DecodeError;
use crate::names::{self, Class};
use domain::{
    Civil, DateTime, Direction, Exchange, Interval, Offset, OptionType, OrderType, Product, Status, Text, Zone,
};
use pickle::{Member, Node};

fn wrong(why: impl Into<String>) -> DecodeError {
    DecodeError::new("", why)
}

/// A text; `None` reads as empty, because gateways leave names out that way.
#[inline]
pub(super) fn text(node: Node<'_>) -> Result<Text, DecodeError> {
    match node.as_str() {
        Some(text) => Ok(Text::new(text)),
        None if node.is_none() => Ok(Text::default()),
        None => Err(wrong("is no text")),
    }
}

/// A text that may be absent.
pub(super) fn optional_text(node: Node<'_>) -> Result<Option<Text>, DecodeError> {
    if node.is_none() { Ok(None) } else { text(node).map(Some) }
}

/// `True` or `False`.
pub(super) fn flag(node: Node<'_>) -> Result<bool, DecodeError> {
    node.as_bool().or_else(|| node.as_i64().map(|n| n != 0)).ok_or_else(|| wrong("is neither True nor False"))
}

/// The text by which a member of that enum is named, and whether it is the Python name.
#[inline]
pub(super) fn member(node: Node<'_>, class: Class) -> Result<(&str, bool), DecodeError> {
    let (found, text, by_name) = match node.member() {
        Some(Member::Value { class, value }) => (class, value.as_str(), false),
        Some(Member::Name { class, name }) => (class, Some(name), true),
        None => return Err(wrong("is no enum member")),
    };
    if names::class(found) != Some(class) {
        return Err(wrong("is a member of another enum"));
    }
    Ok((text.ok_or_else(|| wrong("is an enum member whose value is no text"))?, by_name))
}

/// An enum that can be read from a pickled member.
pub(super) trait WireEnum: Sized {
    /// The enum's class.
    const CLASS: Class;
    /// By member name.
    fn by_name(name: &str) -> Option<Self>;
    /// By value in either language.
    fn by_value(value: &str) -> Option<Self>;
}

/// Implements [`WireEnum`] for an enum of the vocabulary.
macro_rules! wire_enum {
    ($($name:ident),+) => {$(
        impl WireEnum for $name {
            const CLASS: Class = Class::$name;
            fn by_name(name: &str) -> Option<$name> { $name::from_name(name) }
            fn by_value(value: &str) -> Option<$name> { $name::parse(value) }
        }
    )+};
}

wire_enum!(Direction, Offset, Status, Product, OrderType, OptionType, Interval);

impl WireEnum for Exchange {
    const CLASS: Class = Class::Exchange;
    fn by_name(name: &str) -> Option<Exchange> {
        Exchange::from_name(name)
    }
    fn by_value(value: &str) -> Option<Exchange> {
        Exchange::parse(value)
    }
}

/// A member of an enum.
#[inline]
pub(super) fn wire_enum<E: WireEnum>(node: Node<'_>) -> Result<E, DecodeError> {
    let (text, by_name) = member(node, E::CLASS)?;
    let found = if by_name { E::by_name(text) } else { E::by_value(text) };
    found.ok_or_else(|| wrong(format!("has the unknown member {text:?}")))
}

/// A member of an enum, or `None`.
pub(super) fn optional_enum<E: WireEnum>(node: Node<'_>) -> Result<Option<E>, DecodeError> {
    if node.is_none() { Ok(None) } else { wire_enum(node).map(Some) }
}

/// A datetime, or `None`.
pub(super) fn optional_time(node: Node<'_>) -> Result<Option<DateTime>, DecodeError> {
    if node.is_none() { Ok(None) } else { time(node).map(Some) }
}

/// `datetime(10 bytes[, tzinfo])`; a `date` is midnight of that day.
pub(super) fn time(node: Node<'_>) -> Result<DateTime, DecodeError> {
    let (callable, mut args) = node.call().ok_or_else(|| wrong("is no datetime"))?;
    let first = args.next().ok_or_else(|| wrong("is a datetime without content"))?;
    let bytes = first.bytes_like().ok_or_else(|| wrong("is a datetime whose content is no bytes"))?;
    match (names::class(callable), bytes.len()) {
        (Some(Class::DateTime), 10) => {}
        (Some(Class::Date), 4) => {
            let civil = civil(&[bytes[0], bytes[1], bytes[2], bytes[3], 0, 0, 0, 0, 0, 0])?;
            return Ok(DateTime::naive(civil));
        }
        _ => return Err(wrong("is no datetime")),
    }
    let civil = civil(&bytes)?;
    // Python keeps `fold` in the top bit of the month.
    let fold = bytes[2] & 0x80 != 0;
    match args.next() {
        None => Ok(DateTime { civil, fold, zone: Zone::Naive }),
        Some(tz) => zoned(civil, fold, tz),
    }
}

/// The ten bytes of a `datetime`.
#[inline]
pub(super) fn civil(b: &[u8]) -> Result<Civil, DecodeError> {
    let year = i16::from_be_bytes([b[0], b[1]]);
    let micro = u32::from_be_bytes([0, b[7], b[8], b[9]]);
    Civil::new((year, b[2] & 0x7f, b[3]), (b[4], b[5], b[6]), micro)
        .ok_or_else(|| wrong("is no moment of any calendar"))
}

fn zoned(civil: Civil, fold: bool, tz: Node<'_>) -> Result<DateTime, DecodeError> {
    if tz.is_none() {
        return Ok(DateTime { civil, fold, zone: Zone::Naive });
    }
    let (callable, mut args) = tz.call().ok_or_else(|| wrong("has a zone of an unknown kind"))?;
    if let Some((object, "_unpickle")) = callable.attribute()
        && names::class(object) == Some(Class::ZoneInfo)
    {
        let name = args.next().and_then(Node::as_str).ok_or_else(|| wrong("has a zone without a name"))?;
        return DateTime::in_zone(civil, fold, name).ok_or_else(|| wrong(format!("has the unknown zone {name:?}")));
    }
    let fixed = |offset| Ok(DateTime { civil, fold, zone: Zone::Fixed { offset } });
    match names::class(callable) {
        Some(Class::ZoneInfo) => {
            let name = args.next().and_then(Node::as_str).ok_or_else(|| wrong("has a zone without a name"))?;
            DateTime::in_zone(civil, fold, name).ok_or_else(|| wrong(format!("has the unknown zone {name:?}")))
        }
        Some(Class::TimeZone) => fixed(args.next().and_then(delta_seconds).ok_or_else(|| wrong("has a bad offset"))?),
        Some(Class::PytzUtc) => fixed(0),
        // pytz._p(name, seconds, dst seconds, abbreviation): the offset is that of this very moment.
        Some(Class::PytzZone) => match (args.next().and_then(Node::as_str), args.next().and_then(Node::as_i64)) {
            (Some(_), Some(offset)) => fixed(bounded(offset).ok_or_else(|| wrong("has a bad offset"))?),
            // A zone without history is pickled by its name alone.
            (Some(name), None) => DateTime::in_zone(civil, fold, name).ok_or_else(|| wrong("has an unknown zone")),
            _ => Err(wrong("has a bad zone")),
        },
        _ => Err(wrong("has a zone of an unknown kind")),
    }
}

/// `timedelta(days, seconds, microseconds)` in whole seconds; Python allows less than a day for an offset.
fn delta_seconds(node: Node<'_>) -> Option<i32> {
    let (callable, mut args) = node.call()?;
    if names::class(callable) != Some(Class::TimeDelta) {
        return None;
    }
    let (days, seconds) = (args.next()?.as_i64()?, args.next()?.as_i64()?);
    bounded(days.checked_mul(86_400)?.checked_add(seconds)?)
}

fn bounded(offset: i64) -> Option<i32> {
    i32::try_from(offset).ok().filter(|seconds| seconds.abs() < 86_400)
}
