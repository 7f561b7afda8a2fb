//! Faults of the database: locked, damaged, foreign, too new, full. Each is told, none loses anything.

use super::*;
use rusqlite::Connection;
use std::path::PathBuf;

struct Place {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn place() -> Place {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("sim.db");
    Place { _folder: folder, path }
}

fn money(deposit: f64) -> Changes {
    Changes { day: 20_000, next_trade: 7, money: Some([(deposit, 1.5, 0.25); 3]), ..Changes::default() }
}

fn open_error(path: &std::path::Path) -> String {
    Store::open(Some(path)).expect_err("this file must not be opened").to_string()
}

#[test]
fn what_was_committed_is_read_back() {
    let place = place();
    let mut store = Store::open(Some(&place.path)).expect("a new file");
    assert!(store.load("SIM").expect("readable").is_none(), "nothing was ever committed");
    store.commit(&mut money(1000.0)).expect("room");
    drop(store);
    let stored = Store::open(Some(&place.path)).expect("sound").load("SIM").expect("readable").expect("committed");
    assert_eq!((stored.day, stored.next_trade), (20_000, 7));
    assert_eq!(format!("{:?}", stored.money[1]), "(1000.0, 1.5, 0.25)");
}

#[test]
fn a_second_process_is_refused_and_told_what_to_do() {
    let place = place();
    let first = Store::open(Some(&place.path)).expect("a new file");
    assert!(open_error(&place.path).contains("in use by another process"), "{}", open_error(&place.path));
    drop(first);
    Store::open(Some(&place.path)).expect("free again");
}

#[test]
fn garbage_is_damage_and_stays_where_it_is() {
    let place = place();
    let garbage = "this was never a database, ".repeat(500);
    std::fs::write(&place.path, &garbage).expect("the folder takes files");
    let error = open_error(&place.path);
    assert!(error.contains("is damaged") && error.contains("backup"), "{error}");
    assert_eq!(std::fs::read_to_string(&place.path).expect("still there"), garbage);
}

#[test]
fn a_damaged_page_is_found_at_the_start() {
    let place = place();
    let mut store = Store::open(Some(&place.path)).expect("a new file");
    store.commit(&mut money(1000.0)).expect("room");
    drop(store);
    let mut bytes = std::fs::read(&place.path).expect("there");
    assert!(bytes.len() > 8192, "the last process to leave folds the log into the file");
    // All pages but the first, which is the one that says what file this is.
    bytes[4096..].fill(0xA5);
    std::fs::write(&place.path, &bytes).expect("writable");
    let error = open_error(&place.path);
    assert!(error.contains("is damaged"), "{error}");
}

#[test]
fn a_row_without_meaning_is_damage() {
    let place = place();
    let mut store = Store::open(Some(&place.path)).expect("a new file");
    store.commit(&mut money(1000.0)).expect("room");
    let row = "INSERT INTO positions VALUES ('rb2701', 'SHFE', 'SIDEWAYS', 1, 3000.0, 0, 0.0, 3000.0)";
    store.connection.execute(row, []).expect("SQLite does not know directions");
    let error = store.load("SIM").expect_err("not a direction").to_string();
    assert!(error.contains("is damaged") && error.contains("positions"), "{error}");
}

#[test]
fn other_programs_files_and_newer_formats_are_refused() {
    let place = place();
    let other = Connection::open(&place.path).expect("a new file");
    other.execute_batch("CREATE TABLE dbbardata (id INTEGER)").expect("writable");
    drop(other);
    assert!(open_error(&place.path).contains("another program"));

    let place = self::place();
    drop(Store::open(Some(&place.path)).expect("a new file"));
    let newer = Connection::open(&place.path).expect("there");
    newer.execute_batch("PRAGMA user_version = 99").expect("writable");
    drop(newer);
    let error = open_error(&place.path);
    assert!(error.contains("format 99") && error.contains("newer program"), "{error}");
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let error = open_error(std::path::Path::new("/no/such/folder/sim.db"));
    assert!(error.contains("/no/such/folder/sim.db"), "{error}");
}

#[test]
fn when_it_is_full_nothing_is_lost_and_it_goes_on_once_there_is_room() {
    let place = place();
    let mut store = Store::open(Some(&place.path)).expect("a new file");
    store.commit(&mut money(1000.0)).expect("room");
    let pages: i64 = store.connection.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("a pragma");
    store.connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).expect("a pragma");
    let mut changes = money(2000.0);
    for number in 0..500 {
        let vt_symbol = VtSymbol::new(&format!("symbol{number}"), domain::Exchange::SHFE);
        let row = SavedPosition {
            vt_symbol: vt_symbol.clone(),
            direction: Direction::Long,
            yd: (1, 1.0),
            td: (0, 0.0),
            mark: 1.0,
        };
        changes.positions.insert((vt_symbol, Direction::Long), row);
    }
    let error = store.commit(&mut changes).expect_err("no room").to_string();
    assert!(error.contains("no room"), "{error}");
    assert!(!changes.is_empty(), "what could not be written stays noted");
    let stored = store.load("SIM").expect("readable").expect("the first commit");
    assert_eq!((stored.money[0].0 as i64, stored.positions.len()), (1000, 0), "all of a commit or nothing");
    store.connection.query_row("PRAGMA max_page_count = 100000", [], |_| Ok(())).expect("a pragma");
    store.commit(&mut changes).expect("room again");
    assert!(changes.is_empty());
    assert_eq!(store.load("SIM").expect("readable").expect("committed").positions.len(), 500);
}
