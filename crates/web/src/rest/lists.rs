//! `GET /tick /order /trade /position /account /contract`.

use super::routes::{Handler, List};
use super::tables::{Cached, Encoder};
use super::{errors, user};
use crate::app::App;
use crate::http::{Coding, Reply};
use crate::replica::Link;
use hyper::HeaderMap;

/// The encoded copies of all six lists.
#[derive(Debug)]
pub struct Lists {
    encoder: Encoder,
    ticks: Cached,
    orders: Cached,
    trades: Cached,
    positions: Cached,
    accounts: Cached,
    contracts: Cached,
}

impl Lists {
    /// Nothing encoded yet. `epoch` tells this process's ETags from those of an earlier one.
    pub fn new(epoch: u64) -> Lists {
        Lists {
            encoder: Encoder::new(epoch),
            ticks: Cached::default(),
            orders: Cached::default(),
            trades: Cached::default(),
            positions: Cached::default(),
            accounts: Cached::default(),
            contracts: Cached::default(),
        }
    }
}

/// Answers one of the lists.
pub(super) async fn get(app: &App, list: List, headers: &HeaderMap) -> Result<Reply, Reply> {
    let user = user(app, headers, Handler::List(list))?;
    if app.first().replica.read().link != Link::Live {
        return Err(errors::away());
    }
    if list == List::Orders {
        app.first().trader.settled(&user).await;
    }
    let (lists, replica) = (&app.lists, &app.first().replica);
    // Contracts hardly change, so it pays to look longer for a shorter form; the others change all the time.
    let coding = if list == List::Contracts { Coding::Brotli } else { Coding::Gzip };
    let request = (headers, app.first().trader.language(), coding);
    Ok(match list {
        List::Ticks => lists.encoder.answer(&lists.ticks, replica, |replica| &replica.ticks, request).await,
        List::Orders => lists.encoder.answer(&lists.orders, replica, |replica| &replica.orders, request).await,
        List::Trades => lists.encoder.answer(&lists.trades, replica, |replica| &replica.trades, request).await,
        List::Positions => lists.encoder.answer(&lists.positions, replica, |replica| &replica.positions, request).await,
        List::Accounts => lists.encoder.answer(&lists.accounts, replica, |replica| &replica.accounts, request).await,
        List::Contracts => lists.encoder.answer(&lists.contracts, replica, |replica| &replica.contracts, request).await,
    })
}
