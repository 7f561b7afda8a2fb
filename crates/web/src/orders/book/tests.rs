//! The book by itself, then under random interleavings of everything that can happen.

use super::{Book, Reserved};
use crate::orders::intent::{Event, Intent, Key, State, Wish};
use crate::orders::timeline::Timeline;
use crate::orders::token::{self, Token};
use domain::{Direction, Exchange, NumberForms, Offset, OrderData, OrderRequest, OrderType, Status, Text, VtOrderId};
use proptest::prelude::*;
use std::collections::HashMap;

fn wish(price: f64) -> Wish {
    let request = OrderRequest {
        symbol: "rb2610".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume: 1.0,
        price,
        offset: Offset::Open,
        reference: "mine".into(),
        forms: NumberForms::default(),
    };
    Wish { request, gateway: None, origin: None }
}

fn key(id: &str) -> Key {
    Key { user: "me".into(), desk: "d".into(), client_order_id: id.into() }
}

fn reserve(book: &mut Book, id: &str, random: u64) -> Reserved {
    book.reserve(key(id), wish(1.0), random, 0, Timeline::begin(0))
}

fn new(reserved: Reserved) -> Intent {
    let Reserved::New { intent, .. } = reserved else { panic!("{reserved:?}") };
    *intent
}

fn order(token: Option<Token>, id: &str, status: Status) -> OrderData {
    let mut order = wish(1.0).request.to_order(id, "SIM");
    order.reference = token.map_or_else(Text::default, |token| token::wrap("mine", token));
    order.status = status;
    order
}

fn accept(intent: &mut Intent) {
    intent.vt_orderid = Some("SIM.1".into());
}

#[test]
fn an_id_is_taken_once() {
    let mut book = Book::default();
    let intent = new(reserve(&mut book, "a", 1));
    assert!(matches!(reserve(&mut book, "a", 2), Reserved::InFlight));
    assert!(matches!(book.reserve(key("a"), wish(2.0), 3, 0, Timeline::begin(0)), Reserved::Conflict));
    let other_user = Key { user: "you".into(), ..key("a") };
    assert!(matches!(book.reserve(other_user, wish(2.0), 3, 0, Timeline::begin(0)), Reserved::New { .. }));
    book.apply(intent.token, Event::Sending, |_| {}).unwrap();
    book.apply(intent.token, Event::Accepted, accept).unwrap();
    let Reserved::Known(known) = reserve(&mut book, "a", 4) else { panic!() };
    assert_eq!((known.state, known.vt_orderid), (State::Done, Some(VtOrderId::from("SIM.1"))));
}

#[test]
fn what_was_certainly_not_sent_may_be_sent_again_under_a_new_token() {
    let mut book = Book::default();
    let first = new(reserve(&mut book, "a", 1));
    book.apply(first.token, Event::Sending, |_| {}).unwrap();
    book.apply(first.token, Event::NotSent, |_| {}).unwrap();
    let second = reserve(&mut book, "a", 2);
    assert!(matches!(second, Reserved::New { is_again: true, .. }));
    let second = new(second);
    assert_eq!(second.row, first.row);
    assert_ne!(second.token, first.token);
    book.abandon(second.token);
    assert_eq!(book.of_key(&key("a")).unwrap().state, State::NotSent);
    assert_eq!(book.in_flight_count(), 0);
}

#[test]
fn an_order_that_overtakes_its_lost_answer_is_done_at_once() {
    let mut book = Book::default();
    let intent = new(reserve(&mut book, "a", 1));
    book.apply(intent.token, Event::Sending, |_| {}).unwrap();
    assert!(book.observe("d", &order(Some(intent.token), "7", Status::NotTraded), 5).changed.is_none());
    let ended = book.apply(intent.token, Event::Lost, |_| {}).unwrap();
    assert_eq!((ended.state, ended.vt_orderid), (State::Done, Some(VtOrderId::from("SIM.7"))));
}

