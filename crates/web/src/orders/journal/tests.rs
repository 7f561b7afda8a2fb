//! The journal against real files: what comes back, what a broken, full or locked file answers.

use super::database::Database;
use super::{Journal, JournalError, Recorded, Write};
use crate::orders::book::{Book, Reserved};
use crate::orders::intent::{Event, Intent, Key, State, Wish};
use crate::orders::limits::UNLISTED;
use crate::orders::timeline::Timeline;
use crate::orders::token::Token;
use domain::{Direction, Exchange, NumberForms, Offset, OrderRequest, OrderType, TradingState};
use proptest::prelude::*;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

fn now() -> i64 {
    super::super::now_ms()
}

fn open(path: &Path) -> (Journal, super::Restored) {
    Journal::open(path, now).unwrap()
}

fn intent(row: i64, id: &str) -> Intent {
    let request = OrderRequest {
        symbol: "rb2610".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Short,
        order_type: OrderType::Limit,
        volume: 0.1 + 0.2,
        price: 1.0 / 3.0,
        offset: Offset::CloseToday,
        reference: "网页 \"a\"".into(),
        forms: NumberForms::default(),
    };
    Intent {
        key: Key { user: "me".into(), desk: "d".into(), client_order_id: id.into() },
        row,
        token: Token::of(row as u64 + 1),
        wish: Wish { request, gateway: Some("CTP".into()), origin: None },
        state: State::Recorded,
        vt_orderid: None,
        reason: "".into(),
        code: "".into(),
        received_ms: now(),
        timeline: Timeline::UNSEEN,
    }
}

async fn record(journal: &Journal, intent: &Intent) -> Result<Recorded, JournalError> {
    journal.write(Write::Intent { intent: Box::new(intent.clone()), is_again: false }).await
}

#[tokio::test]
async fn what_was_written_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents.db");
    let (journal, restored) = open(&path);
    assert!(restored.intents.is_empty());
    let (first, second) = (intent(0, "a"), intent(1, "b"));
    assert!(matches!(record(&journal, &first).await, Ok(Recorded::New)));
    assert!(matches!(record(&journal, &second).await, Ok(Recorded::New)));
    let mut ended = first.clone();
    ended.apply(Event::Sending);
    ended.apply(Event::Accepted);
    ended.vt_orderid = Some("CTP.1_2_3".into());
    journal.note(ended);
    let state = Write::TradingState { scope: "d".into(), state: TradingState::Reducing, user: "me".into(), at_ms: 5 };
    journal.write(state).await.unwrap();
    drop(journal);
    let (_journal, restored) = open(&path);
    let [a, b] = restored.intents.as_slice() else { panic!("{restored:?}") };
    assert_eq!((a.state, a.vt_orderid.as_ref().unwrap().as_str()), (State::Done, "CTP.1_2_3"));
    assert_eq!(b.state, State::Recorded);
    assert_eq!((&a.wish, &a.key, a.token), (&first.wish, &first.key, first.token));
    assert_eq!(restored.states[0].state, TradingState::Reducing);
}

#[test]
fn an_id_that_only_the_disk_knows_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = Database::open(&folder.path().join("intents.db")).unwrap().0;
    let record = |database: &mut Database, intent, is_again| {
        database.write(&[Write::Intent { intent: Box::new(intent), is_again }], std::iter::empty(), false).unwrap()
    };
    record(&mut database, intent(0, "a"), false);
    record(&mut database, intent(3, "b"), false);
    assert_eq!(database.list().unwrap(), 3);
    // A thread that was slower than the one behind it.
    record(&mut database, intent(2, "c"), false);
    for (row, id) in [(0, "a"), (3, "b"), (2, "c")] {
        let recorded = record(&mut database, intent(7, id), false);
        let [Recorded::Known(known)] = recorded.as_slice() else { panic!("{recorded:?}") };
        assert_eq!(known.row, row);
        assert!(matches!(record(&mut database, intent(row, id), true)[..], [Recorded::New]));
    }
}

#[test]
fn ids_that_are_used_again_leave_nothing_to_list() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = Database::open(&folder.path().join("intents.db")).unwrap().0;
    let write = |row| Write::Intent { intent: Box::new(intent(row, "a")), is_again: false };
    database.write(&[write(0)], std::iter::empty(), false).unwrap();
    database.list().unwrap();
    let again: Vec<Write> = (1..=UNLISTED + 1).map(write).collect();
    let recorded = database.write(&again, std::iter::empty(), false).unwrap();
    assert!(recorded.iter().all(|one| matches!(one, Recorded::Known(_))));
    // Otherwise the writer would list nothing over and over in each pause.
    assert_eq!(database.list_ids(true), None);
}

