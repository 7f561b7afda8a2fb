//! The full stream, `WS /api/v1/stream`: facts that can be resumed, ticks and bars at each reader's own pace, calls.
//!
//! ```text
//!  link task ── fact, reset ──► fanout::Ring ──(bell)──► sessions that want that kind ──► socket
//!            ── tick, bars ───► fanout::Board ─► Group::flush at its moments: one frame for all members ─► sessions
//!  client ──► live::frame::Decoder ─► op ─► obey: subscribe, resume, call, … ──► reply
//! ```
//!
//! The owner of the web process makes a [`StreamHub`] with the names of its desks, runs the [`StreamTasks`], gives it
//! its [`Ports`] once they exist, and the router hands requests to [`StreamHub::open`]. A session is one task that
//! reads and writes ([`Session`]).
//!
//! # What clients can rely on
//!
//! * The first message is `hello`; with a login in the headers at once, else after `{"op":"auth","token":…}`.
//! * Every operation (but `auth` without an `id`) has one `reply` with its `id`; a refused one has changed nothing.
//! * `subscribe` to a channel of facts gives a `snapshot` (for `trader`: a `trader` message), then each later `fact`
//!   exactly once, `seq` strictly rising. `"trader":"name"` or `"trader":"*"` picks the trading processes, without it
//!   the first. Ticks: `tick:<vt_symbol>`, `tick:*`, or a text with one `*` anywhere.
//! * `reset` says that all of a trading process was read anew: what is held of its channels is void until their
//!   snapshots come, which they do at once.
//! * To resume on a new connection: remember `epoch` and the highest `seq` of any fact, snapshot, trader, reset or
//!   heartbeat message (not of `hello`); send `resume`, then **one** `subscribe` with the channels whose state is held
//!   and not void. Its reply names in `snapshots` those of which the ring no longer has everything: what is held of
//!   them is void from then on, a snapshot comes; for the others the facts go on behind `seq`. If the reply to
//!   `resume` says `"resumed":false` or is an error, all is void and comes anew. Channels that were void already go
//!   into a second `subscribe`. Where the connection ends before a snapshot that was owed has come, resume from the
//!   same `epoch` and `seq` again: the newest number would hide that the snapshot is missing. Ticks begin with the newest of each instrument, as always.
//! * Ticks are arrays in the order of `tick_fields` of `hello`; the newest of each instrument that changed, at most
//!   one message (per 512 kB) per trading process and interval.
//! * Bars: `bar:<vt_symbol>:<interval>`, arrays in the order of `bar_fields` of `hello`, in messages of type `bars`. The
//!   newest finished and the running one come at once; then, at most once per interval, each bar that has finished, once
//!   and in order, and the running one. Who is late gets all that finished since, up to a bound; `docs/api.md` has the rest.
//! * `heartbeat` comes every `heartbeat_ms`. A silent client gets a WebSocket ping after 20 s, and is gone after 45 s.
//! * Close codes: 4401 not logged in, 4403 not allowed, 4408 `slow_consumer` (resume), 4409 `session_ended` (the login
//!   was ended: at once; or its tokens have run out: `POST /api/v1/session/refresh`, or `{"op":"auth"}` with a newer token,
//!   before that prolongs it), 1001 with the reason
//!   `{"reason":"going_away","retry_after_ms":…}`, and those of RFC 6455.
//!
//! Always true: nothing that one client does or leaves undone changes anything for another; a message is encoded once
//! and compressed once, whatever the number of readers; every bound stands in `limits`.

mod bar;
mod calls;
mod channel;
mod clock;
mod conn;
mod extension;
mod fill;
mod group;
mod held;
mod hub;
mod item;
mod limits;
mod message;
mod metrics;
mod obey;
mod op;
mod open;
mod out;
mod pace;
mod part;
mod ports;
mod session;
mod snapshots;
mod stats;
mod tasks;
#[cfg(test)]
mod tests;
mod text;
mod tick;
mod watch;

pub use bar::{BarNews, LineName, fields as bar_fields};
pub use channel::{BadPattern, Channel, Pattern};
pub use hub::StreamHub;
pub use limits::Options;
pub use open::Refused;
pub use ports::{Bars, Calls, Login, Ports, Sessions, Snapshot, Source};
pub use session::Session;
pub use stats::{Ending, ReaderReport, StreamStats};
pub use tasks::StreamTasks;
pub use tick::{fields as tick_fields, push_tick};
