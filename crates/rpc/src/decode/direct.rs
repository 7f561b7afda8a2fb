//! The short way for ticks: reading along what CPython writes for a `TickData`, without a tree.
//!
//! Nearly everything that a peer publishes is a tick, and nearly every tick has all attributes in dataclass order,
//! short texts, numbers of at most 32 bits or doubles, the exchange by value, and times that are naive or of a
//! `ZoneInfo`. That shape is read here; anything else, a wrong tick included, is `None` and goes the long way.
//!
//! Always true: what is read here, the long way reads too, and it gives the same (`tests` compares both).

use super::event::{PeerEvent, Published};
use super::scalar::civil;
use crate::dialect::{App, Framing};
use crate::shape::TICK;
use domain::{Attributes, Civil, DateTime, Exchange, Level, NumberForms, Text, TickData, VtSymbol, Zone};
use pickle::{Phrase, Scanned, Scanner};

const TOPIC: &str = "eTick.";
/// `[topic, data]`, the one frame of older peers.
const LIST: Phrase = Phrase::new(b"]\x94(");
const LIST_END: Phrase = Phrase::new(b"e");
const EVENT: Phrase =
    Phrase::new(b"\x8c\x11vnpy.event.engine\x94\x8c\x05Event\x94\x93\x94)\x81\x94}\x94(\x8c\x04type\x94");
const EVENT_DATA: Phrase = Phrase::new(b"\x8c\x04data\x94");
const OBJECT: Phrase = Phrase::new(b"\x8c\x12vnpy.trader.object\x94\x8c\x08TickData\x94\x93\x94)\x81\x94}\x94(");
const OBJECT_END: Phrase = Phrase::new(b"ub");
const EXCHANGE: Phrase = Phrase::new(b"\x8c\x14vnpy.trader.constant\x94\x8c\x08Exchange\x94\x93\x94");
/// `class(value)`.
const CALL: Phrase = Phrase::new(b"\x85\x94R\x94");
/// `class(value, zone)`.
const CALL_TWO: Phrase = Phrase::new(b"\x86\x94R\x94");
/// The second half of the class `datetime.datetime`; the first is the key before it.
const DATETIME: Phrase = Phrase::new(b"\x8c\x08datetime\x94\x93\x94");
/// `getattr(ZoneInfo, "_unpickle")`.
const ZONE: Phrase = Phrase::new(
    b"\x8c\x08builtins\x94\x8c\x07getattr\x94\x93\x94\x8c\x08zoneinfo\x94\x8c\x08ZoneInfo\x94\x93\x94\
    \x8c\x09_unpickle\x94\x86\x94R\x94",
);
/// `(name, True)`: a zone that its Python keeps.
const ZONE_CACHED: Phrase = Phrase::new(b"K\x01\x86\x94R\x94");

const NUMBERS: usize = TickData::NUMBERS.len();
const FIRST_NUMBER: usize = 5;

/// A published tick of two frames: its topic and its body.
pub(super) fn two_frames(topic: &str, body: &[u8]) -> Option<Published> {
    published(Scanner::new(body)?, topic, Framing::TwoFrames)
}

/// A published tick of one frame.
pub(super) fn one_frame(body: &[u8]) -> Option<Published> {
    let mut from = Scanner::new(body)?;
    from.phrase(&LIST)?;
    let topic = from.text()?;
    published(from, topic, Framing::OneFrame)
}

#[inline]
fn published(mut from: Scanner<'_>, topic: &str, framing: Framing) -> Option<Published> {
    let is_event = from.phrase(&EVENT).is_some();
    let topic = if is_event { from.text()? } else { topic };
    if topic != TOPIC {
        return None;
    }
    if is_event {
        from.phrase(&EVENT_DATA)?;
    }
    let tick = tick(&mut from)?;
    if is_event {
        from.phrase(&OBJECT_END)?;
    }
    if framing == Framing::OneFrame {
        from.phrase(&LIST_END)?;
    }
    from.stop()?;
    let app = if is_event { App::RpcService } else { App::WebTrader };
    Some(Published { event: PeerEvent::Tick(tick), framing, app: Some(app) })
}

