//! VeighNa's own answers, recorded from VeighNa: long 10 of which 4 from yesterday; short 6, all from yesterday.
#![allow(clippy::float_cmp, reason = "volumes are whole lots here")]

use super::*;
use crate::{OrderType, Status, Text};
use proptest::prelude::*;

fn request(exchange: Exchange, direction: Direction, offset: Offset, volume: f64) -> OrderRequest {
    OrderRequest {
        forms: crate::NumberForms::default(),
        symbol: Text::new("x"),
        exchange,
        direction,
        order_type: OrderType::Limit,
        volume,
        price: 1.0,
        offset,
        reference: Text::default(),
    }
}

fn vector_holding(exchange: Exchange) -> Holding {
    let mut holding = Holding::new(exchange);
    holding.long = Side { yd: 4.0, td: 6.0, ..Side::default() };
    holding.short = Side { yd: 6.0, td: 0.0, ..Side::default() };
    holding
}

fn show(parts: &[OrderRequest]) -> String {
    let name = |offset| match offset {
        Offset::Open => "OPEN",
        Offset::Close => "CLOSE",
        Offset::CloseToday => "CT",
        Offset::CloseYesterday => "CY",
        Offset::None => "NONE",
    };
    parts.iter().map(|p| format!("{} {}", name(p.offset), p.volume)).collect::<Vec<_>>().join(" + ")
}

#[test]
fn the_recorded_vectors() {
    use Direction::{Long, Short};
    use Offset::{Close, Open};
    let (shfe, cffex) = (Exchange::SHFE, Exchange::CFFEX);
    let table = [
        (shfe, Short, Close, 3.0, "CT 3", "CY 3", "CT 3"),
        (shfe, Short, Close, 8.0, "CT 6 + CY 2", "CY 4 + OPEN 4", "CT 6 + CY 2"),
        (shfe, Short, Close, 12.0, "", "CY 4 + OPEN 8", "CT 6 + CY 4 + OPEN 2"),
        (shfe, Long, Open, 3.0, "OPEN 3", "CY 3", "CY 3"),
        (shfe, Long, Open, 9.0, "OPEN 9", "CY 6 + OPEN 3", "CY 6 + OPEN 3"),
        (cffex, Short, Close, 3.0, "CLOSE 3", "OPEN 3", "CLOSE 3"),
        (cffex, Short, Close, 12.0, "CLOSE 12", "OPEN 12", "CLOSE 10 + OPEN 2"),
        (cffex, Long, Open, 9.0, "OPEN 9", "CLOSE 6 + OPEN 3", "CLOSE 6 + OPEN 3"),
    ];
    for (exchange, direction, offset, volume, plain, lock, net) in table {
        let holding = vector_holding(exchange);
        let asked = request(exchange, direction, offset, volume);
        let answers = [Mode::Plain, Mode::Lock, Mode::Net].map(|mode| show(&holding.convert(&asked, mode)));
        assert_eq!(answers, [plain, lock, net], "{asked:?}");
    }
}

#[test]
fn a_close_that_is_at_work_cannot_be_used_twice() {
    let mut holding = vector_holding(Exchange::SHFE);
    let close = request(Exchange::SHFE, Direction::Short, Offset::CloseToday, 5.0);
    holding.on_order(&close.to_order("1", "SIM"));
    assert_eq!(holding.long.td_frozen, 5.0);
    assert_eq!(
        show(&holding.convert(&request(Exchange::SHFE, Direction::Short, Offset::Close, 3.0), Mode::Plain)),
        "CT 1 + CY 2"
    );
    let mut done = close.to_order("1", "SIM");
    done.status = Status::Cancelled;
    holding.on_order(&done);
    assert_eq!(holding.long.frozen(), 0.0);
}

#[test]
fn contracts_that_net_or_are_unknown_pass_unchanged() {
    let mut converter = Converter::default();
    let asked = request(Exchange::SHFE, Direction::Short, Offset::Close, 3.0);
    assert_eq!(show(&converter.convert(&asked, Mode::Net)), "CLOSE 3");
    converter.on_contract(&asked.vt_symbol(), true);
    assert_eq!(show(&converter.convert(&asked, Mode::Net)), "CLOSE 3");
    converter.on_contract(&asked.vt_symbol(), false);
    assert_eq!(show(&converter.convert(&asked, Mode::Net)), "OPEN 3");
}

fn trade(exchange: Exchange, direction: Direction, offset: Offset, volume: f64) -> TradeData {
    let order = request(exchange, direction, offset, volume).to_order("1", "SIM");
    TradeData {
        gateway_name: order.gateway_name,
        symbol: order.symbol,
        exchange,
        orderid: order.orderid,
        tradeid: Text::new("1"),
        direction: Some(direction),
        offset,
        price: 1.0,
        volume,
        datetime: None,
        vt_symbol: order.vt_symbol,
        vt_orderid: order.vt_orderid,
        vt_tradeid: crate::VtTradeId::new("SIM", "1"),
        forms: crate::NumberForms::default(),
        attributes: crate::Attributes::default(),
    }
}

proptest! {
    #[test]
    fn converted_parts_add_up_and_never_close_more_than_is_free(
        shfe in any::<bool>(), long in any::<bool>(), closes in any::<bool>(), volume in 1u32..20,
        td in 0u32..10, yd in 0u32..10, working in 0u32..10, mode in prop::sample::select(vec![Mode::Plain, Mode::Lock, Mode::Net]),
    ) {
        let exchange = if shfe { Exchange::SHFE } else { Exchange::DCE };
        let direction = if long { Direction::Long } else { Direction::Short };
        let mut holding = Holding::new(exchange);
        let side = Side { td: td.into(), yd: yd.into(), ..Side::default() };
        holding.long = side;
        holding.short = side;
        holding.on_order(&request(exchange, direction, Offset::Close, working.into()).to_order("9", "SIM"));
        let offset = if closes { Offset::Close } else { Offset::Open };
        let parts = holding.convert(&request(exchange, direction, offset, volume.into()), mode);
        let total: f64 = parts.iter().map(|p| p.volume).sum();
        prop_assert!(parts.is_empty() || total == f64::from(volume));
        prop_assert!(parts.iter().all(|p| p.volume > 0.0));
        if mode != Mode::Plain {
            let closing: f64 = parts.iter().filter(|p| p.offset.closes()).map(|p| p.volume).sum();
            prop_assert!(closing <= holding.opposite(direction).available());
        }
    }

    #[test]
    fn position_is_the_sum_of_its_trades(moves in prop::collection::vec((any::<bool>(), 0u8..4, 1u32..5), 0..40)) {
        let mut holding = Holding::new(Exchange::DCE);
        let mut net = 0.0;
        for (long, offset, volume) in moves {
            let direction = if long { Direction::Long } else { Direction::Short };
            let volume = f64::from(volume);
            let closable = holding.opposite(direction);
            let offset = match offset {
                0 if closable.pos() >= volume => Offset::Close,
                1 if closable.td >= volume => Offset::CloseToday,
                2 if closable.yd >= volume => Offset::CloseYesterday,
                _ => Offset::Open,
            };
            holding.on_trade(&trade(Exchange::DCE, direction, offset, volume));
            net += if long { volume } else { -volume };
            prop_assert_eq!(holding.long.pos() - holding.short.pos(), net);
            prop_assert!(holding.long.td >= 0.0 && holding.long.yd >= 0.0 && holding.short.td >= 0.0 && holding.short.yd >= 0.0);
        }
    }
}
