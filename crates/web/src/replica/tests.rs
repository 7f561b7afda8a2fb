//! The copy equals the ledger after any cut, and what is missed is found.

use super::*;
use domain::{
    Attributes, Direction, Exchange, NumberForms, Offset, OrderRequest, OrderType, Status, Text, VtAccountId,
};
use proptest::prelude::*;

fn order(id: &str, status: Status, traded: f64, reference: &str) -> OrderData {
    let request = OrderRequest {
        forms: domain::NumberForms::default(),
        symbol: Text::new("rb2601"),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume: 10.0,
        price: 3500.0,
        offset: Offset::Open,
        reference: Text::new(reference),
    };
    OrderData { status, traded, ..request.to_order(id, "SIM") }
}

fn account(balance: f64) -> AccountData {
    AccountData {
        gateway_name: Text::new("SIM"),
        accountid: Text::new("1"),
        balance,
        frozen: 0.0,
        available: balance,
        vt_accountid: VtAccountId::new("SIM", "1"),
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    }
}

fn fact(order: OrderData) -> Input {
    Input::Fact(Fact::Order(Arc::new(order)))
}

fn feed(replica: &mut Replica, inputs: Vec<Input>) -> Vec<Effect> {
    let mut effects = Vec::new();
    inputs.into_iter().for_each(|input| replica.apply(input, &mut effects));
    effects
}

fn live(orders: Vec<OrderData>) -> Replica {
    let mut replica = Replica::default();
    let snapshot = Snapshot { orders, accounts: vec![account(100.0)], ..Snapshot::default() };
    feed(&mut replica, vec![Input::Subscribed, Input::Snapshot(Box::new(snapshot))]);
    replica
}

fn state(replica: &Replica) -> Vec<(String, Status, f64, String)> {
    replica.orders.rows().map(|o| (o.orderid.to_string(), o.status, o.traded, o.reference.to_string())).collect()
}

#[test]
fn events_during_the_snapshot_are_applied_behind_it_and_never_backwards() {
    let mut replica = Replica::default();
    feed(&mut replica, vec![Input::Subscribed]);
    assert_eq!(replica.link, Link::Syncing);
    let told = feed(
        &mut replica,
        vec![fact(order("1", Status::NotTraded, 0.0, "me")), fact(order("2", Status::Submitting, 0.0, ""))],
    );
    assert_eq!(told.len(), 2, "readers of the stream hear of everything at once");
    assert!(replica.orders.is_empty(), "no reader sees half a snapshot");
    let snapshot = Snapshot { orders: vec![order("1", Status::AllTraded, 10.0, "")], ..Snapshot::default() };
    feed(&mut replica, vec![Input::Snapshot(Box::new(snapshot))]);
    assert_eq!(replica.link, Link::Live);
    let expected = vec![
        ("1".to_owned(), Status::AllTraded, 10.0, String::new()),
        ("2".to_owned(), Status::Submitting, 0.0, String::new()),
    ];
    assert_eq!(state(&replica), expected);
}

#[test]
fn a_reference_stays_over_updates_and_over_a_reconnect() {
    let mut replica = live(vec![]);
    feed(
        &mut replica,
        vec![fact(order("1", Status::Submitting, 0.0, "me")), fact(order("1", Status::NotTraded, 0.0, ""))],
    );
    assert_eq!(state(&replica)[0].3, "me");
    let snapshot = Snapshot { orders: vec![order("1", Status::PartTraded, 1.0, "")], ..Snapshot::default() };
    feed(&mut replica, vec![Input::Lost, Input::Subscribed, Input::Snapshot(Box::new(snapshot))]);
    assert_eq!(state(&replica)[0], ("1".to_owned(), Status::PartTraded, 1.0, "me".to_owned()));
}

#[test]
fn lost_contact_keeps_the_old_state_and_says_so() {
    let mut replica = live(vec![order("1", Status::NotTraded, 0.0, "")]);
    feed(&mut replica, vec![Input::Lost]);
    assert_eq!((replica.link, replica.orders.len()), (Link::Stale, 1));
    feed(&mut replica, vec![Input::Subscribed]);
    assert_eq!(replica.link, Link::Syncing);
}

#[test]
fn what_two_checks_agree_on_was_missed_and_what_an_event_explains_was_not() {
    let mut replica = live(vec![order("1", Status::NotTraded, 0.0, "")]);
    let finding =
        || Input::Check(Findings { orders: vec![order("1", Status::AllTraded, 10.0, "")], ..Findings::default() });
    assert_eq!(feed(&mut replica, vec![finding()]), vec![]);
    // The event was on its way.
    feed(&mut replica, vec![fact(order("1", Status::AllTraded, 10.0, ""))]);
    assert_eq!(feed(&mut replica, vec![finding(), finding()]), vec![]);

    let mut replica = live(vec![order("1", Status::NotTraded, 0.0, "")]);
    let effects = feed(&mut replica, vec![finding(), finding()]);
    assert!(matches!(effects[0], Effect::Resync { missed: 1 }) && matches!(effects[1], Effect::Tell(Fact::Order(_))));
    assert_eq!(state(&replica)[0].1, Status::AllTraded);
}

#[test]
fn an_account_that_differs_twice_is_taken() {
    let mut replica = live(vec![]);
    let finding = || Input::Check(Findings { accounts: vec![account(90.0)], ..Findings::default() });
    let effects = feed(&mut replica, vec![finding(), finding()]);
    assert_eq!(effects.len(), 2);
    assert_eq!(replica.accounts.rows().next().map(|a| a.balance as i64), Some(90));
}

proptest! {
    /// A ledger publishes; the link is cut at any places; each time the recovery path runs with a snapshot that may
    /// be taken anywhere between the subscription and now. In the end the copy equals the ledger.
    #[test]
    fn the_copy_equals_the_ledger_after_any_cut(
        moves in prop::collection::vec((0u8..5, 1u8..4, prop::bool::weighted(0.1)), 1..80),
        lag in 0usize..10,
    ) {
        let steps = [Status::NotTraded, Status::PartTraded, Status::PartTraded, Status::AllTraded];
        let mut ledger: Vec<(usize, OrderData)> = Vec::new();
        let mut replica = live(vec![]);
        for (id, _, cut) in moves {
            let id_text = id.to_string();
            let at = ledger.iter().position(|(_, o)| o.orderid == id_text.as_str());
            let level = at.map_or(0, |at| (ledger[at].0 + 1).min(3));
            let next = order(&id_text, steps[level], level as f64, "");
            match at {
                Some(at) => ledger[at] = (level, next.clone()),
                None => ledger.push((level, next.clone())),
            }
            if cut {
                // The event is lost with the link; some events reach us before the snapshot's answer does.
                feed(&mut replica, vec![Input::Lost, Input::Subscribed]);
                let replayed: Vec<Input> = ledger.iter().take(lag).map(|(_, o)| fact(o.clone())).collect();
                feed(&mut replica, replayed);
                let orders = ledger.iter().map(|(_, o)| o.clone()).collect();
                feed(&mut replica, vec![Input::Snapshot(Box::new(Snapshot { orders, ..Snapshot::default() }))]);
            } else {
                feed(&mut replica, vec![fact(next)]);
            }
        }
        let expected: Vec<_> = ledger.iter().map(|(_, o)| (o.orderid.to_string(), o.status, o.traded, String::new())).collect();
        prop_assert_eq!(state(&replica), expected);
    }
}