#[inline]
fn tick(from: &mut Scanner<'_>) -> Option<Box<TickData>> {
    from.phrase(&OBJECT)?;
    from.key("gateway_name")?;
    let gateway_name = text(from)?;
    from.key("symbol")?;
    let symbol = text(from)?;
    from.key("exchange")?;
    let exchange = exchange(from)?;
    from.key("datetime")?;
    let mut clock = Clock { key: from.memoised().checked_sub(1)?, class: None, zone: None };
    let datetime = clock.time(from)?;
    from.key("name")?;
    let name = text(from)?;
    let (numbers, forms) = numbers(from)?;
    from.key("localtime")?;
    let localtime = clock.time(from)?;
    from.key("vt_symbol")?;
    let vt_symbol = VtSymbol(text(from)?);
    from.phrase(&OBJECT_END)?;
    // What VeighNa would not send has its defaults and errors on the long way.
    if symbol.is_empty() || vt_symbol.as_str().is_empty() {
        return None;
    }
    let levels = |prices: usize, volumes: usize| {
        std::array::from_fn(|row| Level { price: numbers[prices + row], volume: numbers[volumes + row] })
    };
    let [volume, turnover, open_interest, last_price, last_volume, limit_up, limit_down, ..] = numbers;
    let [.., open_price, high_price, low_price, pre_close] = *numbers.first_chunk::<11>()?;
    Some(Box::new(TickData {
        gateway_name,
        symbol,
        exchange,
        datetime,
        name,
        volume,
        turnover,
        open_interest,
        last_price,
        last_volume,
        limit_up,
        limit_down,
        open_price,
        high_price,
        low_price,
        pre_close,
        bids: levels(11, 21),
        asks: levels(16, 26),
        localtime,
        vt_symbol,
        forms,
        attributes: Attributes::default(),
    }))
}

#[inline]
fn text(from: &mut Scanner<'_>) -> Option<Text> {
    from.text().map(Text::new)
}

#[inline]
fn exchange(from: &mut Scanner<'_>) -> Option<Exchange> {
    from.phrase(&EXCHANGE)?;
    let value = from.text()?;
    from.phrase(&CALL)?;
    Exchange::parse(value)
}

#[inline]
fn numbers(from: &mut Scanner<'_>) -> Option<([f64; NUMBERS], NumberForms)> {
    let (mut numbers, mut forms) = ([0.0; NUMBERS], NumberForms::default());
    for (field, (slot, name)) in numbers.iter_mut().zip(&TICK[FIRST_NUMBER..]).enumerate() {
        from.key(name)?;
        match from.number()? {
            Scanned::Float(value) => *slot = value,
            Scanned::Int(value) => {
                forms.set_int(field as u32);
                *slot = f64::from(value);
            }
            Scanned::None => forms.set_null(field as u32),
        }
    }
    Some((numbers, forms))
}

/// What a tick's first time leaves in the memo for its second.
struct Clock<'a> {
    /// Where the text "datetime" is: the key is the name of the module too.
    key: u8,
    class: Option<u8>,
    zone: Option<(u8, &'a str)>,
}

impl<'a> Clock<'a> {
    /// A time, or `None` in its place.
    #[inline]
    fn time(&mut self, from: &mut Scanner<'a>) -> Option<Option<DateTime>> {
        if from.none().is_some() {
            return Some(None);
        }
        match self.class {
            Some(class) => from.again(class)?,
            None => {
                from.again(self.key)?;
                from.phrase(&DATETIME)?;
                self.class = from.memoised().checked_sub(1);
            }
        }
        let bytes = from.bytes::<10>()?;
        let civil = civil(bytes).ok()?;
        let fold = bytes[2] & 0x80 != 0;
        if from.phrase(&CALL).is_some() {
            return Some(Some(DateTime { civil, fold, zone: Zone::Naive }));
        }
        self.zoned(from, civil, fold).map(Some)
    }

    #[inline]
    fn zoned(&mut self, from: &mut Scanner<'a>, civil: Civil, fold: bool) -> Option<DateTime> {
        let name = match self.zone {
            Some((index, name)) => {
                from.again(index)?;
                name
            }
            None => {
                from.phrase(&ZONE)?;
                let name = from.text()?;
                from.phrase(&ZONE_CACHED)?;
                self.zone = Some((from.memoised().checked_sub(1)?, name));
                name
            }
        };
        from.phrase(&CALL_TWO)?;
        DateTime::in_zone(civil, fold, name)
    }
}
