//! How many connections a server has, in all and from each address.
//!
//! A [`Pass`] is one connection's place; dropping it frees the place, however the connection ended.

use crate::outbox::lock;
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex},
};

pub(crate) struct Gate {
    total: usize,
    per_address: usize,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

pub(crate) struct Pass {
    gate: Arc<Gate>,
    address: Option<IpAddr>,
}

impl Gate {
    pub(crate) fn new(total: usize, per_address: usize) -> Arc<Self> {
        Arc::new(Self { total, per_address, inside: Mutex::default() })
    }

    /// `None`: no place is left. `address`: of the peer, where it has one.
    pub(crate) fn enter(self: &Arc<Self>, address: Option<IpAddr>) -> Option<Pass> {
        let address = address.map(network);
        let mut inside = lock(&self.inside);
        if inside.total >= self.total {
            return None;
        }
        if let Some(address) = address {
            let here = inside.by_address.get(&address).copied().unwrap_or(0);
            if here >= self.per_address {
                return None;
            }
            inside.by_address.insert(address, here + 1);
        }
        inside.total += 1;
        Some(Pass { gate: self.clone(), address })
    }

    pub(crate) fn total(&self) -> usize {
        lock(&self.inside).total
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut inside = lock(&self.gate.inside);
        inside.total = inside.total.saturating_sub(1);
        let Some(address) = self.address else { return };
        match inside.by_address.get_mut(&address) {
            Some(here) if *here > 1 => *here -= 1,
            _ => {
                inside.by_address.remove(&address);
            }
        }
    }
}

/// One machine usually owns a whole /64 of IPv6; a mapped IPv4 address is that address.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests;
