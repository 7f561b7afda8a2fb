//! The remote: what a VeighNa with an RPC app does, on our own server end, and the faults that it can have.

use domain::{
    AccountData, BarData, ContractData, DateTime, Exchange, Interval, NumberForms, OrderData, OrderRequest,
    PositionData, Product, Status, Text, TickData, TradeData, VtOrderId,
};
use rpc::{App, Dialect, Endpoint, Framing, Function, Outgoing, Publisher, Reply, Request, Server, ServerConfig};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// What becomes of orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Carried out and answered.
    Good,
    /// Carried out; the answer is kept until [`Veighna::answer`].
    Late,
    /// Neither carried out nor answered.
    Deaf,
    /// Answered with an empty id.
    Refusing,
}

/// What survives a restart of the process, where a test wants that.
pub(crate) struct State {
    pub(crate) gateway: Text,
    pub(crate) mood: Mood,
    pub(crate) orders: Vec<OrderData>,
    pub(crate) trades: Vec<TradeData>,
    /// The orders that arrived, in whatever mood.
    pub(crate) arrived: Vec<OrderRequest>,
    pub(crate) subscribed: Vec<Text>,
    /// Whether later events of an order still carry its reference.
    pub(crate) keeps_reference: bool,
    late: Vec<(Request, Text)>,
    deaf: Vec<Request>,
    count: usize,
}

/// A running remote.
pub(crate) struct Veighna {
    pub(crate) state: Arc<Mutex<State>>,
    dialect: Dialect,
    request: Endpoint,
    publish: Endpoint,
    running: Option<Running>,
}

struct Running {
    runtime: Runtime,
    stop: CancellationToken,
    publisher: Arc<Mutex<Publisher>>,
}

pub(crate) const SERVICE: Dialect = Dialect { app: App::RpcService, framing: Framing::TwoFrames };

impl Veighna {
    pub(crate) fn start(gateway: &str, dialect: Dialect) -> Veighna {
        let state = State {
            gateway: Text::new(gateway),
            mood: Mood::Good,
            orders: Vec::new(),
            trades: Vec::new(),
            arrived: Vec::new(),
            subscribed: Vec::new(),
            keeps_reference: true,
            late: Vec::new(),
            deaf: Vec::new(),
            count: 0,
        };
        let anywhere: Endpoint = "tcp://127.0.0.1:0".parse().expect("an address");
        let state = Arc::new(Mutex::new(state));
        let mut veighna = Veighna { state, dialect, request: anywhere.clone(), publish: anywhere, running: None };
        veighna.restart();
        veighna
    }

    pub(crate) fn addresses(&self) -> (String, String) {
        (self.request.to_string(), self.publish.to_string())
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends at once, as with SIGKILL: what was not answered never is.
    pub(crate) fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop.cancel();
            running.runtime.shutdown_timeout(Duration::from_secs(10));
        }
        let mut state = self.state();
        state.late.clear();
        state.deaf.clear();
    }

    /// Serves again at the same addresses.
    pub(crate) fn restart(&mut self) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let (runtime, stop) = (runtime.expect("a runtime"), CancellationToken::new());
        let (server, publisher) = runtime.block_on(bind(self.dialect, &self.request, &self.publish, &stop));
        (self.request, self.publish) = (server.endpoint().clone(), publisher.endpoint().clone());
        let publisher = Arc::new(Mutex::new(publisher));
        runtime.spawn(serve(server, Arc::clone(&self.state), Arc::clone(&publisher)));
        self.running = Some(Running { runtime, stop, publisher });
    }

    pub(crate) fn publish(&self, event: Outgoing<'_>) {
        let running = self.running.as_ref().expect("it runs");
        running.publisher.lock().unwrap_or_else(PoisonError::into_inner).publish(event);
    }

    /// An order's new state, told.
    pub(crate) fn change(&self, index: usize, status: Status) -> OrderData {
        let order = {
            let mut state = self.state();
            let keeps_reference = state.keeps_reference;
            let order = &mut state.orders[index];
            order.status = status;
            if status == Status::AllTraded {
                order.traded = order.volume;
            }
            if !keeps_reference {
                order.reference = Text::default();
            }
            order.clone()
        };
        self.publish(Outgoing::Order(&order));
        order
    }

    pub(crate) fn tick(&self, price: f64) {
        let mut tick = TickData::new(&self.state().gateway, "rb2610", Exchange::SHFE, None);
        tick.last_price = price;
        self.publish(Outgoing::Tick(&tick));
    }

    pub(crate) fn trade(&self, index: usize, id: &str) {
        let order = self.state().orders[index].clone();
        let trade = TradeData {
            gateway_name: order.gateway_name.clone(),
            symbol: order.symbol,
            exchange: order.exchange,
            orderid: order.orderid,
            tradeid: Text::new(id),
            direction: order.direction,
            offset: order.offset,
            price: order.price,
            volume: order.volume,
            datetime: None,
            vt_symbol: order.vt_symbol,
            vt_orderid: order.vt_orderid,
            vt_tradeid: domain::VtTradeId::new(&order.gateway_name, id),
            forms: NumberForms::default(),
            attributes: domain::Attributes::default(),
        };
        self.state().trades.push(trade.clone());
        self.publish(Outgoing::Trade(&trade));
    }

    /// Gives the answers that were kept.
    pub(crate) fn answer(&self) {
        let late = std::mem::take(&mut self.state().late);
        for (request, id) in late {
            request.reply(&Reply::Text(id));
        }
    }
}

