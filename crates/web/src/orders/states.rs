//! Setting and keeping the trading states, and who enforces them.

use super::facts::Facts;
use super::journal::{JournalError, StoredState, Write};
use super::limits::{STATE_LOOK, STATE_SHOWN};
use super::trading_states::tighter;
use super::{Orders, Refusal};
use crate::command::CommandError;
use crate::desk::Desk;
use crate::replica::Link;
use domain::{OrderRequest, Text, TradingState};
use std::sync::Arc;

/// Who refuses the orders that a state does not let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enforcer {
    /// The trading process itself, whoever sends them.
    Trader,
    /// This web process, and only what comes through it.
    Web,
}

impl Enforcer {
    /// The name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Enforcer::Trader => "trader",
            Enforcer::Web => "web",
        }
    }
}

/// The trading state of one desk.
#[derive(Clone, Debug)]
pub struct StateReport {
    /// The desk.
    pub trader: Text,
    /// What counts: the tightest of those below.
    pub state: TradingState,
    /// Set for all desks.
    pub for_all: TradingState,
    /// Set for this desk.
    pub for_desk: TradingState,
    /// What the trading process itself enforces, where it does and is connected.
    pub of_trader: Option<TradingState>,
    /// Who enforces it.
    pub enforced_by: Enforcer,
}

impl Orders {
    /// How it stands with a desk.
    pub fn trading_state(&self, desk: &Desk) -> StateReport {
        let states = self.states();
        let state = |scope| states.set_for(scope).map_or(TradingState::Active, |set| set.state);
        let (for_all, for_desk) = (state(""), state(&desk.name));
        drop(states);
        let replica = desk.replica.read();
        let of_trader = replica.trading_state.filter(|_| replica.link == Link::Live);
        drop(replica);
        let enforced_by = if desk.trader.capabilities().trading_state { Enforcer::Trader } else { Enforcer::Web };
        let set = tighter(for_all, for_desk);
        let state = of_trader.map_or(set, |of_trader| tighter(set, of_trader));
        StateReport { trader: desk.name.clone(), state, for_all, for_desk, of_trader, enforced_by }
    }

    /// Sets the state for all desks, or for one. A tighter one counts from this moment on; it is durable when this
    /// returns. Trading processes that enforce it themselves are told; the error is of the first that could not be, and
    /// the web process enforces it meanwhile.
    ///
    /// # Errors
    /// It could not be kept on disk: a tighter state counts all the same until this process ends, a looser one does not.
    pub async fn set_trading_state(
        &self,
        desks: &[Arc<Desk>],
        scope: Option<&str>,
        state: TradingState,
        user: &str,
    ) -> Result<Vec<(Text, CommandError)>, JournalError> {
        let scope = Text::new(scope.unwrap_or(""));
        let at_ms = (self.clock)();
        let stored = StoredState { scope: scope.clone(), state, user: user.into(), at_ms };
        let is_tighter = {
            let mut states = self.states();
            let before = states.set_for(&scope).map_or(TradingState::Active, |set| set.state);
            let is_tighter = tighter(state, before) == state;
            if is_tighter {
                states.set(stored.clone());
            }
            is_tighter
        };
        tracing::warn!(user, scope = %scope, state = state.name(), "the trading state is set");
        let journal = self.journal.as_ref().map_err(JournalError::clone)?;
        let user = user.into();
        journal.write(Write::TradingState { scope: scope.clone(), state, user, at_ms }).await?;
        if !is_tighter {
            self.states().set(stored);
        }
        let mut untold = Vec::new();
        for desk in desks.iter().filter(|desk| scope.is_empty() || desk.name == scope) {
            if !desk.trader.capabilities().trading_state {
                continue;
            }
            let counts = self.states().of(&desk.name);
            match desk.trader.set_trading_state(counts).await {
                Ok(()) => shown(desk, counts).await,
                Err(error) => {
                    tracing::warn!(desk = %desk.name, %error, "the trading process does not know its trading state yet");
                    untold.push((desk.name.clone(), error));
                    self.look.notify_one();
                }
            }
        }
        Ok(untold)
    }

    /// Tells a trading process the state that was set here, where its own is looser. One that is tighter stays:
    /// somebody set it there.
    pub(super) async fn align(&self, desk: &Desk) {
        let of_trader = {
            let replica = desk.replica.read();
            if replica.link != Link::Live {
                return;
            }
            replica.trading_state
        };
        let (Some(of_trader), true) = (of_trader, desk.trader.capabilities().trading_state) else { return };
        let set = self.states().of(&desk.name);
        if tighter(set, of_trader) == of_trader {
            return;
        }
        match desk.trader.set_trading_state(set).await {
            Ok(()) => {
                tracing::warn!(desk = %desk.name, state = set.name(), "the trading process was told its trading state")
            }
            Err(error) => {
                tracing::warn!(desk = %desk.name, %error, "the trading process does not take its trading state")
            }
        }
    }

    /// Whether an order of the classic surface may be sent to this desk now. What passes while REDUCING counts against
    /// what may be closed.
    ///
    /// # Errors
    /// It must not be sent.
    pub fn admit(&self, desk: &Desk, request: &OrderRequest) -> Result<(), Refusal> {
        let set = self.states().of(&desk.name);
        let of_trader = desk.replica.read().trading_state;
        if tighter(set, of_trader.unwrap_or(TradingState::Active)) == TradingState::Active {
            return Ok(());
        }
        let (_, facts, state) = self.verdicts(desk, request, None);
        let gateway = facts.contract.as_ref().map(|contract| contract.gateway_name.clone()).unwrap_or_default();
        self.admit_now(desk, state, request, &gateway, &facts)
    }

    /// Judges and notes in one step, so that two orders cannot both take the last of what may be closed. A trading
    /// process that enforces the state itself knows its orders better; there only what it tells counts.
    pub(super) fn admit_now(
        &self,
        desk: &Desk,
        state: TradingState,
        request: &OrderRequest,
        gateway: &str,
        facts: &Facts,
    ) -> Result<(), Refusal> {
        let now = self.now_us();
        let mut states = self.states();
        if !states.lets_through(state, &desk.name, (request, gateway), &facts.exposure, now) {
            return Err(Refusal::TradingState(state));
        }
        if state == TradingState::Reducing && !desk.trader.capabilities().trading_state {
            states.admit(&desk.name, (request, gateway), now);
        }
        Ok(())
    }
}

/// Waits until our copy shows the state that a trading process has taken, so that whoever set it finds it in the answer, and
/// his next order is judged by it. The fact is on its way; should it not come, the answer does not wait for it for long.
async fn shown(desk: &Desk, state: TradingState) {
    let is_shown = || {
        let replica = desk.replica.read();
        replica.link != Link::Live || replica.trading_state.is_none_or(|shown| shown == state)
    };
    let looking = async {
        while !is_shown() {
            tokio::time::sleep(STATE_LOOK).await;
        }
    };
    if tokio::time::timeout(STATE_SHOWN, looking).await.is_err() {
        tracing::warn!(desk = %desk.name, state = state.name(), "the trading process took its trading state and does not tell it");
    }
}
