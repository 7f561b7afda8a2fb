//! The canonical JSON form of the vocabulary, as serde has it: `/api/v1`, the stream and the bridge speak it.
//!
//! Enums by member name, times in RFC 3339 (a naive one without offset), numbers as numbers, and `null` for what is
//! unknown: a Python `None`, NaN, infinity, or the 1.797e308 with which CTP says "no value". Field names are those of
//! VeighNa's dataclasses, derived ids included; what a gateway hung onto an object comes as `extra`.
//!
//! Always true: what is written can be read back; an unknown number is NaN after that, and so unknown again when it
//! is written. Whether a number had been an int is not kept.

use crate::{
    AccountData, Attributes, BarData, CancelRequest, Civil, ContractData, DateTime, Exchange, HistoryRequest, LogData,
    NumberForms, OrderData, OrderRequest, PositionData, QuoteData, QuoteRequest, QuoteSide, SubscribeRequest, Text,
    TickData, TradeData, Value,
};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::borrow::Cow;
use std::fmt;

/// From here on a number is no price and no volume: CTP's `DBL_MAX` and what is computed from it.
const NO_VALUE: f64 = 1e300;

/// A number that may be unknown.
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.abs() < NO_VALUE { serializer.serialize_f64(self.0) } else { serializer.serialize_none() }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        Ok(Number(Option::<f64>::deserialize(deserializer)?.unwrap_or(f64::NAN)))
    }
}

/// A numeric field with the form that it had on the wire.
fn number(value: f64, forms: NumberForms, field: u32) -> Number {
    Number(if forms.is_null(field) { f64::NAN } else { value })
}

/// Both directions of one class. Kinds of fields: `need` must be there, `may` has a default, `num` is a number with
/// its index among the class's numbers.
macro_rules! canonical {
    ($type:ident { $($kind:ident $field:ident $name:literal $($index:literal)?),+ $(,)? } $(derived { $($own:ident),+ })?) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                $(canonical!(@write $kind map self $field $name $($index)?);)+
                $($(canonical!(@own map self $own);)+)?
                map.end()
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                struct Reader;
                impl<'de> Visitor<'de> for Reader {
                    type Value = $type;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(concat!("an object with the fields of ", stringify!($type)))
                    }
                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<$type, A::Error> {
                        $(let mut $field = None;)+
                        $($(canonical!(@begin $own);)+)?
                        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                            match &*key {
                                $($name => $field = Some(canonical!(@read $kind map)),)+
                                $($(canonical!(@key $own) => canonical!(@take $own map),)+)?
                                _ => { map.next_value::<IgnoredAny>()?; }
                            }
                        }
                        Ok($type {
                            $($field: canonical!(@value $kind $field $name),)+
                            $($($own: canonical!(@done $own),)+)?
                        })
                    }
                }
                deserializer.deserialize_map(Reader)
            }
        }
    };
    (@write num $map:ident $self:ident $field:ident $name:literal $index:literal) => {
        $map.serialize_entry($name, &number($self.$field, $self.forms, $index))?;
    };
    (@write num $map:ident $self:ident $field:ident $name:literal) => {
        $map.serialize_entry($name, &Number($self.$field))?;
    };
    (@write $kind:ident $map:ident $self:ident $field:ident $name:literal) => {
        $map.serialize_entry($name, &$self.$field)?;
    };
    (@read num $map:ident) => { $map.next_value::<Number>()?.0 };
    (@read $kind:ident $map:ident) => { $map.next_value()? };
    (@value need $field:ident $name:literal) => { $field.ok_or_else(|| A::Error::missing_field($name))? };
    (@value $kind:ident $field:ident $name:literal) => { $field.unwrap_or_default() };
    (@own $map:ident $self:ident forms) => {};
    (@own $map:ident $self:ident attributes) => {
        if !$self.attributes.is_empty() {
            $map.serialize_entry("extra", &$self.attributes)?;
        }
    };
    (@begin forms) => {};
    (@begin $own:ident) => { let mut $own = Attributes::default(); };
    (@key forms) => { "\u{0}" };
    (@key attributes) => { "extra" };
    (@take forms $map:ident) => { { $map.next_value::<IgnoredAny>()?; } };
    (@take $own:ident $map:ident) => { $own = $map.next_value()? };
    (@done forms) => { NumberForms::default() };
    (@done $own:ident) => { $own };
}

