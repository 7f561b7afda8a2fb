//! Which row has which id: the list by which an id is found that no memory holds any more.
//!
//! Ids come in any order, so each would dirty a page of its own, which the order would wait for. So they are listed
//! later, many at once, in pauses. Always true: the rows up to the one that [`listed`] names are in the list, as far as
//! they are on disk; whoever forgets an intent behind that row would let its id be used twice.

use crate::orders::intent::{Intent, Key};
use crate::orders::limits::{LIST_ROWS, PRUNE_ROWS};
use rusqlite::{Connection, OptionalExtension, params};

pub(super) const SCHEMA: &str = "
    CREATE TABLE ids (
        user            TEXT NOT NULL,
        desk            TEXT NOT NULL,
        client_order_id TEXT NOT NULL,
        row             INTEGER NOT NULL,
        PRIMARY KEY (user, desk, client_order_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE listed (one INTEGER PRIMARY KEY CHECK (one = 1), up_to INTEGER NOT NULL) STRICT;
    INSERT INTO listed VALUES (1, -1);
";

/// Lists all rows.
pub(super) const FILL: &str = "
    INSERT INTO ids SELECT user, desk, client_order_id, row FROM intents;
    UPDATE listed SET up_to = (SELECT COALESCE(MAX(row), -1) FROM intents);
";

/// The row up to which ids are listed.
pub(super) fn listed(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT up_to FROM listed", [], |row| row.get(0))
}

/// The row of an id, where it is listed.
pub(super) fn row_of(connection: &Connection, key: &Key) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT row FROM ids WHERE user = ?1 AND desk = ?2 AND client_order_id = ?3";
    let values = params![key.user.as_str(), key.desk.as_str(), key.client_order_id.as_str()];
    connection.prepare_cached(sql)?.query_row(values, |row| row.get(0)).optional()
}

/// Lists one row; an id that was listed before stays.
pub(super) fn add(connection: &Connection, intent: &Intent) -> rusqlite::Result<()> {
    let Key { user, desk, client_order_id } = &intent.key;
    let values = params![user.as_str(), desk.as_str(), client_order_id.as_str(), intent.row];
    connection.prepare_cached("INSERT OR IGNORE INTO ids VALUES (?1, ?2, ?3, ?4)")?.execute(values).map(drop)
}

/// Lists the rows that come behind `after`, some of them; the row that it has come to.
pub(super) fn list(connection: &Connection, after: i64) -> rusqlite::Result<i64> {
    let transaction = connection.unchecked_transaction()?;
    let up_to: Option<i64> = transaction
        .prepare_cached("SELECT MAX(row) FROM (SELECT row FROM intents WHERE row > ?1 ORDER BY row LIMIT ?2)")?
        .query_row([after, LIST_ROWS], |row| row.get(0))?;
    let up_to = up_to.unwrap_or(after);
    transaction
        .prepare_cached(
            "INSERT INTO ids SELECT user, desk, client_order_id, row FROM intents WHERE row > ?1 AND row <= ?2",
        )?
        .execute([after, up_to])?;
    transaction.prepare_cached("UPDATE listed SET up_to = ?1")?.execute([up_to])?;
    transaction.commit()?;
    Ok(up_to)
}

/// Takes out ended rows that came before that moment, in milliseconds since 1970 UTC, and their ids; how many. Only such
/// as are listed: behind `listed` memory may hold them still.
pub(super) fn prune(connection: &mut Connection, before_ms: i64, listed: i64) -> rusqlite::Result<usize> {
    let old = "SELECT row FROM (
                   SELECT row, received_ms FROM intents
                   WHERE state NOT IN ('UNKNOWN', 'RECORDED', 'SENT') AND row <= ?3 ORDER BY row LIMIT ?1
               ) WHERE received_ms < ?2";
    let limit = i64::try_from(PRUNE_ROWS).unwrap_or(i64::MAX);
    let transaction = connection.transaction()?;
    let ids = format!(
        "DELETE FROM ids WHERE (user, desk, client_order_id) IN
             (SELECT user, desk, client_order_id FROM intents WHERE row IN ({old}))"
    );
    transaction.execute(&ids, params![limit, before_ms, listed])?;
    let pruned =
        transaction.execute(&format!("DELETE FROM intents WHERE row IN ({old})"), params![limit, before_ms, listed])?;
    transaction.commit()?;
    Ok(pruned)
}
