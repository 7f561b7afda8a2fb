//! A desk whose trading process is written by the test.

use crate::command::{Capabilities, CommandError, LinkReport, Trader};
use crate::desk::Desk;
use crate::orders::{JOURNAL, NewOrder, Orders};
use crate::replica::{Link, Shared};
use domain::{
    Attributes, ContractData, Direction, Exchange, Language, NumberForms, Offset, OrderData, OrderRequest, OrderType,
    PositionData, Product, Text, TradingState, VtOrderId, VtPositionId, VtSymbol,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;

/// What the trading process does with an order.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// Takes it and says so.
    Takes,
    /// Takes it, and the answer is lost.
    TakesSilently,
    /// Neither takes it nor answers.
    Swallows,
    /// Takes no order of it.
    Refuses,
    /// Fails somewhere in the middle.
    Fails,
    /// It never leaves.
    NotSent,
    /// The program that carries it out breaks.
    Panics,
}

/// A trading process.
#[derive(Default)]
pub(super) struct Fake {
    pub(super) script: Mutex<VecDeque<Answer>>,
    /// All that reached it.
    pub(super) sent: Mutex<Vec<OrderRequest>>,
    /// Its orders.
    pub(super) orders: Mutex<Vec<OrderData>>,
    pub(super) cancelled: Mutex<Vec<Text>>,
    pub(super) states: Mutex<Vec<TradingState>>,
    /// How often its orders were asked for.
    pub(super) asked: AtomicUsize,
    pub(super) enforces: bool,
    /// Where set, each order waits for a permit before it is answered.
    pub(super) gate: Option<Semaphore>,
}

impl Fake {
    pub(super) fn doing(script: impl IntoIterator<Item = Answer>) -> Fake {
        Fake { script: Mutex::new(script.into_iter().collect()), ..Fake::default() }
    }

    pub(super) fn sends(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    fn take(&self, request: &OrderRequest, gateway: &str) -> VtOrderId {
        let mut orders = self.orders.lock().unwrap();
        let order = request.to_order(&(orders.len() + 1).to_string(), gateway);
        let id = order.vt_orderid.clone();
        orders.push(order);
        id
    }
}

impl Trader for Fake {
    fn state(&self) -> LinkReport {
        LinkReport { link: Link::Live, language: Language::En, ..LinkReport::default() }
    }

    fn subscribe(&self, _: Arc<ContractData>) -> BoxFuture<'_, Result<(), CommandError>> {
        async { Ok(()) }.boxed()
    }

    fn send_order(&self, request: OrderRequest, gateway: Text, _: &str) -> BoxFuture<'_, Result<Text, CommandError>> {
        async move {
            let answer = self.script.lock().unwrap().pop_front().unwrap_or(Answer::Takes);
            if matches!(answer, Answer::NotSent) {
                return Err(CommandError::NotSent("the queue is full".into()));
            }
            self.sent.lock().unwrap().push(request.clone());
            if let Some(gate) = &self.gate {
                gate.acquire().await.unwrap().forget();
            }
            let lost = || Err(CommandError::Unknown("no answer within 30 s".into()));
            match answer {
                Answer::Takes => Ok(self.take(&request, &gateway).0),
                Answer::TakesSilently => {
                    self.take(&request, &gateway);
                    lost()
                }
                Answer::Swallows => lost(),
                Answer::Refuses => Ok(Text::default()),
                Answer::Fails => Err(CommandError::Refused("KeyError: 'x'".into())),
                Answer::NotSent => unreachable!("answered above"),
                Answer::Panics => panic!("the test wants this"),
            }
        }
        .boxed()
    }

    fn cancel_order(&self, order: Arc<OrderData>) -> BoxFuture<'_, Result<(), CommandError>> {
        self.cancelled.lock().unwrap().push(order.vt_orderid.0.clone());
        async { Ok(()) }.boxed()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { trading_state: self.enforces, ..Capabilities::default() }
    }

    fn set_trading_state(&self, state: TradingState) -> BoxFuture<'_, Result<(), CommandError>> {
        self.states.lock().unwrap().push(state);
        async { Ok(()) }.boxed()
    }

    fn fetch_orders(&self) -> BoxFuture<'_, Result<Vec<OrderData>, CommandError>> {
        let orders = self.orders.lock().unwrap().clone();
        self.asked.fetch_add(1, Ordering::SeqCst);
        async { Ok(orders) }.boxed()
    }

    fn settled(&self, _: &str) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }
}

