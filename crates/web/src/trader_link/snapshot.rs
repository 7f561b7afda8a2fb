//! Reading from the trading process: the snapshot of the recovery path, and the small reads that compare.

use super::limits::{CALLS_READY, CHECK_ORDERS, CHECK_ROWS, PROBE};
use crate::replica::{Findings, Shared, Snapshot};
use domain::{Language, VtOrderId};
use rpc::{App, CallError, Caller, LinkState};
use tokio::time::timeout;

/// A snapshot, and what was learnt about its source.
pub(super) struct Taken {
    pub(super) snapshot: Snapshot,
    pub(super) app: App,
    pub(super) language: Option<Language>,
}

/// Takes a snapshot. The peer's app is asked for each time: it may have been restarted as another one.
pub(super) async fn take(caller: Caller) -> Result<Taken, CallError> {
    let mut state = caller.watch();
    let connected = state.wait_for(|state| matches!(state, LinkState::Connected));
    // Not connected in time: the first call says so.
    let _ = timeout(CALLS_READY, connected).await;
    let app = caller.app(PROBE).await?;
    let (contracts, language) = caller.get_all_contracts().await?;
    let snapshot = Snapshot {
        contracts,
        accounts: caller.get_all_accounts().await?,
        positions: caller.get_all_positions().await?,
        orders: caller.get_all_orders().await?,
        trades: caller.get_all_trades().await?,
        ticks: caller.get_all_ticks().await?,
        ..Snapshot::default()
    };
    Ok(Taken { snapshot, app, language })
}

/// Reads what is small, one call at a time, so that VeighNa can do other things in between.
pub(super) async fn check(caller: Caller, app: App, sizes: Sizes) -> Result<Findings, CallError> {
    let mut findings = Findings::default();
    if sizes.accounts <= CHECK_ROWS {
        findings.accounts = caller.get_all_accounts().await?;
    }
    if sizes.positions <= CHECK_ROWS {
        findings.positions = caller.get_all_positions().await?;
    }
    if sizes.orders <= CHECK_ROWS {
        findings.orders = caller.get_all_orders().await?;
        return Ok(findings);
    }
    match app {
        App::RpcService if sizes.active.len() <= CHECK_ROWS => findings.orders = caller.get_all_active_orders().await?,
        App::RpcService | App::WebTrader => {}
    }
    // Orders that we hold for active: one that has ended in the meantime is not in the list of active ones.
    for id in &sizes.active {
        if !findings.orders.iter().any(|order| order.vt_orderid == *id) {
            findings.orders.extend(caller.get_order(id.as_str()).await?);
        }
    }
    Ok(findings)
}

/// What the copy holds, as far as a check needs to know.
pub(super) struct Sizes {
    accounts: usize,
    positions: usize,
    orders: usize,
    /// Some of the active orders.
    active: Vec<VtOrderId>,
}

impl Sizes {
    pub(super) fn of(replica: &Shared) -> Sizes {
        let copy = replica.read();
        let orders = copy.orders.len();
        let active = if orders <= CHECK_ROWS {
            Vec::new()
        } else {
            copy.orders.rows().filter(|o| o.is_active()).take(CHECK_ORDERS).map(|o| o.vt_orderid.clone()).collect()
        };
        Sizes { accounts: copy.accounts.len(), positions: copy.positions.len(), orders, active }
    }
}
