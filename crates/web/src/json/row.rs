//! Writes one object key by key. The keys come with their punctuation, made at compile time.

use super::float::{push_float, push_i64, push_int};
use super::run::push_tick_numbers;
use super::text::push_string;
use super::time::push_time;
use domain::{Attributes, DateTime, NumberForms, TickData, Value};

/// A key with what stands around it, compact for REST and spaced for the WebSocket.
pub(super) struct Key {
    pub(super) compact: &'static str,
    pub(super) spaced: &'static str,
}

macro_rules! key {
    ($name:literal) => {
        $crate::json::row::Key { compact: concat!(",\"", $name, "\":"), spaced: concat!(", \"", $name, "\": ") }
    };
}
pub(super) use key;

/// One object being written.
pub(super) struct Row<'a, const SPACED: bool> {
    out: &'a mut Vec<u8>,
}

impl<'a, const SPACED: bool> Row<'a, SPACED> {
    /// Begins an object; every object here begins with its gateway.
    pub(super) fn of_gateway(out: &'a mut Vec<u8>, gateway_name: &str) -> Self {
        out.extend_from_slice(if SPACED { b"{\"gateway_name\": " } else { b"{\"gateway_name\":" });
        push_string(out, gateway_name);
        Row { out }
    }

    pub(super) fn text(&mut self, key: &Key, value: &str) {
        self.key(key);
        push_string(self.out, value);
    }

    pub(super) fn optional_text(&mut self, key: &Key, value: Option<&str>) {
        match value {
            Some(value) => self.text(key, value),
            None => self.null(key),
        }
    }

    /// A number in the form that it had on the wire; `index` is its bit in `forms`.
    pub(super) fn number(&mut self, key: &Key, value: f64, forms: NumberForms, index: u32) {
        self.key(key);
        if forms.is_int(index) {
            push_int(self.out, value);
        } else if forms.is_null(index) {
            self.out.extend_from_slice(b"null");
        } else {
            self.float(value);
        }
    }

    pub(super) fn optional_number(&mut self, key: &Key, value: Option<f64>, forms: NumberForms, index: u32) {
        match value {
            Some(value) => self.number(key, value, forms, index),
            None => self.null(key),
        }
    }

    /// All numbers of a tick, in the order of [`TickData::NUMBERS`].
    pub(super) fn tick_numbers(&mut self, tick: &TickData) {
        let t = tick;
        let (b, a) = (&t.bids, &t.asks);
        let values = [
            t.volume,
            t.turnover,
            t.open_interest,
            t.last_price,
            t.last_volume,
            t.limit_up,
            t.limit_down,
            t.open_price,
            t.high_price,
            t.low_price,
            t.pre_close,
            b[0].price,
            b[1].price,
            b[2].price,
            b[3].price,
            b[4].price,
            a[0].price,
            a[1].price,
            a[2].price,
            a[3].price,
            a[4].price,
            b[0].volume,
            b[1].volume,
            b[2].volume,
            b[3].volume,
            b[4].volume,
            a[0].volume,
            a[1].volume,
            a[2].volume,
            a[3].volume,
            a[4].volume,
        ];
        push_tick_numbers::<SPACED>(self.out, &values, t.forms);
    }

    pub(super) fn flag(&mut self, key: &Key, value: bool) {
        self.key(key);
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
    }

    pub(super) fn time(&mut self, key: &Key, value: Option<&DateTime>) {
        let Some(time) = value else { return self.null(key) };
        self.key(key);
        self.out.push(b'"');
        push_time(self.out, time);
        self.out.push(b'"');
    }

    /// Ends the object with what the gateway added to it.
    pub(super) fn end(mut self, attributes: &Attributes) {
        for (name, value) in attributes.iter() {
            self.out.extend_from_slice(if SPACED { b", " } else { b"," });
            self.pair(name, value);
        }
        self.out.push(b'}');
    }

    fn null(&mut self, key: &Key) {
        self.key(key);
        self.out.extend_from_slice(b"null");
    }

    fn key(&mut self, key: &Key) {
        self.out.extend_from_slice(if SPACED { key.spaced } else { key.compact }.as_bytes());
    }

    fn float(&mut self, value: f64) {
        push_float::<SPACED>(self.out, value);
    }

    fn pair(&mut self, name: &str, value: &Value) {
        push_string(self.out, name);
        self.out.extend_from_slice(if SPACED { b": " } else { b":" });
        self.value(value);
    }

    /// The nesting was bounded when the value was read.
    fn value(&mut self, value: &Value) {
        match value {
            Value::None => self.out.extend_from_slice(b"null"),
            Value::Bool(flag) => self.out.extend_from_slice(if *flag { b"true" } else { b"false" }),
            Value::Int(number) => push_i64(self.out, *number),
            Value::Float(number) => self.float(*number),
            Value::Text(text) => push_string(self.out, text),
            Value::Time(time) => push_string(self.out, &time.to_string()),
            Value::List(items) => self.list(items),
            Value::Map(pairs) => self.map(pairs),
        }
    }

    fn list(&mut self, items: &[Value]) {
        self.out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            self.comma(index);
            self.value(item);
        }
        self.out.push(b']');
    }

    fn map(&mut self, pairs: &[(domain::Text, Value)]) {
        self.out.push(b'{');
        for (index, (name, value)) in pairs.iter().enumerate() {
            self.comma(index);
            self.pair(name, value);
        }
        self.out.push(b'}');
    }

    fn comma(&mut self, index: usize) {
        if index > 0 {
            self.out.extend_from_slice(if SPACED { b", " } else { b"," });
        }
    }
}
