//! Where events go: VeighNa's subscribers, the readers of the bridge, the recorder, our own log and its backlog.
//!
//! Always true: facts reach both in the order in which the engine told them; what nobody listens to is not encoded, and
//! readers of the bridge cost the engine's loop a look-up for a tick and a push for a fact.

use crate::backlog::Backlog;
use crate::recording::Lane;
use bridge::Fact;
use domain::LogData;
use engine::{Event, Snapshot};
use rpc::{Outgoing, Publisher};
use std::sync::{Arc, Mutex, PoisonError};

/// Everybody who hears of events.
pub(crate) struct Publishing {
    pub(crate) stock: Publisher,
    pub(crate) bridge: Option<bridge::Publisher>,
    /// Where ticks go that are recorded.
    pub(crate) recorder: Option<Arc<Lane>>,
}

impl Publishing {
    pub(crate) fn publish(&mut self, event: &Event, backlog: &Mutex<Backlog>) {
        if let Event::Log(line) = event {
            write(line);
            backlog.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
        if let Some(outgoing) = outgoing(event) {
            self.stock.publish(outgoing);
        }
        if let (Event::Tick(tick), Some(recorder)) = (event, &self.recorder) {
            recorder.push(tick);
        }
        let Some(bridge) = &self.bridge else { return };
        if let Event::Tick(tick) = event {
            bridge.tick(tick);
        } else if let Some(fact) = fact(event) {
            bridge.fact(fact);
        }
    }

    /// A snapshot as the bridge tells it; called within the turn that took it, so its number fits.
    pub(crate) fn complete(&self, taken: Snapshot, backlog: &Mutex<Backlog>) -> bridge::Snapshot {
        bridge::Snapshot {
            seq: self.bridge.as_ref().map_or(0, bridge::Publisher::seq),
            contracts: taken.contracts,
            accounts: taken.accounts,
            positions: taken.positions,
            orders: taken.orders,
            trades: taken.trades,
            quotes: taken.quotes,
            ticks: taken.ticks,
            logs: backlog.lock().unwrap_or_else(PoisonError::into_inner).newest(usize::MAX),
            gateways: taken.gateways,
            trading_state: Some(taken.trading_state),
        }
    }
}

fn outgoing(event: &Event) -> Option<Outgoing<'_>> {
    Some(match event {
        Event::Tick(row) => Outgoing::Tick(row),
        Event::Trade(row) => Outgoing::Trade(row),
        Event::Order(row) => Outgoing::Order(row),
        Event::Position(row) => Outgoing::Position(row),
        Event::Account(row) => Outgoing::Account(row),
        Event::Quote(row) => Outgoing::Quote(row),
        Event::Contract(row) => Outgoing::Contract(row),
        Event::Log(row) => Outgoing::Log(row),
        // VeighNa knows neither, and asks for the time itself.
        Event::Timer | Event::Gateway(_) | Event::TradingState(_) => return None,
    })
}

fn fact(event: &Event) -> Option<Fact> {
    Some(match event {
        Event::Trade(row) => Fact::Trade(Arc::clone(row)),
        Event::Order(row) => Fact::Order(Arc::clone(row)),
        Event::Position(row) => Fact::Position(Arc::clone(row)),
        Event::Account(row) => Fact::Account(Arc::clone(row)),
        Event::Quote(row) => Fact::Quote(Arc::clone(row)),
        Event::Contract(row) => Fact::Contract(Arc::clone(row)),
        Event::Log(row) => Fact::Log(Arc::clone(row)),
        Event::Gateway(row) => Fact::Gateway(Arc::clone(row)),
        Event::TradingState(state) => Fact::TradingState(*state),
        Event::Tick(_) | Event::Timer => return None,
    })
}

/// Into our own log too, by Python's levels.
fn write(line: &LogData) {
    match line.level {
        40.. => tracing::error!(source = %line.gateway_name, "{}", line.msg),
        30.. => tracing::warn!(source = %line.gateway_name, "{}", line.msg),
        20.. => tracing::info!(source = %line.gateway_name, "{}", line.msg),
        _ => tracing::debug!(source = %line.gateway_name, "{}", line.msg),
    }
}
