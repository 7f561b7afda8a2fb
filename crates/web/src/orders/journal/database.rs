//! The tables, and each statement on them.

use super::ids;
use super::{JournalError, Recorded, Write};
use crate::orders::intent::{Intent, Key, State, Wish};
use crate::orders::limits::{
    CHECKPOINT_PAGES, CHECKPOINT_PAGES_MAX, KEEP_DAYS, KEPT_MAX, LOCK_WAIT, LOG_BYTES, PRUNE_ROWS, UNLISTED,
    UNLISTED_MAX,
};
use crate::orders::timeline::Timeline;
use crate::orders::token::Token;
use domain::{OrderRequest, Text, TradingState, VtOrderId};
use rusqlite::{Connection, ErrorCode, Row, params};
use serde::{Deserialize, Serialize};
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

const VERSION: i64 = 2;
const DAY_MS: i64 = 24 * 3600 * 1000;

const SCHEMA: &str = "
    CREATE TABLE intents (
        row             INTEGER PRIMARY KEY,
        user            TEXT NOT NULL,
        desk            TEXT NOT NULL,
        client_order_id TEXT NOT NULL,
        token           TEXT NOT NULL,
        wish            TEXT NOT NULL,
        state           TEXT NOT NULL,
        vt_orderid      TEXT,
        code            TEXT NOT NULL,
        reason          TEXT NOT NULL,
        received_ms     INTEGER NOT NULL
    ) STRICT;
";
const STATES: &str = "
    CREATE TABLE trading_states (
        scope  TEXT PRIMARY KEY,
        state  TEXT NOT NULL,
        set_by TEXT NOT NULL,
        set_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
";

const COLUMNS: &str = "row, user, desk, client_order_id, token, wish, state, vt_orderid, code, reason, received_ms";

/// What an earlier run left.
#[derive(Debug, Default)]
pub(crate) struct Restored {
    /// The newest ended intents, all that have not ended, and all whose ids are not listed, oldest first.
    pub intents: Vec<Intent>,
    /// Ids of rows up to this one are listed.
    pub listed: i64,
    /// Trading states that were set.
    pub states: Vec<StoredState>,
}

/// What new orders may do, and who said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredState {
    /// The desk; empty for all.
    pub scope: Text,
    /// The state.
    pub state: TradingState,
    /// Who set it.
    pub user: Text,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// The wish as it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    request: OrderRequest,
    #[serde(default)]
    gateway: Option<Text>,
    #[serde(default)]
    origin: Option<Text>,
    /// Volume and price bit by bit: two wishes of one id are compared exactly, also after a restart.
    bits: (u64, u64),
}

pub(super) struct Database {
    connection: Connection,
    is_full_sync: bool,
    /// The write-ahead log.
    log: PathBuf,
    /// It has not its full length yet.
    is_short: bool,
    /// About what stands in the write-ahead log.
    pages: u64,
    /// Ids of rows up to this one are listed.
    listed: i64,
    /// The newest row.
    newest: i64,
}

impl Database {
    pub(super) fn open(path: &Path) -> Result<(Database, Restored), JournalError> {
        let unusable = |reason: String| JournalError::Unusable { path: path.display().to_string(), reason };
        let connection = Connection::open(path).map_err(|error| unusable(explain(&error)))?;
        prepare(&connection).map_err(|error| unusable(explain(&error)))?;
        let version: i64 = connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(|error| unusable(explain(&error)))?;
        match version {
            0 => make(&connection).map_err(|error| unusable(explain(&error)))?,
            1 => convert(&connection).map_err(|error| unusable(explain(&error)))?,
            VERSION => {}
            later => return Err(unusable(format!("it was written by a later version (its format is {later})"))),
        }
        let restored = restore(&connection).map_err(|error| unusable(explain(&error)))?;
        // The log is there from the first write on.
        connection.pragma_update(None, "user_version", VERSION).map_err(|error| unusable(explain(&error)))?;
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let newest = restored.intents.last().map_or(restored.listed, |intent| intent.row);
        let (log, listed, pages) = (log.into(), restored.listed, CHECKPOINT_PAGES);
        Ok((Database { connection, is_full_sync: true, log, is_short: true, pages, listed, newest }, restored))
    }

