//! Doing what a client says.
//!
//! Always true: every message with an operation but `auth` has one reply; an operation that is refused has changed
//! nothing; before the login nothing but `auth` is listened to.

use super::bar::LineName;
use super::channel::{Channel, Pattern};
use super::extension::{self, BadDeflate};
use super::hub::lock;
use super::limits::{INTERVAL_DEFAULT_MS, INTERVAL_MS, INTERVAL_STEP_MS};
use super::op::{self, Op, Subscription};
use super::part::Part;
use super::ports::Login;
use super::session::{Session, State, Step};
use super::stats::Ending;
use super::text::{self, problem};
use super::watch::Watch;
use crate::live::frame::code;
use domain::Text;
use fanout::Tag;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;

impl Session {
    /// A text message.
    pub(super) fn obey(&mut self, message: &[u8]) {
        let said = op::parse(message);
        if let Ok(Op::Auth { token }) = said.op {
            return self.auth(&said.id, &token);
        }
        if matches!(self.state, State::New) {
            return self.close(code::NOT_LOGGED_IN, "not_logged_in", Ending::NotLoggedIn);
        }
        let outcome = match said.op {
            Ok(Op::Call { method, params }) => return self.call(said.id, &method, params),
            Ok(Op::Subscribe(wish)) => self.subscribe(&wish),
            Ok(Op::Unsubscribe(wish)) => self.unsubscribe(&wish),
            Ok(Op::Resume { epoch, seq }) => self.resume(&epoch, seq),
            Ok(Op::Ping) => Ok(json!({ "server_time": jiff::Timestamp::now().to_string() })),
            Ok(Op::Auth { .. }) => return,
            Err(problem) => Err(problem),
        };
        self.reply(&said.id, &outcome);
    }

    /// A compressed message.
    pub(super) fn unpack(&mut self, payload: &[u8]) {
        let limit = self.core.options.max_message;
        match extension::inflate(payload, limit) {
            Ok(text) if std::str::from_utf8(&text).is_ok() => self.obey(&text),
            Ok(_) => self.close(code::NOT_UTF8, "text is not UTF-8", Ending::Refused),
            Err(BadDeflate::TooBig) => {
                self.close(code::TOO_BIG, &format!("message is longer than {limit} bytes"), Ending::Refused);
            }
            Err(BadDeflate::Broken) => self.close(code::NOT_UTF8, "message does not decompress", Ending::Refused),
        }
    }

    /// The login is good: the stream begins.
    pub(super) fn enter(&mut self, login: Login) {
        let _ = self.conn.user.set(Arc::clone(&login.session.user));
        self.take_login(login);
        self.state = State::Open;
        self.replies.push_back(Arc::new(text::hello(&self.core)));
    }

    fn take_login(&mut self, login: Login) {
        *lock(&self.conn.session) = Some(login.session.clone());
        self.login = Some(login);
        // It may have ended before anybody could find it here.
        self.conn.doubted.store(true, Ordering::SeqCst);
    }

    fn auth(&mut self, id: &str, token: &str) {
        let Some(session) = self.ports.sessions.session_of(token.as_bytes()) else {
            return self.close(code::NOT_LOGGED_IN, "not_logged_in: bad token", Ending::NotLoggedIn);
        };
        let login = Login { session, by_cookie: false };
        match &self.login {
            None => self.enter(login),
            // A newer token of the same user, so that the connection outlives the older one.
            Some(known) if known.session.user == login.session.user => self.take_login(login),
            Some(_) => return self.close(code::NOT_ALLOWED, "not_allowed: another user", Ending::NotAllowed),
        }
        if id != "null" {
            self.reply(id, &Ok(json!({})));
        }
    }

    fn call(&mut self, id: Text, method: &str, params: Value) {
        let Some(login) = &self.login else { return };
        self.calls.start(&self.core, &self.ports, &login.session.user, id, method, params);
    }

    fn resume(&mut self, epoch: &str, seq: u64) -> Result<Value, Value> {
        if epoch != self.core.epoch {
            return Ok(json!({ "resumed": false, "reason": "other_epoch" }));
        }
        let resumed = self.facts.resume(seq, &self.core.ring());
        match resumed {
            Ok(()) => {
                self.core.counters.resumed.fetch_add(1, Ordering::Relaxed);
                Ok(json!({ "resumed": true, "seq": seq }))
            }
            Err(fanout::NoResume::Following) => Ok(json!({ "resumed": false, "reason": "already_following" })),
            Err(error @ fanout::NoResume::Future) => {
                Err(problem(422, "resume_from_future", "No such number yet", &error.to_string()))
            }
        }
    }

