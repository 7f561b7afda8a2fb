//! Each route of the table: happy, logged out, refused, and with the trading process away.

use crate::support::{JSON, ORDER, ROLES, Server, Setup};
use web::command::CommandError;
use web::replica::Link;
use web::rest::routes::{Handler, ROUTES, Route};

#[tokio::test]
async fn lists_answer_as_upstream() {
    let server = Server::start().await;
    let accounts = server.get("/account").await;
    assert_eq!(accounts.status, 200);
    assert_eq!(
        accounts.text(),
        r#"[{"gateway_name":"SIM","accountid":"88001234","balance":1000000.0,"frozen":0,"available":1000000.0,"vt_accountid":"SIM.88001234"},{"gateway_name":"SIM","accountid":"USD","balance":0.00005,"frozen":0,"available":0.00005,"vt_accountid":"SIM.USD"}]"#
    );
    for (path, rows) in [("/tick", 1), ("/order", 1), ("/trade", 1), ("/position", 1), ("/contract", 8)] {
        let answer = server.get(path).await;
        assert_eq!((answer.status, answer.json().as_array().unwrap().len()), (200, rows), "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()));
    }
    let tick = server.get("/tick").await.json();
    assert!(tick[0]["high_price"].is_null() && tick[0]["limit_up"].is_null());
}

#[tokio::test]
async fn an_order_goes_the_whole_way_and_is_in_the_next_list() {
    let server = Server::start().await;
    let sent = server.post_order(ORDER).await;
    assert_eq!((sent.status, sent.text()), (200, r#""SIM.1_100_1""#));
    let orders = server.get("/order").await.json();
    assert_eq!(orders[1]["vt_orderid"], "SIM.1_100_1");
    assert_eq!(orders[1]["reference"], "WebTrader");
    let cancelled = server.bearer("DELETE", "/order/SIM.1_100_1", "").await;
    assert_eq!((cancelled.status, cancelled.text()), (200, "null"));
    assert_eq!(*server.trader.cancelled.lock().unwrap(), ["SIM.1_100_1"]);
    let subscribed = server.bearer("POST", "/tick/a.b.SMART", "{").await;
    assert_eq!((subscribed.status, subscribed.text()), (200, "null"));
    assert_eq!(*server.trader.subscribed.lock().unwrap(), ["a.b.SMART"]);
    let refused = server.post_order(ORDER.replace("\"volume\":1", "\"volume\":14")).await;
    assert_eq!((refused.status, refused.text()), (200, r#""""#));
}

/// A request of this route that succeeds, as method, path and body.
fn request(route: &Route) -> (&'static str, String, &'static str) {
    let method = route.methods.split(", ").next().unwrap();
    let path = route
        .path
        .replace("{vt_symbol}", "rb2610.SHFE")
        .replace("{vt_orderid}", "SIM.0_0_1")
        .replace("{*}", "no-such-file");
    let body = if route.handler == Handler::SendOrder { ORDER } else { "" };
    (method, path, body)
}

/// What the routes are for: pages and probes need no login, the rest does.
fn is_public(handler: Handler) -> bool {
    match handler {
        Handler::Asset | Handler::OpenApi | Handler::Health | Handler::Ready | Handler::Login => true,
        // From the machine itself, which a test is.
        Handler::Metrics => true,
        Handler::List(_) | Handler::Subscribe | Handler::SendOrder | Handler::CancelOrder => false,
    }
}

/// Whether the trading process has to be there.
fn needs_trader(handler: Handler) -> bool {
    match handler {
        Handler::List(_) | Handler::Subscribe | Handler::SendOrder | Handler::CancelOrder | Handler::Ready => true,
        Handler::Asset | Handler::OpenApi | Handler::Health | Handler::Login | Handler::Metrics => false,
    }
}

#[tokio::test]
async fn every_route_of_the_table_happy_logged_out_and_away() {
    let server = Server::start().await;
    for route in ROUTES {
        let (method, path, body) = request(route);
        let happy = server.bearer(method, &path, body).await;
        let wanted = match route.handler {
            Handler::Login => 422,
            // The terminal is built by another tool chain and may be missing in a test.
            Handler::Asset => happy.status,
            _ => 200,
        };
        assert_eq!(happy.status, wanted, "{method} {path}: {happy:?}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("server", "webtrader"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(happy.header(name), Some(value), "{path}");
        }
        let policy = happy.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-eval"), "{path}: {policy}");
        assert_eq!(happy.header("access-control-allow-origin"), None, "CORS is off");
        let logged_out = server.send(method, &path, &[JSON], body).await;
        assert_eq!(logged_out.status == 401, !is_public(route.handler), "{method} {path}: {logged_out:?}");
    }
    for link in [Link::Stale, Link::Connecting, Link::Syncing] {
        server.replica.write().link = link;
        for route in ROUTES.iter().filter(|route| needs_trader(route.handler)) {
            let (method, path, body) = request(route);
            let away = server.bearer(method, &path, body).await;
            assert_eq!((away.status, away.header("retry-after")), (503, Some("1")), "{method} {path}");
            assert!(away.json()["detail"].is_string());
        }
    }
    assert!(server.trader.sent.lock().unwrap().len() == 1, "nothing is sent while the trading process is away");
}

#[tokio::test]
async fn who_may_only_look_sends_nothing() {
    let server = Server::start_with(Setup { users: ROLES, ..Setup::default() }).await;
    for (user, sends) in [("viewer", false), ("trader", true), ("vnpy", true)] {
        let token = server.token_of(user);
        for route in ROUTES {
            let (method, path, body) = request(route);
            let answer = server.with(&token, method, &path, body).await;
            let is_refused = !sends && matches!(route.handler, Handler::SendOrder | Handler::CancelOrder);
            assert_eq!(answer.status == 403, is_refused, "{user} {method} {path}: {answer:?}");
            assert!(!is_refused || answer.json()["detail"].as_str().unwrap().contains("viewer"));
        }
        assert_eq!(server.with(&token, "POST", "/order", "{").await.status, 422, "as upstream: first what is no JSON");
        assert_eq!(server.with(&token, "POST", "/order", "{}").await.status, if sends { 422 } else { 403 });
    }
    assert_eq!(server.trader.sent.lock().unwrap().len(), 2);
    assert_eq!(server.trader.cancelled.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn what_makes_the_page_installable_is_served_as_what_it_is() {
    let server = Server::start().await;
    let manifest = server.send("GET", "/manifest.webmanifest", &[], "").await.json();
    let icons: Vec<String> =
        manifest["icons"].as_array().unwrap().iter().map(|icon| icon["src"].as_str().unwrap().to_owned()).collect();
    assert!(icons.len() > 2, "{manifest}");
    let mut wanted = vec![("/sw.js", "text/javascript"), ("/manifest.webmanifest", "application/manifest+json")];
    wanted.extend([("/offline.html", "text/html"), ("/offline.css", "text/css")]);
    let kind = |path: &str| if path.ends_with(".svg") { "image/svg+xml" } else { "image/png" };
    wanted.extend(icons.iter().map(|path| (path.as_str(), kind(path))));
    for (path, kind) in wanted {
        let answer = server.send("GET", path, &[], "").await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type").unwrap().split(';').next(), Some(kind), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "a new one has to be found at once");
        assert!(answer.header("etag").is_some());
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("worker-src 'self'") && policy.contains("manifest-src 'self'"), "{policy}");
    }
}

#[tokio::test]
async fn a_command_ends_in_one_of_three_ways() {
    let server = Server::start().await;
    let cases = [
        (CommandError::NotSent("no link".into()), 503),
        (CommandError::Unknown("no answer within 10 s".into()), 504),
        (CommandError::Refused("ValueError: bad".into()), 500),
        (CommandError::Unsupported("no ETF before 4.1".into()), 501),
    ];
    for (error, status) in cases {
        *server.trader.fail.lock().unwrap() = Some(error.clone());
        for (method, path, body) in
            [("POST", "/order", ORDER), ("DELETE", "/order/SIM.0_0_1", ""), ("POST", "/tick/rb2610.SHFE", "")]
        {
            let answer = server.bearer(method, path, body).await;
            assert_eq!(answer.status, status, "{method} {path}");
            assert!(answer.json()["detail"].as_str().unwrap().contains(error.to_string().split(": ").last().unwrap()));
            assert_eq!(answer.header("retry-after").is_some(), status == 503);
        }
    }
}

#[tokio::test]
async fn the_state_of_the_link_is_told() {
    let server = Server::start().await;
    let live = server.get("/api/v1/traders").await;
    let begin = r#"[{"name":"desk","dialect":"webtrader","state":"live","stale_since":null,"event_age_ms":7,"#;
    assert!(live.text().starts_with(begin), "{}", live.text());
    server.replica.write().link = Link::Stale;
    let stale = server.get("/api/v1/traders").await.json();
    assert_eq!(
        (stale[0]["state"].as_str(), stale[0]["stale_since"].as_str()),
        (Some("stale"), Some("2026-01-05T01:30:00.5Z"))
    );
    assert_eq!(server.get("/healthz").await.status, 200);
    let metrics = server.get("/metrics").await;
    assert!(
        metrics.text().contains("webtrader_link_live{trader=\"desk\"} 0\n")
            && metrics.text().contains("webtrader_rows{trader=\"desk\",table=\"contract\"} 8\n")
    );
}

#[tokio::test]
async fn the_document_describes_each_route_and_nothing_else() {
    let server = Server::start().await;
    let document = server.get("/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap();
    let documented = |method: &str, path: &str| paths.get(path).is_some_and(|methods| methods.get(method).is_some());
    for route in ROUTES {
        let path = route.path.replace("{*}", "{path}");
        for method in route.methods.split(", ").filter(|method| *method != "HEAD") {
            assert!(documented(&method.to_lowercase(), &path), "{method} {path} is not in openapi.json");
        }
    }
    for (path, methods) in paths {
        for method in methods.as_object().unwrap().keys() {
            let routed = ROUTES.iter().any(|route| {
                route.path.replace("{*}", "{path}") == *path && route.methods.contains(&method.to_uppercase())
            });
            assert!(routed || path == "/ws/" || path.starts_with("/api/v1/"), "{method} {path} is no route");
        }
    }
    for reference in server.get("/openapi.json").await.text().split("\"$ref\": \"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"].get(name).is_some(), "{name} is not there");
    }
}

#[tokio::test]
async fn the_documented_fields_are_the_ones_that_are_answered() {
    let server = Server::start().await;
    let document = server.get("/openapi.json").await.json();
    for (path, schema) in [
        ("/tick", "TickData"),
        ("/order", "OrderData"),
        ("/trade", "TradeData"),
        ("/position", "PositionData"),
        ("/account", "AccountData"),
        ("/contract", "ContractData"),
        ("/api/v1/traders", "Trader"),
    ] {
        let rows = server.get(path).await.json();
        let answered: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
        let documented: Vec<&String> =
            document["components"]["schemas"][schema]["properties"].as_object().unwrap().keys().collect();
        assert_eq!(answered, documented, "{path}");
    }
}
