//! Money and positions: what every fill, freeze, price and settlement does to them.
//!
//! Always true, after each call: `balance = deposit + realised - commission + floating` and
//! `available = balance - margin - frozen`, where margin and floating are the sums over the positions. A position
//! that is paid in full is a position whose margin is its market value, so cash and margin trading share one rule.

mod account;
mod fees;
mod position;

pub use account::Account;
pub use position::{Bucket, Position, Side};

use crate::instruments::{Currency, Instrument, Ix, Steps, Ticks};
use domain::{Direction, OptionType};

/// The books of one owner.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    accounts: [Account; 3],
    positions: Vec<Position>,
}

/// What a fill takes from or adds to a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Take {
    /// Opens.
    Open,
    /// Closes this much of the earlier days' and of today's part of the other side.
    Close { yd: Steps, td: Steps },
    /// Closes what the other side has and opens the rest.
    Net,
}

impl Ledger {
    pub(crate) fn new(deposits: [f64; 3]) -> Ledger {
        Ledger { accounts: deposits.map(Account::new), positions: Vec::new() }
    }

    pub(crate) fn extend(&mut self, instruments: usize) {
        self.positions.resize_with(instruments.max(self.positions.len()), Position::default);
    }

    pub(crate) fn account(&self, currency: Currency) -> &Account {
        &self.accounts[currency as usize]
    }

    pub(crate) fn account_mut(&mut self, currency: Currency) -> &mut Account {
        &mut self.accounts[currency as usize]
    }

    pub(crate) fn position(&self, ix: Ix) -> &Position {
        &self.positions[ix]
    }

    pub(crate) fn position_mut(&mut self, ix: Ix) -> &mut Position {
        &mut self.positions[ix]
    }

    /// Books a fill; the commission is charged apart by [`Ledger::charge`].
    pub(crate) fn fill(
        &mut self,
        instrument: &Instrument,
        ix: Ix,
        direction: Direction,
        take: Take,
        at: (Ticks, Steps),
    ) {
        let price = instrument.price(at.0);
        let position = &mut self.positions[ix];
        let unit = instrument.volume_step;
        let gain = match take {
            Take::Open => {
                position.side_mut(direction).td.add(at.1, price * unit);
                0.0
            }
            Take::Close { yd, td } => position.close(direction.opposite(), yd, td, price * unit),
            Take::Net => {
                let held = position.side(direction.opposite());
                let yd = at.1.min(held.yd.volume);
                let td = (at.1 - yd).min(held.td.volume);
                let gain = position.close(direction.opposite(), yd, td, price * unit);
                position.side_mut(direction).td.add(at.1 - yd - td, price * unit);
                gain
            }
        };
        self.account_mut(instrument.currency).realised += gain * instrument.size;
    }

    /// Takes a commission.
    pub(crate) fn charge(&mut self, currency: Currency, fee: f64) {
        self.account_mut(currency).commission += fee;
    }

    /// Values a position anew: floating profit and margin. `under` is the price of an option's underlying.
    pub(crate) fn value(&mut self, instrument: &Instrument, ix: Ix, mark: Ticks, under: f64) {
        let position = &mut self.positions[ix];
        if position.is_flat() && !position.is_valued() {
            return;
        }
        let mark = instrument.price(mark);
        let held = |side: &Side| side.volume() as f64 * instrument.volume_step;
        let (long, short) = (held(&position.long), held(&position.short));
        let (long_cost, short_cost) = (position.long.cost(), position.short.cost());
        let floating = ((mark * long - long_cost) - (mark * short - short_cost)) * instrument.size;
        // Adding 0 makes a negative zero a plain one.
        let floating = floating + 0.0;
        let margin = if instrument.paid() {
            mark * long * instrument.size + margin_of_short_option(instrument, under) * short
        } else {
            (long_cost + short_cost) * instrument.size * instrument.margin_rate
        };
        let account = &mut self.accounts[instrument.currency as usize];
        account.floating += floating - position.floating;
        account.margin += margin - position.margin;
        position.floating = floating;
        position.margin = margin;
        if position.is_flat() {
            account.tidy();
        }
    }

    /// Ends the day of one instrument: futures are marked to the settlement price, today becomes yesterday.
    /// Returns the profit that was taken in.
    pub(crate) fn settle(&mut self, instrument: &Instrument, ix: Ix, mark: Ticks) -> f64 {
        let marked = instrument.style == crate::instruments::Style::Hedged && instrument.option.is_none();
        let price = instrument.price(mark) * instrument.volume_step;
        let gain = self.positions[ix].settle(marked.then_some(price)) * instrument.size;
        self.account_mut(instrument.currency).realised += gain;
        gain
    }

    /// Adds up margins and floating profits from the positions, so that no rounding error lasts a day.
    pub(crate) fn add_up(&mut self, instruments: &[Instrument]) {
        for account in &mut self.accounts {
            account.margin = 0.0;
            account.floating = 0.0;
        }
        for (instrument, position) in instruments.iter().zip(&self.positions) {
            let account = &mut self.accounts[instrument.currency as usize];
            account.margin += position.margin;
            account.floating += position.floating;
        }
    }
}

/// Margin that one unit opened at that price binds.
pub(crate) fn unit_margin(instrument: &Instrument, direction: Direction, price: f64, under: f64) -> f64 {
    match (instrument.paid(), direction) {
        (true, Direction::Short) => margin_of_short_option(instrument, under),
        (true, _) => price * instrument.size,
        (false, _) => price * instrument.size * instrument.margin_rate,
    }
}

/// A seller's margin on top of the premium: the underlying's margin less what the option is out of the money, at
/// least half of it (the rule of CFFEX and DCE). The premium itself is in the floating profit.
fn margin_of_short_option(instrument: &Instrument, under: f64) -> f64 {
    let Some(terms) = &instrument.option else { return 0.0 };
    let base = under * instrument.margin_rate;
    let out = match terms.right {
        OptionType::Call => terms.strike - under,
        OptionType::Put => under - terms.strike,
    };
    (base - out.max(0.0)).max(base / 2.0) * instrument.size
}
