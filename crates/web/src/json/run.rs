//! The thirty-one numbers of a tick in one run: two thirds of the hottest message there is.
//!
//! Each key, with its punctuation, lies padded in an array, so that copying it is a fixed move; keys and digits are
//! put together in one array on the stack and appended at once.

use super::float::{NUMBER_BYTES, Slot, large_int, write_float, write_int, write_null};
use domain::{NumberForms, TickData};

/// Numbers of a tick.
const COUNT: usize = TickData::NUMBERS.len();
/// The longest key, `, "open_interest": `, has 19 bytes.
const KEY_BYTES: usize = 24;
const FIELD_BYTES: usize = KEY_BYTES + NUMBER_BYTES;

struct Padded {
    text: [u8; KEY_BYTES],
    len: usize,
}

static COMPACT: [Padded; COUNT] = keys(false);
static SPACED: [Padded; COUNT] = keys(true);

/// Appends all of them with their keys, each beginning with a comma.
pub(super) fn push_tick_numbers<const IS_SPACED: bool>(out: &mut Vec<u8>, values: &[f64; COUNT], forms: NumberForms) {
    let keys = if IS_SPACED { &SPACED } else { &COMPACT };
    let mut buffer = [0; FIELD_BYTES * COUNT];
    let mut at = 0;
    for (index, (key, value)) in keys.iter().zip(values).enumerate() {
        let field: &mut [u8; FIELD_BYTES] = buffer[at..].first_chunk_mut().expect("room for each at its longest");
        field[..KEY_BYTES].copy_from_slice(&key.text);
        let slot: &mut Slot = field[key.len..].first_chunk_mut().expect("a key leaves room for a number");
        let len = write_number::<IS_SPACED>(slot, *value, forms, index as u32);
        at += key.len + len;
        if len == 0 {
            out.extend_from_slice(&buffer[..at]);
            out.extend_from_slice(large_int(*value).as_bytes());
            at = 0;
        }
    }
    out.extend_from_slice(&buffer[..at]);
}

/// Length of the number; 0 for an int that is too large for the slot.
#[inline]
fn write_number<const IS_SPACED: bool>(slot: &mut Slot, value: f64, forms: NumberForms, index: u32) -> usize {
    if forms.is_int(index) {
        write_int(slot, value)
    } else if forms.is_null(index) {
        write_null(slot)
    } else {
        write_float::<IS_SPACED>(slot, value)
    }
}

const fn keys(spaced: bool) -> [Padded; COUNT] {
    let mut keys = [const { Padded { text: [0; KEY_BYTES], len: 0 } }; COUNT];
    let mut index = 0;
    while index < COUNT {
        keys[index] = padded(TickData::NUMBERS[index].as_bytes(), spaced);
        index += 1;
    }
    keys
}

const fn padded(name: &[u8], spaced: bool) -> Padded {
    let (before, after): (&[u8], &[u8]) = if spaced { (b", \"", b"\": ") } else { (b",\"", b"\":") };
    let mut text = [0; KEY_BYTES];
    let mut len = 0;
    let parts = [before, name, after];
    let mut part = 0;
    while part < parts.len() {
        let mut byte = 0;
        while byte < parts[part].len() {
            text[len] = parts[part][byte];
            len += 1;
            byte += 1;
        }
        part += 1;
    }
    Padded { text, len }
}
