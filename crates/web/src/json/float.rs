//! Numbers as text: the shortest digits that read back as the same double, laid out as pydantic or as Python's
//! `repr` does.
//!
//! Most numbers of a tick are whole or have up to four decimals. For those the digits are found by one
//! multiplication: a decimal of at most 15 digits that divides back to the same double is the shortest one,
//! because no two such decimals share a double.

/// Venues say "no price" with `DBL_MAX`; some libraries round it. Nothing in a market comes near.
const NO_NUMBER: f64 = 1.797e308;
const FOUR_DECIMALS: f64 = 1e4;
/// Below this, whole numbers and four decimals stay within 15 digits.
const PLAIN_LIMIT: f64 = 1e11;

static PAIRS: &[u8; 200] = b"0001020304050607080910111213141516171819\
2021222324252627282930313233343536373839\
4041424344454647484950515253545556575859\
6061626364656667686970717273747576777879\
8081828384858687888990919293949596979899";

/// Appends a float as pydantic writes it: `0.00001`, `1e-6`, `1e+16`.
pub fn push_rest_float(out: &mut Vec<u8>, value: f64) {
    if !is_number(value) {
        out.extend_from_slice(b"null");
    } else if !push_plain(out, value) {
        out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
    }
}

/// Appends a float as Python's `repr` writes it: `1e-05`, `1e-06`, `1e+16`.
pub fn push_python_float(out: &mut Vec<u8>, value: f64) {
    if !is_number(value) {
        out.extend_from_slice(b"null");
    } else if !push_plain(out, value) {
        push_repr(out, zmij::Buffer::new().format_finite(value));
    }
}

/// Appends a whole number that Python held as an int.
pub(super) fn push_int(out: &mut Vec<u8>, value: f64) {
    if !is_number(value) {
        out.extend_from_slice(b"null");
    } else if value.abs() < 9e18 {
        push_i64(out, value as i64);
    } else {
        // With a precision, `Display` prints a double's digits exactly and never an exponent.
        out.extend_from_slice(format!("{value:.0}").as_bytes());
    }
}

/// Appends an integer.
pub(super) fn push_i64(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    push_u64(out, value.unsigned_abs());
}

/// Appends two digits.
pub(super) fn push_two(out: &mut Vec<u8>, value: u8) {
    let at = usize::from(value % 100) * 2;
    out.extend_from_slice(&PAIRS[at..at + 2]);
}

fn is_number(value: f64) -> bool {
    value.abs() < NO_NUMBER
}

/// Writes the value if it is whole or has at most four decimals; says whether it did.
fn push_plain(out: &mut Vec<u8>, value: f64) -> bool {
    let size = value.abs();
    if size >= PLAIN_LIMIT {
        return false;
    }
    let tens = (size * FOUR_DECIMALS + 0.5) as u64;
    if (tens as f64 / FOUR_DECIMALS).to_bits() != size.to_bits() {
        return false;
    }
    if value.is_sign_negative() {
        out.push(b'-');
    }
    push_u64(out, tens / 10_000);
    push_decimals(out, (tens % 10_000) as usize);
    true
}

fn push_decimals(out: &mut Vec<u8>, four: usize) {
    let (high, low) = (four / 100 * 2, four % 100 * 2);
    let digits = [b'.', PAIRS[high], PAIRS[high + 1], PAIRS[low], PAIRS[low + 1]];
    let mut len = 5;
    while len > 2 && digits[len - 1] == b'0' {
        len -= 1;
    }
    out.extend_from_slice(&digits[..len]);
}

fn push_u64(out: &mut Vec<u8>, mut value: u64) {
    if value < 10 {
        out.push(b'0' + value as u8);
        return;
    }
    let mut buffer = [0u8; 20];
    let mut at = buffer.len();
    while value >= 10 {
        let pair = (value % 100) as usize * 2;
        value /= 100;
        at -= 2;
        buffer[at..at + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
    }
    if value > 0 {
        at -= 1;
        buffer[at] = b'0' + value as u8;
    }
    out.extend_from_slice(&buffer[at..]);
}

/// Turns the layout of `zmij`, which is pydantic's, into Python's: two digits of exponent at least, and an
/// exponent already below 1e-4.
fn push_repr(out: &mut Vec<u8>, text: &str) {
    let (sign, size) = text.strip_prefix('-').map_or(("", text), |size| ("-", size));
    out.extend_from_slice(sign.as_bytes());
    if let Some(digits) = size.strip_prefix("0.0000") {
        push_small(out, digits);
    } else if let Some((digits, exponent)) = size.split_once("e-").filter(|(_, exponent)| exponent.len() == 1) {
        out.extend_from_slice(digits.as_bytes());
        out.extend_from_slice(b"e-0");
        out.extend_from_slice(exponent.as_bytes());
    } else {
        out.extend_from_slice(size.as_bytes());
    }
}

/// The digits after `0.0000`, the first of which is not 0.
fn push_small(out: &mut Vec<u8>, digits: &str) {
    let (first, rest) = digits.split_at(1);
    out.extend_from_slice(first.as_bytes());
    if !rest.is_empty() {
        out.push(b'.');
        out.extend_from_slice(rest.as_bytes());
    }
    out.extend_from_slice(b"e-05");
}
