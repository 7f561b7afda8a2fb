//! A position of one instrument: two sides, each of an earlier-days' and a today's part.
//!
//! Costs are currency per point: price times volume in units, the contract's size left out.

use crate::instruments::Steps;
use domain::Direction;

/// One part of a side.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bucket {
    /// Held.
    pub volume: Steps,
    /// Price times volume of what is held, volume in units.
    pub cost: f64,
}

/// One side.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Side {
    /// From earlier days.
    pub yd: Bucket,
    /// From today.
    pub td: Bucket,
    /// Bound by closing orders, of the earlier days' part.
    pub yd_frozen: Steps,
    /// Bound by closing orders, of today's part.
    pub td_frozen: Steps,
}

/// Both sides, and what they were last valued at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Position {
    /// Bought.
    pub long: Side,
    /// Sold.
    pub short: Side,
    /// Margin bound, in currency.
    pub margin: f64,
    /// Profit not yet taken, in currency.
    pub floating: f64,
    /// Valued differently since it was last told.
    pub(crate) stale: bool,
}

impl Bucket {
    pub(super) fn add(&mut self, volume: Steps, step_price: f64) {
        self.volume += volume;
        self.cost += step_price * volume as f64;
    }

    /// Takes a part out at its average cost; returns that cost.
    fn take(&mut self, volume: Steps) -> f64 {
        if volume == 0 {
            return 0.0;
        }
        let cost = if volume == self.volume { self.cost } else { self.cost * volume as f64 / self.volume as f64 };
        self.volume -= volume;
        self.cost = if self.volume == 0 { 0.0 } else { self.cost - cost };
        cost
    }
}

impl Side {
    /// Held.
    pub fn volume(&self) -> Steps {
        self.yd.volume + self.td.volume
    }

    /// Bound by closing orders.
    pub fn frozen(&self) -> Steps {
        self.yd_frozen + self.td_frozen
    }

    /// Price times volume of all that is held.
    pub fn cost(&self) -> f64 {
        self.yd.cost + self.td.cost
    }
}

impl Position {
    /// The side of that direction; a net order's other side is the short one.
    pub fn side(&self, direction: Direction) -> &Side {
        if direction == Direction::Long { &self.long } else { &self.short }
    }

    pub(crate) fn side_mut(&mut self, direction: Direction) -> &mut Side {
        if direction == Direction::Long { &mut self.long } else { &mut self.short }
    }

    /// Nothing held on either side.
    pub fn is_flat(&self) -> bool {
        self.long.volume() == 0 && self.short.volume() == 0
    }

    pub(super) fn is_valued(&self) -> bool {
        self.margin.abs() > 0.0 || self.floating.abs() > 0.0
    }

    /// Closes parts of a side at that price a step; returns the gain in points.
    pub(super) fn close(&mut self, direction: Direction, yd: Steps, td: Steps, step_price: f64) -> f64 {
        let side = self.side_mut(direction);
        let cost = side.yd.take(yd) + side.td.take(td);
        let worth = step_price * (yd + td) as f64;
        if direction == Direction::Long { worth - cost } else { cost - worth }
    }

    /// Today becomes yesterday; with a price, both sides are marked to it. Returns the gain in points.
    pub(super) fn settle(&mut self, mark: Option<f64>) -> f64 {
        let mut gain = 0.0;
        for (side, sign) in [(&mut self.long, 1.0), (&mut self.short, -1.0)] {
            side.yd.volume += side.td.volume;
            side.yd.cost += side.td.cost;
            side.td = Bucket::default();
            if let Some(price) = mark {
                let worth = price * side.yd.volume as f64;
                gain += sign * (worth - side.yd.cost);
                side.yd.cost = worth;
            }
        }
        gain
    }
}
