//! A server on a port of its own, with a trading process that does what a test says, and a client that sends
//! any bytes.

use domain::{
    AccountData, Attributes, BarData, Civil, ContractData, DateTime, Direction, Exchange, GatewayInfo, HistoryRequest,
    Language, NumberForms, Offset, OrderData, OrderRequest, OrderType, PositionData, Product, QuoteData, QuoteRequest,
    Text, TickData, TradeData, TradingState, VtAccountId, VtPositionId, VtSymbol, VtTradeId,
};
use futures_util::future::BoxFuture;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use web::app::{App, Parts, serve};
use web::auth::{Auth, Clock, Password, PlainUser, Role, SigningKey, UserFile};
use web::bars::Lines;
use web::command::{Capabilities, CommandError, LinkReport, Trader};
use web::desk::Desk;
use web::live::{Hub, Options};
use web::replica::{Link, Shared};

/// Only a broken program needs so long, on any machine.
const DEADLINE: Duration = Duration::from_secs(120);

pub(crate) const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
pub(crate) const JSON: (&str, &str) = ("Content-Type", "application/json");
pub(crate) const ORDER: &str = r#"{"symbol":"rb2610","exchange":"SHFE","direction":"多","type":"限价","volume":1,"price":3000.0,"offset":"开","reference":"WebTrader"}"#;

/// A trading process that a test commands.
pub(crate) struct FakeTrader {
    replica: Arc<Shared>,
    pub(crate) sent: Mutex<Vec<OrderRequest>>,
    pub(crate) cancelled: Mutex<Vec<Text>>,
    pub(crate) subscribed: Mutex<Vec<Text>>,
    /// What the next commands end in; done where empty.
    pub(crate) fail: Mutex<Option<CommandError>>,
    pub(crate) language: Mutex<Language>,
    pub(crate) capabilities: Mutex<Capabilities>,
    /// What it has recorded; without it one bar, twice, at the begin of what it is asked for.
    pub(crate) recorded: Mutex<Option<Vec<BarData>>>,
    count: AtomicUsize,
}

impl FakeTrader {
    fn of(replica: &Arc<Shared>) -> FakeTrader {
        FakeTrader {
            replica: Arc::clone(replica),
            sent: Mutex::default(),
            cancelled: Mutex::default(),
            subscribed: Mutex::default(),
            fail: Mutex::default(),
            language: Mutex::default(),
            capabilities: Mutex::default(),
            recorded: Mutex::default(),
            count: AtomicUsize::new(0),
        }
    }

    fn result(&self) -> Result<(), CommandError> {
        self.fail.lock().unwrap().clone().map_or(Ok(()), Err)
    }

    fn place(&self, request: OrderRequest, gateway: &str) -> Text {
        let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let order = Arc::new(request.to_order(&format!("1_100_{number}"), gateway));
        self.sent.lock().unwrap().push(request);
        self.replica.write().orders.insert(order.vt_orderid.clone(), Arc::clone(&order));
        order.vt_orderid.0.clone()
    }
}

impl Trader for FakeTrader {
    fn state(&self) -> LinkReport {
        let link = self.replica.read().link;
        let stale_since_ms = (link == Link::Stale).then_some(1_767_576_600_500);
        let language = *self.language.lock().unwrap();
        LinkReport {
            name: "desk".into(),
            dialect: "webtrader".into(),
            link,
            stale_since_ms,
            event_age_ms: Some(7),
            language,
            missed: 2,
            skipped: 3,
            ..LinkReport::default()
        }
    }

