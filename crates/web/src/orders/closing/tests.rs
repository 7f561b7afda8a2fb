//! Closing by exchange: today's and yesterday's, netting, prices.

use super::{CloseError, CloseWish, plan};
use crate::replica::Replica;
use domain::{
    Attributes, ContractData, Direction, Exchange, Language, NumberForms, Offset, OrderData, OrderRequest, OrderType,
    PositionData, Product, TickData, VtPositionId, VtSymbol,
};
use std::sync::Arc;

fn replica(exchange: &str, nets: bool, direction: Direction, volume: f64, yesterday: f64) -> (Replica, String) {
    let exchange = Exchange::from_name(exchange).unwrap();
    let mut replica = Replica::default();
    let contract = ContractData::new("CTP", "x1", exchange, "x", Product::Futures);
    let contract = ContractData { net_position: nets, ..contract };
    replica.contracts.insert(contract.vt_symbol.clone(), Arc::new(contract));
    let mut tick = TickData::new("CTP", "x1", exchange, None);
    (tick.bids[0].price, tick.asks[0].price) = (99.0, 101.0);
    replica.ticks.insert(tick.vt_symbol.clone(), Arc::new(tick));
    let vt_symbol = VtSymbol::new("x1", exchange);
    let id = VtPositionId::new("CTP", &vt_symbol, direction, Language::En);
    let position = PositionData {
        gateway_name: "CTP".into(),
        symbol: "x1".into(),
        exchange,
        direction,
        volume,
        frozen: 0.0,
        price: 100.0,
        pnl: 0.0,
        yd_volume: yesterday,
        vt_positionid: id.clone(),
        vt_symbol,
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    };
    replica.positions.insert(id.clone(), Arc::new(position));
    (replica, id.to_string())
}

fn parts(replica: &Replica, id: &str, wish: &CloseWish) -> Vec<(Direction, Offset, f64, f64)> {
    let (gateway, requests) = plan(replica, id, wish).unwrap();
    assert_eq!(gateway, "CTP");
    requests.iter().map(|one| (one.direction, one.offset, one.volume, one.price)).collect()
}

fn working(replica: &mut Replica, volume: f64, offset: Offset) {
    let (symbol, exchange) = replica.contracts.rows().next().map(|row| (row.symbol.clone(), row.exchange)).unwrap();
    let request = OrderRequest {
        symbol,
        exchange,
        direction: Direction::Short,
        order_type: OrderType::Limit,
        volume,
        price: 100.0,
        offset,
        reference: "".into(),
        forms: NumberForms::default(),
    };
    let order: OrderData = request.to_order("1", "CTP");
    replica.orders.insert(order.vt_orderid.clone(), Arc::new(order));
}

#[test]
fn shfe_is_closed_in_two_parts() {
    let (replica, id) = replica("SHFE", false, Direction::Long, 10.0, 4.0);
    let all = parts(&replica, &id, &CloseWish::default());
    assert_eq!(
        all,
        [(Direction::Short, Offset::CloseToday, 6.0, 99.0), (Direction::Short, Offset::CloseYesterday, 4.0, 99.0)]
    );
    let some = parts(&replica, &id, &CloseWish { volume: Some(3.0), price: Some(98.0), ..CloseWish::default() });
    assert_eq!(some, [(Direction::Short, Offset::CloseToday, 3.0, 98.0)]);
}

#[test]
fn elsewhere_one_close_is_enough() {
    let (replica, id) = replica("DCE", false, Direction::Short, 10.0, 4.0);
    let wish = CloseWish { order_type: Some(OrderType::Market), ..CloseWish::default() };
    assert_eq!(parts(&replica, &id, &wish), [(Direction::Long, Offset::Close, 10.0, 0.0)]);
    assert_eq!(parts(&replica, &id, &CloseWish::default()), [(Direction::Long, Offset::Close, 10.0, 101.0)]);
}

#[test]
fn what_orders_have_bound_is_not_closed_twice() {
    let (mut replica, id) = replica("SHFE", false, Direction::Long, 10.0, 4.0);
    working(&mut replica, 6.0, Offset::CloseToday);
    assert_eq!(parts(&replica, &id, &CloseWish::default()), [(Direction::Short, Offset::CloseYesterday, 4.0, 99.0)]);
    let too_much = plan(&replica, &id, &CloseWish { volume: Some(5.0), ..CloseWish::default() });
    assert_eq!(too_much.unwrap_err(), CloseError::NotEnough { held: 10.0, available: 4.0 });
}

#[test]
fn a_net_position_is_closed_by_its_sign() {
    let (mut replica, id) = replica("SMART", true, Direction::Net, -5.0, 0.0);
    assert_eq!(parts(&replica, &id, &CloseWish::default()), [(Direction::Long, Offset::Close, 5.0, 101.0)]);
    working(&mut replica, 2.0, Offset::None);
    assert_eq!(parts(&replica, &id, &CloseWish::default()), [(Direction::Long, Offset::Close, 5.0, 101.0)]);
}

#[test]
fn without_position_or_price_nothing_is_made_up() {
    let (mut replica, id) = replica("SHFE", false, Direction::Long, 0.0, 0.0);
    assert!(matches!(plan(&replica, "CTP.y.Long", &CloseWish::default()), Err(CloseError::NoPosition(_))));
    assert!(matches!(plan(&replica, &id, &CloseWish::default()), Err(CloseError::NotEnough { .. })));
    let (full, id) = self::replica("SHFE", false, Direction::Long, 1.0, 0.0);
    replica = full;
    replica.ticks.replace([]);
    assert_eq!(plan(&replica, &id, &CloseWish::default()).unwrap_err(), CloseError::NoPrice);
}
