//! What new orders may do: ACTIVE, REDUCING, HALTED, for all desks and for each. Pure.
//!
//! The tightest that anybody set counts: for all, for the desk, or in the trading process itself. Always true: cancels
//! are not asked here, they always pass; two orders that each fit into what may be closed, but not together, do not both
//! pass.

use super::journal::StoredState;
use super::limits::{ADMITTED_MAX, ADMITTED_US};
use domain::reducing::{judged_by_net, only_reduces};
use domain::{Direction, OrderRequest, Text, TradingState, VtSymbol};
use std::collections::VecDeque;

/// What is held and works of one contract at one gateway, as the copy has it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Exposure {
    /// Whether positions of the contract net; `None` where the contract is not known.
    pub nets: Option<bool>,
    /// Volume that an order of the request's direction reduces; negative where it would add to it.
    pub held: f64,
    /// Volume of orders of that direction that may still trade.
    pub working: f64,
}

/// The states that were set, and what was let through lately while REDUCING.
#[derive(Debug, Default)]
pub(super) struct TradingStates {
    set: Vec<StoredState>,
    admitted: VecDeque<Admitted>,
}

#[derive(Debug)]
struct Admitted {
    desk: Text,
    gateway: Text,
    vt_symbol: VtSymbol,
    direction: Direction,
    volume: f64,
    at_us: u64,
}

/// The tighter of two.
pub(super) fn tighter(one: TradingState, other: TradingState) -> TradingState {
    if severity(one) >= severity(other) { one } else { other }
}

const fn severity(state: TradingState) -> u8 {
    match state {
        TradingState::Active => 0,
        TradingState::Reducing => 1,
        TradingState::Halted => 2,
    }
}

impl TradingStates {
    /// What an earlier run was told.
    pub(super) fn new(set: Vec<StoredState>) -> TradingStates {
        TradingStates { set, admitted: VecDeque::new() }
    }

    /// What was set for a scope: a desk, or empty for all.
    pub(super) fn set_for(&self, scope: &str) -> Option<&StoredState> {
        self.set.iter().find(|state| state.scope == scope)
    }

    /// Sets a scope's state.
    pub(super) fn set(&mut self, state: StoredState) {
        self.set.retain(|known| known.scope != state.scope);
        self.set.push(state);
    }

    /// What counts for a desk, of what was set here.
    pub(super) fn of(&self, desk: &str) -> TradingState {
        let state = |scope| self.set_for(scope).map_or(TradingState::Active, |set| set.state);
        tighter(state(""), state(desk))
    }

    /// Whether an order may pass in that state.
    pub(super) fn lets_through(
        &mut self,
        state: TradingState,
        desk: &str,
        order: (&OrderRequest, &str),
        exposure: &Exposure,
        now_us: u64,
    ) -> bool {
        let (request, gateway) = order;
        match state {
            TradingState::Active => true,
            TradingState::Halted => false,
            TradingState::Reducing if judged_by_net(exposure.nets, request.offset) => {
                self.admitted.retain(|admitted| now_us.saturating_sub(admitted.at_us) < ADMITTED_US);
                let lately = self.lately(desk, gateway, &request.vt_symbol(), request.direction);
                let is_room = self.admitted.len() < ADMITTED_MAX;
                is_room && only_reduces(request, exposure.nets, exposure.held, exposure.working + lately)
            }
            TradingState::Reducing => only_reduces(request, exposure.nets, exposure.held, exposure.working),
        }
    }

    /// Notes that an order was let through while REDUCING.
    pub(super) fn admit(&mut self, desk: &str, order: (&OrderRequest, &str), now_us: u64) {
        let (request, gateway) = order;
        self.admitted.push_back(Admitted {
            desk: desk.into(),
            gateway: gateway.into(),
            vt_symbol: request.vt_symbol(),
            direction: request.direction,
            volume: request.volume,
            at_us: now_us,
        });
    }

    fn lately(&self, desk: &str, gateway: &str, vt_symbol: &VtSymbol, direction: Direction) -> f64 {
        let is_same = |admitted: &&Admitted| {
            admitted.desk == desk
                && admitted.gateway == gateway
                && admitted.vt_symbol == *vt_symbol
                && admitted.direction == direction
        };
        self.admitted.iter().filter(is_same).map(|admitted| admitted.volume).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{Exposure, StoredState, TradingStates, tighter};
    use domain::{Direction, Exchange, NumberForms, Offset, OrderRequest, OrderType, TradingState};

    fn sell(volume: f64, offset: Offset) -> OrderRequest {
        OrderRequest {
            symbol: "600000".into(),
            exchange: Exchange::SSE,
            direction: Direction::Short,
            order_type: OrderType::Limit,
            volume,
            price: 10.0,
            offset,
            reference: "".into(),
            forms: NumberForms::default(),
        }
    }

    fn set(scope: &str, state: TradingState) -> StoredState {
        StoredState { scope: scope.into(), state, user: "me".into(), at_ms: 1 }
    }

    #[test]
    fn the_tightest_counts() {
        use TradingState::{Active, Halted, Reducing};
        let mut states = TradingStates::new(vec![set("", Reducing)]);
        assert_eq!((states.of("a"), states.of("b")), (Reducing, Reducing));
        states.set(set("a", Halted));
        states.set(set("", Active));
        assert_eq!((states.of("a"), states.of("b")), (Halted, Active));
        assert_eq!(tighter(Reducing, Active), Reducing);
    }

    #[test]
    fn two_sales_that_do_not_fit_together_do_not_both_pass() {
        let mut states = TradingStates::default();
        let exposure = Exposure { nets: Some(true), held: 100.0, working: 0.0 };
        let order = sell(60.0, Offset::None);
        let passes = |states: &mut TradingStates, now| {
            states.lets_through(TradingState::Reducing, "d", (&order, "XTP"), &exposure, now)
        };
        assert!(passes(&mut states, 0));
        states.admit("d", (&order, "XTP"), 0);
        assert!(!passes(&mut states, 1));
        assert!(!states.lets_through(TradingState::Halted, "d", (&order, "XTP"), &exposure, 1));
        assert!(states.lets_through(TradingState::Reducing, "e", (&order, "XTP"), &exposure, 1));
        assert!(passes(&mut states, 10_000_000));
    }

    #[test]
    fn where_sides_stand_apart_the_offset_decides() {
        let mut states = TradingStates::default();
        let exposure = Exposure { nets: Some(false), held: 0.0, working: 0.0 };
        let pass = |states: &mut TradingStates, offset| {
            states.lets_through(TradingState::Reducing, "d", (&sell(5.0, offset), "CTP"), &exposure, 0)
        };
        assert!(pass(&mut states, Offset::CloseToday));
        assert!(!pass(&mut states, Offset::Open));
        assert!(!pass(&mut states, Offset::None));
    }
}
