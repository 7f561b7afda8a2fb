//! Cancels, and the closing of positions.

use super::closing::{self, CloseWish};
use super::limits::CANCELS_AT_ONCE;
use super::send::{NewOrder, Placed};
use super::{Orders, Refusal, token};
use crate::command::CommandError;
use crate::desk::Desk;
use crate::replica::Replica;
use domain::{OrderData, Text, VtOrderId};
use futures_util::{StreamExt, stream};
use std::sync::Arc;

/// Which orders.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those that may still trade, or only those that may not.
    pub active: Option<bool>,
    /// Only of this contract.
    pub vt_symbol: Option<Text>,
    /// Only with this reference, without our token.
    pub reference: Option<Text>,
    /// Only through this gateway.
    pub gateway: Option<Text>,
}

/// What became of one cancel.
#[derive(Clone, Debug)]
pub struct WhatBecame {
    /// The order.
    pub vt_orderid: VtOrderId,
    /// Whether the cancel was passed on, and why not.
    pub cancelled: Result<(), CommandError>,
}

impl Filter {
    /// Whether an order is one of them.
    pub fn takes(&self, order: &OrderData) -> bool {
        let (reference, token) = token::unwrap(&order.reference);
        // Of a long reference only its beginning has travelled.
        let is_of = |wanted: &Text| reference == wanted || (token.is_some() && reference == token::cut(wanted));
        self.active.is_none_or(|active| order.is_active() == active)
            && self.vt_symbol.as_ref().is_none_or(|wanted| order.vt_symbol.as_str() == wanted)
            && self.reference.as_ref().is_none_or(is_of)
            && self.gateway.as_ref().is_none_or(|wanted| order.gateway_name == wanted)
    }
}

impl Orders {
    /// Orders that match, in their order.
    pub fn matching(&self, replica: &Replica, filter: &Filter) -> Vec<Arc<OrderData>> {
        replica.orders.rows().filter(|order| filter.takes(order)).cloned().collect()
    }

    /// Cancels an order; one that has ended, too, as VeighNa does.
    ///
    /// # Errors
    /// `None` where there is no such order; else why the cancel was not passed on, or that this is not known.
    pub async fn cancel(&self, desk: &Desk, user: &str, vt_orderid: &str) -> Result<(), Option<CommandError>> {
        desk.require_live().map_err(Some)?;
        // An id that this user was just given may be on its way into the replica.
        desk.trader.settled(user).await;
        let order = desk.replica.read().orders.get(vt_orderid).cloned();
        desk.trader.cancel_order(order.ok_or(None)?).await.map_err(Some)
    }

    /// Cancels all active orders that match. Trading states do not matter to cancels.
    ///
    /// # Errors
    /// The copy does not follow, so nobody knows which those are; nothing was cancelled.
    pub async fn cancel_all(&self, desk: &Desk, user: &str, filter: &Filter) -> Result<Vec<WhatBecame>, CommandError> {
        desk.require_live()?;
        desk.trader.settled(user).await;
        let filter = Filter { active: Some(true), ..filter.clone() };
        let orders = self.matching(&desk.replica.read(), &filter);
        let cancels = orders.into_iter().map(|order| async move {
            let vt_orderid = order.vt_orderid.clone();
            WhatBecame { vt_orderid, cancelled: desk.trader.cancel_order(order).await }
        });
        Ok(stream::iter(cancels).buffered(CANCELS_AT_ONCE).collect().await)
    }

    /// Closes a position with the offsets that its exchange wants. One outcome for each order that it took: two where
    /// SHFE or INE tell today's position from earlier days'. The same id and wish once more gets the first outcomes.
    ///
    /// # Errors
    /// Nothing was sent, and why.
    pub async fn close_position(
        self: &Arc<Self>,
        desk: &Arc<Desk>,
        user: &str,
        vt_positionid: &str,
        id: Option<Text>,
        wish: &CloseWish,
        order: NewOrderOptions,
    ) -> Result<Vec<Result<Placed, Refusal>>, Refusal> {
        if id.as_ref().is_some_and(|id| id.contains('/')) {
            return Err(Refusal::BadId);
        }
        let origin = Text::from(format!("close {vt_positionid} {wish:?}"));
        let base = id.unwrap_or_else(|| super::send::made_id((self.clock)(), super::send::random()));
        let first = self.intent(user, &desk.name, &format!("{base}/1"));
        let requests = match first {
            // What the first request made of it; the position is another one by now.
            Some(first) if first.wish.origin.as_ref() == Some(&origin) => {
                let second = self.intent(user, &desk.name, &format!("{base}/2"));
                let made = [Some(first), second].into_iter().flatten();
                made.map(|intent| (intent.wish.gateway, intent.wish.request)).collect()
            }
            Some(_) => return Err(Refusal::Conflict(base)),
            None => {
                desk.require_live().map_err(|error| Refusal::NotSent(error.to_string()))?;
                let (gateway, requests) = closing::plan(&desk.replica.read(), vt_positionid, wish)?;
                requests.into_iter().map(|request| (Some(gateway.clone()), request)).collect::<Vec<_>>()
            }
        };
        let orders = requests.into_iter().enumerate().map(|(index, (gateway, request))| NewOrder {
            client_order_id: Some(format!("{base}/{}", index + 1).into()),
            gateway,
            origin: Some(origin.clone()),
            overruled: order.overruled.clone(),
            is_strict: order.is_strict,
            received: order.received,
            request,
        });
        Ok(self.place_all(desk, user, orders.collect()).await)
    }
}

/// What a user may say of rules, and when the request came.
#[derive(Clone, Debug)]
pub struct NewOrderOptions {
    /// Rules that are overruled.
    pub overruled: Vec<super::Rule>,
    /// Whether warnings refuse, too.
    pub is_strict: bool,
    /// When the request came in.
    pub received: std::time::Instant,
}
