//! Tables of the replica as pages: whole from the encoded copy, selections encoded once per version.
//!
//! How data passes: the table's version and the link's state make the ETag, so that an unchanged list costs neither
//! rows nor bytes; the whole list comes in the chunks of `tables`; a selection takes the rows' `Arc`s under the
//! replica's lock, picks and encodes outside it and is kept until the table changes. Always true: a page is one state
//! of the table; it says of which trading process it is and how far it can be trusted; rows of a trading process that
//! is away come only where `stale=true` asks for them.

use super::pages::{Cursor, after};
use super::params::{Kind, Param, Params, query};
use super::{Problem, V1, limiter::Limiter, request_id::Ids};
use crate::app::App;
use crate::auth::Clock;
use crate::desk::Desk;
use crate::http::{Coding, Reply};
use crate::limits;
use crate::replica::{Link, Replica, Table};
use crate::rest::state::state_name;
use crate::rest::tables::{Cached, Encoded, Encoder, Form, RowWriter, etag, tagged};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use hyper::header::IF_NONE_MATCH;
use hyper::{HeaderMap, StatusCode};
use serde_json::Value;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Parameters of every list; those of its own come before them.
pub(super) const LIMIT: Param = query(
    "limit",
    Kind::Int(1, limits::PAGE_ROWS),
    "Rows of this page at most. Without it all rows come, over the stream at most 1,000.",
);
/// The second one.
pub(super) const CURSOR: Param =
    query("cursor", Kind::Text(1024), "`next_cursor` of the page before; rows that came in between are not lost.");
/// The third one.
pub(super) const STALE: Param = query(
    "stale",
    Kind::Flag,
    "Whether rows are wanted while the trading process is away, as they were then; `link` of the answer says so. \
     Without it the answer is 503 meanwhile.",
);

/// Rows up to which encoding a selection is no work for another thread.
const INLINE_ROWS: usize = 512;

/// What `/api/v1` keeps in the web process.
#[derive(Debug)]
pub(crate) struct State {
    pub(super) limiter: Limiter,
    pub(super) ids: Ids,
    encoder: Encoder,
    /// By desk and slot.
    whole: Vec<[Cached; SLOTS]>,
    /// By desk, slot and selection; emptied when it is full.
    kept: Mutex<HashMap<(usize, usize, String), Arc<Encoded>>>,
}

impl State {
    /// Nothing encoded yet. `epoch` is a number that an earlier process did not have.
    pub(crate) fn new(epoch: u64, clock: Clock, desks: usize) -> State {
        State {
            limiter: Limiter::new(clock),
            ids: Ids::new(epoch),
            encoder: Encoder::new(epoch),
            whole: (0..desks).map(|_| Default::default()).collect(),
            kept: Mutex::default(),
        }
    }
}

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// Contracts.
    Contracts,
    /// Ticks.
    Ticks,
    /// Orders.
    Orders,
    /// Trades.
    Trades,
    /// Positions.
    Positions,
    /// Accounts.
    Accounts,
    /// Quotes.
    Quotes,
}

const SLOTS: usize = Slot::Quotes as usize + 1;

/// A list, whatever its rows are.
pub trait List: Send + Sync {
    /// Answers a `GET`.
    fn answer<'a>(
        &'static self,
        cx: V1,
        params: Params,
        headers: &'a HeaderMap,
    ) -> BoxFuture<'a, Result<Reply, Problem>>;

    /// Answers a call of the stream.
    fn call(&'static self, cx: V1, params: Params) -> BoxFuture<'static, Result<Value, Problem>>;
}

/// Whether a row belongs to a selection.
pub(super) type Filter<T> = Box<dyn Fn(&T) -> bool + Send>;

/// A table as a list.
pub(super) struct Listing<K: 'static, T: 'static> {
    /// Where its encoded copies are kept.
    pub(super) slot: Slot,
    /// The table.
    pub(super) pick: fn(&Replica) -> &Table<K, T>,
    /// What tells a row from all others, and stays.
    pub(super) id: fn(&T) -> String,
    /// What the parameters select; `None` for all rows.
    pub(super) select: fn(&Params) -> Option<Filter<T>>,
    /// How a row is written.
    pub(super) write: fn(&V1) -> RowWriter<T>,
    /// Whether what this user has just sent has to be in it.
    pub(super) settles: bool,
    /// The coding to prefer: brotli where the table hardly changes.
    pub(super) coding: Coding,
}

/// How a row is written that needs nothing but itself.
pub(super) fn canonical<T: serde::Serialize + 'static>(_: &V1) -> RowWriter<T> {
    Arc::new(|row: &T, out: &mut Vec<u8>| serde_json::to_writer(out, row).expect("writing to memory does not fail"))
}

/// How far the copy can be trusted.
///
/// # Errors
/// `trader_away`, unless old rows are wanted and there are any.
pub(super) fn link(desk: &Desk, wants_stale: bool) -> Result<Link, Problem> {
    let link = desk.replica.read().link;
    match link {
        Link::Live => Ok(link),
        Link::Stale | Link::Syncing if wants_stale => Ok(link),
        Link::Connecting | Link::Syncing | Link::Stale => Err(Problem::away(&desk.name)),
    }
}

