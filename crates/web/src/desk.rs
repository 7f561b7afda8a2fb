//! A trading process as the web process has it: the way to it, and the copy of what it knows.
//!
//! Always true: a desk that is away changes nothing for another one; nothing is shared between two of them.

use crate::command::{CommandError, Trader};
use crate::replica::{Link, Shared};
use domain::{ContractData, Text};
use std::sync::Arc;

/// One trading process.
pub struct Desk {
    /// Its name in our configuration; unique.
    pub name: Text,
    /// The way to it.
    pub trader: Arc<dyn Trader>,
    /// The copy of what it knows.
    pub replica: Arc<Shared>,
}

impl Desk {
    /// The contract of this `vt_symbol`.
    pub fn contract(&self, vt_symbol: &str) -> Option<Arc<ContractData>> {
        self.replica.read().contracts.get(vt_symbol).cloned()
    }

    /// Whether the copy follows; orders are refused while it does not.
    ///
    /// # Errors
    /// Certainly not sent, and why.
    pub fn require_live(&self) -> Result<(), CommandError> {
        match self.replica.read().link {
            Link::Live => Ok(()),
            Link::Connecting | Link::Syncing => {
                Err(CommandError::NotSent("the trading process is being contacted".into()))
            }
            Link::Stale => Err(CommandError::NotSent("the trading process is away".into())),
        }
    }
}