    /// One transaction for all of it; the answers are in the order of `writes`.
    pub(super) fn write<'a>(
        &mut self,
        writes: &[Write],
        outcomes: impl Iterator<Item = &'a Intent>,
        is_durable: bool,
    ) -> Result<Vec<Recorded>, JournalError> {
        let failed = |error: rusqlite::Error| JournalError::Failed(explain(&error));
        if self.is_full_sync != is_durable {
            let mode = if is_durable { "FULL" } else { "NORMAL" };
            self.connection.pragma_update(None, "synchronous", mode).map_err(failed)?;
            self.is_full_sync = is_durable;
        }
        let written = self.in_transaction(writes, outcomes).map_err(failed);
        if written.is_err() && !self.connection.is_autocommit() {
            // What fails here, too, is told by the next write.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        written
    }

    fn in_transaction<'a>(
        &mut self,
        writes: &[Write],
        outcomes: impl Iterator<Item = &'a Intent>,
    ) -> rusqlite::Result<Vec<Recorded>> {
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        // A second use of an id must find how the first one ended.
        for outcome in outcomes {
            end(&self.connection, outcome)?;
            self.pages += 1;
        }
        let mut recorded = Vec::with_capacity(writes.len());
        let mut newest = self.newest;
        for write in writes {
            let came_of_it = self.apply(write)?;
            // A row that was not written is never there to be listed.
            if let (Write::Intent { intent, .. }, Recorded::New) = (write, &came_of_it) {
                newest = newest.max(intent.row);
            }
            recorded.push(came_of_it);
            self.pages += 2;
        }
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        self.newest = newest;
        Ok(recorded)
    }

    fn apply(&self, write: &Write) -> rusqlite::Result<Recorded> {
        let connection = &self.connection;
        match write {
            Write::Intent { intent, is_again } => {
                if !is_again && let Some(row) = ids::row_of(connection, &intent.key)? {
                    return known(connection, row);
                }
                insert(connection, intent, *is_again)?;
                if intent.row <= self.listed {
                    // It comes behind rows that were given later.
                    ids::add(connection, intent)?;
                }
            }
            Write::Outcome(intent) => end(connection, intent)?,
            Write::TradingState { scope, state, user, at_ms } => {
                let sql = "INSERT OR REPLACE INTO trading_states VALUES (?1, ?2, ?3, ?4)";
                connection.prepare_cached(sql)?.execute(params![scope.as_str(), state.name(), user.as_str(), at_ms])?;
            }
        }
        Ok(Recorded::New)
    }

    /// Lists the ids of some rows, if so many wait that it is worth it. `None`: not now, else the row that it has come to.
    pub(super) fn list_ids(&mut self, is_pause: bool) -> Option<i64> {
        let enough = if is_pause { UNLISTED } else { UNLISTED_MAX };
        if self.newest - self.listed <= enough {
            return None;
        }
        let listed = self.list();
        if let Err(error) = &listed {
            // Nobody forgets what is not listed, so nothing is lost by trying again later.
            tracing::warn!(error = %explain(error), "the ids of the order journal cannot be listed");
        }
        listed.ok()
    }

    pub(super) fn list(&mut self) -> rusqlite::Result<i64> {
        let listed = ids::list(&self.connection, self.listed)?;
        self.pages += (listed - self.listed).unsigned_abs();
        self.listed = listed;
        Ok(listed)
    }

    /// Makes the write-ahead log a megabyte longer, up to its full length: a sync of what is overwritten costs half of
    /// one of what grows. What stands behind the last frame is not read by SQLite. Whether there is more to do.
    pub(super) fn make_room(&mut self) -> bool {
        let lengthen = || -> io::Result<bool> {
            let mut log = OpenOptions::new().append(true).open(&self.log)?;
            if log.metadata()?.len() >= LOG_BYTES {
                return Ok(false);
            }
            log.write_all(&vec![0; 1 << 20])?;
            log.sync_all()?;
            Ok(true)
        };
        self.is_short = self.is_short && lengthen().unwrap_or(false);
        self.is_short
    }

    pub(super) fn checkpoint(&mut self, is_pause: bool) {
        let limit = if is_pause { CHECKPOINT_PAGES } else { CHECKPOINT_PAGES_MAX };
        if self.pages < limit {
            return;
        }
        self.pages = 0;
        if let Err(error) = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
            tracing::warn!(error = %explain(&error), "the log of the order journal cannot be emptied");
        }
    }

    /// Takes old rows out, with their ids; whether there may be more.
    pub(super) fn prune(&mut self, now_ms: i64) -> Result<bool, JournalError> {
        let before = now_ms - KEEP_DAYS * DAY_MS;
        let pruned = ids::prune(&mut self.connection, before, self.listed);
        let pruned = pruned.map_err(|error| JournalError::Failed(explain(&error)))?;
        self.pages += pruned as u64 * 2;
        Ok(pruned >= PRUNE_ROWS)
    }

    /// A disk of so many pages, for tests.
    #[cfg(test)]
    pub(super) fn limit_pages(&mut self, pages: u32) {
        self.connection.pragma_update(None, "max_page_count", pages).expect("a pragma");
    }

    pub(super) fn close(self) {
        if let Err((_, error)) = self.connection.close() {
            tracing::warn!(error = %explain(&error), "the order journal did not close well");
        }
    }
}