canonical! { OrderData {
    may gateway_name "gateway_name", need symbol "symbol", need exchange "exchange", need orderid "orderid",
    need order_type "type", may direction "direction", need offset "offset", num price "price" 0,
    num volume "volume" 1, num traded "traded" 2, need status "status", may datetime "datetime",
    may reference "reference", need vt_symbol "vt_symbol", need vt_orderid "vt_orderid",
} derived { forms, attributes } }

canonical! { TradeData {
    may gateway_name "gateway_name", need symbol "symbol", need exchange "exchange", need orderid "orderid",
    need tradeid "tradeid", may direction "direction", need offset "offset", num price "price" 0,
    num volume "volume" 1, may datetime "datetime", need vt_symbol "vt_symbol", need vt_orderid "vt_orderid",
    need vt_tradeid "vt_tradeid",
} derived { forms, attributes } }

canonical! { PositionData {
    may gateway_name "gateway_name", need symbol "symbol", need exchange "exchange", need direction "direction",
    num volume "volume" 0, num frozen "frozen" 1, num price "price" 2, num pnl "pnl" 3, num yd_volume "yd_volume" 4,
    need vt_symbol "vt_symbol", need vt_positionid "vt_positionid",
} derived { forms, attributes } }

canonical! { AccountData {
    may gateway_name "gateway_name", need accountid "accountid", num balance "balance" 0, num frozen "frozen" 1,
    num available "available" 2, need vt_accountid "vt_accountid",
} derived { forms, attributes } }

canonical! { ContractData {
    may gateway_name "gateway_name", need symbol "symbol", need exchange "exchange", may name "name",
    need product "product", num size "size" 0, num pricetick "pricetick" 1, num min_volume "min_volume" 2,
    may max_volume "max_volume", may stop_supported "stop_supported", may net_position "net_position",
    may history_data "history_data", may option_strike "option_strike", may option_underlying "option_underlying",
    may option_type "option_type", may option_listed "option_listed", may option_expiry "option_expiry",
    may option_portfolio "option_portfolio", may option_index "option_index", need vt_symbol "vt_symbol",
} derived { forms, attributes } }

canonical! { BarData {
    may gateway_name "gateway_name", need symbol "symbol", need exchange "exchange", need datetime "datetime",
    may interval "interval", num volume "volume", num turnover "turnover", num open_interest "open_interest",
    num open_price "open_price", num high_price "high_price", num low_price "low_price", num close_price "close_price",
} }

canonical! { LogData {
    may gateway_name "gateway_name", need msg "msg", need level "level", may time "time",
} }

canonical! { SubscribeRequest { need symbol "symbol", need exchange "exchange" } }

canonical! { CancelRequest { need orderid "orderid", need symbol "symbol", need exchange "exchange" } }

canonical! { HistoryRequest {
    need symbol "symbol", need exchange "exchange", need start "start", may end "end", may interval "interval",
} }

canonical! { OrderRequest {
    need symbol "symbol", need exchange "exchange", need direction "direction", need order_type "type",
    need volume "volume", need price "price", need offset "offset", may reference "reference",
} derived { forms } }

canonical! { FlatQuote {
    may gateway_name "gateway_name", need symbol "symbol", need exchange "exchange", may quoteid "quoteid",
    num bid_price "bid_price" 0, num bid_volume "bid_volume" 1, num ask_price "ask_price" 2,
    num ask_volume "ask_volume" 3, need bid_offset "bid_offset", need ask_offset "ask_offset", may status "status",
    may datetime "datetime", may reference "reference", may vt_symbol "vt_symbol", may vt_quoteid "vt_quoteid",
} derived { forms, attributes } }

canonical! { FlatQuoteRequest {
    need symbol "symbol", need exchange "exchange", need bid_price "bid_price", need bid_volume "bid_volume",
    need ask_price "ask_price", need ask_volume "ask_volume", need bid_offset "bid_offset",
    need ask_offset "ask_offset", may reference "reference",
} }

