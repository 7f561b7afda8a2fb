//! Numbers that are not a machine word: decimal text, and integers of any length.

use super::{Machine, Step, chunk, split, text::line};
use crate::arena::Value;
use crate::error::Fault;
use crate::opcode::*;

impl<'m> Machine<'m> {
    pub(super) fn number(&mut self, opcode: u8, rest: &'m [u8]) -> Step<'m> {
        match opcode {
            LONG1 => {
                let ([len], rest) = chunk(rest)?;
                self.long(u64::from(len), rest)
            }
            LONG4 => {
                let (len, rest) = chunk(rest)?;
                self.long(u64::from(u32::from_le_bytes(len)), rest)
            }
            FLOAT => {
                let (text, rest) = line(rest)?;
                let value = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
                self.push(Value::Float(value.ok_or(Fault::Number)?), rest)
            }
            _ => {
                let (text, rest) = line(rest)?;
                let value = match (opcode, text) {
                    // Protocols 0 and 1 have no other way to say True and False.
                    (INT, b"00") => Value::Bool(false),
                    (INT, b"01") => Value::Bool(true),
                    (INT, digits) => self.decimal(digits)?,
                    (_, digits) => self.decimal(digits.strip_suffix(b"L").unwrap_or(digits))?,
                };
                self.push(value, rest)
            }
        }
    }

    /// Two's complement, low byte first.
    fn long(&mut self, len: u64, rest: &'m [u8]) -> Step<'m> {
        let (mut digits, after) = split(rest, len)?;
        if digits.len() > self.limits.int_bytes {
            return Err(Fault::IntTooLong(self.limits.int_bytes));
        }
        while let [shorter @ .., below, last] = digits
            && *last == sign_byte(*below)
        {
            digits = &digits[..shorter.len() + 1];
        }
        let value = match word(digits) {
            Some(word) => Value::Int(word),
            None => Value::BigInt(self.span(rest, digits.len())),
        };
        self.push(value, after)
    }

    fn decimal(&mut self, text: &[u8]) -> Result<Value, Fault> {
        let text = std::str::from_utf8(text).map_err(|_| Fault::Number)?;
        if let Ok(word) = text.parse() {
            return Ok(Value::Int(word));
        }
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Fault::Number);
        }
        // A byte holds 2.4 digits: the cost of what follows is bounded before it is paid.
        if digits.len() > self.limits.int_bytes * 12 / 5 {
            return Err(Fault::IntTooLong(self.limits.int_bytes));
        }
        let bytes = twos_complement(digits, negative);
        Ok(match word(&bytes) {
            Some(word) => Value::Int(word),
            None => Value::OwnBigInt(self.arena.keep(&bytes)),
        })
    }
}

/// At most 8 bytes of two's complement as a machine word.
fn word(digits: &[u8]) -> Option<i64> {
    let fill = digits.last().map_or(0, |last| sign_byte(*last));
    let mut word = [fill; 8];
    word.get_mut(..digits.len())?.copy_from_slice(digits);
    Some(i64::from_le_bytes(word))
}

/// What extends a number whose highest byte is `byte`.
fn sign_byte(byte: u8) -> u8 {
    if byte & 0x80 == 0 { 0 } else { 0xff }
}

/// Decimal digits as the shortest two's complement, low byte first.
fn twos_complement(digits: &str, negative: bool) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::new();
    for digit in digits.bytes() {
        let mut carry = u16::from(digit - b'0');
        for byte in &mut bytes {
            carry += u16::from(*byte) * 10;
            *byte = carry as u8;
            carry >>= 8;
        }
        if carry > 0 {
            bytes.push(carry as u8);
        }
    }
    bytes.push(0);
    if negative {
        let mut carry = true;
        for byte in &mut bytes {
            (*byte, carry) = (!*byte).overflowing_add(u8::from(carry));
        }
    }
    while let [.., below, last] = bytes[..]
        && last == sign_byte(below)
    {
        bytes.pop();
    }
    bytes
}
