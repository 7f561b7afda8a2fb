//! Numbers of every kind, numpy's scalars among them: strategy variables are often `np.float64`.
//!
//! numpy writes `scalar(dtype('f8', False, True), b'8 bytes')`, where the dtype's state is
//! `(3, '<', None, …)`; its second item is the byte order.

use crate::arena::Value;
use crate::node::Node;

/// A number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A bool, which Python counts as 0 or 1.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An unsigned integer of numpy's, too large for [`Number::Int`].
    UInt(u64),
    /// A double.
    Float(f64),
}

impl Number {
    /// As a double, rounded to the nearest.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Bool(value) => f64::from(u8::from(value)),
            Self::Int(value) => value as f64,
            Self::UInt(value) => value as f64,
            Self::Float(value) => value,
        }
    }

    /// As an integer, if it is one and fits.
    #[must_use]
    pub fn to_i64(self) -> Option<i64> {
        match self {
            Self::Bool(value) => Some(i64::from(value)),
            Self::Int(value) => Some(value),
            Self::UInt(_) | Self::Float(_) => None,
        }
    }
}

impl<'t> Node<'t> {
    /// A number: bool, int, float or numpy scalar. An integer beyond 64 bits is none.
    #[must_use]
    pub fn number(self) -> Option<Number> {
        match self.value.get() {
            Value::Bool(value) => Some(Number::Bool(value)),
            Value::Int(value) => Some(Number::Int(value)),
            Value::Float(value) => Some(Number::Float(value)),
            Value::Call(_) => self.numpy_scalar(),
            _ => None,
        }
    }

    /// A scalar of numpy 1 or 2 with a dtype of b1, i1 to i8, u1 to u8, f2, f4 or f8, in either
    /// byte order.
    #[must_use]
    pub fn numpy_scalar(self) -> Option<Number> {
        let (callable, mut args) = self.call()?;
        if args.len() != 2 || !callable.is_global(&["numpy.core.multiarray", "numpy._core.multiarray"], "scalar") {
            return None;
        }
        let (dtype, data) = (args.next()?, args.next()?.bytes_like()?);
        let (code, is_big_endian) = dtype_of(dtype)?;
        let mut bytes = [0_u8; 8];
        let size = code.get(1..)?.parse::<usize>().ok()?;
        let bytes = bytes.get_mut(..size).filter(|bytes| bytes.len() == data.len())?;
        bytes.copy_from_slice(&data);
        if is_big_endian {
            bytes.reverse();
        }
        decode(code.as_bytes(), bytes)
    }
}

/// The type code, as in `f8`, and whether the highest byte comes first.
fn dtype_of(dtype: Node<'_>) -> Option<(&str, bool)> {
    let (callable, mut args) = dtype.call()?;
    let code = args.next()?.as_str().filter(|_| callable.is_global(&["numpy"], "dtype"))?;
    let order = dtype.state().and_then(Node::items).and_then(|state| state.get(1)).and_then(Node::as_str);
    // '<', '|' (one byte) and '=' (native, which is little-endian wherever VeighNa runs).
    let (code, is_marked_big) = match code.as_bytes() {
        [b'>', ..] => (&code[1..], true),
        [b'<' | b'=' | b'|', ..] => (&code[1..], false),
        _ => (code, false),
    };
    code.is_ascii().then_some((code, is_marked_big || order == Some(">")))
}

/// `bytes` have the low byte first and as many as the code says.
fn decode(code: &[u8], bytes: &[u8]) -> Option<Number> {
    let mut word = [0_u8; 8];
    word[..bytes.len()].copy_from_slice(bytes);
    let word = u64::from_le_bytes(word);
    let unused = 64_u32.checked_sub(8 * bytes.len() as u32)?;
    match code {
        b"b1" => Some(Number::Bool(word != 0)),
        b"i1" | b"i2" | b"i4" | b"i8" => Some(Number::Int((word << unused) as i64 >> unused)),
        b"u1" | b"u2" | b"u4" | b"u8" => Some(i64::try_from(word).map_or(Number::UInt(word), Number::Int)),
        b"f2" => Some(Number::Float(half(word as u16))),
        b"f4" => Some(Number::Float(f64::from(f32::from_bits(word as u32)))),
        b"f8" => Some(Number::Float(f64::from_bits(word))),
        _ => None,
    }
}

/// IEEE 754 binary16.
fn half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let fraction = f64::from(bits & 0x3ff);
    match i32::from(bits >> 10 & 0x1f) {
        0 => sign * fraction * 2_f64.powi(-24),
        31 if bits & 0x3ff == 0 => sign * f64::INFINITY,
        31 => f64::NAN,
        exponent => sign * (1.0 + fraction / 1024.0) * 2_f64.powi(exponent - 15),
    }
}
