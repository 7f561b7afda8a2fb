//! New orders and quotes: what the trading state lets through goes to its venue, what it does not becomes REJECTED.
//!
//! A refused order has an id and a last state like any other, so that whoever sent it finds out by the same way; its
//! `extra` has the code `TRADING_STATE` and the reason in both languages.

use crate::{Effect, Engine, VenueCommand};
use domain::reducing::{judged_by_net, only_reduces};
use domain::{
    Attributes, DateTime, Direction, Language, NumberForms, OrderRequest, QuoteData, QuoteRequest, Status, Text,
    TradingState, Value, VtOrderId, VtQuoteId, VtSymbol,
};
use std::sync::Arc;

/// Level of Python's `logging.WARNING`.
const WARNING: i32 = 30;

impl Engine {
    pub(crate) fn send_order(
        &mut self,
        now_us: i64,
        request: OrderRequest,
        gateway: &Text,
        effects: &mut Vec<Effect>,
    ) -> Option<VtOrderId> {
        if !self.has_gateway(now_us, gateway, effects) {
            return None;
        }
        let orderid = self.next_id();
        let mut order = request.to_order(&orderid, gateway);
        let vt_orderid = order.vt_orderid.clone();
        if !self.lets_through(now_us, &request, gateway) {
            // No reader of an order expects NaN.
            for number in [&mut order.price, &mut order.volume] {
                *number = if number.is_finite() { *number } else { 0.0 };
            }
            order.status = Status::Rejected;
            order.datetime = DateTime::from_unix_micros(now_us, self.zone());
            order.attributes = self.reason();
            self.on_order(now_us, &Arc::new(order), effects);
            self.tell_refusal(now_us, gateway, vt_orderid.as_str(), effects);
            return Some(vt_orderid);
        }
        self.on_order(now_us, &Arc::new(order), effects);
        effects.push(Effect::Venue { gateway: gateway.clone(), command: VenueCommand::SendOrder { orderid, request } });
        Some(vt_orderid)
    }

    pub(crate) fn send_quote(
        &mut self,
        now_us: i64,
        request: QuoteRequest,
        gateway: &Text,
        effects: &mut Vec<Effect>,
    ) -> Option<VtQuoteId> {
        if !self.has_gateway(now_us, gateway, effects) {
            return None;
        }
        let quoteid = self.next_id();
        let id = VtQuoteId::new(gateway, &quoteid);
        if !self.lets_quote_through(&request, gateway) {
            let quote = self.refused_quote(now_us, &request, quoteid, gateway);
            self.on_quote(now_us, Arc::new(quote), effects);
            self.tell_refusal(now_us, gateway, id.as_str(), effects);
            return Some(id);
        }
        effects.push(Effect::Venue { gateway: gateway.clone(), command: VenueCommand::SendQuote { quoteid, request } });
        Some(id)
    }

    /// Whether the trading state allows this order.
    fn lets_through(&self, now_us: i64, request: &OrderRequest, gateway: &Text) -> bool {
        match self.trading_state() {
            TradingState::Active => true,
            TradingState::Halted => false,
            TradingState::Reducing => {
                let vt_symbol = request.vt_symbol();
                let oms = self.oms();
                let nets = oms.nets(gateway, &vt_symbol);
                if !judged_by_net(nets, request.offset) {
                    return only_reduces(request, nets, 0.0, 0.0);
                }
                let working = oms.working(gateway, &vt_symbol, request.direction);
                let held = oms.reducible(now_us, gateway, &vt_symbol, request.direction);
                only_reduces(request, nets, held, working)
            }
        }
    }

    /// Both sides of a quote are at work at once, so it reduces only where the offsets say so.
    fn lets_quote_through(&self, request: &QuoteRequest, gateway: &Text) -> bool {
        match self.trading_state() {
            TradingState::Active => true,
            TradingState::Halted => false,
            TradingState::Reducing => {
                let nets = self.oms().nets(gateway, &VtSymbol::new(&request.symbol, request.exchange));
                [request.bid, request.ask].iter().all(|side| {
                    let is_sane = side.volume.is_finite() && side.volume >= 0.0;
                    is_sane && side.offset.closes() && !judged_by_net(nets, side.offset)
                })
            }
        }
    }

    fn refused_quote(&self, now_us: i64, request: &QuoteRequest, quoteid: Text, gateway: &Text) -> QuoteData {
        QuoteData {
            gateway_name: gateway.clone(),
            symbol: request.symbol.clone(),
            exchange: request.exchange,
            vt_symbol: VtSymbol::new(&request.symbol, request.exchange),
            vt_quoteid: VtQuoteId::new(gateway, &quoteid),
            quoteid,
            bid: request.bid,
            ask: request.ask,
            status: Status::Rejected,
            datetime: DateTime::from_unix_micros(now_us, self.zone()),
            reference: request.reference.clone(),
            forms: NumberForms::default(),
            attributes: self.reason(),
        }
    }

    fn tell_refusal(&mut self, now_us: i64, gateway: &Text, id: &str, effects: &mut Vec<Effect>) {
        let why = refusal(self.trading_state(), self.language());
        let text = match self.language() {
            Language::Zh => format!("委托{id}被拒绝：{why}"),
            Language::En => format!("order {id} refused: {why}"),
        };
        self.log(now_us, gateway, WARNING, text, effects);
    }

    fn reason(&self) -> Attributes {
        let text = |language| Value::Text(Text::from(refusal(self.trading_state(), language)));
        let rows = [
            ("code", Value::Text(Text::const_new("TRADING_STATE"))),
            ("reason_zh", text(Language::Zh)),
            ("reason_en", text(Language::En)),
        ];
        let mut attributes = Attributes::default();
        attributes.push("extra", Value::Map(rows.map(|(name, value)| (Text::const_new(name), value)).into()));
        attributes
    }
}

/// Why the state refuses, for a person.
fn refusal(state: TradingState, language: Language) -> String {
    let (name, value) = (state.name(), state.value(language));
    match (state, language) {
        (TradingState::Reducing, Language::Zh) => format!("交易状态为{value}（{name}），只允许减少持仓的委托"),
        (TradingState::Reducing, Language::En) => {
            format!("the trading state is {name}: only orders that reduce a position pass")
        }
        (_, Language::Zh) => format!("交易状态为{value}（{name}），只允许撤单"),
        (_, Language::En) => format!("the trading state is {name}: only cancels pass"),
    }
}

/// Volume that a direction adds to a net position, for one that is held.
pub(crate) fn signed(direction: Direction, volume: f64) -> f64 {
    if direction == Direction::Short { -volume } else { volume }
}
