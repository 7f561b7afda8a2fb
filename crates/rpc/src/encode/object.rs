//! The data classes as `class.__new__(class)` with all attributes, derived ones included, in dataclass order.

use super::fragments::{Fragments, Slot, zone_info};
use crate::shape;
use domain::{
    AccountData, Attributes, BarData, ContractData, DateTime, Direction, Exchange, LogData, NumberForms, Offset,
    OrderData, PositionData, QuoteData, Text, TickData, TradeData, Value, Zone,
};
use pickle::Writer;

/// Key slots of each class, looked up once.
pub(crate) struct Shapes {
    tick: Shape,
    order: Shape,
    trade: Shape,
    position: Shape,
    account: Shape,
    contract: Shape,
    quote: Shape,
    log: Shape,
    bar: Shape,
}

struct Shape {
    class: Slot,
    keys: Vec<Slot>,
}

impl Shapes {
    pub(crate) fn new(f: &Fragments) -> Shapes {
        let shape = |class, keys: &[&'static str]| Shape { class: f.class(class), keys: f.keys(keys) };
        Shapes {
            tick: shape("TickData", &shape::TICK),
            order: shape("OrderData", &shape::ORDER),
            trade: shape("TradeData", &shape::TRADE),
            position: shape("PositionData", &shape::POSITION),
            account: shape("AccountData", &shape::ACCOUNT),
            contract: shape("ContractData", &shape::CONTRACT),
            quote: shape("QuoteData", &shape::QUOTE),
            log: shape("LogData", &shape::LOG),
            bar: shape("BarData", &shape::BAR),
        }
    }
}

/// Writes objects into one pickle.
pub(crate) struct ObjectWriter<'a> {
    /// The pickle.
    pub(crate) out: &'a mut Writer,
    /// What is always the same.
    pub(crate) fragments: &'a Fragments,
    /// Whether repeated parts are memoised: worth it for lists, not for one event.
    pub(crate) share: bool,
}

/// One object being written: keys come in the order of its shape.
struct Fields<'w, 'a> {
    writer: &'w mut ObjectWriter<'a>,
    keys: std::slice::Iter<'w, Slot>,
}

