//! Ticks as compact arrays.
//!
//! Pure. Always true: the values stand in the order of [`fields`]; numbers and times have their canonical form
//! (unknown is `null`), only whole numbers are written without `.0`; a tick is encoded at most once, when the first
//! reader is to get it.

use crate::json::{push_rest_float, push_string, push_time, push_whole};
use domain::{DateTime, TickData};
use std::sync::{Arc, OnceLock};

/// From here on a number is none, as in the canonical form.
const NO_VALUE: f64 = 1e300;
/// Below this, whole doubles are exact.
const WHOLE: f64 = 1e15;

/// A tick, and its text once somebody needed it.
#[derive(Debug)]
pub(super) struct Tick {
    data: Arc<TickData>,
    text: OnceLock<Box<[u8]>>,
}

/// Names of an array's values. What does not change with the market stands in the contract.
pub fn fields() -> impl Iterator<Item = &'static str> {
    ["vt_symbol", "datetime"].into_iter().chain(TickData::NUMBERS)
}

impl Tick {
    pub(super) fn new(data: Arc<TickData>) -> Tick {
        Tick { data, text: OnceLock::new() }
    }

    pub(super) fn name(&self) -> &str {
        self.data.vt_symbol.as_str()
    }

    pub(super) fn text(&self) -> &[u8] {
        self.text.get_or_init(|| {
            let mut out = Vec::with_capacity(320);
            push_tick(&mut out, &self.data);
            out.into_boxed_slice()
        })
    }
}

/// Appends a tick as one array.
pub fn push_tick(out: &mut Vec<u8>, tick: &TickData) {
    out.push(b'[');
    push_string(out, tick.vt_symbol.as_str());
    out.push(b',');
    match &tick.datetime {
        Some(time) => push_moment(out, time),
        None => out.extend_from_slice(b"null"),
    }
    for index in 0..TickData::NUMBERS.len() {
        out.push(b',');
        let value = tick.number(index);
        push_number(out, if tick.forms.is_null(index as u32) { f64::NAN } else { value });
    }
    out.push(b']');
}

/// Appends a moment as RFC 3339 in quotes.
pub(super) fn push_moment(out: &mut Vec<u8>, time: &DateTime) {
    out.push(b'"');
    let start = out.len();
    push_time(out, time);
    if let Some(space) = out.get_mut(start + 10) {
        *space = b'T';
    }
    out.push(b'"');
}

/// Appends a number, or `null` where it is none.
pub(super) fn push_number(out: &mut Vec<u8>, value: f64) {
    if value.is_nan() || value.abs() >= NO_VALUE {
        out.extend_from_slice(b"null");
    } else if value.abs() < WHOLE && value.fract().abs() < f64::MIN_POSITIVE {
        push_whole(out, value);
    } else {
        push_rest_float(out, value);
    }
}
