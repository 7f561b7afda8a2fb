//! Every bound of login, REST and the HTTP server, each with its reason. (`live` has its own.)

use std::time::Duration;

/// Largest request body. An order with a 10 kB reference is the largest that anybody sends; the rest is attack.
pub const BODY_BYTES: usize = 1 << 20;
/// Largest login form: two names and a password, generously.
pub const FORM_BYTES: usize = 64 << 10;
/// Parts of a multipart form or fields of an urlencoded one; the login has six.
pub const FORM_FIELDS: usize = 64;
/// What is read away of a refused body, so that the client sees the answer instead of a reset connection.
pub const DRAIN_BYTES: usize = 64 << 20;
/// How long it is read away.
pub const DRAIN_TIME: Duration = Duration::from_secs(2);
/// A body that takes longer is a slow-loris: 1 MiB in this time is a modem.
pub const BODY_TIME: Duration = Duration::from_secs(10);
/// From the first wait for a request to the end of its headers, so also the longest idle keep-alive.
/// VeighNa's web process closes idle connections after 5 s.
pub const HEADER_TIME: Duration = Duration::from_secs(10);
/// Read buffer of a connection and so the bound of a request's headers; VeighNa's takes 64 kB tokens.
pub const HEADER_BYTES: usize = 128 << 10;
/// Headers of one request.
pub const HEADERS: usize = 100;
/// Time for running requests after a stop signal.
pub const SHUTDOWN_TIME: Duration = Duration::from_secs(5);
/// Open connections in all; each costs a few tens of kB, so this stays below 100 MB.
pub const CONNECTIONS: usize = 4096;
/// Open connections of one remote address: a browser needs 6, an office behind one address some hundreds.
pub const CONNECTIONS_PER_ADDRESS: usize = 512;
/// A connection whose peer takes nothing of its answer for this long is closed.
pub const WRITE_TIME: Duration = Duration::from_secs(30);

/// Nesting of a JSON body. Python's own parser ends near 1,000 levels; ours must never end a thread's stack.
pub const JSON_DEPTH: usize = 500;
/// Longest user name and password, in bytes. Argon2 takes any length; hashing a megabyte is work for an attacker.
pub const CREDENTIAL_BYTES: usize = 1024;

/// Password checks that wait for their turn. 100 logins at once shall pass; beyond it, come back later.
pub const LOGIN_QUEUE: usize = 128;
/// Tokens whose signature need not be computed again.
pub const TOKEN_CACHE: usize = 1024;
/// How often `users.json` is looked at for changes.
pub const USERS_REFRESH: Duration = Duration::from_secs(2);
/// A token's life, as upstream's.
pub const TOKEN_SECONDS: i64 = 30 * 60;

/// Sessions that were ended before their tokens expired: more within half an hour is no desk. An entry is 60 bytes.
pub const ENDED_SESSIONS: usize = 65_536;
/// Open sessions that are listed: a desk has tens. An entry is some 400 bytes; one that finds no room works unlisted.
pub const OPEN_SESSIONS: usize = 4096;
/// Settings of one user as JSON: layouts, groups of the watchlist, columns. A page with everything in use has 20 kB.
pub const SETTINGS_BYTES: usize = 256 << 10;

/// Entries of each table of failed logins; an entry is 24 bytes.
pub const THROTTLE_ENTRIES: usize = 4096;
/// Wrong passwords for one user from one address before it has to wait.
pub const FREE_PER_PAIR: u32 = 10;
/// Failures of one address over all users before it has to wait: an office has forgetful people.
pub const FREE_PER_ADDRESS: u32 = 60;
/// Failures for one user from anywhere before addresses that never logged him in have to wait.
pub const FREE_PER_USER: u32 = 100;
/// Longest wait of an address; short enough that an own typing error is not a lost day.
pub const LONGEST_WAIT_MS: u64 = 5 * 60 * 1000;
/// A failure is forgotten after this.
pub const FORGET_MS: u64 = 60 * 1000;

/// Bodies below this are not compressed: the headers are larger than the gain.
pub const COMPRESS_FROM: usize = 1024;
/// Compressions at the same time; when all are taken, a client gets the body as it is.
pub const COMPRESSORS: usize = 2;

/// What a user may send to the trading process within [`ORDERS_WINDOW`]: twice what the fastest desk here was measured
/// at. It ends a script that runs away, not a strategy.
pub const ORDERS_PER_WINDOW: u32 = 20_000;
/// Time over which they are counted.
pub const ORDERS_WINDOW: Duration = Duration::from_secs(1);
/// Users whose requests are counted; a desk has fewer.
pub const LIMITED_USERS: usize = 4096;
/// Rows of one table of a trading process's copy: ten times a day of 50,000 orders, and more contracts than all venues have.
/// A row of an order with its fill is some 1.5 kB, so a table that is full has 750 MB. Full: new rows are left out, counted
/// and logged; what the stream tells is not bound by it.
pub const TABLE_ROWS: usize = 500_000;
/// Rows of one page of a list.
pub const PAGE_ROWS: i64 = 10_000;
/// Rows of a list that is asked for over the stream without a limit: one message must not hold others up.
pub const CALL_ROWS: usize = 1000;
/// Selections of rows that are kept encoded. A terminal asks for a handful, again and again.
pub const KEPT_SELECTIONS: usize = 64;
/// Bytes of all of them; a larger one is encoded anew each time.
pub const KEPT_BYTES: usize = 32 << 20;
