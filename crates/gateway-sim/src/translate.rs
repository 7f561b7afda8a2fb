//! From the exchange's words (ticks, steps, places) to the trading vocabulary that the port speaks.

use crate::exchange::{Effect, Exchange, Fill, Order, Quote, Refused};
use crate::instruments::{Currency, Instrument, Ix, zone_of};
use crate::ledger::Side;
use crate::market::{Row, Snapshot};
use crate::words::Refusal;
use compact_str::format_compact;
use domain::{
    AccountData, Attributes, ContractData, DEPTH, DateTime, Direction, Language, Level, NumberForms, OrderData,
    PositionData, QuoteData, Status, Text, TickData, TradeData, Value, VtAccountId, VtOrderId, VtPositionId, VtQuoteId,
    VtTradeId,
};

/// Whose words they are: the gateway's name and language.
#[derive(Clone, Debug)]
pub(crate) struct Voice {
    pub(crate) name: Text,
    pub(crate) language: Language,
}

impl Voice {
    pub(crate) fn instrument_name(&self, instrument: &Instrument) -> Text {
        match self.language {
            Language::Zh => instrument.name_zh.clone(),
            Language::En => instrument.name_en.clone(),
        }
    }

    pub(crate) fn contract(&self, instrument: &Instrument) -> ContractData {
        let name = self.instrument_name(instrument);
        let mut contract =
            ContractData::new(&self.name, &instrument.symbol, instrument.exchange, &name, instrument.product);
        contract.size = instrument.size;
        contract.pricetick = instrument.pricetick;
        contract.min_volume = instrument.volume(instrument.lot);
        contract.max_volume = Some(instrument.volume(instrument.max_volume));
        contract.stop_supported = true;
        contract.net_position = instrument.nets();
        contract.history_data = true;
        if let Some(terms) = &instrument.option {
            contract.option_strike = Some(terms.strike);
            contract.option_underlying = Some(terms.underlying.clone());
            contract.option_type = Some(terms.right);
            contract.option_portfolio = Some(terms.portfolio.clone());
            contract.option_index = Some(format_compact!("{}", terms.strike));
            contract.option_expiry = instrument.expiry_us.and_then(midnight);
        }
        contract
    }

    pub(crate) fn tick(&self, instrument: &Instrument, snapshot: &Snapshot, local_us: i64) -> TickData {
        let price = |ticks| instrument.price(ticks);
        let levels = |rows: &[Row; DEPTH]| {
            rows.map(|row| match row.volume {
                0 => Level::default(),
                volume => Level { price: price(row.price), volume: instrument.volume(volume) },
            })
        };
        TickData {
            gateway_name: self.name.clone(),
            symbol: instrument.symbol.clone(),
            exchange: instrument.exchange,
            datetime: DateTime::from_unix_micros(snapshot.at_us, instrument.zone),
            name: self.instrument_name(instrument),
            volume: snapshot.volume,
            turnover: snapshot.turnover,
            open_interest: snapshot.open_interest,
            last_price: price(snapshot.last),
            last_volume: instrument.volume(snapshot.last_volume),
            limit_up: price(snapshot.limit_up),
            limit_down: price(snapshot.limit_down),
            open_price: price(snapshot.open),
            high_price: price(snapshot.high),
            low_price: price(snapshot.low),
            pre_close: price(snapshot.pre_close),
            bids: levels(&snapshot.book.bids),
            asks: levels(&snapshot.book.asks),
            localtime: DateTime::from_unix_micros(local_us, instrument.zone),
            vt_symbol: instrument.vt_symbol.clone(),
            forms: NumberForms::default(),
            attributes: Attributes::default(),
        }
    }

    pub(crate) fn order(&self, order: &Order, instrument: &Instrument) -> OrderData {
        OrderData {
            gateway_name: self.name.clone(),
            symbol: instrument.symbol.clone(),
            exchange: instrument.exchange,
            orderid: order.id.clone(),
            order_type: order.kind,
            direction: Some(order.direction),
            offset: order.offset,
            price: instrument.price(order.price),
            volume: instrument.volume(order.volume),
            traded: instrument.volume(order.traded),
            status: order.status,
            datetime: DateTime::from_unix_micros(order.at_us, instrument.zone),
            reference: order.reference.clone(),
            vt_symbol: instrument.vt_symbol.clone(),
            vt_orderid: VtOrderId::new(&self.name, &order.id),
            forms: NumberForms::default(),
            attributes: order.refusal.as_ref().map(reason).unwrap_or_default(),
        }
    }

    /// The REJECTED order that a refused request becomes. What is no number is told as 0: no reader of an order
    /// expects NaN, and the reason says what was wrong.
    pub(crate) fn refused(&self, refused: &Refused) -> OrderData {
        let mut order = refused.request.to_order(&refused.id, &self.name);
        for number in [&mut order.price, &mut order.volume] {
            if !number.is_finite() {
                *number = 0.0;
            }
        }
        order.status = Status::Rejected;
        order.datetime = DateTime::from_unix_micros(refused.at_us, zone_of(order.exchange));
        order.attributes = reason(&refused.refusal);
        order
    }

