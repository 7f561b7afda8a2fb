//! Comparing the copy with what the trading process says it holds.
//!
//! Stock VeighNa numbers nothing, and its PUB socket drops silently at its high-water mark. A difference alone
//! means little, because an event may be on its way; one that is the same at two checks, with no event in between,
//! was missed. Then the row is taken and everything is read anew, since more may be missing.

use super::{Effect, Fact, Replica};
use domain::{AccountData, OrderData, PositionData, VtAccountId, VtOrderId, VtPositionId};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What the trading process says.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Some or all accounts.
    pub accounts: Vec<AccountData>,
    /// Some or all positions.
    pub positions: Vec<PositionData>,
    /// Some or all orders.
    pub orders: Vec<OrderData>,
}

/// Differences seen at the last check: what the peer had, and what the copy had.
#[derive(Debug, Default)]
pub(super) struct Suspects {
    accounts: Differences<VtAccountId, AccountData>,
    positions: Differences<VtPositionId, PositionData>,
    orders: Differences<VtOrderId, OrderData>,
}

type Differences<K, T> = FxHashMap<K, (Arc<T>, Option<Arc<T>>)>;

impl Suspects {
    pub(super) fn clear(&mut self) {
        *self = Suspects::default();
    }
}

impl Replica {
    pub(super) fn on_check(&mut self, findings: Findings, effects: &mut Vec<Effect>) {
        let Findings { accounts, positions, orders } = findings;
        let mut missed: Vec<Fact> = Vec::new();
        let mut old = std::mem::take(&mut self.suspects);
        for row in accounts {
            let known = self.accounts.get(&row.vt_accountid).cloned();
            missed.extend(
                judge(row.vt_accountid.clone(), row, known, &mut old.accounts, &mut self.suspects.accounts)
                    .map(Fact::Account),
            );
        }
        for row in positions {
            let known = self.positions.get(&row.vt_positionid).cloned();
            missed.extend(
                judge(row.vt_positionid.clone(), row, known, &mut old.positions, &mut self.suspects.positions)
                    .map(Fact::Position),
            );
        }
        for mut row in orders {
            let known = self.orders.get(&row.vt_orderid).cloned();
            if let Some(known) = known.as_ref().filter(|_| row.reference.is_empty()) {
                row.reference = known.reference.clone();
            }
            missed.extend(
                judge(row.vt_orderid.clone(), row, known, &mut old.orders, &mut self.suspects.orders).map(Fact::Order),
            );
        }
        if missed.is_empty() {
            return;
        }
        effects.push(Effect::Resync { missed: missed.len() as u64 });
        for fact in missed {
            self.put(fact.clone());
            effects.push(Effect::Tell(fact));
        }
    }
}

/// The row if it was certainly missed; otherwise a difference is kept for the next check.
fn judge<K: std::hash::Hash + Eq, T: PartialEq>(
    key: K,
    said: T,
    known: Option<Arc<T>>,
    before: &mut Differences<K, T>,
    now: &mut Differences<K, T>,
) -> Option<Arc<T>> {
    if known.as_deref() == Some(&said) {
        return None;
    }
    let same_row = |a: &Option<Arc<T>>, b: &Option<Arc<T>>| match (a, b) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    if let Some((said_before, known_before)) = before.remove(&key)
        && *said_before == said
        && same_row(&known_before, &known)
    {
        return Some(said_before);
    }
    now.insert(key, (Arc::new(said), known));
    None
}