    fn subscribe(&mut self, wish: &Subscription) -> Result<Value, Value> {
        let (desks, patterns) = self.understand(wish)?;
        let mut tags: Vec<Tag> = Vec::new();
        let mut lines: Vec<(usize, LineName)> = Vec::new();
        let mut watch = self.watch();
        for pattern in &patterns {
            for desk in &desks {
                match pattern {
                    Pattern::Facts(channel) => tags.push(Tag { desk: *desk as u16, channel: channel.number() }),
                    Pattern::Ticks(name) => watch.set(*desk, name, true),
                    Pattern::Bars(line) => {
                        watch.set(self.core.bar_space(*desk), &line.text(), true);
                        lines.push((*desk, line.clone()));
                    }
                }
            }
        }
        tags.retain(|tag| !self.facts.wants(*tag));
        tags.dedup();
        let limit = self.core.options.max_patterns;
        if self.facts.tags().count() + tags.len() + watch.len() > limit {
            let detail = format!("a connection may have {limit} channels, instruments and bar lines");
            return Err(problem(422, "too_many_subscriptions", "Too many subscriptions", &detail));
        }
        if !self.lines.take(&self.ports.bars, &lines) {
            let detail = "too many bar lines are watched by all connections together";
            return Err(problem(503, "too_many_bars", "Too many bar lines", detail));
        }
        let interval_ms = wish.interval_ms.map_or_else(|| self.interval_ms(), round_interval);
        let owed = self.facts.subscribe(tags, &self.core.ring());
        self.conn.want(self.facts.tags());
        self.regroup(watch, interval_ms);
        let name = |tag: &Tag| {
            let trader = self.core.desks[usize::from(tag.desk)].as_str();
            json!({ "channel": Channel::of(tag.channel).name(), "trader": trader })
        };
        let snapshots: Vec<Value> = owed.iter().map(name).collect();
        Ok(json!({ "channels": wish.channels, "interval_ms": interval_ms, "snapshots": snapshots }))
    }

    fn unsubscribe(&mut self, wish: &Subscription) -> Result<Value, Value> {
        let (desks, patterns) = self.understand(wish)?;
        let mut watch = self.watch();
        for pattern in &patterns {
            for desk in &desks {
                match pattern {
                    Pattern::Facts(channel) => {
                        self.facts.unsubscribe(Tag { desk: *desk as u16, channel: channel.number() });
                    }
                    Pattern::Ticks(name) => watch.set(*desk, name, false),
                    Pattern::Bars(line) => watch.set(self.core.bar_space(*desk), &line.text(), false),
                }
            }
        }
        self.drop_held();
        self.conn.want(self.facts.tags());
        let interval_ms = self.interval_ms();
        self.regroup(watch, interval_ms);
        self.give_back(&desks, &patterns);
        Ok(json!({ "channels": wish.channels }))
    }

    fn understand(&self, wish: &Subscription) -> Result<(Vec<usize>, Vec<Pattern>), Value> {
        let desks = match wish.trader.as_deref() {
            None => vec![0],
            Some("*") => (0..self.core.desks.len()).collect(),
            Some(name) => {
                let desk = self.core.desks.iter().position(|desk| desk == name);
                vec![desk.ok_or_else(|| problem(404, "unknown_trader", "No such trading process", "see hello"))?]
            }
        };
        let parse = |text: &String| {
            let refuse =
                |error: super::channel::BadPattern| problem(422, error.code(), "Bad channel", &error.to_string());
            Pattern::parse(text).map_err(refuse)
        };
        Ok((desks, wish.channels.iter().map(parse).collect::<Result<_, _>>()?))
    }

    /// Moves to the group of readers with this wish.
    fn regroup(&mut self, watch: Watch, interval_ms: u64) {
        let same = self
            .ticks
            .as_ref()
            .is_some_and(|ticks| **ticks.group.watch() == watch && ticks.group.interval_ms == interval_ms);
        if same {
            return;
        }
        let earlier = self.ticks.take();
        self.conn.interval_ms.store(if watch.is_empty() { 0 } else { interval_ms }, Ordering::Relaxed);
        if !watch.is_empty() {
            self.ticks = Some(Part::join(&self.core, &self.conn, watch, interval_ms, earlier));
        }
    }

    /// Bar lines that are watched no more.
    fn give_back(&mut self, desks: &[usize], patterns: &[Pattern]) {
        for pattern in patterns {
            let Pattern::Bars(line) = pattern else { continue };
            desks.iter().for_each(|desk| self.lines.give_back(*desk, line));
        }
    }

    /// A snapshot whose reader does not hold it any more.
    fn drop_held(&mut self) {
        if !self.facts.is_holding() && matches!(self.snapshot, Step::Rows(_) | Step::Trader(..)) {
            self.snapshot = Step::None;
        }
    }

    fn watch(&self) -> Watch {
        self.ticks.as_ref().map(|ticks| Watch::clone(ticks.group.watch())).unwrap_or_default()
    }

    fn interval_ms(&self) -> u64 {
        self.ticks.as_ref().map_or(INTERVAL_DEFAULT_MS, |ticks| ticks.group.interval_ms)
    }

    fn reply(&mut self, id: &str, outcome: &Result<Value, Value>) {
        if self.ending().is_none() {
            self.replies.push_back(Arc::new(text::reply(id, outcome)));
        }
    }
}

fn round_interval(wish: f64) -> u64 {
    let (least, most) = INTERVAL_MS;
    // The cast saturates; NaN is 0.
    (wish as u64).clamp(least, most).div_ceil(INTERVAL_STEP_MS) * INTERVAL_STEP_MS
}
