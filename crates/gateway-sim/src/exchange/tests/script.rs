//! A script of what happens, one thing a line, and the trace of what the exchange says to it.
//!
//! `book rb 3000x5 2999x9 / 3001x3 3002x8 [limits 2800 3200]`, `buy 1 rb open limit 3001 x2`, `cancel 1`,
//! `quote q rb 2999x1 open / 3003x1 open`, `settle`, `expire rb`, `profit`. The first word of an instrument is its
//! product; the nearest contract is meant.

use crate::exchange::{Exchange, Input, Output};
use crate::instruments::{Currency, Instrument, Ix, listing};
use crate::market::{Row, Snapshot};
use domain::{DEPTH, Direction, Offset, OrderRequest, OrderType, QuoteRequest, QuoteSide, Text};

/// 2026-11-23 02:00 UTC.
pub(super) const NOW_US: i64 = 1_795_399_200_000_000;

/// An exchange that is driven by text.
pub(crate) struct Theatre {
    pub(crate) exchange: Exchange,
    now_us: i64,
    pub(crate) outputs: Vec<Output>,
}

impl Theatre {
    pub(crate) fn new() -> Theatre {
        let mut exchange = Exchange::new(20_780, [1_000_000.0, 100_000.0, 100_000.0]);
        exchange.list(listing(NOW_US));
        Theatre { exchange, now_us: NOW_US, outputs: Vec::new() }
    }

    /// The nearest instrument whose code begins with that; `rb` is rb2701.
    pub(crate) fn find(&self, code: &str) -> Ix {
        let whole = |i: &Instrument| *i.symbol == *code;
        let product = |i: &Instrument| *i.path == *code && i.option.is_none();
        let all = self.exchange.instruments();
        let found = all.iter().position(whole).or_else(|| all.iter().position(product));
        found.unwrap_or_else(|| panic!("no instrument {code}"))
    }