#[test]
fn what_the_first_version_wrote_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents.db");
    let mut database = Database::open(&path).unwrap().0;
    let old = Intent { state: State::Done, ..intent(4, "old") };
    for intent in [old, Intent { state: State::Sent, ..intent(5, "lost") }] {
        let write = Write::Intent { intent: Box::new(intent), is_again: false };
        database.write(&[write], std::iter::empty(), true).unwrap();
    }
    database.close();
    rusqlite::Connection::open(&path).unwrap().execute_batch(AS_FIRST_VERSION).unwrap();
    let (mut database, restored) = Database::open(&path).unwrap();
    assert_eq!((restored.listed, restored.intents.len()), (5, 2));
    let known = Write::Intent { intent: Box::new(intent(6, "old")), is_again: false };
    let recorded = database.write(&[known], std::iter::empty(), true).unwrap();
    let [Recorded::Known(old)] = recorded.as_slice() else { panic!("{recorded:?}") };
    assert_eq!((old.row, old.state), (4, State::Done));
    database.close();
    assert_eq!(Database::open(&path).unwrap().1.intents.len(), 2);
}

/// Makes a journal one of before ids had a list of their own.
const AS_FIRST_VERSION: &str = "
    ALTER TABLE intents RENAME TO later;
    CREATE TABLE intents (
        row INTEGER PRIMARY KEY, user TEXT NOT NULL, desk TEXT NOT NULL, client_order_id TEXT NOT NULL,
        token TEXT NOT NULL, wish TEXT NOT NULL, state TEXT NOT NULL, vt_orderid TEXT, code TEXT NOT NULL,
        reason TEXT NOT NULL, received_ms INTEGER NOT NULL, UNIQUE (user, desk, client_order_id)
    ) STRICT;
    INSERT INTO intents SELECT * FROM later;
    DROP TABLE later;
    DROP TABLE ids;
    DROP TABLE listed;
    PRAGMA user_version = 1;
";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is forgotten, listed, pruned or killed in between: an id that was used is never new again.
    #[test]
    fn an_id_is_never_new_twice(steps in prop::collection::vec((0u8..6, 0u8..12), 1..60)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("intents.db");
        let (mut database, mut book) = (Database::open(&path).unwrap().0, Book::keeping(2));
        let mut used = HashSet::new();
        for (index, (step, id)) in steps.into_iter().enumerate() {
            match step {
                0 => book.may_forget(database.list().unwrap()),
                1 => {
                    database.close();
                    let (again, restored) = Database::open(&path).unwrap();
                    (database, book) = (again, Book::keeping(2));
                    book.restore(restored.intents, restored.listed);
                }
                2 => drop(database.prune(now())),
                _ => {
                    let is_new = place(&mut database, &mut book, id, index as u64);
                    prop_assert_eq!(is_new, used.insert(id), "id {}", id);
                }
            }
        }
    }
}

/// Sends an order of this id if it is new, to the end; whether it was.
fn place(database: &mut Database, book: &mut Book, id: u8, random: u64) -> bool {
    let Intent { key, wish, received_ms, .. } = intent(0, &id.to_string());
    let Reserved::New { intent, is_again: false } = book.reserve(key, wish, random, received_ms, Timeline::begin(0))
    else {
        return false;
    };
    let token = intent.token;
    let recorded = database.write(&[Write::Intent { intent, is_again: false }], std::iter::empty(), false).unwrap();
    if let [Recorded::Known(known)] = recorded.as_slice() {
        book.abandon(token);
        book.adopt(Intent::clone(known));
        return false;
    }
    book.apply(token, Event::Sending, |_| {}).unwrap();
    let ended = book.apply(token, Event::Refused, |_| {}).unwrap();
    database.write(&[], [&ended].into_iter(), false).unwrap();
    true
}

#[tokio::test]
async fn all_that_wait_share_a_transaction() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = open(&folder.path().join("intents.db"));
    let journal = Arc::new(journal);
    let writes = (0..200).map(|row| {
        let journal = Arc::clone(&journal);
        async move { record(&journal, &intent(row, &row.to_string())).await }
    });
    let written = futures_util::future::join_all(writes).await;
    assert!(written.iter().all(|one| matches!(one, Ok(Recorded::New))));
}

