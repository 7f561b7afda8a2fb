//! Listens to a desk for orders that show a token of ours, and passes everything on.

use super::Orders;
use crate::command::LinkReport;
use crate::replica::{Fact, Replica};
use crate::trader_link::Listener;
use domain::Text;
use std::sync::Arc;

/// Stands before another listener of a desk.
pub struct Watch {
    orders: Arc<Orders>,
    desk: Text,
    next: Box<dyn Listener>,
}

impl Watch {
    /// For the desk of this name; `next` hears everything, too.
    pub fn new(orders: Arc<Orders>, desk: Text, next: Box<dyn Listener>) -> Watch {
        Watch { orders, desk, next }
    }
}

impl Listener for Watch {
    fn fact(&mut self, replica: &Replica, fact: &Fact) {
        if let Fact::Order(order) = fact {
            self.orders.observe(&self.desk, order);
        }
        self.next.fact(replica, fact);
    }

    fn reset(&mut self, replica: &Replica) {
        for order in replica.orders.rows() {
            self.orders.observe(&self.desk, order);
        }
        self.next.reset(replica);
    }

    fn link(&mut self, report: &LinkReport) {
        // The trading state, and orders of unknown outcome.
        self.orders.look.notify_one();
        self.next.link(report);
    }
}