impl<K, T> List for Listing<K, T>
where
    K: Hash + Eq + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    fn answer<'a>(
        &'static self,
        cx: V1,
        params: Params,
        headers: &'a HeaderMap,
    ) -> BoxFuture<'a, Result<Reply, Problem>> {
        Box::pin(async move {
            let link = link(&cx.desk, params.flag("stale"))?;
            self.settle(&cx).await;
            if let Some(reply) = self.unchanged(&cx, link, headers) {
                return Ok(reply);
            }
            let encoded = if self.is_whole(&params) {
                self.whole(&cx, link).await
            } else {
                self.selection(&cx, link, &params).await?
            };
            Ok(cx.app.v1.encoder.reply(&encoded, headers, self.coding).await)
        })
    }

    fn call(&'static self, cx: V1, params: Params) -> BoxFuture<'static, Result<Value, Problem>> {
        Box::pin(async move {
            let link = link(&cx.desk, params.flag("stale"))?;
            self.settle(&cx).await;
            let encoded = self.encode(&cx, link, &params, params.size("limit").unwrap_or(limits::CALL_ROWS)).await?;
            Ok(serde_json::from_slice(&encoded.joined()).expect("what was encoded is JSON"))
        })
    }
}

impl<K, T> Listing<K, T>
where
    K: Hash + Eq + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    async fn settle(&self, cx: &V1) {
        if self.settles {
            cx.desk.trader.settled(&cx.user).await;
        }
    }

    /// 304 where the client's ETag is the present one, told as we told it; other forms of it are looked at later.
    fn unchanged(&self, cx: &V1, link: Link, headers: &HeaderMap) -> Option<Reply> {
        let given = headers.get(IF_NONE_MATCH)?;
        let version = (self.pick)(&cx.desk.replica.read()).version();
        if given.as_bytes() != etag(cx.app.v1.encoder.epoch(), version, state_name(link)).as_bytes() {
            return None;
        }
        let mut reply = Reply::default();
        *reply.status_mut() = StatusCode::NOT_MODIFIED;
        Some(tagged(reply, given.clone()))
    }

    fn is_whole(&self, params: &Params) -> bool {
        ["limit", "cursor"].iter().all(|name| !params.has(name)) && (self.select)(params).is_none()
    }

    async fn whole(&self, cx: &V1, link: Link) -> Arc<Encoded> {
        let form = Form {
            variant: state_name(link),
            open: Bytes::from(open(&cx.desk, link, None)),
            close: "]}",
            write: (self.write)(cx),
        };
        let cached = &cx.app.v1.whole[desk_index(&cx.app, &cx.desk)][self.slot as usize];
        cx.app.v1.encoder.encoded(cached, &cx.desk.replica, self.pick, form).await
    }

    /// A selection of this version, encoded at most once while it is kept.
    async fn selection(&self, cx: &V1, link: Link, params: &Params) -> Result<Arc<Encoded>, Problem> {
        let key = (desk_index(&cx.app, &cx.desk), self.slot as usize, params.key());
        let version = (self.pick)(&cx.desk.replica.read()).version();
        if let Some(kept) = kept(&cx.app).get(&key).filter(|kept| kept.is(version, state_name(link))) {
            return Ok(Arc::clone(kept));
        }
        let encoded = Arc::new(self.encode(cx, link, params, params.size("limit").unwrap_or(usize::MAX)).await?);
        let mut kept = kept(&cx.app);
        let bytes: usize = kept.values().map(|kept| kept.length()).sum();
        if kept.len() >= limits::KEPT_SELECTIONS || bytes + encoded.length() > limits::KEPT_BYTES {
            kept.clear();
        }
        if encoded.length() <= limits::KEPT_BYTES {
            kept.insert(key, Arc::clone(&encoded));
        }
        Ok(encoded)
    }

    /// One page: rows behind the cursor that fit, `limit` of them at most.
    async fn encode(&self, cx: &V1, link: Link, params: &Params, limit: usize) -> Result<Encoded, Problem> {
        let cursor = params.text("cursor").map(Cursor::parse).transpose()?;
        let (version, rows) = {
            let replica = cx.desk.replica.read();
            let table = (self.pick)(&replica);
            (table.version(), table.rows().cloned().collect::<Vec<Arc<T>>>())
        };
        let start = cursor.map_or(Ok(0), |cursor| after(&cursor, &rows, self.id))?;
        let filter = (self.select)(params).unwrap_or_else(|| Box::new(|_| true));
        let mut fitting = rows.into_iter().enumerate().skip(start).filter(move |(_, row)| filter(row));
        let page: Vec<(usize, Arc<T>)> = fitting.by_ref().take(limit).collect();
        let next = fitting.next().and(page.last()).map(|(index, row)| Cursor::of(*index, (self.id)(row)).text());
        let mut out = open(&cx.desk, link, next.as_deref());
        let write = (self.write)(cx);
        let is_long = page.len() > INLINE_ROWS;
        let encode = move || {
            for (index, (_, row)) in page.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(row, &mut out);
            }
            out.extend_from_slice(b"]}");
            out
        };
        let bytes = if is_long {
            tokio::task::spawn_blocking(encode).await.expect("encoding does not panic and is not aborted")
        } else {
            encode()
        };
        Ok(Encoded::of((cx.app.v1.encoder.epoch(), version, state_name(link)), bytes))
    }
}

/// What stands before the rows.
fn open(desk: &Desk, link: Link, next: Option<&str>) -> Vec<u8> {
    let quoted = |text: &str| Value::from(text).to_string();
    let next = next.map_or_else(|| "null".to_owned(), quoted);
    let (trader, link) = (quoted(&desk.name), state_name(link));
    format!("{{\"trader\":{trader},\"link\":\"{link}\",\"next_cursor\":{next},\"data\":[").into_bytes()
}

fn desk_index(app: &App, desk: &Arc<Desk>) -> usize {
    app.desks.iter().position(|known| Arc::ptr_eq(known, desk)).expect("the desk is one of the web process's")
}

fn kept(app: &App) -> std::sync::MutexGuard<'_, HashMap<(usize, usize, String), Arc<Encoded>>> {
    app.v1.kept.lock().unwrap_or_else(PoisonError::into_inner)
}
