//! How a number stood on the wire: VeighNa's dataclasses say `float`, gateways send ints and sometimes `None`.
//!
//! The value is an `f64` everywhere; two bits per field remember the form, so that the classic API can answer
//! `5` where the trading process holds `5`, `5.0` where it holds `5.0`, and `null` where it holds nothing.

/// Forms of the numeric fields of one object; bit *n* belongs to the *n*-th numeric field in dataclass order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NumberForms {
    /// Fields that were Python ints.
    pub ints: u32,
    /// Fields that were `None`; their value is 0.
    pub nulls: u32,
}

impl NumberForms {
    /// Notes that the field is an int.
    pub fn set_int(&mut self, field: u32) {
        self.ints |= 1 << field;
    }

    /// Notes that the field is `None`.
    pub fn set_null(&mut self, field: u32) {
        self.nulls |= 1 << field;
    }

    /// Whether the field was an int.
    pub fn is_int(self, field: u32) -> bool {
        self.ints & (1 << field) != 0
    }

    /// Whether the field was `None`.
    pub fn is_null(self, field: u32) -> bool {
        self.nulls & (1 << field) != 0
    }
}
