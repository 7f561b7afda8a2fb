//! Orders by our id and by the remote's.
//!
//! An order of ours has the engine's id; one that somebody else sent at the remote has the remote's own, and only where
//! two of the remote's gateways use the same id, the gateway's name before it.

use crate::tag;
use domain::status::{Step, step};
use domain::{OrderData, OrderRequest, Status, Text, VtOrderId, VtSymbol};
use rustc_hash::FxHashMap;

/// How far we are with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The call is on its way.
    Asked,
    /// The call's answer was lost; nobody knows.
    Unknown {
        /// Since when, in monotonic microseconds.
        since_us: u64,
        /// When a complete look first lacked it.
        lacked_us: Option<u64>,
        /// Whether it has been told that it cannot be decided.
        is_told: bool,
    },
    /// The remote has it.
    Known,
    /// It was reported as REJECTED because it was not sent, or the remote never had it.
    Refused,
}

/// One order.
#[derive(Debug)]
pub(super) struct Entry {
    /// As last reported, with our names.
    pub(super) last: OrderData,
    /// The remote's id.
    pub(super) remote: Option<VtOrderId>,
    pub(super) stage: Stage,
    /// When we first heard of it, in monotonic microseconds.
    pub(super) since_us: u64,
    /// The user has asked for its end before its id was known.
    pub(super) cancel_wanted: bool,
    /// Whether somebody else sent it, as far as we know.
    pub(super) is_foreign: bool,
    /// Found by the sync that is going on.
    is_seen: bool,
}

/// The table.
#[derive(Debug, Default)]
pub(super) struct Orders {
    entries: FxHashMap<Text, Entry>,
    by_remote: FxHashMap<VtOrderId, Text>,
    asked: usize,
}

impl Orders {
    pub(super) fn get(&self, orderid: &str) -> Option<&Entry> {
        self.entries.get(orderid)
    }

    pub(super) fn get_mut(&mut self, orderid: &str) -> Option<&mut Entry> {
        self.entries.get_mut(orderid)
    }

    /// Our id of a remote order.
    pub(super) fn of_remote(&self, remote: &VtOrderId) -> Option<&Text> {
        self.by_remote.get(remote)
    }

