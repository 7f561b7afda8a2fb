//! Numbers as text: the shortest digits that read back as the same double, laid out as pydantic or as Python's
//! `repr` does.
//!
//! Most numbers of a tick are whole or have up to four decimals. For those the digits are found by one
//! multiplication: a decimal of at most 15 digits that divides back to the same double is the shortest one,
//! because no two such decimals share a double. Everything is written into small arrays first, whose copies the
//! compiler turns into a move or two.

/// Room for any double: the longest, `-2.2250738585072014e-308`, has 24 bytes.
pub(super) const NUMBER_BYTES: usize = 32;

/// Venues say "no price" with `DBL_MAX`; some libraries round it. Nothing in a market comes near.
const NO_NUMBER: f64 = 1.797e308;
const FOUR_DECIMALS: f64 = 1e4;
/// Below this, whole numbers and four decimals stay within 15 digits.
const PLAIN_LIMIT: f64 = 1e11;
/// Below this, a whole double is exact and fits an array.
const INT_LIMIT: f64 = 1e15;

static PAIRS: &[u8; 200] = b"0001020304050607080910111213141516171819\
2021222324252627282930313233343536373839\
4041424344454647484950515253545556575859\
6061626364656667686970717273747576777879\
8081828384858687888990919293949596979899";

/// A text being written into an array.
pub(super) type Slot = [u8; NUMBER_BYTES];

/// Appends a float as pydantic writes it: `0.00001`, `1e-6`, `1e+16`.
pub fn push_rest_float(out: &mut Vec<u8>, value: f64) {
    push_float::<false>(out, value);
}

/// Appends a float as Python's `repr` writes it: `1e-05`, `1e-06`, `1e+16`.
pub fn push_python_float(out: &mut Vec<u8>, value: f64) {
    push_float::<true>(out, value);
}

pub(super) fn push_float<const PYTHON: bool>(out: &mut Vec<u8>, value: f64) {
    let mut slot = [0; NUMBER_BYTES];
    let len = write_float::<PYTHON>(&mut slot, value);
    out.extend_from_slice(&slot[..len]);
}

/// Appends a whole number that Python held as an int.
pub(crate) fn push_int(out: &mut Vec<u8>, value: f64) {
    let mut slot = [0; NUMBER_BYTES];
    match write_int(&mut slot, value) {
        0 => out.extend_from_slice(large_int(value).as_bytes()),
        len => out.extend_from_slice(&slot[..len]),
    }
}

/// Appends an integer.
pub(super) fn push_i64(out: &mut Vec<u8>, value: i64) {
    let mut slot = [0; NUMBER_BYTES];
    let at = write_sign(&mut slot, value < 0);
    let len = write_u64(&mut slot, at, value.unsigned_abs());
    out.extend_from_slice(&slot[..len]);
}

/// Writes a float; returns its length.
#[inline]
pub(super) fn write_float<const PYTHON: bool>(slot: &mut Slot, value: f64) -> usize {
    let size = value.abs();
    let tens = (size * FOUR_DECIMALS + 0.5) as u64;
    if size < PLAIN_LIMIT && (tens as f64 / FOUR_DECIMALS).to_bits() == size.to_bits() {
        return write_plain(slot, value.is_sign_negative(), tens);
    }
    write_any::<PYTHON>(slot, value)
}

/// Writes a whole number; 0 where it does not fit.
#[inline]
pub(super) fn write_int(slot: &mut Slot, value: f64) -> usize {
    if value.abs() < INT_LIMIT {
        let at = write_sign(slot, value <= -1.0);
        return write_u64(slot, at, value.abs() as u64);
    }
    if is_number(value) { 0 } else { write_null(slot) }
}

pub(super) fn write_null(slot: &mut Slot) -> usize {
    slot[..4].copy_from_slice(b"null");
    4
}

/// All digits of a double, exactly: with a precision, `Display` never uses an exponent.
pub(super) fn large_int(value: f64) -> String {
    format!("{value:.0}")
}

/// The two digits of a number below 100.
#[inline]
pub(super) fn two(value: u8) -> [u8; 2] {
    let at = usize::from(value % 100) * 2;
    [PAIRS[at], PAIRS[at + 1]]
}

fn is_number(value: f64) -> bool {
    value.abs() < NO_NUMBER
}

#[inline]
fn write_sign(slot: &mut Slot, negative: bool) -> usize {
    slot[0] = b'-';
    usize::from(negative)
}

/// A number in ten-thousandths.
#[inline]
fn write_plain(slot: &mut Slot, negative: bool, tens: u64) -> usize {
    let (whole, four) = (tens / 10_000, tens % 10_000);
    let at = write_sign(slot, negative);
    let at = write_u64(slot, at, whole);
    slot[at] = b'.';
    if four == 0 {
        slot[at + 1] = b'0';
        return at + 2;
    }
    let (high, low) = ((four / 100) as u8, (four % 100) as u8);
    slot[at + 1..at + 3].copy_from_slice(&two(high));
    slot[at + 3..at + 5].copy_from_slice(&two(low));
    let digits = match (high % 10, low, low % 10) {
        (0, 0, _) => 1,
        (_, 0, _) => 2,
        (_, _, 0) => 3,
        _ => 4,
    };
    at + 1 + digits
}

/// Writes digits from `at` on; returns where they end.
#[inline]
fn write_u64(slot: &mut Slot, at: usize, value: u64) -> usize {
    let end = at + value.checked_ilog10().unwrap_or(0) as usize + 1;
    let (mut place, mut rest) = (end, value);
    while rest >= 100 {
        place -= 2;
        slot[place..place + 2].copy_from_slice(&two((rest % 100) as u8));
        rest /= 100;
    }
    if rest >= 10 {
        slot[place - 2..place].copy_from_slice(&two(rest as u8));
    } else {
        slot[place - 1] = b'0' + rest as u8;
    }
    end
}

#[cold]
fn write_any<const PYTHON: bool>(slot: &mut Slot, value: f64) -> usize {
    if !is_number(value) {
        return write_null(slot);
    }
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value);
    let text = if PYTHON { python_layout(text) } else { text.into() };
    slot[..text.len()].copy_from_slice(text.as_bytes());
    text.len()
}

/// Turns the layout of `zmij`, which is pydantic's, into Python's: two digits of exponent at least, and an
/// exponent already below 1e-4.
fn python_layout(text: &str) -> compact_str::CompactString {
    let (sign, size) = text.strip_prefix('-').map_or(("", text), |size| ("-", size));
    if let Some(digits) = size.strip_prefix("0.0000") {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        return compact_str::format_compact!("{sign}{first}{point}{rest}e-05");
    }
    match size.split_once("e-").filter(|(_, exponent)| exponent.len() == 1) {
        Some((digits, exponent)) => compact_str::format_compact!("{sign}{digits}e-0{exponent}"),
        None => text.into(),
    }
}
