//! Our side: a gateway, driven as the trading process does, with what it has reported.

use domain::{
    CancelRequest, Direction, Exchange, HistoryRequest, Interval, Language, Offset, OrderData, OrderRequest, OrderType,
    Status, SubscribeRequest, Text,
};
use gateway::{Command, Gateway, LinkState, Now, Report, Waker};
use gateway_rpc::{RpcConfig, RpcGateway};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const PATIENCE: Duration = Duration::from_secs(90);

/// A driven gateway.
pub(crate) struct Desk {
    gateway: RpcGateway,
    pub(crate) reports: Vec<Report>,
    begun: Instant,
    /// Time that tests make pass.
    ahead: Duration,
    bell: Receiver<()>,
}

impl Desk {
    pub(crate) fn new(name: &str) -> Desk {
        let config = RpcConfig { name: Text::new(name), language: Language::En, zone: Text::new("Asia/Shanghai") };
        let mut gateway = RpcGateway::new(config);
        let (ring, bell) = sync_channel(1);
        gateway.set_waker(Waker::new(move || {
            let _ = ring.try_send(());
        }));
        Desk { gateway, reports: Vec::new(), begun: Instant::now(), ahead: Duration::ZERO, bell }
    }

    /// Connected to that remote.
    pub(crate) fn connected(name: &str, addresses: (String, String)) -> Desk {
        let mut desk = Desk::new(name);
        desk.connect(addresses);
        desk.until_up();
        desk
    }

    pub(crate) fn connect(&mut self, (request, publish): (String, String)) {
        let settings = self.gateway.settings(&request, &publish);
        self.command(Command::Connect(settings));
    }

    pub(crate) fn now(&self) -> Now {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
        Now { unix_us: unix.as_micros() as i64, monotonic_us: (self.begun.elapsed() + self.ahead).as_micros() as u64 }
    }

    /// Lets the gateway believe that so much time has passed.
    pub(crate) fn pass(&mut self, seconds: u64) {
        self.ahead += Duration::from_secs(seconds);
    }

    pub(crate) fn command(&mut self, command: Command) {
        let now = self.now();
        self.gateway.command(now, command, &mut self.reports);
    }

    pub(crate) fn wake(&mut self) {
        let now = self.now();
        self.gateway.wake(now, &mut self.reports);
    }

    /// Drives the gateway until it is so.
    pub(crate) fn until<T>(&mut self, what: &str, is_it: impl Fn(&Desk) -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            self.wake();
            if let Some(found) = is_it(self) {
                return found;
            }
            assert!(Instant::now() < end, "not in time: {what}; told was {:#?}", self.texts());
            let _ = self.bell.recv_timeout(Duration::from_millis(20));
        }
    }

    pub(crate) fn until_up(&mut self) {
        self.until("up", |desk| (desk.link() == Some(&LinkState::Up)).then_some(()));
    }

    pub(crate) fn until_down(&mut self) {
        self.until("down", |desk| matches!(desk.link(), Some(LinkState::Down(_))).then_some(()));
    }

    pub(crate) fn until_status(&mut self, orderid: &str, status: Status) -> OrderData {
        let what = format!("{orderid} {status:?}");
        self.until(&what, |desk| desk.order(orderid).filter(|order| order.status == status).cloned())
    }

    pub(crate) fn link(&self) -> Option<&LinkState> {
        self.reports.iter().rev().find_map(|report| if let Report::Link(state) = report { Some(state) } else { None })
    }

    /// The newest state of an order.
    pub(crate) fn order(&self, orderid: &str) -> Option<&OrderData> {
        self.reports.iter().rev().find_map(|report| match report {
            Report::Order(order) if order.orderid == orderid => Some(&**order),
            _ => None,
        })
    }

    pub(crate) fn logs(&self) -> Vec<&str> {
        fn text(report: &Report) -> Option<&str> {
            if let Report::Log(line) = report { Some(&line.msg) } else { None }
        }
        self.reports.iter().filter_map(text).collect()
    }

    pub(crate) fn has_logged(&self, text: &str) -> bool {
        self.logs().iter().any(|line| line.contains(text))
    }

    fn texts(&self) -> Vec<String> {
        self.reports.iter().filter(|report| !matches!(report, Report::Contract(_))).map(|r| format!("{r:?}")).collect()
    }

    pub(crate) fn send(&mut self, orderid: &str, volume: f64) {
        let request = order(volume);
        self.command(Command::SendOrder { orderid: Text::new(orderid), request });
    }

    pub(crate) fn cancel(&mut self, orderid: &str) {
        let (symbol, exchange) = (Text::new("rb2610"), Exchange::SHFE);
        self.command(Command::CancelOrder(CancelRequest { orderid: Text::new(orderid), symbol, exchange }));
    }

    pub(crate) fn subscribe(&mut self) {
        self.command(Command::Subscribe(SubscribeRequest { symbol: Text::new("rb2610"), exchange: Exchange::SHFE }));
    }

    pub(crate) fn history(&mut self, token: u64) {
        let request = HistoryRequest {
            symbol: Text::new("rb2610"),
            exchange: Exchange::SHFE,
            start: domain::DateTime::from_unix_micros(1_700_000_000_000_000, "Asia/Shanghai").expect("a moment"),
            end: None,
            interval: Some(Interval::Minute),
        };
        self.command(Command::QueryHistory { token, request });
    }
}

/// An order that rests.
pub(crate) fn order(volume: f64) -> OrderRequest {
    OrderRequest {
        symbol: Text::new("rb2610"),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume,
        price: 3_000.0,
        offset: Offset::Open,
        reference: Text::new("desk"),
        forms: domain::NumberForms::default(),
    }
}
