//! Commissions, with the least that an order pays.

use crate::instruments::{Fee, Instrument};

impl Fee {
    /// For so many units at that price.
    pub(crate) fn of(self, instrument: &Instrument, price: f64, units: f64) -> f64 {
        match self {
            Fee::Money(rate) => rate * price * units * instrument.size,
            Fee::Lot(amount) => amount * units,
        }
    }
}