    fn subscribe(&self, contract: Arc<ContractData>) -> BoxFuture<'_, Result<(), CommandError>> {
        self.subscribed.lock().unwrap().push(contract.vt_symbol.0.clone());
        Box::pin(async { self.result() })
    }

    fn send_order(&self, request: OrderRequest, gateway: Text, _: &str) -> BoxFuture<'_, Result<Text, CommandError>> {
        Box::pin(async move {
            self.result()?;
            assert!(request.volume < 1e6 || request.volume > 2e6, "a request that panics");
            if request.volume.to_bits() == 14f64.to_bits() {
                return Ok(Text::default());
            }
            Ok(self.place(request, &gateway))
        })
    }

    fn cancel_order(&self, order: Arc<OrderData>) -> BoxFuture<'_, Result<(), CommandError>> {
        self.cancelled.lock().unwrap().push(order.vt_orderid.0.clone());
        Box::pin(async { self.result() })
    }

    fn capabilities(&self) -> Capabilities {
        *self.capabilities.lock().unwrap()
    }

    fn send_quote(&self, _: QuoteRequest, _: Text) -> BoxFuture<'_, Result<Text, CommandError>> {
        Box::pin(async { self.result().map(|()| "SIM.q1".into()) })
    }

    fn cancel_quote(&self, _: Arc<QuoteData>) -> BoxFuture<'_, Result<(), CommandError>> {
        Box::pin(async { self.result() })
    }

    fn query_history(
        &self,
        request: HistoryRequest,
        gateway: Text,
    ) -> BoxFuture<'_, Result<Vec<BarData>, CommandError>> {
        if let Some(recorded) = &*self.recorded.lock().unwrap() {
            let since = request.start.unix_micros();
            let is_asked = |bar: &&BarData| bar.interval == request.interval && bar.datetime.unix_micros() >= since;
            let bars: Vec<BarData> = recorded.iter().filter(is_asked).cloned().collect();
            return Box::pin(async { self.result().map(|()| bars) });
        }
        let bar = BarData {
            gateway_name: gateway,
            symbol: request.symbol,
            exchange: request.exchange,
            datetime: request.start,
            interval: request.interval,
            volume: 1.0,
            turnover: f64::NAN,
            open_interest: 2.0,
            open_price: 3.0,
            high_price: 4.0,
            low_price: 2.5,
            close_price: 3.5,
        };
        Box::pin(async { self.result().map(|()| vec![bar.clone(), bar]) })
    }

    fn gateways(&self) -> BoxFuture<'_, Result<Vec<GatewayInfo>, CommandError>> {
        let gateways = self.replica.read().gateways.rows().map(|row| GatewayInfo::clone(row)).collect();
        Box::pin(async { self.result().map(|()| gateways) })
    }

    fn connect_gateway(&self, _: Text, _: Vec<(Text, domain::Value)>) -> BoxFuture<'_, Result<(), CommandError>> {
        Box::pin(async { self.result() })
    }

    fn disconnect_gateway(&self, _: Text) -> BoxFuture<'_, Result<(), CommandError>> {
        Box::pin(async { self.result() })
    }

    fn settle_gateway(&self, _: Text) -> BoxFuture<'_, Result<(), CommandError>> {
        Box::pin(async { self.result() })
    }

    /// Takes it at once, and tells it a little later.
    fn set_trading_state(&self, state: TradingState) -> BoxFuture<'_, Result<(), CommandError>> {
        let replica = Arc::clone(&self.replica);
        Box::pin(async move {
            self.result()?;
            tokio::spawn(async move {
                // waits: for nothing; it is the delay that is tried here
                tokio::time::sleep(std::time::Duration::from_millis(30)).await;
                replica.write().trading_state = Some(state);
            });
            Ok(())
        })
    }

    fn fetch_orders(&self) -> BoxFuture<'_, Result<Vec<OrderData>, CommandError>> {
        let orders = self.replica.read().orders.rows().map(|order| OrderData::clone(order)).collect();
        Box::pin(async { Ok(orders) })
    }

    fn settled(&self, _: &str) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// The full stream's snapshots; no test here looks into one.
struct NoRows;

impl web::stream::Source for NoRows {
    fn snapshot(&self, _: usize, _: web::stream::Channel) -> web::stream::Snapshot {
        web::stream::Snapshot::default()
    }
}

