//! Whatever happens, money and volume are conserved.
//!
//! A shadow book is kept from the outputs alone: positions are the sum of the fills, money is what the fills cost.
//! After each input the exchange must agree with it, and with its own parts.

use super::script::{NOW_US, Theatre};
use crate::exchange::{Exchange, Input, Order, Output};
use crate::instruments::{Currency, Ix, Steps, Style};
use crate::market::{Book, Row, Snapshot};
use domain::{Direction, Offset, OrderRequest, OrderType, QuoteRequest, QuoteSide, Status, Text};
use proptest::prelude::*;
use std::collections::HashMap;

/// Instruments of every style: hedged with and without a split of days, option, shares, netting.
const CODES: [&str; 7] = ["rb", "m", "IF", "IO2612-C-4600", "600036", "AAPL", "BTCUSDT"];
const MIDDLES: [f64; 7] = [3100.0, 3000.0, 4600.0, 80.0, 42.0, 260.0, 60_000.0];

/// One thing that happens, in small numbers.
#[derive(Clone, Debug)]
enum Happening {
    Book { which: usize, shift: i64, volumes: [i64; 4], one_sided: u8 },
    Order { which: usize, buys: bool, offset: u8, kind: u8, distance: i64, lots: i64, odd: bool },
    Cancel(usize),
    Quote { which: usize, distance: i64, lots: i64 },
    CancelQuote(usize),
    Settle,
    Profit,
    Expire(usize),
}

fn happening() -> impl Strategy<Value = Happening> {
    let which = 0..CODES.len();
    let book = (which.clone(), -30..30i64, proptest::array::uniform4(0..6i64), 0..12u8)
        .prop_map(|(which, shift, volumes, one_sided)| Happening::Book { which, shift, volumes, one_sided });
    let order = (which.clone(), any::<bool>(), 0..5u8, 0..7u8, -8..8i64, 1..40i64, proptest::bool::weighted(0.05))
        .prop_map(|(which, buys, offset, kind, distance, lots, odd)| Happening::Order {
            which,
            buys,
            offset,
            kind,
            distance,
            lots,
            odd,
        });
    let quote = (which.clone(), 0..4i64, 0..4i64).prop_map(|(which, distance, lots)| Happening::Quote {
        which,
        distance,
        lots,
    });
    prop_oneof![
        6 => book,
        12 => order,
        3 => (0..60usize).prop_map(Happening::Cancel),
        1 => quote,
        1 => (0..60usize).prop_map(Happening::CancelQuote),
        1 => Just(Happening::Settle),
        1 => Just(Happening::Profit),
        1 => (0..60usize).prop_map(Happening::Expire),
    ]
}

/// What an outsider would write down.
#[derive(Default)]
struct Shadow {
    /// Long and short volume by instrument, from the fills.
    held: HashMap<Ix, (Steps, Steps)>,
    /// What the fills were worth, sold minus bought, in currency.
    cash: [f64; 3],
    orders: HashMap<Text, Order>,
    /// What the newest book still had.
    left: HashMap<Ix, Book>,
    traded: HashMap<Text, Steps>,
}

struct World {
    theatre: Theatre,
    middles: [i64; 7],
    count: usize,
    shadow: Shadow,
}

impl World {
    fn new() -> World {
        let theatre = Theatre::new();
        let middles = std::array::from_fn(|n| {
            let ix = theatre.find(CODES[n]);
            theatre.exchange.instruments()[ix].ticks(MIDDLES[n])
        });
        World { theatre, middles, count: 0, shadow: Shadow::default() }
    }

    fn input(&mut self, happening: &Happening) -> Option<Input> {
        self.count += 1;
        Some(match happening {
            Happening::Book { which, shift, volumes, one_sided } => {
                self.middles[*which] = (self.middles[*which] + shift).max(50);
                self.book(*which, volumes, *one_sided)
            }
            Happening::Order { .. } => self.order(happening),
            Happening::Cancel(back) => Input::Cancel(self.id(*back)),
            Happening::CancelQuote(back) => Input::CancelQuote(self.id(*back)),
            Happening::Quote { which, distance, lots } => self.quote(*which, *distance, *lots),
            Happening::Settle => Input::Settle(self.theatre.exchange.day() + 1),
            Happening::Profit => Input::Profit,
            // An end is rare: once in a run, of the option.
            Happening::Expire(7) => Input::Expire(self.theatre.find(CODES[3])),
            Happening::Expire(_) => return None,
        })
    }

    fn id(&self, back: usize) -> Text {
        Text::from(format!("o{}", self.count.saturating_sub(back)))
    }

