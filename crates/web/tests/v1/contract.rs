//! Each operation is made to end in each way that the document lists; what comes back is what the document says.

use crate::schema::differences;
use crate::support::{Answer, JSON, ROLES, Server, Setup};
use domain::{
    Attributes, DateTime, GatewayInfo, GatewayState, LogData, NumberForms, Offset, QuoteData, QuoteSide, Status,
    VtQuoteId, VtSymbol,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use web::command::{Capabilities, CommandError};
use web::replica::Link;
use web::rest::v1::params::{Kind, Param, Place};
use web::rest::v1::routes::{Handler, PREFIX, Route, all};

/// What a test cannot bring about here; the tests named beside it do.
const ELSEWHERE: &[(u16, &str)] = &[
    (408, "hostile::a_body_that_dribbles_is_408"),
    (429, "limiter::tests, session::wrong_passwords_slow_down"),
    (500, "hostile::an_operation_that_panics_is_a_problem"),
];
/// Operations whose other endings have tests of their own.
const OWN_TESTS: &[&str] = &[
    "session.open",
    "settings.set",
    "password.set",
    "sessions.end",
    "users.add",
    "users.change",
    "users.remove",
    "orders.batch",
    "orders.acknowledge",
    "positions.close",
    "trading_state.set",
];

/// A server with something in every table.
async fn server() -> Server {
    let server = Server::start_with(Setup { users: ROLES, ..Setup::default() }).await;
    *server.trader.capabilities.lock().unwrap() = everything();
    let mut replica = server.replica.write();
    let quote = QuoteData {
        gateway_name: "SIM".into(),
        symbol: "rb2610".into(),
        exchange: domain::Exchange::SHFE,
        quoteid: "q1".into(),
        bid: QuoteSide { price: 1.0, volume: 2.0, offset: Offset::Open },
        ask: QuoteSide { price: 3.0, volume: f64::NAN, offset: Offset::None },
        status: Status::NotTraded,
        datetime: DateTime::parse_rfc3339("2026-11-22T09:30:00.5"),
        reference: "".into(),
        vt_symbol: VtSymbol::from("rb2610.SHFE"),
        vt_quoteid: VtQuoteId::from("SIM.q1"),
        forms: NumberForms::default(),
        attributes: Attributes::default(),
    };
    replica.quotes.insert(quote.vt_quoteid.clone(), Arc::new(quote));
    let gateway = GatewayInfo {
        name: "SIM".into(),
        state: Some(GatewayState::Up),
        reason: None,
        exchanges: vec![domain::Exchange::SHFE],
        form: Vec::new(),
    };
    replica.gateways.insert("SIM".into(), Arc::new(gateway));
    for level in [10, 20, 40] {
        let line = LogData { gateway_name: "SIM".into(), msg: "连接成功".into(), level, time: None };
        replica.logs.push(Arc::new(line));
    }
    drop(replica);
    server
}

fn everything() -> Capabilities {
    Capabilities {
        quotes: true,
        history: true,
        gateways: true,
        connect: true,
        settle: true,
        logs: true,
        trading_state: true,
    }
}

/// A request that can be changed before it is sent.
#[derive(Clone)]
struct Try {
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

fn happy(server: &Server, route: &Route) -> Try {
    let (mut path, mut query, mut body) = (format!("{PREFIX}{}", route.path), Vec::new(), Map::new());
    for param in route.params.iter().filter(|param| param.required || param.place == Place::Path) {
        let value = sample(route, param);
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match param.place {
            Place::Path => path = path.replace(&format!("{{{}}}", param.name), &text),
            Place::Query => query.push(format!("{}={}", param.name, text.replace('+', "%2B"))),
            Place::Body => drop(body.insert(param.name.to_owned(), value)),
        }
    }
    if route.name == "orders.place" {
        body.extend([("price".to_owned(), json!(3600)), ("offset".to_owned(), json!("OPEN"))]);
    }
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    // A session of its own each time, for logging out ends it.
    let mut headers = vec![("Authorization".to_owned(), format!("Bearer {}", server.token_of("vnpy")))];
    if route.has_body() {
        headers.push((JSON.0.to_owned(), JSON.1.to_owned()));
    }
    let body = if route.has_body() { Value::Object(body).to_string() } else { String::new() };
    Try { path, headers, body }
}

fn sample(route: &Route, param: &Param) -> Value {
    match (param.name, param.kind) {
        ("vt_symbol", _) => json!("rb2610.SHFE"),
        ("vt_quoteid", _) => json!("SIM.q1"),
        ("vt_orderid", _) => json!("SIM.0_0_1"),
        ("vt_positionid", _) => json!("SIM.rb2610.SHFE.多"),
        ("name", _) => json!("SIM"),
        ("username" | "password", _) => json!("vnpy"),
        ("direction", _) => json!("LONG"),
        ("volume" | "price", _) => json!(1),
        ("state", _) => json!("ACTIVE"),
        ("orders", Kind::Objects(_, fields)) => {
            let one = fields.iter().filter(|field| field.required);
            json!([one.map(|field| (field.name.to_owned(), sample(route, field))).collect::<Map<_, _>>()])
        }
        ("start", _) => json!("2026-01-05T09:30:00+08:00"),
        (_, Kind::OneOf(names)) => json!(names[0]),
        (_, Kind::Number | Kind::Positive | Kind::Int(..)) => json!(1),
        (_, Kind::Flag) => json!(true),
        (name, _) => panic!("no sample of {name} of {}", route.name),
    }
}

impl Try {
    fn with(mut self, name: &str, value: &str) -> Try {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn without(mut self, name: &str) -> Try {
        self.headers.retain(|(other, _)| other != name);
        self
    }

    fn query(mut self, pair: &str) -> Try {
        self.path += if self.path.contains('?') { "&" } else { "?" };
        self.path += pair;
        self
    }

    async fn send(&self, server: &Server, route: &Route) -> Answer {
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        server.send(route.method, &self.path, &headers, &self.body).await
    }
}

/// What the document says about an operation's answers.
struct Said<'a> {
    document: &'a Value,
    responses: &'a Map<String, Value>,
}

impl Said<'_> {
    /// Checks an answer; its status.
    fn check(&self, route: &Route, answer: &Answer) -> u16 {
        let name = route.name;
        let response = self.responses.get(&answer.status.to_string());
        let response = response.unwrap_or_else(|| panic!("{name}: {} is not documented: {answer:?}", answer.status));
        assert!(answer.header("x-request-id").is_some(), "{name}: {answer:?}");
        let Some(contents) = response["content"].as_object() else {
            assert!(answer.body.is_empty(), "{name}: {answer:?}");
            return answer.status;
        };
        let (kind, content) = contents.iter().next().unwrap();
        let given = answer.header("content-type").unwrap();
        assert_eq!(given.split(';').next(), Some(kind.as_str()), "{name}: {answer:?}");
        if kind.ends_with("json") {
            let wrong = differences(self.document, &content["schema"], &answer.json(), "");
            assert!(wrong.is_empty(), "{name} {}: {wrong:#?}\n{}", answer.status, answer.text());
        }
        if answer.status >= 400 {
            let problem = answer.json();
            assert_eq!(problem["status"], answer.status);
            assert_eq!(problem["request_id"].as_str(), answer.header("x-request-id"));
            assert_eq!(problem["type"], format!("urn:webtrader:problem:{}", problem["code"].as_str().unwrap()));
        }
        answer.status
    }
}

/// Holds an answer of an operation against the document.
pub(crate) async fn check(server: &Server, route: &Route, answer: &Answer) {
    let document = server.get("/openapi.json").await.json();
    let operation = &document["paths"][format!("{PREFIX}{}", route.path)][route.method.to_lowercase()];
    Said { document: &document, responses: operation["responses"].as_object().unwrap() }.check(route, answer);
}

#[tokio::test]
async fn every_operation_ends_in_each_documented_way_and_in_no_other() {
    let server = server().await;
    let document = server.get("/openapi.json").await.json();
    let mut unseen = Vec::new();
    for route in all().filter(|route| !OWN_TESTS.contains(&route.name)) {
        let operation = &document["paths"][format!("{PREFIX}{}", route.path)][route.method.to_lowercase()];
        let said = Said { document: &document, responses: operation["responses"].as_object().unwrap() };
        let mut seen = BTreeSet::new();
        for attempt in attempts(&server, route) {
            seen.insert(said.check(route, &attempt.send(&server, route).await));
        }
        seen.extend(failures(&server, route, &said).await);
        // The first one: what is done must not have been refused for want of a good request.
        let answer = happy(&server, route).send(&server, route).await;
        assert_eq!(answer.status, route.status.as_u16(), "{}: {answer:?}", route.name);
        let documented = said.responses.keys().map(|status| status.parse::<u16>().unwrap());
        let missing =
            documented.filter(|status| !seen.contains(status) && !ELSEWHERE.iter().any(|(one, _)| one == status));
        unseen.extend(missing.map(|status| format!("{} never answered {status}", route.name)));
    }
    assert!(unseen.is_empty(), "{}", unseen.join("\n"));
}

/// Good and bad requests while all is well.
fn attempts(server: &Server, route: &Route) -> Vec<Try> {
    let good = happy(server, route);
    let mut attempts = vec![
        good.clone().query("x=%FF"),
        good.clone().query("unknown=1"),
        good.clone().without("Authorization"),
        good.clone().without("Authorization").with("Authorization", "Bearer x"),
        good.clone().without("Authorization").with("Cookie", "webtrader_session=x"),
        good.clone().without("Authorization").with("Authorization", &format!("Bearer {}", server.token_of("viewer"))),
    ];
    for param in route.params.iter().filter(|param| param.place == Place::Path) {
        let value = sample(route, param);
        let path = good.path.replace(value.as_str().unwrap(), "nothing");
        attempts.push(Try { path, ..good.clone() });
    }
    for param in route.params.iter().filter(|param| param.place == Place::Query && param.required) {
        let value = sample(route, param);
        let value = value.as_str().unwrap().replace('+', "%2B");
        attempts.push(Try { path: good.path.replace(&format!("{}={value}", param.name), ""), ..good.clone() });
        attempts.push(Try { path: good.path.replace(&format!("={value}"), "=nothing"), ..good.clone() });
    }
    if route.of_trader && !route.has_body() {
        attempts.push(good.clone().query("trader=nobody"));
        attempts.push(good.clone().query("trader=desk"));
    }
    if let Handler::List(_) = route.handler {
        attempts.push(good.clone().query("cursor=nothing"));
    }
    if route.takes("client_order_id") {
        let mut body: Value = serde_json::from_str(&good.body).unwrap();
        body["client_order_id"] = "one".into();
        attempts.push(Try { body: body.to_string(), ..good.clone() }.with("Idempotency-Key", "other"));
    }
    if route.has_body() {
        let with_body = |body: String| Try { body, ..good.clone() };
        attempts.push(with_body("[".into()));
        attempts.push(with_body("[1]".into()));
        attempts.push(with_body(format!("{{\"reference\":\"{}\"}}", "x".repeat(2 << 20))));
        attempts.push(with_body(r#"{"unknown":1}"#.into()));
        attempts.push(with_body(r#"{"trader":1}"#.into()));
        let mut other: Value = serde_json::from_str(&good.body).unwrap();
        other["trader"] = "nobody".into();
        attempts.push(with_body(other.to_string()));
        let mut other: Value = serde_json::from_str(&good.body).unwrap();
        if other.get("vt_symbol").is_some() {
            other["vt_symbol"] = "nothing.SHFE".into();
            attempts.push(with_body(other.to_string()));
        }
        if route.name == "orders.place" {
            // The same id with another content.
            let id = |volume: u32| {
                good.body.replacen("{", &format!("{{\"client_order_id\":\"x\",\"reference\":\"{volume}\","), 1)
            };
            attempts.extend([with_body(id(1)), with_body(id(2))]);
        }
        attempts.push(with_body("{}".into()).without("Content-Type").with("Content-Type", "text/plain"));
    }
    attempts.push(good);
    attempts
}

/// What the trading process and the table's version make of a good request.
async fn failures(server: &Server, route: &Route, said: &Said<'_>) -> BTreeSet<u16> {
    let mut seen = BTreeSet::new();
    let good = happy(server, route);
    if let Handler::List(_) = route.handler {
        let first = good.send(server, route).await;
        let again = good.clone().with("If-None-Match", first.header("etag").unwrap());
        seen.insert(said.check(route, &again.send(server, route).await));
    }
    server.replica.write().link = Link::Stale;
    seen.insert(said.check(route, &good.send(server, route).await));
    server.replica.write().link = Link::Live;
    for error in [
        CommandError::NotSent("x".into()),
        CommandError::Unknown("x".into()),
        CommandError::Refused("x".into()),
        CommandError::Unsupported("x".into()),
    ] {
        *server.trader.fail.lock().unwrap() = Some(error);
        seen.insert(said.check(route, &good.send(server, route).await));
        *server.trader.fail.lock().unwrap() = None;
    }
    *server.trader.capabilities.lock().unwrap() = Capabilities::default();
    seen.insert(said.check(route, &good.send(server, route).await));
    *server.trader.capabilities.lock().unwrap() = everything();
    seen
}

#[tokio::test]
async fn the_document_has_each_operation_and_no_other() {
    let server = server().await;
    let document = server.get("/openapi.json").await.json();
    let mut documented: BTreeSet<(String, String)> = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            documented.insert((method.to_uppercase(), path.clone()));
        }
    }
    for route in all() {
        assert!(documented.remove(&(route.method.to_owned(), format!("{PREFIX}{}", route.path))), "{}", route.name);
    }
    documented.retain(|(_, path)| path.starts_with(PREFIX));
    let stream = BTreeSet::from([("GET".to_owned(), "/api/v1/stream".to_owned())]);
    assert_eq!(documented, stream);
    let mut names: Vec<&str> = all().map(|route| route.name).collect();
    names.sort_unstable();
    names.windows(2).for_each(|pair| assert_ne!(pair[0], pair[1]));
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer} is not there");
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let fields = schema["properties"].as_object().into_iter().flatten();
        for (field, member) in fields.filter(|_| web::rest::v1::schema_names().contains(&name.as_str())) {
            assert!(member["description"].as_str().is_some_and(|help| !help.is_empty()), "{name}.{field} is not told");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let server = server().await;
    let missing = server.get("/api/v1/nothing").await;
    assert_eq!((missing.status, missing.json()["code"].as_str()), (404, Some("not_found")));
    let wrong = server.send("PATCH", "/api/v1/contracts", &[], "").await;
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("GET")));
    assert_eq!(wrong.json()["code"], "method_not_allowed");
    let own = server.send("GET", "/api/v1/nothing", &[("X-Request-Id", "my-id.1_a")], "").await;
    assert_eq!((own.header("x-request-id"), own.json()["request_id"].as_str()), (Some("my-id.1_a"), Some("my-id.1_a")));
    let insane = server.send("GET", "/api/v1/nothing", &[("X-Request-Id", "a b")], "").await;
    assert_ne!(insane.header("x-request-id"), Some("a b"));
}