/// A running server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) trader: Arc<FakeTrader>,
    pub(crate) replica: Arc<Shared>,
    pub(crate) hub: Hub,
    #[allow(dead_code, reason = "not every suite watches bars")]
    pub(crate) lines: Arc<Lines>,
    pub(crate) users: UserFile,
    pub(crate) now_ms: Arc<AtomicI64>,
    pub(crate) shutdown: CancellationToken,
    task: std::sync::Mutex<Option<tokio::task::JoinHandle<()>>>,
    pub(crate) token: String,
    pub(crate) tokens: web::auth::Tokens,
    /// Sessions that were made by [`Server::token_of`].
    sessions: AtomicUsize,
    #[allow(dead_code, reason = "not every suite looks into it, but it has to live as long as the server")]
    pub(crate) state: tempfile::TempDir,
}

/// What may be different about a server.
#[derive(Default)]
pub(crate) struct Setup {
    pub(crate) cors: Vec<String>,
    /// Whether a reverse proxy on this machine is believed.
    pub(crate) behind_proxy: bool,
    pub(crate) password: Option<&'static str>,
    /// A database of bars.
    pub(crate) history: Option<web::history_file::HistoryFile>,
    /// Users of `users.json`, in this order, with [`PASSWORD`] each.
    pub(crate) users: &'static [(&'static str, Role)],
}

/// Somebody of each role.
pub(crate) const ROLES: &[(&str, Role)] = &[("vnpy", Role::Admin), ("trader", Role::Trader), ("viewer", Role::Viewer)];
/// Of the users of a [`Setup`].
pub(crate) const PASSWORD: &str = "correct horse";

impl Server {
    pub(crate) async fn start() -> Server {
        Server::start_with(Setup::default()).await
    }

