//! Who may open a connection: so many in all, so many of one address.

use crate::limits;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts open connections. The table holds only addresses that are connected, so the caps bound it.
#[derive(Debug, Default)]
pub(super) struct Gate {
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A connection that was let in; leaves when dropped.
#[derive(Debug)]
pub(super) struct Entry {
    gate: Arc<Gate>,
    address: IpAddr,
}

impl Gate {
    /// Lets a connection in, or not. Loopback is bounded only by the total: everything on this machine, and
    /// everything behind a reverse proxy on it, comes from there.
    pub(super) fn enter(self: &Arc<Gate>, address: IpAddr) -> Option<Entry> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all >= limits::CONNECTIONS {
            return None;
        }
        let here = open.by_address.entry(address).or_insert(0);
        if *here >= limits::CONNECTIONS_PER_ADDRESS && !address.is_loopback() {
            return None;
        }
        *here += 1;
        open.all += 1;
        Some(Entry { gate: Arc::clone(self), address })
    }

    #[cfg(test)]
    pub(super) fn open(&self) -> (usize, usize) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        (open.all, open.by_address.len())
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut open = self.gate.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all -= 1;
        if let Some(here) = open.by_address.get_mut(&self.address) {
            *here -= 1;
            if *here == 0 {
                open.by_address.remove(&self.address);
            }
        }
    }
}
