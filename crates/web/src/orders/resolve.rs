//! Finds out what became of orders of unknown outcome: asks the trading process for its orders and looks for the token.
//!
//! Only a token is proof, and only that an order is there. That it is not there is never concluded: VeighNa's gateways
//! blank the reference with a later update, a request may still wait in the trading process, and a venue may tell of an
//! order late. Without proof an intent stays UNKNOWN until a person has looked and acknowledges it.

use super::Orders;
use super::limits::{ASK_FIRST, ASK_LAST, ASK_TIME};
use crate::desk::Desk;
use crate::replica::{Link, Replica};
use domain::price::same;
use domain::{OrderData, VtOrderId};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// When a desk is to be asked next.
struct Asking {
    at: Instant,
    pause: Duration,
    was_live: bool,
}

impl Orders {
    /// Resolves until `stop`, then sends nothing more and closes the journal. Its owner awaits it.
    pub async fn run(self: Arc<Self>, desks: Vec<Arc<Desk>>, stop: CancellationToken) {
        let now = Instant::now();
        let mut asking: Vec<Asking> =
            desks.iter().map(|_| Asking { at: now, pause: ASK_FIRST, was_live: false }).collect();
        let follow = async {
            loop {
                for (desk, asking) in desks.iter().zip(&mut asking) {
                    self.follow(desk, asking).await;
                }
                let is_unknown = |desk: &Arc<Desk>| self.book().has_unknown(&desk.name);
                let next = desks.iter().zip(&asking).filter(|(desk, _)| is_unknown(desk)).map(|(_, one)| one.at).min();
                tokio::select! {
                    () = self.look.notified() => {}
                    () = sleep_until(next.unwrap_or_else(|| Instant::now() + ASK_LAST)) => {}
                }
            }
        };
        let _: Option<()> = stop.run_until_cancelled(follow).await;
        self.close().await;
    }

    async fn follow(&self, desk: &Arc<Desk>, asking: &mut Asking) {
        let is_live = desk.replica.read().link == Link::Live;
        if is_live && !asking.was_live {
            // Contact is new: the first question is due soon, and its trading state may be another one.
            (asking.at, asking.pause) = (Instant::now(), ASK_FIRST);
            self.align(desk).await;
        }
        asking.was_live = is_live;
        if !self.book().has_unknown(&desk.name) {
            asking.pause = ASK_FIRST;
            return;
        }
        if Instant::now() < asking.at {
            return;
        }
        asking.pause = (asking.pause * 2).min(ASK_LAST);
        asking.at = Instant::now() + asking.pause;
        if !is_live {
            return;
        }
        self.ask(desk).await;
        asking.at = Instant::now() + asking.pause;
    }

    async fn ask(&self, desk: &Desk) {
        match timeout(ASK_TIME, desk.trader.fetch_orders()).await {
            Ok(Ok(orders)) => orders.iter().for_each(|order| self.observe(&desk.name, order)),
            Ok(Err(error)) => tracing::debug!(desk = %desk.name, %error, "orders of unknown outcome: no answer yet"),
            Err(_) => tracing::debug!(desk = %desk.name, "orders of unknown outcome: no answer in time"),
        }
    }

    /// Orders that could be that of an intent, though no token says so: same contract, side, type, price and volume, and
    /// no other intent's. For the person who has to decide; newest first, at most `most`.
    pub fn lookalikes(&self, replica: &Replica, intent: &super::Intent, most: usize) -> Vec<VtOrderId> {
        let request = &intent.wish.request;
        let vt_symbol = request.vt_symbol();
        let tick = replica.contracts.get(&vt_symbol).map_or(1e-6, |contract| contract.pricetick);
        let looks_like = |order: &&Arc<OrderData>| {
            order.vt_symbol == vt_symbol
                && order.direction == Some(request.direction)
                && order.order_type == request.order_type
                && same(order.price, request.price, tick)
                && same(order.volume, request.volume, 1e-6)
        };
        let rows: Vec<Arc<OrderData>> = replica.orders.rows().filter(looks_like).cloned().collect();
        let book = self.book();
        let free = rows.iter().rev().filter(|order| book.of_order(&intent.key.desk, order).is_none());
        free.take(most).map(|order| order.vt_orderid.clone()).collect()
    }
}