    pub(crate) async fn start_with(setup: Setup) -> Server {
        let state = tempfile::tempdir().unwrap();
        let replica = filled_replica();
        let trader = Arc::new(FakeTrader::of(&replica));
        let now_ms = Arc::new(AtomicI64::new(1_767_576_600_000));
        let clock: Clock = {
            let now = Arc::clone(&now_ms);
            Arc::new(move || now.load(Ordering::Relaxed))
        };
        let users = UserFile::in_folder(state.path());
        for (name, role) in setup.users {
            users.add(name, &Password::new(PASSWORD), *role, 1_767_576_500).unwrap();
        }
        let key = SigningKey::load_or_create(&state.path().join("secret")).unwrap();
        let plain = PlainUser { name: "vnpy".into(), password: Password::new(setup.password.unwrap_or("vnpy")) };
        let auth = Auth::new(users.clone(), Some(plain), &key, Arc::clone(&clock)).unwrap();
        let (hub, pumps) = Hub::new(Options::default());
        let (stream, stream_tasks) = web::stream::StreamHub::new(web::stream::Options::default(), &["desk".into()]);
        let lines = Lines::new(stream.clone(), 1);
        let sessions = Arc::clone(&auth) as Arc<dyn web::stream::Sessions>;
        let desks = vec![Arc::new(Desk {
            name: "desk".into(),
            trader: Arc::clone(&trader) as Arc<dyn Trader>,
            replica: Arc::clone(&replica),
        })];
        let parts = Parts {
            auth,
            desks: desks.clone(),
            hub: hub.clone(),
            stream: stream.clone(),
            orders: web::orders::Orders::open(state.path(), Arc::clone(&clock)),
            cors_origins: setup.cors,
            behind_proxy: setup.behind_proxy,
            clock,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, shutdown) = (listener.local_addr().unwrap(), CancellationToken::new());
        let stop = shutdown.clone();
        let lining = Arc::clone(&lines).run(desks, setup.history.clone().map(Arc::new), shutdown.clone());
        let app = App::with_history(parts, setup.history);
        let calls = Arc::clone(&app) as Arc<dyn web::stream::Calls>;
        stream.serve(web::stream::Ports { source: Arc::new(NoRows), calls, bars: Arc::clone(&lines) as _, sessions });
        let task = tokio::spawn(async move {
            let serving = serve(app, listener, stop.clone());
            let (served, (), (), ()) = tokio::join!(serving, pumps.run(stop.clone()), stream_tasks.run(stop), lining);
            served.unwrap();
        });
        // The token of the user without the cost of a login.
        let tokens = web::auth::Tokens::new(&key);
        let token = tokens.make("vnpy", now_ms.load(Ordering::Relaxed) / 1000);
        let task = std::sync::Mutex::new(Some(task));
        Server {
            address,
            trader,
            replica,
            hub,
            lines,
            users,
            now_ms,
            shutdown,
            task,
            token,
            tokens,
            sessions: AtomicUsize::new(0),
            state,
        }
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Answer {
        let mut lines = format!("{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        headers.iter().for_each(|(name, value)| lines.push_str(&format!("{name}: {value}\r\n")));
        let body = body.as_ref();
        if !body.is_empty() || method == "POST" {
            lines.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        self.raw(&[format!("{lines}\r\n").as_bytes(), body].concat()).await
    }

    /// Sends bytes and reads until the server closes.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        // A server may answer and close before it has read all: the answer decides.
        let _ = stream.write_all(bytes).await;
        let mut out = Vec::new();
        let read = tokio::time::timeout(DEADLINE, stream.read_to_end(&mut out)).await;
        let _ = read.expect("the server answers and closes in time");
        Answer::parse(&out)
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.send("GET", target, &[("Authorization", &format!("Bearer {}", self.token))], "").await
    }

    /// With a token and a JSON content type.
    pub(crate) async fn bearer(&self, method: &str, target: &str, body: &str) -> Answer {
        self.send(method, target, &[("Authorization", &format!("Bearer {}", self.token)), JSON], body).await
    }

    /// A token of a session of its own.
    pub(crate) fn token_of(&self, user: &str) -> String {
        let count = self.sessions.fetch_add(1, Ordering::Relaxed);
        self.tokens.make_of(user, &format!("{count:032x}"), self.now_ms.load(Ordering::Relaxed) / 1000)
    }

    /// With this token and, where there is one, a body of JSON.
    pub(crate) async fn with(&self, token: &str, method: &str, target: &str, body: &str) -> Answer {
        self.send(method, target, &[("Authorization", &format!("Bearer {token}")), JSON], body).await
    }

    /// Asks for a stream; the connection, too, for what comes on it.
    pub(crate) async fn open_stream(&self, target: &str) -> (Answer, TcpStream) {
        let text = format!(
            "GET {target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let answer = self.read_answer(&mut stream).await;
        (answer, stream)
    }

    /// Reads one answer's head, byte by byte, so that nothing behind it is lost.
    pub(crate) async fn read_answer(&self, stream: &mut TcpStream) -> Answer {
        let mut out = Vec::new();
        while !out.ends_with(b"\r\n\r\n") {
            out.push(stream.read_u8().await.unwrap());
        }
        Answer::parse(&out)
    }

    /// Waits until the server has returned.
    pub(crate) async fn ended(&self) {
        let task = self.task.lock().unwrap().take().unwrap();
        tokio::time::timeout(DEADLINE, task).await.expect("it ends in time").unwrap();
    }

    pub(crate) async fn post_order(&self, body: impl AsRef<[u8]>) -> Answer {
        self.send("POST", "/order", &[("Authorization", &format!("Bearer {}", self.token)), JSON], body).await
    }

    pub(crate) async fn login(&self, user: &str, password: &str) -> Answer {
        self.send("POST", "/token", &[FORM], format!("username={user}&password={password}")).await
    }

    pub(crate) fn advance_ms(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Bodies here always have a length, so everything behind the head is the body.
    pub(crate) fn parse(bytes: &[u8]) -> Answer {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status =
            lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok()).unwrap_or(0);
        let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Answer {
            status,
            headers: lines.filter_map(pair).collect(),
            body: bytes.get(end + 4..).unwrap_or_default().to_vec(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

pub(crate) fn filled_replica() -> Arc<Shared> {
    let shared = Arc::new(Shared::default());
    let mut replica = shared.write();
    replica.link = Link::Live;
    let ints = |fields: u32| NumberForms { ints: (1 << fields) - 1, nulls: 0 };
    let contracts = [
        ("rb2610", Exchange::SHFE, "螺纹钢2610", Product::Futures),
        ("IF2612", Exchange::CFFEX, "沪深300 \"IF\"/2612", Product::Futures),
        ("600000", Exchange::SSE, "浦发银行", Product::Equity),
        ("m2609-C-3000", Exchange::DCE, "豆粕购2609-3000", Product::Option),
        ("a.b", Exchange::from_name("SMART").unwrap(), "a dot in a symbol", Product::Cfd),
        ("BTC/USDT", Exchange::from_name("SMART").unwrap(), "", Product::Spot),
        ("EURUSD", Exchange::from_name("IDEALPRO").unwrap(), "EUR/USD", Product::Forex),
        ("BTCUSDT", Exchange::from_name("BINANCE").unwrap(), "an exchange of a fork", Product::Swap),
    ];
    for (symbol, exchange, name, product) in contracts {
        let contract = ContractData { forms: ints(3), ..ContractData::new("SIM", symbol, exchange, name, product) };
        replica.contracts.insert(contract.vt_symbol.clone(), Arc::new(contract));
    }
    let at = DateTime::in_zone(Civil::new((2026, 1, 5), (9, 30, 2), 0).unwrap(), false, "Asia/Shanghai");
    let mut tick = TickData::new("SIM", "rb2610", Exchange::SHFE, at.clone());
    tick.last_price = 3603.0;
    tick.high_price = f64::NAN;
    tick.limit_up = f64::MAX;
    replica.ticks.insert(tick.vt_symbol.clone(), Arc::new(tick));
    for (id, balance) in [("88001234", 1_000_000.0), ("USD", 5e-5)] {
        let account = account(id, balance);
        replica.accounts.insert(account.vt_accountid.clone(), Arc::new(account));
    }
    let vt_symbol = VtSymbol::new("rb2610", Exchange::SHFE);
    let position = PositionData {
        gateway_name: "SIM".into(),
        symbol: "rb2610".into(),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        volume: 5.0,
        frozen: 0.0,
        price: 3580.5,
        pnl: -1250.0,
        yd_volume: 3.0,
        vt_positionid: VtPositionId::new("SIM", &vt_symbol, Direction::Long, Language::Zh),
        vt_symbol,
        forms: NumberForms { ints: 0b10011, nulls: 0 },
        attributes: Attributes::default(),
    };
    replica.positions.insert(position.vt_positionid.clone(), Arc::new(position));
    let order = order("rb2610").to_order("0_0_1", "SIM");
    let trade = TradeData {
        gateway_name: "SIM".into(),
        symbol: "rb2610".into(),
        exchange: Exchange::SHFE,
        orderid: order.orderid.clone(),
        tradeid: "T1".into(),
        direction: order.direction,
        offset: order.offset,
        price: 3600.0,
        volume: 1.0,
        datetime: at,
        vt_symbol: order.vt_symbol.clone(),
        vt_orderid: order.vt_orderid.clone(),
        vt_tradeid: VtTradeId::new("SIM", "T1"),
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    };
    replica.trades.insert((trade.vt_tradeid.clone(), trade.vt_orderid.clone()), Arc::new(trade));
    replica.orders.insert(order.vt_orderid.clone(), Arc::new(order));
    drop(replica);
    shared
}

pub(crate) fn account(id: &str, balance: f64) -> AccountData {
    AccountData {
        gateway_name: "SIM".into(),
        accountid: id.into(),
        balance,
        frozen: 0.0,
        available: balance,
        vt_accountid: VtAccountId::new("SIM", id),
        forms: NumberForms { ints: 0b10, nulls: 0 },
        attributes: Attributes::default(),
    }
}

pub(crate) fn order(symbol: &str) -> OrderRequest {
    OrderRequest {
        forms: domain::NumberForms::default(),
        symbol: symbol.into(),
        exchange: Exchange::SHFE,
        direction: Direction::Long,
        order_type: OrderType::Limit,
        volume: 1.0,
        price: 3000.0,
        offset: Offset::Open,
        reference: Text::default(),
    }
}
