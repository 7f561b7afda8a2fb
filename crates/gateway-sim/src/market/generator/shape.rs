//! The five levels around a price: spread, gaps and queues, the same for the same moment.

use super::noise::{hash, unit};
use crate::instruments::{Instrument, Steps, Ticks};
use crate::market::{Book, Row};

/// A level's queue keeps its size for this many slots of 0.1 s before it is drawn again.
const QUEUE_SLOTS: u64 = 15;
/// At the day's limit everybody queues on one side.
const LIMIT_QUEUE: f64 = 40.0;

/// The book at a price in ticks, within the day's limits (0, 0 for none).
pub(super) fn book(instrument: &Instrument, seed: u64, middle: f64, limits: (Ticks, Ticks), slot: u64) -> Book {
    let spread = spread(instrument, hash(seed, slot / 3), middle);
    let at_floor = limits.1 > 0 && middle <= limits.0 as f64;
    // Where the price has fallen to its limit, sellers queue there and nobody can bid below.
    let best_bid = if at_floor { limits.0 - spread } else { (middle - (spread - 1) as f64 / 2.0).floor() as Ticks };
    let mut book = Book::default();
    let mut bid = best_bid;
    let mut ask = best_bid + spread;
    let mut counts = (0, 0);
    for level in 0..book.bids.len() as u64 {
        if inside(bid, limits) {
            book.bids[counts.0] = row(instrument, seed, bid, (level, slot), limits.1);
            counts.0 += 1;
        }
        if inside(ask, limits) {
            book.asks[counts.1] = row(instrument, seed ^ 1, ask, (level, slot), limits.0);
            counts.1 += 1;
        }
        let step = hash(seed, level + slot / 10 * 8);
        bid -= 1 + (step as i64 & 0xFFFF) % instrument.walk.gap;
        ask += 1 + ((step >> 16) as i64 & 0xFFFF) % instrument.walk.gap;
    }
    book
}

/// Where the last trade was: at one of the best prices.
pub(super) fn last(book: &Book, middle: f64, draw: u64) -> Ticks {
    match (book.bid(), book.ask()) {
        (Some(bid), Some(ask)) => [bid, ask][(draw & 1) as usize],
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => middle.round() as Ticks,
    }
}

/// Mostly one tick; options are quoted about 1 % wide.
fn spread(instrument: &Instrument, draw: u64, middle: f64) -> Ticks {
    let usual = if instrument.option.is_some() { 1 + (middle * 0.01) as Ticks } else { 1 };
    let extra = if draw.is_multiple_of(5) { 1 + (draw >> 8) as i64 % instrument.walk.gap } else { 0 };
    usual + extra
}

fn inside(price: Ticks, limits: (Ticks, Ticks)) -> bool {
    price > 0 && (limits.1 == 0 || (limits.0..=limits.1).contains(&price))
}

fn row(instrument: &Instrument, seed: u64, price: Ticks, at: (u64, u64), limit: Ticks) -> Row {
    let (level, slot) = at;
    // Levels are drawn again at different moments, so that the book does not blink.
    let phase = hash(seed, price as u64);
    let kept = unit(phase, slot.wrapping_add(phase % QUEUE_SLOTS) / QUEUE_SLOTS);
    let fresh = unit(phase ^ 2, slot);
    let mut volume = instrument.walk.queue * (1.0 + 0.3 * level as f64) * (0.15 + 1.5 * kept * kept + 0.2 * fresh);
    if price == limit {
        volume *= LIMIT_QUEUE;
    }
    let lots = (volume / instrument.volume_step / instrument.lot as f64).round().max(1.0);
    Row { price, volume: lots as Steps * instrument.lot }
}
