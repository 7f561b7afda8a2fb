//! Each rule kept, broken and not to be told.

use super::{Rule, Weight, check};
use crate::orders::facts::{Closable, Facts};
use crate::orders::trading_states::Exposure;
use crate::replica::Link;
use domain::{
    ContractData, Direction, Exchange, Language, NumberForms, Offset, OrderRequest, OrderType, Product, TickData,
};
use std::sync::Arc;

fn request() -> OrderRequest {
    OrderRequest {
        symbol: "rb2610".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Short,
        order_type: OrderType::Limit,
        volume: 2.0,
        price: 3600.0,
        offset: Offset::CloseToday,
        reference: "".into(),
        forms: NumberForms::default(),
    }
}

fn contract() -> ContractData {
    let contract = ContractData::new("CTP", "rb2610", Exchange::SHFE, "螺纹钢", Product::Futures);
    ContractData { pricetick: 1.0, min_volume: 1.0, max_volume: Some(500.0), ..contract }
}

fn facts(contract: ContractData) -> Facts {
    let mut tick = TickData::new("CTP", "rb2610", Exchange::SHFE, None);
    (tick.limit_up, tick.limit_down) = (3900.0, 3300.0);
    Facts {
        link: Link::Live,
        contract: Some(Arc::new(contract)),
        tick: Some(Arc::new(tick)),
        closable: Some(Closable { today: 2.0, yesterday: 3.0 }),
        exposure: Exposure::default(),
    }
}

fn broken(request: &OrderRequest, facts: &Facts) -> Vec<&'static str> {
    check(request, facts, true).iter().filter(|one| one.is_broken()).map(|one| one.rule.code()).collect()
}

#[test]
fn a_right_order_breaks_nothing() {
    assert!(broken(&request(), &facts(contract())).is_empty());
    assert_eq!(check(&request(), &facts(contract()), true).map(|one| one.rule), Rule::ALL);
}

#[test]
fn each_rule_is_broken_by_its_own() {
    let with = |change: fn(&mut OrderRequest)| {
        let mut request = request();
        change(&mut request);
        broken(&request, &facts(contract()))
    };
    assert_eq!(with(|order| order.price = 3600.5), ["PRICE_TICK"]);
    assert_eq!(with(|order| order.price = 3901.0), ["PRICE_LIMITS"]);
    assert_eq!(with(|order| order.price = 3299.0), ["PRICE_LIMITS"]);
    assert_eq!(with(|order| order.volume = 1.5), ["VOLUME_STEP"]);
    assert_eq!(with(|order| order.volume = 0.5), ["VOLUME_MIN", "VOLUME_STEP"]);
    assert_eq!(with(|order| order.volume = 501.0), ["VOLUME_MAX", "CLOSABLE"]);
    assert_eq!(with(|order| order.volume = 3.0), ["CLOSABLE"]);
    assert_eq!(with(|order| order.order_type = OrderType::Stop), ["ORDER_TYPE"]);
    assert_eq!(with(|order| order.offset = Offset::None), ["OFFSET"]);
    assert!(with(|order| order.price = f64::NAN).contains(&"NUMBERS_FINITE"));
    assert!(with(|order| order.volume = 0.0).contains(&"VOLUME_POSITIVE"));
    assert!(with(|order| order.volume = -1.0).contains(&"VOLUME_POSITIVE"));
    assert!(with(|order| order.price = 0.0).contains(&"PRICE_GIVEN"));
    assert!(with(|order| (order.price, order.order_type) = (0.0, OrderType::Market)).is_empty());
}

#[test]
fn yesterdays_position_is_another_one_on_shfe() {
    let mut order = OrderRequest { offset: Offset::Close, volume: 3.0, ..request() };
    assert!(broken(&order, &facts(contract())).is_empty());
    order.volume = 4.0;
    assert_eq!(broken(&order, &facts(contract())), ["CLOSABLE"]);
    order.exchange = Exchange::from_name("DCE").unwrap();
    assert!(broken(&order, &facts(contract())).is_empty());
}

#[test]
fn what_is_not_known_is_not_judged() {
    let blank = Facts { contract: None, tick: None, closable: None, ..facts(contract()) };
    let verdicts = check(&request(), &blank, true);
    for verdict in verdicts {
        let is_judged = matches!(
            verdict.rule,
            Rule::NumbersFinite
                | Rule::VolumePositive
                | Rule::ContractKnown
                | Rule::LinkLive
                | Rule::TradingState
                | Rule::OrderType
                | Rule::PriceGiven
        );
        assert_eq!(verdict.is_kept.is_some(), is_judged, "{verdict:?}");
    }
    let mut unset = facts(ContractData { pricetick: 0.0, max_volume: None, ..contract() });
    let mut tick = TickData::clone(unset.tick.as_ref().unwrap());
    (tick.limit_up, tick.limit_down) = (f64::MAX, 0.0);
    unset.tick = Some(Arc::new(tick));
    assert!(broken(&OrderRequest { price: 9999.7, ..request() }, &unset).is_empty());
}

#[test]
fn a_spread_may_trade_at_nothing() {
    let spread = facts(ContractData { product: Product::Spread, ..contract() });
    assert_eq!(broken(&OrderRequest { price: 0.0, ..request() }, &spread), ["PRICE_LIMITS"]);
}

#[test]
fn refusals_warnings_and_what_may_be_overruled() {
    let verdicts = check(&OrderRequest { price: 3901.5, ..request() }, &facts(contract()), false);
    let refusing = |overruled: &[Rule], strict| -> Vec<&str> {
        verdicts.iter().filter(|one| one.refuses(overruled, strict)).map(|one| one.rule.code()).collect()
    };
    assert_eq!(refusing(&[], false), ["TRADING_STATE", "PRICE_TICK"]);
    assert_eq!(refusing(&[Rule::PriceTick, Rule::TradingState], false), ["TRADING_STATE"]);
    assert_eq!(refusing(&[], true), ["TRADING_STATE", "PRICE_TICK", "PRICE_LIMITS"]);
}

#[test]
fn each_rule_has_its_code_and_texts() {
    for rule in Rule::ALL {
        assert_eq!(Rule::from_code(rule.code()), Some(rule));
        assert!(rule.text(Language::Zh) != rule.text(Language::En));
    }
    assert_eq!(Rule::Closable.weight(), Weight::Warns);
}
