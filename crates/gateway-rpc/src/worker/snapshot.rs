//! The snapshot of the recovery path, read list by list.

use crate::limits::{CALLS_READY, PROBE};
use crate::outbox::Ticks;
use domain::{AccountData, ContractData, OrderData, PositionData, TradeData};
use rpc::{App, CallError, Caller, LinkState};
use tokio::time::timeout;

/// The remote's state. Each list is newer than the one before; the events since the subscription even that out.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) app: App,
    pub(crate) contracts: Vec<ContractData>,
    pub(crate) accounts: Vec<AccountData>,
    pub(crate) positions: Vec<PositionData>,
    pub(crate) orders: Vec<OrderData>,
    pub(crate) trades: Vec<TradeData>,
    pub(crate) ticks: Ticks,
    /// Rows that could not be understood.
    pub(crate) skipped: u64,
}

/// Takes a snapshot. The app is asked for each time: the remote may have been restarted as another one.
pub(super) async fn take(caller: Caller) -> Result<Box<Snapshot>, CallError> {
    let mut state = caller.watch();
    let connected = state.wait_for(|state| matches!(state, LinkState::Connected));
    // Not connected in time: the first call says so.
    let _ = timeout(CALLS_READY, connected).await;
    let skipped = caller.skipped_rows();
    Ok(Box::new(Snapshot {
        app: caller.app(PROBE).await?,
        contracts: caller.get_all_contracts().await?.0,
        accounts: caller.get_all_accounts().await?,
        positions: caller.get_all_positions().await?,
        orders: caller.get_all_orders().await?,
        trades: caller.get_all_trades().await?,
        ticks: caller.get_all_ticks().await?.into(),
        skipped: caller.skipped_rows() - skipped,
    }))
}