/// A quote with its two sides side by side, as VeighNa's dataclass has them.
struct FlatQuote {
    gateway_name: Text,
    symbol: Text,
    exchange: Exchange,
    quoteid: Text,
    bid_price: f64,
    bid_volume: f64,
    ask_price: f64,
    ask_volume: f64,
    bid_offset: crate::Offset,
    ask_offset: crate::Offset,
    status: Option<crate::Status>,
    datetime: Option<DateTime>,
    reference: Text,
    vt_symbol: crate::VtSymbol,
    vt_quoteid: crate::VtQuoteId,
    forms: NumberForms,
    attributes: Attributes,
}

struct FlatQuoteRequest {
    symbol: Text,
    exchange: Exchange,
    bid_price: f64,
    bid_volume: f64,
    ask_price: f64,
    ask_volume: f64,
    bid_offset: crate::Offset,
    ask_offset: crate::Offset,
    reference: Text,
}

impl Serialize for QuoteData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let quote = self.clone();
        FlatQuote {
            gateway_name: quote.gateway_name,
            symbol: quote.symbol,
            exchange: quote.exchange,
            quoteid: quote.quoteid,
            bid_price: quote.bid.price,
            bid_volume: quote.bid.volume,
            ask_price: quote.ask.price,
            ask_volume: quote.ask.volume,
            bid_offset: quote.bid.offset,
            ask_offset: quote.ask.offset,
            status: Some(quote.status),
            datetime: quote.datetime,
            reference: quote.reference,
            vt_symbol: quote.vt_symbol,
            vt_quoteid: quote.vt_quoteid,
            forms: quote.forms,
            attributes: quote.attributes,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for QuoteData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<QuoteData, D::Error> {
        let flat = FlatQuote::deserialize(deserializer)?;
        Ok(QuoteData {
            gateway_name: flat.gateway_name,
            symbol: flat.symbol,
            exchange: flat.exchange,
            quoteid: flat.quoteid,
            bid: QuoteSide { price: flat.bid_price, volume: flat.bid_volume, offset: flat.bid_offset },
            ask: QuoteSide { price: flat.ask_price, volume: flat.ask_volume, offset: flat.ask_offset },
            status: flat.status.ok_or_else(|| D::Error::missing_field("status"))?,
            datetime: flat.datetime,
            reference: flat.reference,
            vt_symbol: flat.vt_symbol,
            vt_quoteid: flat.vt_quoteid,
            forms: flat.forms,
            attributes: flat.attributes,
        })
    }
}

impl Serialize for QuoteRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        FlatQuoteRequest {
            symbol: self.symbol.clone(),
            exchange: self.exchange,
            bid_price: self.bid.price,
            bid_volume: self.bid.volume,
            ask_price: self.ask.price,
            ask_volume: self.ask.volume,
            bid_offset: self.bid.offset,
            ask_offset: self.ask.offset,
            reference: self.reference.clone(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for QuoteRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<QuoteRequest, D::Error> {
        let flat = FlatQuoteRequest::deserialize(deserializer)?;
        Ok(QuoteRequest {
            symbol: flat.symbol,
            exchange: flat.exchange,
            bid: QuoteSide { price: flat.bid_price, volume: flat.bid_volume, offset: flat.bid_offset },
            ask: QuoteSide { price: flat.ask_price, volume: flat.ask_volume, offset: flat.ask_offset },
            reference: flat.reference,
        })
    }
}

impl Serialize for TickData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("gateway_name", &self.gateway_name)?;
        map.serialize_entry("symbol", &self.symbol)?;
        map.serialize_entry("exchange", &self.exchange)?;
        map.serialize_entry("datetime", &self.datetime)?;
        map.serialize_entry("name", &self.name)?;
        for (index, name) in TickData::NUMBERS.iter().enumerate() {
            map.serialize_entry(name, &number(self.number(index), self.forms, index as u32))?;
        }
        map.serialize_entry("localtime", &self.localtime)?;
        map.serialize_entry("vt_symbol", &self.vt_symbol)?;
        if !self.attributes.is_empty() {
            map.serialize_entry("extra", &self.attributes)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for TickData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TickData, D::Error> {
        deserializer.deserialize_map(TickReader)
    }
}

struct TickReader;

impl<'de> Visitor<'de> for TickReader {
    type Value = TickData;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the fields of TickData")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TickData, A::Error> {
        let mut tick = TickData::blank();
        // The numbers come in their order from our own writer, so the place after the last one is looked at first.
        let mut next = 0;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "gateway_name" => tick.gateway_name = map.next_value()?,
                "symbol" => tick.symbol = map.next_value()?,
                "exchange" => tick.exchange = map.next_value()?,
                "datetime" => tick.datetime = map.next_value()?,
                "name" => tick.name = map.next_value()?,
                "localtime" => tick.localtime = map.next_value()?,
                "vt_symbol" => tick.vt_symbol = map.next_value()?,
                "extra" => tick.attributes = map.next_value()?,
                name => match (TickData::NUMBERS.get(next) == Some(&name))
                    .then_some(next)
                    .or_else(|| TickData::NUMBERS.iter().position(|known| *known == name))
                {
                    Some(index) => {
                        tick.set_number(index, map.next_value::<Number>()?.0);
                        next = index + 1;
                    }
                    None => {
                        map.next_value::<IgnoredAny>()?;
                    }
                },
            }
        }
        if tick.vt_symbol.as_str().is_empty() {
            return Err(A::Error::missing_field("vt_symbol"));
        }
        Ok(tick)
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<DateTime, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        DateTime::parse_rfc3339(&text).ok_or_else(|| D::Error::custom(format_args!("{text:?} is no RFC 3339 time")))
    }
}

