//! More rows than go into one transaction.

use super::*;
use crate::limits::LOCK_WAIT;
use domain::{Civil, Exchange};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

const ROWS: usize = 3 * BATCH_ROWS + 17;

fn row(minute: usize, close: f64) -> Row {
    let at = DateTime::from_unix_micros(1_600_000_000_000_000 + minute as i64 * 60_000_000, "UTC").expect("a moment");
    Row { at, values: vec![Value::Real(close); 7] }
}

fn series() -> Series {
    Series::bars("rb2401", Exchange::SHFE, Interval::Minute)
}

fn open(path: &Path) -> Database {
    Database::open(path, "UTC").expect("a database")
}

/// Stores so many bars; whether to stop is asked after each transaction.
fn store(path: &Path, close: f64, mut done: impl FnMut(Stored)) -> Result<Stored, (Stored, HistoryError)> {
    let (mut database, series) = (open(path), series());
    let mut stage = Stage::begin(&mut database, &series).expect("begun");
    (0..ROWS).for_each(|minute| assert!(stage.add(row(minute, close)).expect("kept aside")));
    stage.finish(&mut done)
}

fn overview(path: &Path) -> (u64, u64) {
    let database = open(path);
    let counted = database.count(&series()).expect("counted");
    let told = database.bar_overviews().expect("readable").first().map_or(0, |row| row.count);
    (counted, told)
}

#[test]
fn each_transaction_leaves_rows_and_overview_in_step_and_a_repeat_stores_the_rest() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("database.db");
    let mut seen = Vec::new();
    let stored = store(&path, 1.0, |stored| {
        // What another program finds there, and what is left by one who is killed now.
        assert_eq!(overview(&path), (stored.rows, stored.rows));
        seen.push(stored.rows);
    });
    assert_eq!(stored, Ok(Stored { rows: ROWS as u64, new: ROWS as u64 }));
    let batch = BATCH_ROWS as u64;
    assert_eq!(seen, [batch, 2 * batch, 3 * batch, ROWS as u64]);
    // As after a kill: the last third is gone.
    let later = DateTime::naive(Civil::new((2020, 10, 11), (0, 0, 0), 0).expect("a day")).to_string();
    let removed = open(&path).connection.execute("DELETE FROM dbbardata WHERE datetime > ?1", [later]).expect("gone");
    assert!(removed > 0);
    let again = store(&path, 2.0, |_| ()).expect("stored");
    assert_eq!(again, Stored { rows: ROWS as u64, new: removed as u64 });
    assert_eq!(overview(&path).0, ROWS as u64);
}

#[test]
fn another_program_gets_at_the_file_in_between() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("database.db");
    drop(open(&path));
    let mut other = open(&path);
    // It does not even have to wait.
    other.connection.busy_timeout(Duration::ZERO).expect("set");
    let mut written = 0;
    let stored = store(&path, 1.0, |_| {
        let tick = domain::TickData::new("CTP", "au2406", Exchange::SHFE, Some(row(written, 1.0).at));
        other.save_ticks(&[tick], SaveMode::Stream).expect("never locked out");
        written += 1;
    });
    assert_eq!((stored.map(|stored| stored.new), written), (Ok(ROWS as u64), 4));
}

#[test]
fn who_is_locked_out_on_the_way_says_how_far_it_came() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("database.db");
    drop(open(&path));
    let other = open(&path);
    let (mut database, series) = (open(&path), series());
    database.connection.busy_timeout(LOCK_WAIT / 1000).expect("set");
    let mut stage = Stage::begin(&mut database, &series).expect("begun");
    (0..ROWS).for_each(|minute| assert!(stage.add(row(minute, 1.0)).expect("kept aside")));
    let mut holder = None;
    let stored = stage.finish(&mut |_| {
        holder = Some(Transaction::new_unchecked(&other.connection, TransactionBehavior::Immediate).expect("locked"));
    });
    let batch = BATCH_ROWS as u64;
    assert_eq!(stored, Err((Stored { rows: batch, new: batch }, HistoryError::Locked)));
    drop(holder);
    assert_eq!(overview(&path), (batch, batch));
}
