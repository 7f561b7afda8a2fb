//! What an order would get from the visible book, and the book after it got that.

use crate::instruments::{Steps, Ticks};
use crate::market::Row;
use domain::{DEPTH, Direction};

/// The fills that an order would have at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    rows: [Row; DEPTH],
    count: usize,
}

impl Plan {
    /// Price and volume of each fill, best first.
    pub(crate) fn fills(&self) -> &[Row] {
        &self.rows[..self.count]
    }

    pub(crate) fn volume(&self) -> Steps {
        self.fills().iter().map(|row| row.volume).sum()
    }
}

/// What a buyer (or seller) of that volume finds on the other side, up to a limit price.
pub(crate) fn plan(other: &[Row; DEPTH], direction: Direction, limit: Option<Ticks>, volume: Steps) -> Plan {
    let mut plan = Plan::default();
    let mut rest = volume;
    for row in other {
        let within = limit.is_none_or(|limit| reaches(direction, limit, row.price));
        if rest == 0 || row.volume == 0 || !within {
            break;
        }
        let taken = rest.min(row.volume);
        plan.rows[plan.count] = Row { price: row.price, volume: taken };
        plan.count += 1;
        rest -= taken;
    }
    plan
}

/// Whether an order with that limit accepts that price.
pub(crate) fn reaches(direction: Direction, limit: Ticks, price: Ticks) -> bool {
    match direction {
        Direction::Long | Direction::Net => price <= limit,
        Direction::Short => price >= limit,
    }
}

/// Takes volume off the best levels; emptied levels go.
pub(crate) fn take(side: &mut [Row; DEPTH], mut volume: Steps) {
    let mut left = [Row::default(); DEPTH];
    let mut count = 0;
    for row in side.iter() {
        let taken = volume.min(row.volume);
        volume -= taken;
        if row.volume > taken {
            left[count] = Row { price: row.price, volume: row.volume - taken };
            count += 1;
        }
    }
    *side = left;
}