#[tokio::test]
async fn a_second_process_is_told_who_is_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents.db");
    let (_journal, _) = open(&path);
    let second = tokio::task::spawn_blocking(move || Journal::open(&path, now)).await.unwrap();
    let Err(JournalError::Unusable { reason, .. }) = second else { panic!("opened twice") };
    assert!(reason.contains("another web process"), "{reason}");
}

#[test]
fn a_damaged_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents.db");
    std::fs::write(&path, "no database at all, and long enough to be looked at as one. ".repeat(100)).unwrap();
    let Err(JournalError::Unusable { reason, .. }) = Journal::open(&path, now) else { panic!("opened") };
    assert!(reason.contains("damaged"), "{reason}");
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("no database"));
}

#[test]
fn a_later_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents.db");
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let Err(JournalError::Unusable { reason, .. }) = Journal::open(&path, now) else { panic!("opened") };
    assert!(reason.contains("later version"), "{reason}");
}

#[tokio::test]
async fn a_full_disk_refuses_and_takes_orders_again_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents.db");
    let (mut database, _) = Database::open(&path).unwrap();
    database.limit_pages(8);
    let (mut row, mut refusal) = (0, None);
    while refusal.is_none() && row < 10_000 {
        let write = Write::Intent { intent: Box::new(intent(row, &row.to_string())), is_again: false };
        refusal = database.write(&[write], std::iter::empty(), true).err();
        row += 1;
    }
    assert!(refusal.unwrap().to_string().contains("full"), "the limit was not reached");
    database.limit_pages(10_000);
    let write = Write::Intent { intent: Box::new(intent(row, "again")), is_again: false };
    database.write(&[write], std::iter::empty(), true).unwrap();
    database.close();
    // The one that was refused is not there.
    let (_, restored) = open(&path);
    assert_eq!(restored.intents.len() as i64, row);
}

#[test]
fn old_rows_go_and_the_unknown_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents.db");
    let (mut database, _) = Database::open(&path).unwrap();
    let old = now() - 40 * 24 * 3600 * 1000;
    let states = [State::Done, State::Unknown, State::Refused, State::Recorded];
    for (row, state) in states.into_iter().enumerate() {
        let intent = Intent { state, received_ms: old, ..intent(row as i64, &row.to_string()) };
        let write = Write::Intent { intent: Box::new(intent), is_again: false };
        database.write(&[write], std::iter::empty(), true).unwrap();
    }
    let young =
        Write::Intent { intent: Box::new(Intent { state: State::Done, ..intent(9, "young") }), is_again: false };
    database.write(&[young], std::iter::empty(), true).unwrap();
    // What is not listed yet may be held in memory: it stays.
    assert!(!database.prune(now()).unwrap());
    database.list().unwrap();
    assert!(!database.prune(now()).unwrap());
    let again = Write::Intent { intent: Box::new(intent(10, "0")), is_again: false };
    assert!(matches!(database.write(&[again], std::iter::empty(), true).unwrap()[..], [Recorded::New]));
    database.close();
    let (_, restored) = open(&path);
    let left: Vec<&str> = restored.intents.iter().map(|one| one.key.client_order_id.as_str()).collect();
    assert_eq!(left, ["1", "3", "young", "0"]);
}

/// From several threads at once: none is lost, and each outcome is that of its row.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_many_threads_write_is_all_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents.db");
    let journal = Arc::new(open(&path).0);
    let writers = (0..8).map(|writer| {
        let journal = Arc::clone(&journal);
        tokio::spawn(async move {
            for at in 0..25 {
                let mut intent = intent(writer * 25 + at, &format!("{writer}-{at}"));
                let write = Write::Intent { intent: Box::new(intent.clone()), is_again: false };
                assert!(matches!(journal.write(write).await, Ok(Recorded::New)));
                intent.apply(Event::Sending);
                journal.note(intent.clone());
                intent.apply(Event::Accepted);
                intent.vt_orderid = Some("CTP.1".into());
                journal.note(intent);
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    drop(Arc::into_inner(journal));
    let restored = open(&path).1.intents;
    assert_eq!(restored.len(), 200);
    assert!(restored.iter().all(|intent| intent.state == State::Done));
}