impl ObjectWriter<'_> {
    #[inline]
    pub(crate) fn slot(&mut self, slot: Slot) {
        let fragment = self.fragments.get(slot);
        if self.share { self.out.once(slot, fragment) } else { self.out.raw(fragment) }
    }

    pub(crate) fn time(&mut self, at: Option<&DateTime>) {
        let Some(at) = at else { return self.out.none() };
        self.slot(self.fragments.datetime);
        let c = at.civil;
        let [year_high, year_low] = c.year.to_be_bytes();
        let [_, micro_high, micro_mid, micro_low] = c.micro.to_be_bytes();
        let month = c.month | if at.fold { 0x80 } else { 0 };
        self.out
            .bytes(&[year_high, year_low, month, c.day, c.hour, c.minute, c.second, micro_high, micro_mid, micro_low]);
        match &at.zone {
            Zone::Naive => self.out.tuple1(),
            Zone::Named { name, .. } if name == "Asia/Shanghai" => {
                self.slot(self.fragments.shanghai);
                self.out.tuple2();
            }
            Zone::Named { name, .. } => {
                zone_info(self.out, name);
                self.out.tuple2();
            }
            Zone::Fixed { offset } => {
                self.fixed_zone(*offset);
                self.out.tuple2();
            }
        }
        self.out.reduce();
    }

    fn fixed_zone(&mut self, offset: i32) {
        self.slot(self.fragments.timezone);
        self.slot(self.fragments.timedelta);
        self.out.int(offset.div_euclid(86_400).into());
        self.out.int(offset.rem_euclid(86_400).into());
        self.out.int(0);
        self.out.tuple3();
        self.out.reduce();
        self.out.tuple1();
        self.out.reduce();
    }

    pub(crate) fn exchange(&mut self, exchange: Exchange) {
        match self.fragments.exchange(exchange) {
            Some(slot) => self.slot(slot),
            None => self.fragments.unknown_exchange(self.out, exchange),
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::None => self.out.none(),
            Value::Bool(flag) => self.out.bool(*flag),
            Value::Int(number) => self.out.int(*number),
            Value::Float(number) => self.out.float(*number),
            Value::Text(text) => self.out.str(text),
            Value::Time(at) => self.time(Some(at)),
            Value::List(items) => {
                self.out.begin_list();
                items.iter().for_each(|item| self.value(item));
                self.out.end_list();
            }
            Value::Map(entries) => {
                self.out.begin_dict();
                for (key, value) in entries {
                    self.out.str(key);
                    self.value(value);
                }
                self.out.end_dict();
            }
        }
    }

    fn object(&mut self, shape: &Shape, attributes: &Attributes, write: impl FnOnce(&mut Fields<'_, '_>)) {
        self.slot(shape.class);
        self.out.begin_object();
        let mut fields = Fields { writer: &mut *self, keys: shape.keys.iter() };
        write(&mut fields);
        debug_assert!(fields.keys.len() == 0, "each field of the shape is written");
        for (name, value) in attributes.iter() {
            self.out.str(name);
            self.value(value);
        }
        self.out.end_object();
    }

    pub(crate) fn tick(&mut self, shapes: &Shapes, t: &TickData) {
        self.object(&shapes.tick, &t.attributes, |f| {
            f.text(&t.gateway_name);
            f.text(&t.symbol);
            f.exchange(t.exchange);
            f.time(t.datetime.as_ref());
            f.text(&t.name);
            for field in 0..TickData::NUMBERS.len() {
                f.number(t.number(field), t.forms, field as u32);
            }
            f.time(t.localtime.as_ref());
            f.text(&t.vt_symbol.0);
        });
    }

    pub(crate) fn order(&mut self, shapes: &Shapes, o: &OrderData) {
        self.object(&shapes.order, &o.attributes, |f| {
            f.text(&o.gateway_name);
            f.text(&o.symbol);
            f.exchange(o.exchange);
            f.text(&o.orderid);
            f.slot(|all| all.order_type(o.order_type));
            f.direction(o.direction);
            f.offset(o.offset);
            f.number(o.price, o.forms, 0);
            f.number(o.volume, o.forms, 1);
            f.number(o.traded, o.forms, 2);
            f.slot(|all| all.status(o.status));
            f.time(o.datetime.as_ref());
            f.text(&o.reference);
            f.text(&o.vt_symbol.0);
            f.text(&o.vt_orderid.0);
        });
    }

    pub(crate) fn trade(&mut self, shapes: &Shapes, t: &TradeData) {
        self.object(&shapes.trade, &t.attributes, |f| {
            f.text(&t.gateway_name);
            f.text(&t.symbol);
            f.exchange(t.exchange);
            f.text(&t.orderid);
            f.text(&t.tradeid);
            f.direction(t.direction);
            f.offset(t.offset);
            f.number(t.price, t.forms, 0);
            f.number(t.volume, t.forms, 1);
            f.time(t.datetime.as_ref());
            f.text(&t.vt_symbol.0);
            f.text(&t.vt_orderid.0);
            f.text(&t.vt_tradeid.0);
        });
    }

    pub(crate) fn position(&mut self, shapes: &Shapes, p: &PositionData) {
        self.object(&shapes.position, &p.attributes, |f| {
            f.text(&p.gateway_name);
            f.text(&p.symbol);
            f.exchange(p.exchange);
            f.direction(Some(p.direction));
            for (field, value) in [p.volume, p.frozen, p.price, p.pnl, p.yd_volume].into_iter().enumerate() {
                f.number(value, p.forms, field as u32);
            }
            f.text(&p.vt_symbol.0);
            f.text(&p.vt_positionid.0);
        });
    }

    pub(crate) fn account(&mut self, shapes: &Shapes, a: &AccountData) {
        self.object(&shapes.account, &a.attributes, |f| {
            f.text(&a.gateway_name);
            f.text(&a.accountid);
            f.number(a.balance, a.forms, 0);
            f.number(a.frozen, a.forms, 1);
            f.number(a.available, a.forms, 2);
            f.text(&a.vt_accountid.0);
        });
    }

    pub(crate) fn contract(&mut self, shapes: &Shapes, c: &ContractData) {
        self.object(&shapes.contract, &c.attributes, |f| {
            f.text(&c.gateway_name);
            f.text(&c.symbol);
            f.exchange(c.exchange);
            f.text(&c.name);
            f.slot(|all| all.product(c.product));
            f.number(c.size, c.forms, 0);
            f.number(c.pricetick, c.forms, 1);
            f.number(c.min_volume, c.forms, 2);
            f.optional(c.max_volume, c.forms, 3);
            f.flag(c.stop_supported);
            f.flag(c.net_position);
            f.flag(c.history_data);
            f.optional(c.option_strike, c.forms, 4);
            f.optional_text(c.option_underlying.as_ref());
            f.key();
            match c.option_type {
                Some(member) => f.writer.slot(f.writer.fragments.option_type(member)),
                None => f.writer.out.none(),
            }
            f.time(c.option_listed.as_ref());
            f.time(c.option_expiry.as_ref());
            f.optional_text(c.option_portfolio.as_ref());
            f.optional_text(c.option_index.as_ref());
            f.text(&c.vt_symbol.0);
        });
    }

    pub(crate) fn quote(&mut self, shapes: &Shapes, q: &QuoteData) {
        self.object(&shapes.quote, &q.attributes, |f| {
            f.text(&q.gateway_name);
            f.text(&q.symbol);
            f.exchange(q.exchange);
            f.text(&q.quoteid);
            for (field, value) in [q.bid.price, q.bid.volume, q.ask.price, q.ask.volume].into_iter().enumerate() {
                f.number(value, q.forms, field as u32);
            }
            f.offset(q.bid.offset);
            f.offset(q.ask.offset);
            f.slot(|all| all.status(q.status));
            f.time(q.datetime.as_ref());
            f.text(&q.reference);
            f.text(&q.vt_symbol.0);
            f.text(&q.vt_quoteid.0);
        });
    }

    pub(crate) fn log(&mut self, shapes: &Shapes, line: &LogData) {
        self.object(&shapes.log, &Attributes::default(), |f| {
            f.text(&line.gateway_name);
            f.key();
            f.writer.out.str(&line.msg);
            f.key();
            f.writer.out.int(line.level.into());
            f.time(line.time.as_ref());
        });
    }

    pub(crate) fn bar(&mut self, shapes: &Shapes, b: &BarData) {
        self.object(&shapes.bar, &Attributes::default(), |f| {
            f.text(&b.gateway_name);
            f.text(&b.symbol);
            f.exchange(b.exchange);
            f.time(Some(&b.datetime));
            f.key();
            match b.interval {
                Some(member) => f.writer.slot(f.writer.fragments.interval(member)),
                None => f.writer.out.none(),
            }
            let numbers =
                [b.volume, b.turnover, b.open_interest, b.open_price, b.high_price, b.low_price, b.close_price];
            numbers.into_iter().for_each(|value| f.number(value, NumberForms::default(), 0));
            f.text(&b.vt_symbol().0);
        });
    }
}

