//! The story that every gateway passes, for their tests: login, an order, a cancel, logout, login again.
//!
//! ```no_run
//! # fn example(gateway: &mut dyn gateway::Gateway, settings: gateway::Settings, order: domain::OrderRequest) {
//! let mut clock = gateway::conformance::real_time();
//! gateway::conformance::story(gateway, &settings, &order, &mut clock);
//! # }
//! ```
//!
//! Always true: it asks for nothing that the port does not promise, and panics with what was not kept.

use crate::{Command, Gateway, LinkState, Now, Report, Settings};
use domain::{CancelRequest, HistoryRequest, Interval, OrderRequest, Status, Text};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Looks at a gateway before something that it promised counts as missing. Those that need the world outside are
/// driven by [`real_time`], which makes it half a minute.
const LOOKS: usize = 15_000;

/// A clock that waits 2 ms at each look.
pub fn real_time() -> impl FnMut() -> Now {
    let start = Instant::now();
    move || {
        std::thread::sleep(Duration::from_millis(2));
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Now { unix_us: unix.as_micros() as i64, monotonic_us: start.elapsed().as_micros() as u64 }
    }
}

/// A clock of its own that begins there and goes 10 ms further at each look.
pub fn own_time(unix_us: i64) -> impl FnMut() -> Now {
    let mut passed_us = 0;
    move || {
        passed_us += 10_000;
        Now { unix_us: unix_us + passed_us, monotonic_us: passed_us as u64 }
    }
}

/// Plays the story. `order` must rest, so that there is something to cancel: far from the market, on an instrument that
/// the venue lists.
pub fn story(gateway: &mut dyn Gateway, settings: &Settings, order: &OrderRequest, clock: &mut dyn FnMut() -> Now) {
    describes_itself(gateway);
    let mut play = Play { gateway, order, clock, told: Vec::new() };
    play.refuses_while_logged_out("before-1");
    play.logs_in(settings);
    play.takes_an_order_and_ends_it("order-1");
    play.logs_out();
    play.refuses_while_logged_out("after-1");
    play.logs_in(settings);
    play.takes_an_order_and_ends_it("order-2");
    play.logs_out();
}

fn describes_itself(gateway: &dyn Gateway) {
    let name = gateway.name();
    assert!(!name.is_empty() && !name.contains('.'), "the name {name:?} cannot stand before a dot in ids");
    assert!(!gateway.exchanges().is_empty(), "a gateway trades somewhere");
    let form = gateway.form();
    for (at, field) in form.iter().enumerate() {
        assert!(form[..at].iter().all(|other| other.name != field.name), "two fields are called {}", field.name);
    }
}

struct Play<'a> {
    gateway: &'a mut dyn Gateway,
    order: &'a OrderRequest,
    clock: &'a mut dyn FnMut() -> Now,
    told: Vec<Report>,
}

impl Play<'_> {
    fn tell(&mut self, command: Command) {
        self.told.clear();
        let now = (self.clock)();
        self.gateway.command(now, command, &mut self.told);
        self.look();
    }

    fn look(&mut self) {
        let now = (self.clock)();
        self.gateway.wake(now, &mut self.told);
        self.gateway.commit().expect("it can keep what it reports");
        for report in &self.told {
            assert_eq!(gateway_of(report).unwrap_or(self.gateway.name()), self.gateway.name(), "{report:?}");
        }
    }

    /// Looks until it was told.
    fn wait_for(&mut self, what: &str, is_it: impl Fn(&Report) -> bool) {
        for _ in 0..LOOKS {
            if self.told.iter().any(&is_it) {
                return;
            }
            self.look();
        }
        panic!("{what} was not told; told was: {:?}", self.told);
    }

    fn order_reaches(&mut self, orderid: &str, statuses: &[Status]) {
        let is_it = |report: &Report| matches!(report, Report::Order(order) if order.orderid == orderid && statuses.contains(&order.status));
        self.wait_for(&format!("order {orderid} as one of {statuses:?}"), is_it);
    }

    fn refuses_while_logged_out(&mut self, orderid: &str) {
        self.tell(Command::SendOrder { orderid: Text::new(orderid), request: self.order.clone() });
        self.order_reaches(orderid, &[Status::Rejected]);
        assert!(self.told.iter().any(|report| matches!(report, Report::Log(_))), "no log line says why");
        self.tell(Command::CancelOrder(self.cancel(orderid)));
        self.wait_for("a log line for a cancel", |report| matches!(report, Report::Log(_)));
        let start = domain::DateTime::from_unix_micros((self.clock)().unix_us - 3_600_000_000, "UTC");
        let request = HistoryRequest {
            symbol: self.order.symbol.clone(),
            exchange: self.order.exchange,
            start: start.expect("a moment of this age"),
            end: None,
            interval: Some(Interval::Minute),
        };
        self.tell(Command::QueryHistory { token: 7, request });
        self.wait_for("why there is no history", |r| matches!(r, Report::History { token: 7, bars: Err(_) }));
    }

    fn logs_in(&mut self, settings: &Settings) {
        self.tell(Command::Connect(settings.clone()));
        self.wait_for("the login", |report| matches!(report, Report::Link(LinkState::Up)));
        let place = |is_it: fn(&Report) -> bool| self.told.iter().position(is_it);
        let up = place(|report| matches!(report, Report::Link(LinkState::Up)));
        let connecting = place(|report| matches!(report, Report::Link(LinkState::Connecting)));
        let contract = place(|report| matches!(report, Report::Contract(_)));
        assert!(connecting.is_some() && connecting < contract, "it begins with being on the way, then contracts");
        assert!(contract < up, "contracts come before the login counts");
        self.tell(Command::Connect(settings.clone()));
        self.wait_for("a log line for a second login", |report| matches!(report, Report::Log(_)));
        assert!(!self.told.iter().any(|report| matches!(report, Report::Link(_))), "a second login changes nothing");
    }

    fn takes_an_order_and_ends_it(&mut self, orderid: &str) {
        self.tell(Command::SendOrder { orderid: Text::new(orderid), request: self.order.clone() });
        self.order_reaches(orderid, &[Status::NotTraded]);
        self.tell(Command::CancelOrder(self.cancel(orderid)));
        self.order_reaches(orderid, &[Status::Cancelled]);
        self.tell(Command::CancelOrder(self.cancel("nobody-1")));
        self.wait_for("a log line for a cancel of nothing", |report| matches!(report, Report::Log(_)));
    }

    fn logs_out(&mut self) {
        self.tell(Command::Close);
        self.wait_for("the logout", |report| matches!(report, Report::Link(LinkState::Down(None))));
        self.told.clear();
        for _ in 0..10 {
            self.look();
        }
        assert!(self.told.is_empty(), "told after the logout: {:?}", self.told);
    }

    fn cancel(&self, orderid: &str) -> CancelRequest {
        let OrderRequest { symbol, exchange, .. } = self.order;
        CancelRequest { orderid: Text::new(orderid), symbol: symbol.clone(), exchange: *exchange }
    }
}

fn gateway_of(report: &Report) -> Option<&str> {
    Some(match report {
        Report::Contract(row) => &row.gateway_name,
        Report::Tick(row) => &row.gateway_name,
        Report::Order(row) => &row.gateway_name,
        Report::Trade(row) => &row.gateway_name,
        Report::Position(row) => &row.gateway_name,
        Report::Account(row) => &row.gateway_name,
        Report::Quote(row) => &row.gateway_name,
        Report::Log(row) => &row.gateway_name,
        Report::Link(_) | Report::History { .. } => return None,
    })
}