/// One process has the file to itself: two would not know of each other's orders in flight.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(LOCK_WAIT)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.set_prepared_statement_cache_capacity(16);
    // Takes the lock now rather than with the first order.
    connection.execute_batch("BEGIN IMMEDIATE; COMMIT;")
}

fn make(connection: &Connection) -> rusqlite::Result<()> {
    let ids = ids::SCHEMA;
    connection
        .execute_batch(&format!("BEGIN IMMEDIATE; {SCHEMA} {STATES} {ids} PRAGMA user_version = {VERSION}; COMMIT;"))
}

/// The first version had its ids in an index of the table, which every order had to write.
fn convert(connection: &Connection) -> rusqlite::Result<()> {
    let (ids, fill) = (ids::SCHEMA, ids::FILL);
    connection.execute_batch(&format!(
        "BEGIN IMMEDIATE;
         ALTER TABLE intents RENAME TO before;
         {SCHEMA} {ids}
         INSERT INTO intents SELECT * FROM before;
         DROP TABLE before;
         {fill}
         PRAGMA user_version = {VERSION};
         COMMIT;"
    ))
}

fn restore(connection: &Connection) -> rusqlite::Result<Restored> {
    let sql = format!(
        "SELECT {COLUMNS} FROM intents
         WHERE state IN ('UNKNOWN', 'RECORDED', 'SENT')
             OR row > MIN(?2, (SELECT COALESCE(MAX(row), 0) FROM intents) - ?1)
         ORDER BY row"
    );
    let listed = ids::listed(connection)?;
    let mut statement = connection.prepare(&sql)?;
    let kept = i64::try_from(KEPT_MAX).unwrap_or(i64::MAX);
    let intents = statement.query_map(params![kept, listed], read)?.collect::<rusqlite::Result<Vec<Intent>>>()?;
    let mut statement = connection.prepare("SELECT scope, state, set_by, set_ms FROM trading_states")?;
    let states = statement.query_map([], |row| {
        Ok(StoredState {
            scope: text(row, 0)?,
            // A name from a later version must not open what it may have closed.
            state: TradingState::from_name(&row.get::<_, String>(1)?).unwrap_or(TradingState::Halted),
            user: text(row, 2)?,
            at_ms: row.get(3)?,
        })
    })?;
    Ok(Restored { intents, listed, states: states.collect::<rusqlite::Result<Vec<StoredState>>>()? })
}