impl Fields<'_, '_> {
    #[inline]
    fn key(&mut self) {
        let slot = *self.keys.next().expect("the shape names each field");
        self.writer.slot(slot);
    }

    #[inline]
    fn text(&mut self, text: &Text) {
        self.key();
        self.writer.out.str(text);
    }

    fn optional_text(&mut self, text: Option<&Text>) {
        self.key();
        match text {
            Some(text) => self.writer.out.str(text),
            None => self.writer.out.none(),
        }
    }

    #[inline]
    fn number(&mut self, value: f64, forms: NumberForms, field: u32) {
        self.key();
        if forms.is_null(field) {
            self.writer.out.none();
        } else if forms.is_int(field) {
            self.writer.out.int(value as i64);
        } else {
            self.writer.out.float(value);
        }
    }

    fn optional(&mut self, value: Option<f64>, forms: NumberForms, field: u32) {
        match value {
            Some(value) => self.number(value, forms, field),
            None => {
                self.key();
                self.writer.out.none();
            }
        }
    }

    fn flag(&mut self, flag: bool) {
        self.key();
        self.writer.out.bool(flag);
    }

    fn time(&mut self, at: Option<&DateTime>) {
        self.key();
        self.writer.time(at);
    }

    fn exchange(&mut self, exchange: Exchange) {
        self.key();
        self.writer.exchange(exchange);
    }

    fn slot(&mut self, pick: impl FnOnce(&Fragments) -> Slot) {
        self.key();
        self.writer.slot(pick(self.writer.fragments));
    }

    fn offset(&mut self, offset: Offset) {
        self.slot(|all| all.offset(offset));
    }

    fn direction(&mut self, direction: Option<Direction>) {
        self.key();
        match direction {
            Some(member) => self.writer.slot(self.writer.fragments.direction(member)),
            None => self.writer.out.none(),
        }
    }
}
