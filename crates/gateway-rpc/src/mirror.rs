//! What we know of the remote, and everything that is decided about it. No I/O, no clock.
//!
//! `commands` has what is asked of us, `facts` what the remote tells, `unknown` the orders whose answer was lost,
//! `orders` the table of ids in both directions.
//!
//! ```text
//! Away ─ subscribed ─► Syncing (events wait) ─ snapshot, then the events that waited ─► Live ─ lost ─► Away
//! ```
//!
//! Always true: a job that sends an order is made once for each order id, and only while Live; a remote order has one
//! order id of ours and the other way round.

mod commands;
mod facts;
mod orders;
mod unknown;

use crate::limits::{BETWEEN, LOOK_EVERY_US};
use crate::translate::Names;
use crate::words::{INFO, WARNING, Words};
use crate::worker::{Job, Snapshot, Told};
use ::gateway::{LinkState, Now, Report, Sink};
use domain::{DateTime, LogData, PositionData, SubscribeRequest, Text, TickData, VtPositionId, VtSymbol};
use orders::Orders;
use rpc::{App, Framing, PeerEvent};
use rustc_hash::{FxHashMap, FxHashSet};
use tokio::sync::mpsc::Sender;
use unknown::Looks;

/// Whether the remote can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Away,
    Syncing,
    Live,
}

/// The state.
pub(crate) struct Mirror {
    names: Names,
    zone: Text,
    /// Only this one of the remote's gateways.
    only: Option<Text>,
    /// Where the worker takes its jobs from; absent while logged out.
    jobs: Option<Sender<Job>>,
    phase: Phase,
    /// Events since the subscription, while the snapshot is taken.
    between: Vec<PeerEvent>,
    /// Events had to be left out, so that snapshot is of no use.
    has_overflown: bool,
    app: Option<App>,
    framing: Option<Framing>,
    /// Which of the remote's gateways has an instrument.
    contracts: FxHashMap<VtSymbol, Text>,
    /// As last reported, to report their end.
    positions: FxHashMap<VtPositionId, PositionData>,
    orders: Orders,
    /// Facts of orders that may turn out to be ours.
    held: Vec<PeerEvent>,
    looks: Looks,
    wanted: Vec<SubscribeRequest>,
    is_wanted: FxHashSet<SubscribeRequest>,
    /// Histories that were asked for and not answered.
    histories: FxHashSet<u64>,
    /// Whether a failed snapshot has been told since the last good one.
    told_failed: bool,
    /// Whether it has been told that the remote is away.
    told_away: bool,
}

/// Where a call's reports go, and its moment.
pub(crate) struct Out<'a> {
    pub(crate) now: Now,
    pub(crate) sink: &'a mut dyn Sink,
}

impl Mirror {
    pub(crate) fn new(names: Names, zone: Text) -> Mirror {
        Mirror {
            names,
            zone,
            only: None,
            jobs: None,
            phase: Phase::Away,
            between: Vec::new(),
            has_overflown: false,
            app: None,
            framing: None,
            contracts: FxHashMap::default(),
            positions: FxHashMap::default(),
            orders: Orders::default(),
            held: Vec::new(),
            looks: Looks::default(),
            wanted: Vec::new(),
            is_wanted: FxHashSet::default(),
            histories: FxHashSet::default(),
            told_failed: false,
            told_away: false,
        }
    }

    /// A worker has been started.
    pub(crate) fn opened(&mut self, jobs: Sender<Job>, only: Option<Text>) {
        self.jobs = Some(jobs);
        self.only = only;
        (self.told_failed, self.told_away) = (false, false);
    }

    /// The worker is gone. What it was asked and has not told is unknown from now on.
    pub(crate) fn closed(&mut self, out: &mut Out<'_>) {
        self.jobs = None;
        self.away();
        self.orders.forget_answers(out.now.monotonic_us);
        let mut histories: Vec<u64> = self.histories.drain().collect();
        histories.sort_unstable();
        for token in histories {
            let bars = Err(self.text(&Words::new("接口已断开", "the gateway was disconnected")));
            out.sink.report(Report::History { token, bars });
        }
    }

    /// A tick, in whatever phase: only the newest counts.
    pub(crate) fn tick(&mut self, mut tick: Box<TickData>, out: &mut Out<'_>) {
        if self.is_ours(&tick.gateway_name) {
            self.names.tick(&mut tick);
            out.sink.report(Report::Tick(tick));
        }
    }

    /// One thing that the worker tells.
    pub(crate) fn told(&mut self, told: Told, out: &mut Out<'_>) {
        match told {
            Told::Syncing => self.syncing(out),
            Told::Snapshot(snapshot) => self.snapshot(*snapshot, out),
            Told::SnapshotFailed(why) => self.snapshot_failed(&why, out),
            Told::Lost(reason) => self.lost(&reason, out),
            Told::Dialect(app, framing) => (self.app, self.framing) = (app.or(self.app), Some(framing)),
            Told::Event(event) => self.event(event, out),
            Told::Sent { orderid, result } => self.sent(&orderid, result, out),
            Told::CancelFailed { orderid, why } => {
                let words = Words::new(format!("撤单{orderid}失败：{why}"), format!("cannot cancel {orderid}: {why}"));
                self.log(WARNING, &words, out);
            }
            Told::SubscribeFailed { request, why } => {
                let name = request.vt_symbol();
                let words = Words::new(format!("订阅{name}失败：{why}"), format!("cannot subscribe {name}: {why}"));
                self.log(WARNING, &words, out);
            }
            Told::Bars { token, bars } => self.bars(token, bars, out),
            Told::Looked { number, found } => self.looked(number, found, out),
        }
    }

