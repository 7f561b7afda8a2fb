//! Orders by our id and by the remote's.
//!
//! An order of ours has the engine's id; one that somebody else sent at the remote has the remote's own, and only where
//! that is taken (another gateway of the remote's, an order of the remote's earlier life) something added to it.
//!
//! A remote that was started again may count its ids from the beginning: an id belongs to the order that the remote
//! named last by it.

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
    /// When it came up: sent by us, seen first, or seen again after the remote had forgotten it, in monotonic
    /// microseconds.
    pub(super) since_us: u64,
    /// The user has asked for its end before its id was known.
    pub(super) cancel_wanted: bool,
    /// The remote does not know it any more.
    pub(super) is_gone: bool,
    /// Whether the remote has said by an answer or a reference that it is this one.
    pub(super) is_certain: bool,
    /// Whether it was gone and came back without saying whose it is: its id may be another order's now.
    pub(super) came_back: bool,
    /// Found by the sync that is going on.
    is_seen: bool,
}

/// Whose a remote order is.
pub(super) enum Owner {
    /// It has this id of ours already.
    Known(Text),
    /// It says that it is this order of ours.
    Claimed(Text),
    /// We do not know it.
    Nobody,
}

/// The table.
#[derive(Debug, Default)]
pub(super) struct Orders {
    entries: FxHashMap<Text, Entry>,
    by_remote: FxHashMap<VtOrderId, Text>,
    asked: usize,
    /// Between the first and the last of the remote's list of orders.
    is_syncing: bool,
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
        self.insert(order, None, Stage::Asked, now_us);
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
        self.is_asking_like(|asked| asked.vt_symbol == *vt_symbol)
    }

    /// Whether the answer to a call for an order like this is awaited.
    pub(super) fn is_asking_like(&self, is_like: impl Fn(&OrderData) -> bool) -> bool {
        self.asked > 0 && self.entries.values().any(|entry| entry.stage == Stage::Asked && is_like(&entry.last))
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

    /// Ties an order of ours to the remote's, which says that they are one; whoever had that id before has lost it.
    /// `false` where ours is tied to another one already.
    pub(super) fn bind(&mut self, orderid: &str, remote: &VtOrderId) -> bool {
        let Some(entry) = self.entries.get_mut(orderid) else { return false };
        if let Some(known) = &entry.remote {
            return known == remote;
        }
        entry.remote = Some(remote.clone());
        if entry.stage == Stage::Asked {
            self.asked -= 1;
        }
        (entry.stage, entry.is_certain) = (Stage::Known, true);
        self.take(remote, orderid);
        true
    }

    /// Gives a remote id to one of our orders.
    fn take(&mut self, remote: &VtOrderId, orderid: &str) {
        let before = self.by_remote.insert(remote.clone(), Text::new(orderid));
        if let Some(entry) = before.filter(|id| id != orderid).and_then(|id| self.entries.get_mut(&id)) {
            entry.remote = None;
            // While the list is read, its end tells what has gone.
            entry.is_gone = !self.is_syncing;
        }
    }

    /// Whose a remote order is.
    pub(super) fn owner(&self, order: &OrderData) -> Owner {
        let known = self.by_remote.get(&order.vt_orderid);
        let entry = known.and_then(|id| self.entries.get(id));
        if let Some(id) = self.claimed(order, entry) {
            return Owner::Claimed(id);
        }
        match (known, entry) {
            (Some(_), Some(entry)) if self.is_reused(entry, order) => Owner::Nobody,
            (Some(id), _) => Owner::Known(id.clone()),
            (None, _) => Owner::Nobody,
        }
    }

    /// Whether that is another order under an id of the remote's earlier life: its content differs, or it is active
    /// where ours has ended.
    fn is_reused(&self, entry: &Entry, order: &OrderData) -> bool {
        let may_be = entry.is_gone || (self.is_syncing && !entry.is_seen);
        may_be && (!is_same(&entry.last, order) || (order.is_active() && !entry.last.is_active()))
    }

    /// The order of ours that a remote order says to be by its reference: one that we wait for, or one from before our
    /// start.
    fn claimed(&self, order: &OrderData, known: Option<&Entry>) -> Option<Text> {
        let (id, has_our_form) = tag::claim(&order.reference)?;
        let fits = match self.entries.get(id) {
            None => has_our_form && known.is_none_or(|known| self.is_reused(known, order)),
            Some(entry) => {
                let waits = matches!(entry.stage, Stage::Asked | Stage::Unknown { .. }) && entry.remote.is_none();
                waits && is_same(&entry.last, order)
            }
        };
        fits.then(|| Text::new(id))
    }

    /// Enters a remote order under a free id: the one that it claims or its own.
    pub(super) fn adopt(&mut self, remote: &OrderData, claimed: Option<Text>, now_us: u64) -> Text {
        let is_certain = claimed.is_some();
        let id = claimed.unwrap_or_else(|| self.free_id(&remote.orderid, &remote.gateway_name));
        let order = OrderData { orderid: id.clone(), ..remote.clone() };
        self.insert(order, Some(remote.vt_orderid.clone()), Stage::Known, now_us);
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.is_certain = is_certain;
        }
        self.take(&remote.vt_orderid, &id);
        id
    }

    /// An id for a remote order that nobody has: its own if possible.
    pub(super) fn free_id(&self, orderid: &Text, gateway: &Text) -> Text {
        let mut id = orderid.clone();
        let mut number = 1;
        while self.entries.contains_key(&id) {
            let more = if number == 1 { String::new() } else { format!("_{number}") };
            id = Text::from(format!("{gateway}_{orderid}{more}"));
            number += 1;
        }
        id
    }

    fn insert(&mut self, order: OrderData, remote: Option<VtOrderId>, stage: Stage, now_us: u64) {
        let id = order.orderid.clone();
        let (cancel_wanted, is_gone, is_certain, came_back, is_seen) = (false, false, false, false, true);
        let (last, since_us) = (order, now_us);
        let entry = Entry { last, remote, stage, since_us, cancel_wanted, is_gone, is_certain, came_back, is_seen };
        self.entries.insert(id, entry);
    }

    /// Notes what was reported. Steps backwards are for the engine to judge and are not kept here.
    pub(super) fn reported(&mut self, order: &OrderData, names_itself: bool, now_us: u64) {
        let Some(entry) = self.entries.get_mut(&order.orderid) else { return };
        entry.is_seen = true;
        if std::mem::take(&mut entry.is_gone) {
            (entry.since_us, entry.is_certain, entry.came_back) = (now_us, names_itself, !names_itself);
        }
        if step(entry.last.status, order.status) == Step::Apply && order.traded >= entry.last.traded {
            entry.last = order.clone();
        }
    }

    /// The remote's list of orders follows.
    pub(super) fn begin_sync(&mut self) {
        self.is_syncing = true;
        for entry in self.entries.values_mut() {
            entry.is_seen = false;
        }
    }

    /// The list has come: what has ended and is not in it is forgotten. Ids of active orders that it lacks for the first
    /// time; they stay, because a remote that logs in to its venue later may know them again.
    pub(super) fn end_sync(&mut self) -> Vec<Text> {
        self.is_syncing = false;
        let by_remote = &mut self.by_remote;
        self.entries.retain(|_, entry| {
            let stays = entry.is_seen || entry.last.is_active() || entry.stage == Stage::Refused;
            if let Some(remote) = entry.remote.as_ref().filter(|_| !stays) {
                by_remote.remove(remote);
            }
            stays
        });
        let mut lacking: Vec<Text> = Vec::new();
        for (id, entry) in &mut self.entries {
            let is_lacking = !entry.is_seen && entry.stage == Stage::Known;
            if is_lacking && !std::mem::replace(&mut entry.is_gone, true) {
                lacking.push(id.clone());
            }
        }
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