impl DateTime {
    /// Reads RFC 3339, `T` or a space between date and time; without offset it is naive. The zone is a fixed offset.
    pub fn parse_rfc3339(text: &str) -> Option<DateTime> {
        let bytes = text.as_bytes();
        if bytes.len() < 19 || !text.is_ascii() || !matches!(bytes[10], b'T' | b't' | b' ') {
            return None;
        }
        let date = (text[0..4].parse().ok()?, digits(&text[5..7])?, digits(&text[8..10])?);
        let time = (digits(&text[11..13])?, digits(&text[14..16])?, digits(&text[17..19])?);
        let separators = [bytes[4], bytes[7], bytes[13], bytes[16]];
        if separators != *b"--::" {
            return None;
        }
        let (micro, rest) = fraction(&text[19..])?;
        let civil = Civil::new(date, time, micro)?;
        match rest {
            "" => Some(DateTime::naive(civil)),
            "Z" | "z" => Some(DateTime::fixed(civil, 0)),
            _ => Some(DateTime::fixed(civil, offset(rest)?)),
        }
    }
}

fn digits(text: &str) -> Option<u8> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Microseconds of `.123…`, further digits cut, and what comes behind them.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let Some(rest) = text.strip_prefix('.') else { return Some((0, text)) };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let micro = rest[..end].bytes().chain(std::iter::repeat(b'0')).take(6).fold(0, |n, d| n * 10 + u32::from(d - b'0'));
    (end > 0).then_some((micro, &rest[end..]))
}

/// Seconds east of UTC of `+08:00`, or `+08:05:43` as Python has it for old times.
fn offset(text: &str) -> Option<i32> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let mut parts = text[1..].split(':').map(digits);
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let seconds = parts.next().map_or(Some(0), |part| part)?;
    let fits = hours < 24 && minutes < 60 && seconds < 60 && parts.next().is_none();
    fits.then(|| sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60 + i32::from(seconds)))
}

impl Serialize for Exchange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Exchange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Exchange, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Exchange::from_name(&text).ok_or_else(|| D::Error::custom(format_args!("{text:?} is no exchange")))
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Attributes, D::Error> {
        let mut attributes = Attributes::default();
        if let Value::Map(entries) = Value::deserialize(deserializer)? {
            for (name, value) in entries {
                attributes.push(&name, value);
            }
        }
        Ok(attributes)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::None => serializer.serialize_none(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::Float(value) => Number(*value).serialize(serializer),
            Value::Text(value) => serializer.serialize_str(value),
            Value::Time(value) => value.serialize(serializer),
            Value::List(values) => serializer.collect_seq(values),
            Value::Map(entries) => serializer.collect_map(entries.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(ValueReader)
    }
}

struct ValueReader;

impl<'de> Visitor<'de> for ValueReader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plain value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::None)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Int))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(Text::new(value)))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry::<Text, Value>()? {
            entries.push(entry);
        }
        Ok(Value::Map(entries))
    }
}

#[cfg(test)]
mod tests;