/// A desk, its trading process, and order entry over a journal in a folder.
pub(super) struct Stage {
    pub(super) folder: tempfile::TempDir,
    pub(super) fake: Arc<Fake>,
    pub(super) desk: Arc<Desk>,
    pub(super) orders: Arc<Orders>,
}

pub(super) fn open(folder: &Path) -> Arc<Orders> {
    Orders::open(folder, Arc::new(|| 1_000))
}

impl Stage {
    pub(super) fn new(fake: Fake) -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let fake = Arc::new(fake);
        let replica = Arc::new(Shared::default());
        fill(&replica);
        let desk = Desk { name: "sim".into(), trader: Arc::clone(&fake) as Arc<dyn Trader>, replica };
        let orders = open(folder.path());
        assert_eq!(orders.problem(), None);
        Stage { folder, fake, desk: Arc::new(desk), orders }
    }

    /// The web process is killed; what it had not written is gone. Another one starts.
    pub(super) fn kill(&mut self) {
        self.orders.journal.as_ref().unwrap().abort();
        assert!(self.folder.path().join(JOURNAL).exists());
        self.orders = open(self.folder.path());
        assert_eq!(self.orders.problem(), None);
    }

    pub(super) fn state(&self, id: &str) -> Option<crate::orders::State> {
        self.orders.intent("me", "sim", id).map(|intent| intent.state)
    }
}

fn fill(replica: &Shared) {
    let mut replica = replica.write();
    replica.link = Link::Live;
    let futures = ContractData::new("CTP", "rb2610", Exchange::SHFE, "rb", Product::Futures);
    let share = ContractData::new("XTP", "600000", Exchange::SSE, "share", Product::Equity);
    let contracts =
        [ContractData { pricetick: 1.0, ..futures }, ContractData { pricetick: 0.01, net_position: true, ..share }];
    for contract in contracts {
        replica.contracts.insert(contract.vt_symbol.clone(), Arc::new(contract));
    }
    let positions = [
        ("CTP", "rb2610", Exchange::SHFE, Direction::Long, 10.0, 4.0),
        ("XTP", "600000", Exchange::SSE, Direction::Net, 100.0, 0.0),
    ];
    for (gateway, symbol, exchange, direction, volume, yd_volume) in positions {
        let vt_symbol = VtSymbol::new(symbol, exchange);
        let position = PositionData {
            gateway_name: gateway.into(),
            symbol: symbol.into(),
            exchange,
            direction,
            volume,
            frozen: 0.0,
            price: 1.0,
            pnl: 0.0,
            yd_volume,
            vt_positionid: VtPositionId::new(gateway, &vt_symbol, direction, Language::En),
            vt_symbol,
            forms: NumberForms::default(),
            attributes: Attributes::default(),
        };
        replica.positions.insert(position.vt_positionid.clone(), Arc::new(position));
    }
}

pub(super) fn buy(price: f64) -> OrderRequest {
    OrderRequest {
        symbol: "rb2610".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume: 1.0,
        price,
        offset: Offset::Open,
        reference: "mine".into(),
        forms: NumberForms::default(),
    }
}

pub(super) fn order(id: &str) -> NewOrder {
    NewOrder { client_order_id: Some(id.into()), ..NewOrder::new(buy(3600.0)) }
}