/// One that is there again takes the place of its row; a row that is there without that is a fault, and an error.
fn insert(connection: &Connection, intent: &Intent, is_again: bool) -> rusqlite::Result<usize> {
    let sql = match is_again {
        true => "INSERT OR REPLACE INTO intents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        false => "INSERT INTO intents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    };
    let wish = Written {
        request: intent.wish.request.clone(),
        gateway: intent.wish.gateway.clone(),
        origin: intent.wish.origin.clone(),
        bits: (intent.wish.request.volume.to_bits(), intent.wish.request.price.to_bits()),
    };
    let wish = serde_json::to_string(&wish).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    connection.prepare_cached(sql)?.execute(params![
        intent.row,
        intent.key.user.as_str(),
        intent.key.desk.as_str(),
        intent.key.client_order_id.as_str(),
        intent.token.as_str(),
        wish,
        intent.state.name(),
        intent.vt_orderid.as_ref().map(VtOrderId::as_str),
        intent.code.as_str(),
        intent.reason.as_str(),
        intent.received_ms,
    ])
}

fn end(connection: &Connection, intent: &Intent) -> rusqlite::Result<()> {
    let sql = "UPDATE intents SET state = ?2, vt_orderid = ?3, code = ?4, reason = ?5 WHERE row = ?1 AND token = ?6";
    let order = intent.vt_orderid.as_ref().map(VtOrderId::as_str);
    let values = params![
        intent.row,
        intent.state.name(),
        order,
        intent.code.as_str(),
        intent.reason.as_str(),
        intent.token.as_str()
    ];
    connection.prepare_cached(sql)?.execute(values).map(drop)
}

/// The intent that has the id already.
fn known(connection: &Connection, row: i64) -> rusqlite::Result<Recorded> {
    let sql = format!("SELECT {COLUMNS} FROM intents WHERE row = ?1");
    let found = connection.prepare_cached(&sql)?.query_row([row], read)?;
    Ok(Recorded::Known(Box::new(found)))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Intent> {
    let wrong = |column: usize, what: String| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, what.into())
    };
    let (token, wish, state): (String, String, String) = (row.get(4)?, row.get(5)?, row.get(6)?);
    let mut wish: Written = serde_json::from_str(&wish).map_err(|error| wrong(5, error.to_string()))?;
    (wish.request.volume, wish.request.price) = (f64::from_bits(wish.bits.0), f64::from_bits(wish.bits.1));
    Ok(Intent {
        row: row.get(0)?,
        key: Key { user: text(row, 1)?, desk: text(row, 2)?, client_order_id: text(row, 3)? },
        token: Token::parse(&token).ok_or_else(|| wrong(4, format!("{token} is no token")))?,
        wish: Wish { request: wish.request, gateway: wish.gateway, origin: wish.origin },
        state: State::from_name(&state).ok_or_else(|| wrong(6, format!("{state} is no state")))?,
        vt_orderid: row.get::<_, Option<String>>(7)?.map(|id| VtOrderId(id.into())),
        code: text(row, 8)?,
        reason: text(row, 9)?,
        received_ms: row.get(10)?,
        timeline: Timeline::UNSEEN,
    })
}

fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<Text> {
    row.get::<_, String>(column).map(Text::from)
}

/// What went wrong, with what a person can do about it.
fn explain(error: &rusqlite::Error) -> String {
    let advice = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => " (another web process uses it: stop that one)",
        Some(ErrorCode::DiskFull) => " (the disk is full)",
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            " (the file is damaged: move it away; orders of unknown outcome in it must then be looked after by hand)"
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            " (it must be writable for the user of this process)"
        }
        _ => "",
    };
    format!("{error}{advice}")
}