    pub(crate) fn play(&mut self, script: &str) -> String {
        let mut trace = String::new();
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            trace += &format!("> {line}\n");
            let input = self.input(line);
            self.now_us += 1_000_000;
            let mut outputs = Vec::new();
            self.exchange.step(self.now_us, input, &mut outputs);
            for output in &outputs {
                let said = self.show(output);
                if !said.is_empty() {
                    trace += &format!("  {said}\n");
                }
            }
            self.outputs.extend(outputs);
        }
        trace
    }

    fn input(&self, line: &str) -> Input {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[0] {
            "book" => Input::Market(self.find(words[1]), Box::new(self.snapshot(&words))),
            "buy" | "sell" => self.order(&words),
            "cancel" => Input::Cancel(Text::new(words[1])),
            "quote" => self.quote(&words),
            "unquote" => Input::CancelQuote(Text::new(words[1])),
            "settle" => Input::Settle(self.exchange.day() + 1),
            "expire" => Input::Expire(self.find(words[1])),
            "profit" => Input::Profit,
            other => panic!("no such line: {other}"),
        }
    }

    fn snapshot(&self, words: &[&str]) -> Snapshot {
        let ix = self.find(words[1]);
        let instrument = &self.exchange.instruments()[ix];
        let mut snapshot = Snapshot { at_us: self.now_us, pre_close: 1, ..Snapshot::default() };
        let mut side = 0;
        let mut counts = [0, 0];
        let mut words = words[2..].iter();
        while let Some(word) = words.next() {
            match *word {
                "/" => side = 1,
                "limits" => {
                    let mut next = || instrument.ticks(number(words.next().expect("two limits")));
                    (snapshot.limit_down, snapshot.limit_up) = (next(), next());
                }
                "last" => snapshot.last = instrument.ticks(number(words.next().expect("a price"))),
                level => {
                    let (price, volume) = level.split_once('x').expect("a level is pricexvolume");
                    let row = Row { price: instrument.ticks(number(price)), volume: instrument.steps(number(volume)) };
                    let rows: &mut [Row; DEPTH] =
                        if side == 0 { &mut snapshot.book.bids } else { &mut snapshot.book.asks };
                    rows[counts[side]] = row;
                    counts[side] += 1;
                }
            }
        }
        snapshot
    }

    fn order(&self, words: &[&str]) -> Input {
        let (symbol, exchange) = self.symbol(words[2]);
        let offset = match words[3] {
            "open" => Offset::Open,
            "close" => Offset::Close,
            "closetoday" => Offset::CloseToday,
            "closeyesterday" => Offset::CloseYesterday,
            _ => Offset::None,
        };
        let order_type = OrderType::from_name(&words[4].to_ascii_uppercase()).expect("a kind of order");
        let (price, volume) = match order_type {
            OrderType::Market => (0.0, words[5]),
            _ => (number(words[5]), words[6]),
        };
        let direction = if words[0] == "buy" { Direction::Long } else { Direction::Short };
        let volume = number(volume.trim_start_matches('x'));
        let request = OrderRequest {
            forms: domain::NumberForms::default(),
            symbol,
            exchange,
            direction,
            order_type,
            volume,
            price,
            offset,
            reference: Text::default(),
        };
        Input::Order(Text::new(words[1]), request)
    }

    fn quote(&self, words: &[&str]) -> Input {
        let (symbol, exchange) = self.symbol(words[2]);
        let side = |level: &str, offset: &str| {
            let (price, volume) = level.split_once('x').expect("a level is pricexvolume");
            let offset = if offset == "open" { Offset::Open } else { Offset::Close };
            QuoteSide { price: number(price), volume: number(volume), offset }
        };
        let request = QuoteRequest {
            symbol,
            exchange,
            bid: side(words[3], words[4]),
            ask: side(words[6], words[7]),
            reference: Text::default(),
        };
        Input::Quote(Text::new(words[1]), request)
    }

    fn symbol(&self, code: &str) -> (Text, domain::Exchange) {
        if let Some((symbol, exchange)) = code.split_once('.') {
            return (Text::new(symbol), domain::Exchange::from_name(exchange).expect("an exchange"));
        }
        let instrument = &self.exchange.instruments()[self.find(code)];
        (instrument.symbol.clone(), instrument.exchange)
    }

    fn show(&self, output: &Output) -> String {
        let all = self.exchange.instruments();
        match output {
            Output::Tick(_) => String::new(),
            Output::Order(order) => {
                let i = &all[order.instrument];
                let (traded, volume) = (i.volume(order.traded), i.volume(order.volume));
                format!("order {} {} {traded}/{volume}", order.id, order.status.name())
            }
            Output::Refused(refused) => format!("order {} REJECTED {}", refused.id, refused.refusal.code()),
            Output::Trade(fill) => {
                let i = &all[fill.instrument];
                let side = if fill.direction == Direction::Long { "bought" } else { "sold" };
                format!(
                    "trade {} {side} {} at {} for {}",
                    fill.id,
                    i.volume(fill.volume),
                    i.price(fill.price),
                    fill.order
                )
            }
            Output::Position(ix, direction, _) => self.show_position(*ix, *direction),
            Output::Account(currency, _) => self.show_account(*currency),
            Output::Quote(quote) => format!("quote {} {}", quote.id, quote.status.name()),
            Output::Note(note) => format!("log {}", note.words().en),
        }
    }

    fn show_position(&self, ix: Ix, direction: Direction) -> String {
        let voice = crate::translate::Voice { name: Text::new("SIM"), language: domain::Language::En };
        let p = voice.position(&self.exchange, ix, direction);
        format!(
            "position {} {} {} (yesterday {}, frozen {}) at {:.2} profit {:.2}",
            p.symbol,
            direction.value(domain::Language::En),
            p.volume,
            p.yd_volume,
            p.frozen,
            p.price,
            p.pnl
        )
    }

    fn show_account(&self, currency: Currency) -> String {
        let a = self.exchange.account(currency);
        format!(
            "account {} balance {:.2} = available {:.2} + margin {:.2} + frozen {:.2}",
            currency.code(),
            a.balance(),
            a.available(),
            a.margin,
            a.frozen
        )
    }
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}
