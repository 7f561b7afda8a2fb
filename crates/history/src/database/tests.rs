//! Opening: VeighNa's tables to the letter, and what is not touched.

use super::*;
use rusqlite::Connection;
use std::fs;
use tempfile::TempDir;

/// What `vnpy_sqlite` 1.1.3 with peewee 3.19 and 4.5 makes, as SQLite keeps it.
const VEIGHNAS: &str = include_str!("../../tests/vnpy_sqlite.sql");

fn open(path: &Path) -> Result<Database, HistoryError> {
    Database::open(path, "Asia/Shanghai")
}

fn schema_of(path: &Path) -> String {
    let connection = Connection::open(path).expect("a database");
    let mut statement = connection.prepare("SELECT sql FROM sqlite_master").expect("a statement");
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).expect("rows");
    rows.map(|row| row.expect("a text") + "\n").collect()
}

#[test]
fn the_tables_are_veighnas_to_the_letter() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("database.db");
    drop(open(&path).expect("a new database"));
    assert_eq!(schema_of(&path), VEIGHNAS);
    let connection = Connection::open(&path).expect("a database");
    let pragma = |name: &str| {
        connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0)).expect("a pragma")
    };
    assert_eq!(pragma("journal_mode"), "delete".to_owned().into());
    assert_eq!((pragma("user_version"), pragma("application_id")), (0.into(), 0.into()));
    drop(open(&path).expect("opened once more"));
    assert_eq!(schema_of(&path), VEIGHNAS);
}

#[test]
fn an_empty_file_and_one_of_veighna_are_used() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("database.db");
    fs::write(&path, "").expect("written");
    open(&path).expect("an empty file is an empty database");
    fs::remove_file(&path).expect("removed");
    Connection::open(&path).expect("new").execute_batch(&VEIGHNAS.replace('\n', ";\n")).expect("VeighNa's tables");
    open(&path).expect("VeighNa's own");
}

#[test]
fn tables_that_an_older_veighna_did_not_have_are_added() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("database.db");
    let old: String =
        VEIGHNAS.lines().filter(|line| !line.contains("overview")).map(|line| format!("{line};")).collect();
    Connection::open(&path).expect("new").execute_batch(&old).expect("the older tables");
    let before = fs::read(&path).expect("readable");
    let reader = Database::open_existing(&path, "UTC").expect("an older one");
    assert_eq!((reader.tick_overviews(), reader.bar_overviews()), (Ok(Vec::new()), Ok(Vec::new())));
    assert_eq!(fs::read(&path).expect("readable"), before, "a reader changes nothing");
    let database = open(&path).expect("an older one");
    assert_eq!(database.tick_overviews(), Ok(Vec::new()));
    assert_eq!(schema_of(&path).lines().count(), VEIGHNAS.lines().count());
}

#[test]
fn what_is_not_veighnas_is_left_as_it_is() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("file");
    let refuse = |content: &[u8], words: &str| {
        fs::write(&path, content).expect("written");
        let error = open(&path).expect_err("not VeighNa's").to_string();
        assert!(error.contains(words) && error.contains("file"), "{error}");
        assert_eq!(fs::read(&path).expect("readable"), content, "{words}");
    };
    refuse(b"datetime,open,high,low,close\n2024-01-02 09:00:00,1,2,3,4\n", "no SQLite database");
    let made = |sql: &str| {
        let other = folder.path().join("made");
        Connection::open(&other).expect("new").execute_batch(sql).expect("tables");
        let content = fs::read(&other).expect("readable");
        fs::remove_file(&other).expect("removed");
        content
    };
    refuse(&made("CREATE TABLE bookmarks (id INTEGER)"), "another program's");
    refuse(&made("CREATE TABLE dbbardata (id INTEGER, symbol TEXT)"), "has no column exchange");
    let more =
        VEIGHNAS.replace("\"close_price\" REAL NOT NULL", "\"close_price\" REAL NOT NULL, \"extra\" TEXT NOT NULL");
    refuse(&made(&more.replace('\n', ";\n")), "wants a column extra");
}

#[test]
fn a_damaged_database_is_an_error_and_stays() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("database.db");
    drop(open(&path).expect("a new database"));
    let mut content = fs::read(&path).expect("readable");
    content[100..4096].fill(0xaa);
    fs::write(&path, &content).expect("written");
    let error = open(&path).expect_err("damaged").to_string();
    assert!(error.contains("damaged"), "{error}");
    assert_eq!(fs::read(&path).expect("readable"), content);
}

#[test]
fn reading_makes_no_file() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("database.db");
    let error = Database::open_existing(&path, "UTC").expect_err("there is none");
    assert!(matches!(error, HistoryError::Missing { .. }), "{error}");
    assert!(!path.exists());
    let error = open(&folder.path().join("no/folder/database.db")).expect_err("there is no folder").to_string();
    assert!(error.contains("its folder must be there"), "{error}");
}

#[test]
fn a_file_that_another_program_keeps_locked_is_said_to_be() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("database.db");
    let mut database = open(&path).expect("a new database");
    let other = Connection::open(&path).expect("opened");
    other.execute_batch("BEGIN EXCLUSIVE").expect("locked");
    database.connection.busy_timeout(std::time::Duration::ZERO).expect("set");
    assert_eq!(database.delete_ticks("a", domain::Exchange::LOCAL), Err(HistoryError::Locked));
    other.execute_batch("COMMIT").expect("released");
    assert_eq!(database.delete_ticks("a", domain::Exchange::LOCAL), Ok(0));
}
