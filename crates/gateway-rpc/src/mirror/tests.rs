//! What the mirror makes of all that can happen, without sockets: the worker's side is played by the tests.

mod model;
mod story;

use super::*;
use crate::tag;
use domain::{
    CancelRequest, ContractData, Direction, Exchange, Language, Offset, OrderData, OrderRequest, OrderType, Product,
    Status, TradeData, VtOrderId,
};
use rpc::CallError;
use tokio::sync::mpsc::{Receiver, channel};

/// A mirror, and the ends that the worker and the engine hold.
struct Rig {
    mirror: Mirror,
    jobs: Receiver<Job>,
    reports: Vec<Report>,
    now: Now,
}

impl Rig {
    fn new() -> Rig {
        let names = Names { gateway: Text::new("CTP1"), language: Language::En };
        let mut mirror = Mirror::new(names, Text::new("Asia/Shanghai"));
        let (sender, jobs) = channel(64);
        mirror.opened(sender, None);
        Rig { mirror, jobs, reports: Vec::new(), now: Now { unix_us: 1_800_000_000_000_000, monotonic_us: 1_000 } }
    }

    /// Connected, with these orders at the remote.
    fn live(orders: Vec<OrderData>) -> Rig {
        let mut rig = Rig::new();
        rig.sync(orders);
        rig
    }

    fn sync(&mut self, orders: Vec<OrderData>) {
        self.tell(Told::Syncing);
        self.tell(Told::Snapshot(Box::new(snapshot(orders))));
    }

    fn tell(&mut self, told: Told) {
        let out = &mut Out { now: self.now, sink: &mut self.reports };
        self.mirror.told(told, out);
    }

    fn send(&mut self, orderid: &str, request: OrderRequest) {
        let out = &mut Out { now: self.now, sink: &mut self.reports };
        self.mirror.send_order(&Text::new(orderid), request, out);
    }

    fn cancel(&mut self, orderid: &str) {
        let out = &mut Out { now: self.now, sink: &mut self.reports };
        let request =
            CancelRequest { orderid: Text::new(orderid), symbol: Text::new("rb2610"), exchange: Exchange::SHFE };
        self.mirror.cancel_order(&request, out);
    }

    fn pass(&mut self, seconds: u64) {
        self.now.monotonic_us += seconds * 1_000_000;
        self.mirror.due(self.now);
    }

    fn sent(&mut self, orderid: &str, result: Result<&str, CallError>) {
        self.tell(Told::Sent { orderid: Text::new(orderid), result: result.map(Text::new) });
    }

    /// Answers every look that was asked for.
    fn answer_looks(&mut self, orders: &[OrderData]) -> usize {
        let mut answered = 0;
        while let Ok(job) = self.jobs.try_recv() {
            if let Job::Look(number) = job {
                answered += 1;
                self.tell(Told::Looked { number, found: Ok((orders.to_vec(), Vec::new())) });
            }
        }
        answered
    }

    /// The newest state of an order that was reported.
    fn state(&self, orderid: &str) -> Option<&OrderData> {
        let newest = |report: &&Report| matches!(report, Report::Order(order) if order.orderid == orderid);
        match self.reports.iter().rfind(newest)? {
            Report::Order(order) => Some(order),
            _ => None,
        }
    }

    fn status(&self, orderid: &str) -> Status {
        self.state(orderid).expect("it was reported").status
    }

    fn logs(&self) -> Vec<&str> {
        fn text(report: &Report) -> Option<&str> {
            if let Report::Log(line) = report { Some(&line.msg) } else { None }
        }
        self.reports.iter().filter_map(text).collect()
    }
}

fn contract() -> ContractData {
    ContractData::new("CTP", "rb2610", Exchange::SHFE, "rb", Product::Futures)
}

fn snapshot(orders: Vec<OrderData>) -> Snapshot {
    Snapshot {
        app: App::RpcService,
        contracts: vec![contract()],
        accounts: Vec::new(),
        positions: Vec::new(),
        orders,
        trades: Vec::new(),
        ticks: crate::outbox::Ticks::new(),
        skipped: 0,
    }
}

fn request(volume: f64) -> OrderRequest {
    OrderRequest {
        symbol: Text::new("rb2610"),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume,
        price: 3_600.0,
        offset: Offset::Open,
        reference: Text::new("web#ABC"),
        forms: domain::NumberForms::default(),
    }
}

/// The remote's order for what it was sent, with the reference or, as gateways do later, without.
fn remote_order(id: &str, sent: &OrderRequest, status: Status, has_reference: bool) -> OrderData {
    let mut order = sent.to_order(id, "CTP");
    order.status = status;
    if !has_reference {
        order.reference = Text::default();
    }
    order
}

fn remote_trade(order: &OrderData, id: &str) -> TradeData {
    TradeData {
        gateway_name: order.gateway_name.clone(),
        symbol: order.symbol.clone(),
        exchange: order.exchange,
        orderid: order.orderid.clone(),
        tradeid: Text::new(id),
        direction: order.direction,
        offset: order.offset,
        price: order.price,
        volume: order.volume,
        datetime: None,
        vt_symbol: order.vt_symbol.clone(),
        vt_orderid: order.vt_orderid.clone(),
        vt_tradeid: domain::VtTradeId::new(&order.gateway_name, id),
        forms: domain::NumberForms::default(),
        attributes: domain::Attributes::default(),
    }
}

fn event(order: OrderData) -> Told {
    Told::Event(PeerEvent::Order(Box::new(order)))
}

fn lost() -> CallError {
    CallError::Unknown("no answer within 10 s".into())
}