    /// Does what time brings; when to do it again, in monotonic microseconds.
    pub(crate) fn due(&mut self, now: Now) -> u64 {
        if self.phase == Phase::Live && now.monotonic_us >= self.looks.next_us {
            self.looks.next_us = now.monotonic_us + LOOK_EVERY_US;
            if self.orders.has_open() {
                self.look(now);
            }
        }
        self.looks.next_us
    }

    fn syncing(&mut self, out: &mut Out<'_>) {
        self.phase = Phase::Syncing;
        self.between.clear();
        self.held.clear();
        (self.has_overflown, self.told_away) = (false, false);
        self.orders.forget_looks();
        self.looks.begin(out.now.monotonic_us);
        out.sink.report(Report::Link(LinkState::Connecting));
    }

    /// Each list of the snapshot holds at least the events from before it was read; the events that waited bring
    /// everything to the same moment.
    fn snapshot(&mut self, snapshot: Snapshot, out: &mut Out<'_>) {
        if self.phase != Phase::Syncing {
            return;
        }
        if self.has_overflown && self.start(Job::Sync) {
            return self.snapshot_failed("too many events came in between", out);
        }
        let counts = (snapshot.contracts.len(), snapshot.orders.len(), snapshot.skipped);
        self.contracts.clear();
        for contract in snapshot.contracts {
            self.contract(contract, out);
        }
        for account in snapshot.accounts {
            self.account(account, out);
        }
        self.all_positions(snapshot.positions, out);
        let between = std::mem::take(&mut self.between);
        self.name_early(&between, out);
        self.orders.begin_sync();
        for order in snapshot.orders {
            self.order(order, out);
        }
        for trade in snapshot.trades {
            self.trade(trade, out);
        }
        for tick in snapshot.ticks {
            self.tick(tick, out);
        }
        for event in between {
            self.apply(event, out);
        }
        self.phase = Phase::Live;
        self.app = Some(snapshot.app);
        self.told_failed = false;
        self.live(snapshot.app, counts, out);
    }

    fn live(&mut self, app: App, counts: (usize, usize, u64), out: &mut Out<'_>) {
        let (contracts, orders, skipped) = counts;
        let framing = self.framing.map(|framing| format!("/{framing}")).unwrap_or_default();
        let words = Words::new(
            format!("远端已连接（{app}{framing}）：{contracts}个合约，{orders}个委托"),
            format!("the remote is connected ({app}{framing}): {contracts} contracts, {orders} orders"),
        );
        self.log(INFO, &words, out);
        if skipped > 0 {
            let words = Words::new(
                format!("远端有{skipped}行数据无法识别，已略过"),
                format!("{skipped} rows of the remote's could not be understood and are left out"),
            );
            self.log(WARNING, &words, out);
        }
        for orderid in self.orders.end_sync() {
            let words = Words::new(
                format!("远端不再知道委托{orderid}，保留其最后状态"),
                format!("the remote does not know order {orderid} any more; its last state is kept"),
            );
            self.log(WARNING, &words, out);
        }
        out.sink.report(Report::Link(LinkState::Up));
        for request in self.wanted.clone() {
            self.pass_subscription(&request);
        }
        self.judge(out);
        self.looks.next_us = out.now.monotonic_us + LOOK_EVERY_US;
        self.look_soon(out.now);
    }

    fn snapshot_failed(&mut self, why: &str, out: &mut Out<'_>) {
        if !std::mem::replace(&mut self.told_failed, true) {
            let words = Words::new(
                format!("查询远端状态失败，将重试：{why}"),
                format!("the remote's state could not be read, trying again: {why}"),
            );
            self.log(WARNING, &words, out);
        }
    }

    fn lost(&mut self, reason: &str, out: &mut Out<'_>) {
        self.away();
        if std::mem::replace(&mut self.told_away, true) {
            return;
        }
        let words = Words::new(
            format!("远端未连接，正在重连：{reason}"),
            format!("the remote is not connected, trying again: {reason}"),
        );
        self.log(WARNING, &words, out);
        out.sink.report(Report::Link(LinkState::Down(Some(self.text(&words)))));
    }

    fn away(&mut self) {
        self.phase = Phase::Away;
        self.between = Vec::new();
        (self.app, self.framing) = (None, None);
        self.looks.reset();
    }

    /// An event of the remote's; while the snapshot is taken it waits.
    fn event(&mut self, event: PeerEvent, out: &mut Out<'_>) {
        match self.phase {
            Phase::Live => self.apply(event, out),
            Phase::Syncing if self.between.len() < BETWEEN => self.between.push(event),
            Phase::Syncing => self.has_overflown = true,
            // Told before the remote was lost; the next snapshot has it.
            Phase::Away => {}
        }
    }

    fn is_live(&self) -> bool {
        self.phase == Phase::Live
    }

    /// Whether that one of the remote's gateways is looked at.
    fn is_ours(&self, remote: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only == remote)
    }

    fn text(&self, words: &Words) -> String {
        words.get(self.names.language).to_owned()
    }

    fn log(&self, level: i32, words: &Words, out: &mut Out<'_>) {
        let time = DateTime::from_unix_micros(out.now.unix_us, &self.zone).map(|at| DateTime::naive(at.civil));
        let line = LogData { gateway_name: self.names.gateway.clone(), msg: self.text(words), level, time };
        out.sink.report(Report::Log(line));
    }

    /// Hands a job to the worker; `false` where there is no room or no worker: then it certainly is not done.
    fn start(&self, job: Job) -> bool {
        self.jobs.as_ref().is_some_and(|jobs| jobs.try_send(job).is_ok())
    }
}

#[cfg(test)]
mod tests;