    pub(crate) fn trade(&self, fill: &Fill, instrument: &Instrument) -> TradeData {
        let id = format_compact!("{}", fill.id);
        TradeData {
            gateway_name: self.name.clone(),
            symbol: instrument.symbol.clone(),
            exchange: instrument.exchange,
            orderid: fill.order.clone(),
            direction: Some(fill.direction),
            offset: fill.offset,
            price: instrument.price(fill.price),
            volume: instrument.volume(fill.volume),
            datetime: DateTime::from_unix_micros(fill.at_us, instrument.zone),
            vt_symbol: instrument.vt_symbol.clone(),
            vt_orderid: VtOrderId::new(&self.name, &fill.order),
            vt_tradeid: VtTradeId::new(&self.name, &id),
            tradeid: id,
            forms: NumberForms::default(),
            attributes: Attributes::default(),
        }
    }

    pub(crate) fn position(&self, exchange: &Exchange, ix: Ix, direction: Direction) -> PositionData {
        let instrument = &exchange.instruments()[ix];
        let position = exchange.position(ix);
        let mut data = self.empty_position(instrument, direction);
        let average = |side: &Side| match side.volume() {
            0 => 0.0,
            volume => side.cost() / instrument.volume(volume),
        };
        if direction == Direction::Net {
            let (long, short) = (&position.long, &position.short);
            data.volume = instrument.volume(long.volume() - short.volume());
            data.yd_volume = instrument.volume(long.yd.volume - short.yd.volume);
            data.frozen = instrument.volume(long.frozen() + short.frozen());
            data.price = average(if short.volume() > 0 { short } else { long });
            data.pnl = position.floating;
            return data;
        }
        let side = position.side(direction);
        data.volume = instrument.volume(side.volume());
        data.yd_volume = instrument.volume(side.yd.volume);
        data.frozen = instrument.volume(side.frozen());
        data.price = average(side);
        let worth = instrument.price(exchange.snapshot(ix).mark()) * data.volume;
        let gain = if direction == Direction::Long { worth - side.cost() } else { side.cost() - worth };
        data.pnl = gain * instrument.size + 0.0;
        data
    }

    fn empty_position(&self, instrument: &Instrument, direction: Direction) -> PositionData {
        PositionData {
            gateway_name: self.name.clone(),
            symbol: instrument.symbol.clone(),
            exchange: instrument.exchange,
            direction,
            volume: 0.0,
            frozen: 0.0,
            price: 0.0,
            pnl: 0.0,
            yd_volume: 0.0,
            vt_symbol: instrument.vt_symbol.clone(),
            vt_positionid: VtPositionId::new(&self.name, &instrument.vt_symbol, direction, self.language),
            forms: NumberForms::default(),
            attributes: Attributes::default(),
        }
    }

    /// `frozen` has margin and what orders bind, so that `available` is `balance - frozen` for every reader that
    /// computes it itself.
    pub(crate) fn account(&self, exchange: &Exchange, currency: Currency) -> AccountData {
        let account = exchange.account(currency);
        AccountData {
            gateway_name: self.name.clone(),
            accountid: Text::new(currency.code()),
            balance: account.balance(),
            frozen: account.margin + account.frozen,
            available: account.available(),
            vt_accountid: VtAccountId::new(&self.name, currency.code()),
            forms: NumberForms::default(),
            attributes: Attributes::default(),
        }
    }

    pub(crate) fn quote(&self, quote: &Quote) -> QuoteData {
        let request = &quote.request;
        QuoteData {
            gateway_name: self.name.clone(),
            symbol: request.symbol.clone(),
            exchange: request.exchange,
            quoteid: quote.id.clone(),
            bid: request.bid,
            ask: request.ask,
            status: quote.status,
            datetime: DateTime::from_unix_micros(quote.at_us, zone_of(request.exchange)),
            reference: request.reference.clone(),
            vt_symbol: domain::VtSymbol::new(&request.symbol, request.exchange),
            vt_quoteid: VtQuoteId::new(&self.name, &quote.id),
            forms: NumberForms::default(),
            attributes: Attributes::default(),
        }
    }
}

/// VeighNa's orders have no field for a reason; `extra` is where gateways put what has no field.
fn reason(refusal: &Refusal) -> Attributes {
    let words = refusal.words();
    let text = |text: &str| Value::Text(Text::new(text));
    let mut attributes = Attributes::default();
    attributes.push(
        "extra",
        Value::Map(vec![
            (Text::new("reason_zh"), text(&words.zh)),
            (Text::new("reason_en"), text(&words.en)),
            (Text::new("code"), text(refusal.code())),
        ]),
    );
    attributes
}

/// The date on which a moment falls in Beijing, naive at midnight.
fn midnight(unix_us: i64) -> Option<DateTime> {
    let at = DateTime::from_unix_micros(unix_us, "Asia/Shanghai")?.civil;
    let civil = domain::Civil::new((at.year, at.month, at.day), (0, 0, 0), 0)?;
    Some(DateTime::naive(civil))
}

/// The effect that an order of that style and offset had; used when it is read back.
pub(crate) fn effect_of(instrument: &Instrument, direction: Direction, offset: domain::Offset) -> Effect {
    use crate::instruments::Style;
    match instrument.style {
        Style::Netting => Effect::Net,
        Style::Cash { .. } if direction == Direction::Long => Effect::Open,
        Style::Cash { .. } => Effect::Close,
        Style::Hedged if offset.closes() => Effect::Close,
        Style::Hedged => Effect::Open,
    }
}
