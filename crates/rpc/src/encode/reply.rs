//! What our trading process answers: `[True, value]` or `[False, text]`, one frame.

use super::fragments::{EnumForm, Fragments};
use super::object::{ObjectWriter, Shapes};
use domain::{AccountData, BarData, ContractData, Language, OrderData, PositionData, TickData, TradeData};
use pickle::Writer;
use std::sync::Arc;

/// A value to answer with.
pub(crate) enum ReplyValue<'a> {
    None,
    Text(&'a str),
    Tick(&'a TickData),
    Order(&'a OrderData),
    Trade(&'a TradeData),
    Position(&'a PositionData),
    Account(&'a AccountData),
    Contract(&'a ContractData),
    Ticks(&'a [Arc<TickData>]),
    Orders(&'a [Arc<OrderData>]),
    Trades(&'a [Arc<TradeData>]),
    Positions(&'a [Arc<PositionData>]),
    Accounts(&'a [Arc<AccountData>]),
    Contracts(&'a [Arc<ContractData>]),
    Bars(&'a [BarData]),
}

/// Writes answers.
pub(crate) struct ReplyEncoder {
    fragments: Fragments,
    shapes: Shapes,
}

impl ReplyEncoder {
    pub(crate) fn new(values: Option<Language>) -> ReplyEncoder {
        let fragments = Fragments::new(values.map_or(EnumForm::Name, EnumForm::Value));
        let shapes = Shapes::new(&fragments);
        ReplyEncoder { fragments, shapes }
    }

    /// `[False, text]`.
    pub(crate) fn failure(&self, text: &str) -> Vec<u8> {
        let mut writer = Writer::protocol4();
        writer.begin_list();
        writer.bool(false);
        writer.str(text);
        writer.end_list();
        writer.finish()
    }

    /// `[True, value]`.
    pub(crate) fn success(&self, value: &ReplyValue<'_>) -> Vec<u8> {
        let mut writer = Writer::protocol4();
        writer.begin_list();
        writer.bool(true);
        let mut w = ObjectWriter { out: &mut writer, fragments: &self.fragments, share: true };
        let s = &self.shapes;
        match value {
            ReplyValue::None => w.out.none(),
            ReplyValue::Text(text) => w.out.str(text),
            ReplyValue::Tick(tick) => w.tick(s, tick),
            ReplyValue::Order(order) => w.order(s, order),
            ReplyValue::Trade(trade) => w.trade(s, trade),
            ReplyValue::Position(position) => w.position(s, position),
            ReplyValue::Account(account) => w.account(s, account),
            ReplyValue::Contract(contract) => w.contract(s, contract),
            ReplyValue::Ticks(list) => each(&mut w, list, |w, row| w.tick(s, row)),
            ReplyValue::Orders(list) => each(&mut w, list, |w, row| w.order(s, row)),
            ReplyValue::Trades(list) => each(&mut w, list, |w, row| w.trade(s, row)),
            ReplyValue::Positions(list) => each(&mut w, list, |w, row| w.position(s, row)),
            ReplyValue::Accounts(list) => each(&mut w, list, |w, row| w.account(s, row)),
            ReplyValue::Contracts(list) => each(&mut w, list, |w, row| w.contract(s, row)),
            ReplyValue::Bars(list) => each(&mut w, list, |w, row| w.bar(s, row)),
        }
        writer.end_list();
        writer.finish()
    }
}

fn each<'a, T>(w: &mut ObjectWriter<'a>, list: &[T], write: impl Fn(&mut ObjectWriter<'a>, &T)) {
    w.out.begin_list();
    list.iter().for_each(|row| write(w, row));
    w.out.end_list();
}