#[test]
fn a_token_on_another_desk_is_not_ours() {
    let mut book = Book::default();
    let intent = new(reserve(&mut book, "a", 1));
    book.apply(intent.token, Event::Sending, |_| {}).unwrap();
    book.apply(intent.token, Event::Lost, |_| {}).unwrap();
    assert!(book.observe("e", &order(Some(intent.token), "7", Status::NotTraded), 5).changed.is_none());
    assert!(book.has_unknown("d") && !book.has_unknown("e"));
}

#[test]
fn an_order_without_its_reference_is_known_by_its_id() {
    let mut book = Book::default();
    let intent = new(reserve(&mut book, "a", 1));
    book.apply(intent.token, Event::Sending, |_| {}).unwrap();
    book.apply(intent.token, Event::Accepted, accept).unwrap();
    let noticed = book.observe("d", &order(None, "1", Status::AllTraded), 9);
    assert_eq!(noticed.stages.len(), 2);
    assert_eq!(book.of_order("d", &order(None, "1", Status::AllTraded)).unwrap().key, key("a"));
}

#[test]
fn an_id_that_a_gateway_gives_again_is_not_the_old_order() {
    let mut book = Book::default();
    let mut old = new(reserve(&mut book, "a", 1));
    old.apply(Event::Sending);
    old.apply(Event::Accepted);
    accept(&mut old);
    old.timeline = Timeline::UNSEEN;
    let mut next_day = Book::default();
    next_day.restore(vec![old.clone()], -1);
    assert!(next_day.of_order("d", &order(None, "1", Status::NotTraded)).is_none());
    assert!(next_day.of_order("d", &order(Some(old.token), "1", Status::NotTraded)).is_some());
    assert!(next_day.of_order("d", &order(Some(Token::of(99)), "1", Status::NotTraded)).is_none());
}

#[test]
fn the_oldest_leave_and_the_unknown_stay() {
    let mut book = Book::keeping(3);
    let unknown = new(reserve(&mut book, "unknown", 0));
    book.apply(unknown.token, Event::Sending, |_| {}).unwrap();
    book.apply(unknown.token, Event::Lost, |_| {}).unwrap();
    let end = |book: &mut Book, index: u64| {
        let intent = new(reserve(book, &format!("{index}"), index + 1));
        book.apply(intent.token, Event::Sending, |_| {}).unwrap();
        book.apply(intent.token, Event::Refused, |_| {}).unwrap();
    };
    (0..=10).for_each(|index| end(&mut book, index));
    assert!(book.of_key(&key("0")).is_some(), "forgotten before its id could be found on disk");
    // Row 0 is the unknown one's.
    book.may_forget(1);
    end(&mut book, 11);
    assert!(book.of_key(&key("0")).is_none());
    assert!(book.of_key(&key("1")).is_some());
    assert_eq!(book.unknown().len(), 1);
}

/// What can happen to one of a few ids.
#[derive(Clone, Debug)]
enum Happening {
    Ask(u8),
    Send(u8),
    Answer(u8, Event),
    Abandon(u8),
    See(u8),
    Acknowledge(u8),
    Restart,
}

fn happening() -> impl Strategy<Value = Happening> {
    let answers = prop::sample::select(vec![Event::Accepted, Event::Refused, Event::NotSent, Event::Lost]);
    prop_oneof![
        4 => (0u8..3).prop_map(Happening::Ask),
        4 => (0u8..3).prop_map(Happening::Send),
        4 => ((0u8..3), answers).prop_map(|(id, answer)| Happening::Answer(id, answer)),
        1 => (0u8..3).prop_map(Happening::Abandon),
        2 => (0u8..3).prop_map(Happening::See),
        1 => (0u8..3).prop_map(Happening::Acknowledge),
        1 => Just(Happening::Restart),
    ]
}