    fn book(&mut self, which: usize, volumes: &[i64; 4], one_sided: u8) -> Input {
        let ix = self.theatre.find(CODES[which]);
        let lot = self.theatre.exchange.instruments()[ix].lot;
        let middle = self.middles[which];
        let mut book = Book::default();
        let rows = [(volumes[0], volumes[1], -1), (volumes[2], volumes[3], 1)];
        for ((first, second, sign), side) in rows.into_iter().zip([&mut book.bids, &mut book.asks]) {
            // Volumes of 0 would end the side; +1 keeps the shape of a book.
            side[0] = Row { price: middle + sign, volume: (first + 1) * lot };
            side[1] = Row { price: middle + 2 * sign, volume: (second + 1) * lot };
        }
        match one_sided {
            0 => book.bids = Default::default(),
            1 => book.asks = Default::default(),
            _ => {}
        }
        self.shadow.left.insert(ix, book);
        let last = middle + i64::from(one_sided % 3) - 1;
        Input::Market(ix, Box::new(Snapshot { at_us: NOW_US, book, last, ..Snapshot::default() }))
    }

    fn order(&self, happening: &Happening) -> Input {
        let Happening::Order { which, buys, offset, kind, distance, lots, odd } = happening else { unreachable!() };
        let instrument = &self.theatre.exchange.instruments()[self.theatre.find(CODES[*which])];
        let offsets = [Offset::Open, Offset::Open, Offset::Close, Offset::CloseToday, Offset::CloseYesterday];
        let kinds = [
            OrderType::Limit,
            OrderType::Limit,
            OrderType::Limit,
            OrderType::Market,
            OrderType::Fak,
            OrderType::Fok,
            OrderType::Stop,
        ];
        let volume = instrument.volume(lots * instrument.lot) * if *odd { 0.37 } else { 1.0 };
        let request = OrderRequest {
            forms: domain::NumberForms::default(),
            symbol: instrument.symbol.clone(),
            exchange: instrument.exchange,
            direction: if *buys { Direction::Long } else { Direction::Short },
            order_type: kinds[usize::from(*kind)],
            volume,
            price: instrument.price(self.middles[*which] + distance),
            offset: offsets[usize::from(*offset)],
            reference: Text::default(),
        };
        Input::Order(Text::from(format!("o{}", self.count)), request)
    }

    fn quote(&self, which: usize, distance: i64, lots: i64) -> Input {
        let instrument = &self.theatre.exchange.instruments()[self.theatre.find(CODES[which])];
        let side = |sign: i64| QuoteSide {
            price: instrument.price(self.middles[which] + sign * distance),
            volume: instrument.volume(lots * instrument.lot),
            offset: Offset::Open,
        };
        let request = QuoteRequest {
            symbol: instrument.symbol.clone(),
            exchange: instrument.exchange,
            bid: side(-1),
            ask: side(1),
            reference: Text::default(),
        };
        Input::Quote(Text::from(format!("o{}", self.count)), request)
    }

    fn step(&mut self, happening: &Happening) -> Result<(), TestCaseError> {
        let Some(input) = self.input(happening) else { return Ok(()) };
        let available = Currency::ALL.map(|c| self.theatre.exchange.account(c).available());
        let ordered = matches!(input, Input::Order(..) | Input::Quote(..));
        let opened = matches!(&input, Input::Market(..));
        let mut outputs = Vec::new();
        self.theatre.exchange.step(NOW_US, input, &mut outputs);
        for output in &outputs {
            self.write_down(output, opened)?;
        }
        let exchange = &self.theatre.exchange;
        if ordered {
            for (currency, before) in Currency::ALL.into_iter().zip(available) {
                let after = exchange.account(currency).available();
                prop_assert!(after >= before.min(0.0) - 0.02, "available {before} became {after} in {happening:?}");
            }
        }
        self.agree(exchange)
    }

