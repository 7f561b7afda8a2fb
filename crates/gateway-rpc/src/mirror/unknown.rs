//! Orders whose answer was lost: nobody says that they failed until the remote's own orders do.
//!
//! Such an order stays SUBMITTING. It is found again by the id in its reference, in an event or in the remote's list of
//! orders. It counts as never arrived only when two complete lists, some seconds apart, lack it, when the remote has
//! its contract (so it is logged in to its venue), and when no order of the same content has come up there whose
//! reference the remote has forgotten.

use super::orders::{Entry, Stage, is_same};
use super::{Mirror, Out};
use crate::limits::LOOK_AGAIN_US;
use crate::tag;
use crate::words::{WARNING, Words};
use crate::worker::Job;
use ::gateway::{Now, Report};
use domain::{OrderData, Text, TradeData};
use rpc::{CallError, PeerEvent};

/// When the remote's orders were looked at.
#[derive(Debug, Default)]
pub(super) struct Looks {
    /// Number of the newest look that was asked for.
    number: u64,
    /// When the look that is going on, or the snapshot, began.
    begun_us: u64,
    is_looking: bool,
    /// When to look next.
    pub(super) next_us: u64,
}

impl Looks {
    /// A snapshot is a look as well.
    pub(super) fn begin(&mut self, now_us: u64) {
        self.reset();
        self.begun_us = now_us;
    }

    /// What is still told of an earlier look does not count.
    pub(super) fn reset(&mut self) {
        self.number += 1;
        self.is_looking = false;
    }
}

impl Mirror {
    /// Nobody knows how it went.
    pub(super) fn unknown(&mut self, orderid: &Text, why: &CallError, out: &mut Out<'_>) {
        let since_us = out.now.monotonic_us;
        self.orders.answered(orderid, Stage::Unknown { since_us, lacked_us: None, is_told: false });
        // An event of it may have come before.
        let Some(entry) = self.orders.get(orderid).filter(|entry| entry.remote.is_none()) else { return };
        out.sink.report(Report::Order(Box::new(entry.last.clone())));
        let words = Words::new(
            format!("委托{orderid}结果未知（{why}），等待远端的委托查明"),
            format!("the outcome of order {orderid} is unknown ({why}); the remote's own orders will tell"),
        );
        self.log(WARNING, &words, out);
        self.look_soon(out.now);
    }

    /// Looks as soon as that can tell something new, if there is anything to find out.
    pub(super) fn look_soon(&mut self, now: Now) {
        let due = |stage: Stage| match stage {
            Stage::Unknown { lacked_us, .. } => Some(lacked_us.map_or(0, |at| at + LOOK_AGAIN_US)),
            Stage::Asked | Stage::Known | Stage::Refused => None,
        };
        if let Some(at) = self.orders.iter().filter_map(|(_, entry)| due(entry.stage)).min() {
            self.looks.next_us = self.looks.next_us.min(at.max(now.monotonic_us));
        }
    }

    pub(super) fn look(&mut self, now: Now) {
        if !self.looks.is_looking && self.start(Job::Look(self.looks.number + 1)) {
            self.looks.begin(now.monotonic_us);
            self.looks.is_looking = true;
        }
    }

    pub(super) fn looked(
        &mut self,
        number: u64,
        found: Result<(Vec<OrderData>, Vec<TradeData>), CallError>,
        out: &mut Out<'_>,
    ) {
        if number != self.looks.number || !self.looks.is_looking {
            return;
        }
        self.looks.is_looking = false;
        match found {
            Ok((orders, trades)) => {
                for order in orders {
                    self.order(order, out);
                }
                for trade in trades {
                    self.trade(trade, out);
                }
                self.judge(out);
            }
            Err(error) => tracing::debug!(%error, "the remote's orders could not be read; they are read again"),
        }
        self.look_soon(out.now);
        // At once makes no sense: the answer was just there.
        self.looks.next_us = self.looks.next_us.max(out.now.monotonic_us + LOOK_AGAIN_US / 5);
    }

    /// A complete look has been entered: decides about the orders that it lacks.
    pub(super) fn judge(&mut self, out: &mut Out<'_>) {
        let (begun_us, now_us) = (self.looks.begun_us, out.now.monotonic_us);
        let mut open: Vec<Text> = Vec::new();
        for (id, entry) in self.orders.iter() {
            if matches!(entry.stage, Stage::Unknown { since_us, .. } if since_us <= begun_us) {
                open.push(id.clone());
            }
        }
        open.sort_unstable();
        for id in open {
            let Some(entry) = self.orders.get_mut(&id) else { continue };
            let Stage::Unknown { lacked_us, .. } = &mut entry.stage else { continue };
            // The second list must have been read some seconds after the first.
            match *lacked_us {
                None => *lacked_us = Some(now_us),
                Some(first) if begun_us >= first + LOOK_AGAIN_US => self.decide(&id, out),
                Some(_) => {}
            }
        }
    }

    fn decide(&mut self, id: &Text, out: &mut Out<'_>) {
        let Some(entry) = self.orders.get(id) else { return };
        let doubt = if !self.contracts.contains_key(&entry.last.vt_symbol) {
            Words::new("远端尚未登录其交易接口", "the remote has not logged in to its venue yet")
        } else if let Some(other) = self.likeness(id) {
            Words::new(
                format!("可能是远端委托{other}，其来源已丢失"),
                format!("it may be the remote's order {other}, whose reference is lost"),
            )
        } else {
            let why = Words::new("远端没有收到该委托", "the remote never got the order");
            return self.never_arrived(id, &why, out);
        };
        self.tell_doubt(id, &doubt, out);
    }

    /// An order of the same content that came up at the remote after this one was sent and whose reference does not say
    /// that it is another one: it has none, or a part of what was sent.
    fn likeness(&self, id: &Text) -> Option<Text> {
        let sent = self.orders.get(id)?;
        let reference = tag::put(&sent.last.reference, id);
        let is_like = |entry: &Entry| {
            entry.stage == Stage::Known
                && entry.since_us >= sent.since_us
                && (entry.came_back || reference.starts_with(entry.last.reference.as_str()))
                && is_same(&sent.last, &entry.last)
                && !entry.is_certain
        };
        let shown = self.orders.iter().filter(|(_, entry)| is_like(entry)).map(|(other, _)| other);
        // One that may yet turn out to be another one of ours.
        let held = self.held.iter().filter_map(|event| match event {
            PeerEvent::Order(order) if is_same(&sent.last, order) => Some(&order.orderid),
            _ => None,
        });
        shown.chain(held).min().cloned()
    }

    /// Says once that it cannot be decided; looks go on.
    fn tell_doubt(&mut self, id: &Text, doubt: &Words, out: &mut Out<'_>) {
        let Some(entry) = self.orders.get_mut(id) else { return };
        let Stage::Unknown { lacked_us, is_told, .. } = &mut entry.stage else { return };
        // Looked for again at the slow pace.
        *lacked_us = Some(out.now.monotonic_us + crate::limits::LOOK_EVERY_US);
        if std::mem::replace(is_told, true) {
            return;
        }
        let words = Words::new(
            format!("委托{id}的结果仍未知：{}", doubt.zh),
            format!("the outcome of order {id} stays unknown: {}", doubt.en),
        );
        self.log(WARNING, &words, out);
    }
}