    /// Every order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Text, &Entry)> {
        self.entries.iter()
    }

    /// A call of ours begins. `false` if that id was used already: then nothing may be sent.
    pub(super) fn ask(&mut self, order: OrderData, now_us: u64) -> bool {
        if self.entries.contains_key(&order.orderid) {
            return false;
        }
        self.insert(order, None, Stage::Asked, false, now_us);
        self.asked += 1;
        true
    }

    /// The call has ended, one way or the other.
    pub(super) fn answered(&mut self, orderid: &str, stage: Stage) {
        if let Some(entry) = self.entries.get_mut(orderid)
            && entry.stage == Stage::Asked
        {
            entry.stage = stage;
            self.asked -= 1;
        }
    }

    /// No call will be answered any more.
    pub(super) fn forget_answers(&mut self, now_us: u64) {
        for entry in self.entries.values_mut().filter(|entry| entry.stage == Stage::Asked) {
            entry.stage = Stage::Unknown { since_us: now_us, lacked_us: None, is_told: false };
        }
        self.asked = 0;
    }

    /// Whether the answer to a call for this instrument is awaited.
    pub(super) fn is_asking(&self, vt_symbol: &VtSymbol) -> bool {
        self.asked > 0
            && self.entries.values().any(|entry| entry.stage == Stage::Asked && entry.last.vt_symbol == *vt_symbol)
    }

    /// Looks from before a reconnect do not count: the remote may be another one.
    pub(super) fn forget_looks(&mut self) {
        for entry in self.entries.values_mut() {
            if let Stage::Unknown { lacked_us, .. } = &mut entry.stage {
                *lacked_us = None;
            }
        }
    }

    /// Whether any order may still change.
    pub(super) fn has_open(&self) -> bool {
        self.entries.values().any(|entry| entry.last.is_active())
    }

    /// Ties an order of ours to the remote's. `false` where that would tie one of them twice.
    pub(super) fn bind(&mut self, orderid: &str, remote: &VtOrderId) -> bool {
        if self.by_remote.contains_key(remote) {
            return self.by_remote.get(remote).is_some_and(|known| known == orderid);
        }
        let Some(entry) = self.entries.get_mut(orderid).filter(|entry| entry.remote.is_none()) else { return false };
        entry.remote = Some(remote.clone());
        if entry.stage == Stage::Asked {
            self.asked -= 1;
        }
        entry.stage = Stage::Known;
        self.by_remote.insert(remote.clone(), Text::new(orderid));
        true
    }

    /// The order of ours that a remote order says to be by its reference: one that we wait for, or one from before our
    /// start.
    pub(super) fn claimed(&self, order: &OrderData) -> Option<Text> {
        let (id, has_our_form) = tag::claim(&order.reference)?;
        let fits = match self.entries.get(id) {
            None => has_our_form,
            Some(entry) => {
                let waits = matches!(entry.stage, Stage::Asked | Stage::Unknown { .. }) && entry.remote.is_none();
                waits && is_same(&entry.last, order)
            }
        };
        fits.then(|| Text::new(id))
    }

    /// Enters a remote order under a free id: the one that it claims or its own.
    pub(super) fn adopt(&mut self, remote: &OrderData, claimed: Option<Text>, now_us: u64) -> Text {
        let is_foreign = claimed.is_none();
        let id = claimed.unwrap_or_else(|| self.free_id(&remote.orderid, &remote.gateway_name));
        let order = OrderData { orderid: id.clone(), ..remote.clone() };
        self.insert(order, Some(remote.vt_orderid.clone()), Stage::Known, is_foreign, now_us);
        self.by_remote.insert(remote.vt_orderid.clone(), id.clone());
        id
    }

    /// An id that stands for a remote order of which nothing is known but a trade.
    pub(super) fn free_id(&self, orderid: &Text, gateway: &Text) -> Text {
        if !self.entries.contains_key(orderid) {
            return orderid.clone();
        }
        Text::from(format!("{gateway}_{orderid}"))
    }

    fn insert(&mut self, order: OrderData, remote: Option<VtOrderId>, stage: Stage, is_foreign: bool, now_us: u64) {
        let id = order.orderid.clone();
        let (cancel_wanted, is_seen) = (false, true);
        self.entries
            .insert(id, Entry { last: order, remote, stage, since_us: now_us, cancel_wanted, is_foreign, is_seen });
    }

    /// Notes what was reported. Steps backwards are for the engine to judge and are not kept here.
    pub(super) fn reported(&mut self, order: &OrderData) {
        if let Some(entry) = self.entries.get_mut(&order.orderid) {
            entry.is_seen = true;
            if step(entry.last.status, order.status) == Step::Apply && order.traded >= entry.last.traded {
                entry.last = order.clone();
            }
        }
    }

    /// The remote's list of orders follows.
    pub(super) fn begin_sync(&mut self) {
        for entry in self.entries.values_mut() {
            entry.is_seen = false;
        }
    }

    /// The list has come: what has ended and is not in it is forgotten. Ids of active orders that it lacks.
    pub(super) fn end_sync(&mut self) -> Vec<Text> {
        let by_remote = &mut self.by_remote;
        self.entries.retain(|_, entry| {
            let stays = entry.is_seen || entry.last.is_active() || entry.stage == Stage::Refused;
            if let Some(remote) = entry.remote.as_ref().filter(|_| !stays) {
                by_remote.remove(remote);
            }
            stays
        });
        let lacked = |entry: &Entry| !entry.is_seen && entry.stage == Stage::Known;
        let mut lacking: Vec<Text> =
            self.entries.iter().filter(|(_, entry)| lacked(entry)).map(|(id, _)| id.clone()).collect();
        lacking.sort_unstable();
        lacking
    }
}

/// Whether a remote order can be the one that was sent.
pub(super) fn is_same(sent: &OrderData, remote: &OrderData) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0);
    sent.vt_symbol == remote.vt_symbol
        && sent.direction == remote.direction
        && near(sent.volume, remote.volume)
        // Gateways give a market order a price of their own.
        && (sent.order_type != remote.order_type || sent.order_type == domain::OrderType::Market || near(sent.price, remote.price))
}

/// A request as the order that was reported when it was sent.
pub(super) fn submitted(request: &OrderRequest, orderid: &str, gateway: &str) -> OrderData {
    OrderData { status: Status::Submitting, ..request.to_order(orderid, gateway) }
}