impl Drop for Veighna {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn bind(
    dialect: Dialect,
    request: &Endpoint,
    publish: &Endpoint,
    stop: &CancellationToken,
) -> (Server, Publisher) {
    let pause = Duration::from_millis(20);
    // A port that was given back a moment ago may be somebody's source port meanwhile.
    let server = loop {
        match Server::bind(request, ServerConfig { app: dialect.app, values: None }, stop).await {
            Ok(server) => break server,
            // waits: for the port to be free; the whole test has a deadline
            Err(_) => tokio::time::sleep(pause).await,
        }
    };
    loop {
        match Publisher::bind(publish, dialect, None, stop).await {
            Ok(publisher) => return (server, publisher),
            // waits: as above
            Err(_) => tokio::time::sleep(pause).await,
        }
    }
}

async fn serve(mut server: Server, state: Arc<Mutex<State>>, publisher: Arc<Mutex<Publisher>>) {
    while let Some(request) = server.next().await {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut publisher = publisher.lock().unwrap_or_else(PoisonError::into_inner);
        match request.function.clone() {
            Function::SendOrder(order, gateway) => state.send(request, &order, &gateway, &mut publisher),
            Function::CancelOrder(cancel, _) => {
                let found = state.orders.iter_mut().find(|order| order.orderid == cancel.orderid && order.is_active());
                if let Some(order) = found {
                    order.status = Status::Cancelled;
                    publisher.publish(Outgoing::Order(order));
                }
                request.reply(&Reply::None);
            }
            Function::Subscribe(wish, _) => {
                state.subscribed.push(wish.vt_symbol().0);
                request.reply(&Reply::None);
            }
            function => request.reply(&state.list(&function)),
        }
    }
}

impl State {
    fn send(&mut self, request: Request, order: &OrderRequest, gateway: &Text, publisher: &mut Publisher) {
        assert_eq!(*gateway, self.gateway, "the remote's own name of its gateway");
        self.arrived.push(order.clone());
        match self.mood {
            Mood::Deaf => return self.deaf.push(request),
            Mood::Refusing => return request.reply(&Reply::Text(Text::default())),
            Mood::Good | Mood::Late => {}
        }
        self.count += 1;
        let mut made = order.to_order(&format!("1_100_{}", self.count), &self.gateway);
        publisher.publish(Outgoing::Order(&made));
        made.status = Status::NotTraded;
        if !self.keeps_reference {
            made.reference = Text::default();
        }
        publisher.publish(Outgoing::Order(&made));
        let id = made.vt_orderid.0.clone();
        self.orders.push(made);
        if self.mood == Mood::Late {
            return self.late.push((request, id));
        }
        request.reply(&Reply::Text(id));
    }

    fn list(&self, function: &Function) -> Reply {
        let gateway = &self.gateway;
        match function {
            Function::GetAllContracts => {
                let contract = ContractData::new(gateway, "rb2610", Exchange::SHFE, "rb", Product::Futures);
                Reply::Contracts(vec![Arc::new(contract)])
            }
            Function::GetAllOrders => Reply::Orders(self.orders.iter().cloned().map(Arc::new).collect()),
            Function::GetAllTrades => Reply::Trades(self.trades.iter().cloned().map(Arc::new).collect()),
            Function::GetAllPositions => Reply::Positions(vec![Arc::new(position(gateway))]),
            Function::GetAllAccounts => Reply::Accounts(vec![Arc::new(account(gateway))]),
            Function::GetAllTicks => Reply::Ticks(Vec::new()),
            Function::QueryHistory(wish, _) => Reply::Bars(vec![bar(gateway, &wish.start)]),
            Function::GetOrder(id) => {
                Reply::Order(self.orders.iter().find(|o| o.vt_orderid == VtOrderId(id.clone())).cloned().map(Arc::new))
            }
            _ => Reply::None,
        }
    }
}

fn position(gateway: &Text) -> PositionData {
    let vt_symbol = domain::VtSymbol::from("rb2610.SHFE");
    let direction = domain::Direction::Long;
    PositionData {
        gateway_name: gateway.clone(),
        symbol: Text::new("rb2610"),
        exchange: Exchange::SHFE,
        direction,
        volume: 3.0,
        frozen: 0.0,
        price: 3_500.0,
        pnl: 0.0,
        yd_volume: 0.0,
        vt_positionid: domain::VtPositionId::new(gateway, &vt_symbol, direction, domain::Language::Zh),
        vt_symbol,
        forms: NumberForms::default(),
        attributes: domain::Attributes::default(),
    }
}

fn account(gateway: &Text) -> AccountData {
    AccountData {
        gateway_name: gateway.clone(),
        accountid: Text::new("A1"),
        balance: 1_000.0,
        frozen: 0.0,
        available: 1_000.0,
        vt_accountid: domain::VtAccountId::new(gateway, "A1"),
        forms: NumberForms::default(),
        attributes: domain::Attributes::default(),
    }
}

fn bar(gateway: &Text, start: &DateTime) -> BarData {
    BarData {
        gateway_name: gateway.clone(),
        symbol: Text::new("rb2610"),
        exchange: Exchange::SHFE,
        datetime: start.clone(),
        interval: Some(Interval::Minute),
        volume: 1.0,
        turnover: 1.0,
        open_interest: 1.0,
        open_price: 1.0,
        high_price: 1.0,
        low_price: 1.0,
        close_price: 1.0,
    }
}