/// What really happened to the tokens of one id.
#[derive(Default)]
struct Truth {
    /// Sent, and the link did not say that it never left.
    left: Vec<Token>,
    on_disk: Option<Intent>,
    now: Option<Intent>,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Whatever happens in whatever order, kills included: no id leaves twice, nothing is DONE that has not left, and
    /// nothing that has left is forgotten or called "not sent".
    #[test]
    fn never_twice_and_never_silent(steps in prop::collection::vec(happening(), 1..60)) {
        let mut book = Book::default();
        let mut truth: HashMap<u8, Truth> = HashMap::new();
        for (index, step) in steps.into_iter().enumerate() {
            run(&mut book, &mut truth, step, index as u64);
            for (id, truth) in &truth {
                prop_assert!(truth.left.len() <= 1, "id {} left twice", id);
                let intent = book.of_key(&key(&id.to_string()));
                let state = intent.map(|intent| intent.state);
                if state == Some(State::Done) {
                    prop_assert_eq!(truth.left.len(), 1, "DONE without a sent order");
                }
                if truth.left.len() == 1 {
                    prop_assert!(!matches!(state, None | Some(State::NotSent | State::Recorded)), "silent about {}: {:?}", id, state);
                }
            }
        }
    }
}

fn run(book: &mut Book, truth: &mut HashMap<u8, Truth>, step: Happening, random: u64) {
    match step {
        Happening::Ask(id) => {
            if let Reserved::New { intent, .. } = reserve(book, &id.to_string(), random) {
                let truth = truth.entry(id).or_default();
                truth.on_disk = Some((*intent).clone());
                truth.now = Some(*intent);
            }
        }
        Happening::Send(id) => {
            let truth = truth.entry(id).or_default();
            let Some(intent) = &truth.now else { return };
            if let Some(sent) = book.apply(intent.token, Event::Sending, |_| {}) {
                truth.left.push(sent.token);
            }
        }
        Happening::Answer(id, answer) => {
            let truth = truth.entry(id).or_default();
            let Some(token) = truth.now.as_ref().map(|intent| intent.token) else { return };
            // An answer comes to what is on its way, once.
            if book.of_token(token).is_none_or(|intent| intent.state != State::Sent) {
                return;
            }
            // The link's word that nothing left is true.
            if answer == Event::NotSent && book.of_token(token).is_some_and(|intent| intent.vt_orderid.is_some()) {
                return;
            }
            let ended = book.apply(token, answer, |intent| {
                if answer == Event::Accepted {
                    intent.vt_orderid = Some(VtOrderId::from(token.as_str()));
                }
            });
            if answer == Event::NotSent {
                truth.left.retain(|left| *left != token);
            }
            // Its writing may be lost by a kill; that is decided by the order of the steps.
            if random.is_multiple_of(2) || answer == Event::NotSent {
                truth.on_disk = ended;
            }
        }
        Happening::Abandon(id) => {
            let truth = truth.entry(id).or_default();
            let Some(token) = truth.now.as_ref().map(|intent| intent.token) else { return };
            if book.of_token(token).is_some_and(|intent| intent.state == State::Recorded) {
                book.abandon(token);
                truth.on_disk = book.of_key(&key(&id.to_string())).cloned();
            }
        }
        Happening::See(id) => {
            for token in truth.entry(id).or_default().left.clone() {
                book.observe("d", &order(Some(token), token.as_str(), Status::NotTraded), random);
            }
        }
        Happening::Acknowledge(id) => {
            let Some(intent) = book.of_key(&key(&id.to_string())) else { return };
            let token = intent.token;
            book.apply(token, Event::Acknowledged, |_| {});
        }
        Happening::Restart => {
            let mut rows: Vec<Intent> = truth.values().filter_map(|truth| truth.on_disk.clone()).collect();
            rows.sort_by_key(|intent| intent.row);
            *book = Book::default();
            book.restore(rows, -1);
            for (id, truth) in truth {
                truth.now = book.of_key(&key(&id.to_string())).cloned();
            }
        }
    }
}