    fn write_down(&mut self, output: &Output, market_moved: bool) -> Result<(), TestCaseError> {
        match output {
            Output::Order(order) => {
                let known = self.shadow.orders.get(&order.id).map(|known| known.status);
                if let Some(known) = known {
                    prop_assert_eq!(domain::status::step(known, order.status), domain::status::Step::Apply);
                }
                self.shadow.orders.insert(order.id.clone(), (**order).clone());
            }
            Output::Trade(fill) => {
                let instrument = self.theatre.exchange.instruments()[fill.instrument].clone();
                let worth = instrument.price(fill.price) * instrument.volume(fill.volume) * instrument.size;
                let sign = if fill.direction == Direction::Long { -1.0 } else { 1.0 };
                self.shadow.cash[instrument.currency as usize] += sign * worth;
                let ends = fill.order.starts_with("expiry");
                if !ends {
                    self.take_from_book(fill, market_moved)?;
                    let order = &self.shadow.orders[&fill.order];
                    let traded = self.shadow.traded.entry(fill.order.clone()).or_default();
                    *traded += fill.volume;
                    prop_assert_eq!(*traded, order.traded, "an order's traded volume is the sum of its fills");
                    prop_assert!(order.traded <= order.volume);
                }
                let held = self.shadow.held.entry(fill.instrument).or_default();
                let opens = match instrument.style {
                    Style::Hedged => !ends && fill.offset == Offset::Open,
                    Style::Cash { .. } => fill.direction == Direction::Long,
                    Style::Netting => true,
                };
                match (opens, fill.direction) {
                    (true, Direction::Long) => held.0 += fill.volume,
                    (true, _) => held.1 += fill.volume,
                    (false, Direction::Long) => held.1 -= fill.volume,
                    (false, _) => held.0 -= fill.volume,
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A fill takes volume that the newest book showed at its price or better, and no volume twice.
    fn take_from_book(&mut self, fill: &crate::exchange::Fill, market_moved: bool) -> Result<(), TestCaseError> {
        let book = self.shadow.left.get_mut(&fill.instrument).expect("a fill needs a book");
        let side = if fill.direction == Direction::Long { &mut book.asks } else { &mut book.bids };
        let mut rest = fill.volume;
        for row in side.iter_mut() {
            let fair = match fill.direction {
                Direction::Long => row.price <= fill.price,
                _ => row.price >= fill.price,
            };
            let exact = market_moved || row.price == fill.price;
            if fair && exact {
                let taken = rest.min(row.volume);
                row.volume -= taken;
                rest -= taken;
            }
        }
        prop_assert_eq!(rest, 0, "{:?} took more than was shown", fill);
        Ok(())
    }

    fn agree(&self, exchange: &Exchange) -> Result<(), TestCaseError> {
        let mut margin = [0.0; 3];
        let mut floating = [0.0; 3];
        let mut worth = [0.0; 3];
        for (ix, instrument) in exchange.instruments().iter().enumerate() {
            let position = exchange.position(ix);
            let held = self.shadow.held.get(&ix).copied().unwrap_or_default();
            let (long, short) = (position.long.volume(), position.short.volume());
            prop_assert!(position.long.yd.volume >= 0 && position.long.td.volume >= 0);
            prop_assert!(position.short.yd.volume >= 0 && position.short.td.volume >= 0);
            if instrument.style == Style::Netting {
                prop_assert_eq!(long - short, held.0 - held.1);
                prop_assert!(long == 0 || short == 0);
            } else {
                prop_assert_eq!((long, short), held, "{} is the sum of its fills", instrument.symbol);
            }
            self.frozen_position(exchange, ix)?;
            let currency = instrument.currency as usize;
            margin[currency] += position.margin;
            floating[currency] += position.floating;
            let mark = instrument.price(exchange.snapshot(ix).mark());
            worth[currency] += mark * instrument.volume(long - short) * instrument.size;
        }
        for currency in Currency::ALL {
            let account = exchange.account(currency);
            let n = currency as usize;
            near("margin", account.margin, margin[n])?;
            near("floating", account.floating, floating[n])?;
            let deposit = account.deposit;
            // What was paid in, plus what the fills brought, plus what the holdings are worth now, less commission.
            near("balance", account.balance(), deposit + self.shadow.cash[n] + worth[n] - account.commission)?;
            near("parts", account.balance(), account.available() + account.margin + account.frozen)?;
            let frozen: f64 = exchange
                .working()
                .filter(|order| exchange.instruments()[order.instrument].currency == currency)
                .map(|order| order.frozen)
                .sum();
            let netting: f64 = if currency == Currency::Usdt { exchange.netting_frozen() } else { 0.0 };
            near("frozen", account.frozen, frozen + netting)?;
            prop_assert!(account.frozen >= -1e-6 && account.margin >= -1e-6);
        }
        let active = self.shadow.orders.values().filter(|order| order.status.is_active()).count();
        prop_assert_eq!(active, exchange.working().count(), "orders that look active are at work");
        Ok(())
    }

    fn frozen_position(&self, exchange: &Exchange, ix: Ix) -> Result<(), TestCaseError> {
        let position = exchange.position(ix);
        for (side, closes) in [(position.long, Direction::Short), (position.short, Direction::Long)] {
            let orders = || exchange.working().filter(|o| o.instrument == ix && o.direction == closes);
            prop_assert_eq!(side.yd_frozen, orders().map(|order| order.frozen_yd).sum::<Steps>());
            prop_assert_eq!(side.td_frozen, orders().map(|order| order.frozen_td).sum::<Steps>());
            prop_assert!(side.yd_frozen <= side.yd.volume && side.td_frozen <= side.td.volume);
        }
        Ok(())
    }
}

fn near(what: &str, a: f64, b: f64) -> Result<(), TestCaseError> {
    prop_assert!((a - b).abs() <= 1e-6 * a.abs().max(1e4), "{}: {} is not {}", what, a, b);
    Ok(())
}

proptest! {
    #[test]
    fn money_and_volume_are_conserved(happenings in proptest::collection::vec(happening(), 1..120)) {
        let mut world = World::new();
        for happening in &happenings {
            world.step(happening)?;
        }
        let mut outputs = Vec::new();
        let day = world.theatre.exchange.day() + 1;
        world.theatre.exchange.step(NOW_US, Input::Settle(day), &mut outputs);
        prop_assert_eq!(world.theatre.exchange.working().count(), 0);
        for output in &outputs {
            world.write_down(output, false)?;
        }
        prop_assert!(world.shadow.orders.values().all(|order| order.status != Status::Submitting));
        world.agree(&world.theatre.exchange)?;
    }
}
