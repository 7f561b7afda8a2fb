//! Input that is meant to hurt.

use crate::support::{JSON, Server, Setup};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const QUOTE: &str = r#"{"vt_symbol":"rb2610.SHFE","bid_price":1,"bid_volume":1,"ask_price":2,"ask_volume":1}"#;

async fn quote(server: &Server, body: impl AsRef<[u8]>) -> (u16, String) {
    let bearer = format!("Bearer {}", server.token);
    let answer = server.send("POST", "/api/v1/quotes", &[("Authorization", &bearer), JSON], body).await;
    assert_eq!(
        answer.header("content-type").unwrap().split(';').next(),
        Some(if answer.status < 400 { "application/json" } else { "application/problem+json" })
    );
    (answer.status, answer.json()["code"].as_str().unwrap_or("").to_owned())
}

#[tokio::test]
async fn bodies_that_are_no_request_are_named_and_nothing_is_sent() {
    let server = Server::start().await;
    server.trader.capabilities.lock().unwrap().quotes = true;
    assert_eq!(quote(&server, QUOTE).await.0, 201);
    let changed = |from: &str, to: &str| QUOTE.replacen(from, to, 1);
    for volume in ["0", "-1", "-0", "\"1\"", "true", "null", "[]", "{}"] {
        let body = changed("\"bid_volume\":1", &format!("\"bid_volume\":{volume}"));
        assert_eq!(quote(&server, body).await, (422, "invalid".into()), "{volume}");
    }
    for volume in ["NaN", "Infinity", "1e999", "01", "+1", "0x1", "", "1 1"] {
        let body = changed("\"bid_volume\":1", &format!("\"bid_volume\":{volume}"));
        assert_eq!(quote(&server, body).await, (400, "malformed".into()), "{volume}");
    }
    let deep = format!("{{\"vt_symbol\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let twice = changed("\"bid_price\":1", "\"bid_price\":1,\"bid_price\":2");
    for body in [deep.as_str(), &twice, "", "null", "[]", "1", "\"x\"", "{", "{\"a\":\"\\ud800\"}"] {
        assert_eq!(quote(&server, body).await, (400, "malformed".into()), "{:.40}", body);
    }
    assert_eq!(quote(&server, b"{\"vt_symbol\":\"\xff\"}").await, (400, "malformed".into()));
    for symbol in ["", "a\\u0000b", "\\n", &"x".repeat(65)] {
        let body = changed("rb2610.SHFE", symbol);
        assert_eq!(quote(&server, body).await, (422, "invalid".into()), "{symbol:?}");
    }
    assert_eq!(quote(&server, changed("rb2610", "../../rb2610")).await, (404, "contract_not_found".into()));
}

#[tokio::test]
async fn a_large_body_is_refused_and_the_client_hears_of_it() {
    let server = Server::start().await;
    assert_eq!(quote(&server, vec![b'x'; 20_000_000]).await, (413, "body_too_large".into()));
    let bearer = format!("Bearer {}", server.token);
    let nobody = server.send("POST", "/api/v1/quotes", &[JSON], vec![b'x'; 2_000_000]).await;
    assert_eq!(nobody.status, 401, "who is not logged in sends for nothing");
    let text = server.send("POST", "/api/v1/quotes", &[("Authorization", &bearer)], QUOTE).await;
    assert_eq!((text.status, text.json()["code"].as_str()), (415, Some("media_type")));
}

/// Time stands still while anything is to be done and jumps to the next timer where nothing is.
#[tokio::test(start_paused = true)]
async fn a_body_that_dribbles_is_408() {
    let server = Server::start().await;
    let head = format!(
        "POST /api/v1/quotes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: 100\r\n\r\n{{\"a\":",
        server.token
    );
    let slow = server.raw(head.as_bytes()).await;
    assert_eq!((slow.status, slow.header("connection")), (408, Some("close")));
    assert_eq!(slow.json()["code"], "body_too_slow");
}

#[tokio::test]
async fn queries_that_are_no_query_are_named() {
    let server = Server::start().await;
    let long = format!("q={}", "x".repeat(65));
    for (query, status) in [
        ("limit=1&limit=2", 422),
        ("q=%00", 422),
        ("q=%FF", 400),
        ("%FF=1", 400),
        ("__proto__=1", 422),
        ("q", 422),
        ("q=", 422),
        (long.as_str(), 422),
        ("=", 422),
        ("&&&", 200),
        ("q=%", 200),
        ("q=%zz", 200),
    ] {
        assert_eq!(server.get(&format!("/api/v1/contracts?{query}")).await.status, status, "{query}");
    }
    for path in ["/api/v1/", "/api/v1//", "/api/v1/contracts/", "/api/v1/contracts/a/b", "/api/v1/%2e%2e", "/api/v1/%"]
    {
        assert_eq!(server.get(path).await.status, 404, "{path}");
    }
    assert_eq!(server.get("/api/v1/contracts/%FF").await.status, 404);
    assert_eq!(server.get("/api/v1/contracts/%00").await.status, 422);
    assert_eq!(
        server.get("/api/v1/bars?vt_symbol=rb2610.SHFE&interval=1m&start=2026-02-30T00:00:00Z").await.status,
        422
    );
}

#[tokio::test]
async fn methods_that_nobody_knows_are_problems() {
    let server = Server::start().await;
    for method in ["FOO", "TRACE", "OPTIONS", "HEAD", "PATCH", "DELETE"] {
        let answer = server.send(method, "/api/v1/contracts", &[], "").await;
        assert_eq!(answer.status, 405, "{method}");
    }
    // What came after such a request on the same connection is answered as if nothing was.
    let bearer = format!("Authorization: Bearer {}", server.token);
    let two = format!(
        "PUT /api/v1/contracts HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd\
         GET /api/v1/me HTTP/1.1\r\nHost: x\r\n{bearer}\r\nConnection: close\r\n\r\n"
    );
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(two.as_bytes()).await.unwrap();
    let mut out = String::new();
    stream.read_to_string(&mut out).await.unwrap();
    assert!(out.starts_with("HTTP/1.1 405") && out.contains("HTTP/1.1 200"), "{out}");
}

#[tokio::test]
async fn headers_that_are_no_login_are_401() {
    let server = Server::start().await;
    let long = format!("Bearer {}", "x".repeat(60_000));
    for value in ["Basic dm5weTp2bnB5", "Bearer", "Bearer ", "bearer x.y.z", "x", &long] {
        let answer = server.send("GET", "/api/v1/me", &[("Authorization", value)], "").await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("Bearer")), "{value:.20}");
    }
    let cookies = ["webtrader_session", "webtrader_session=", "=;;=", "webtrader_sessionx=1"];
    for cookie in cookies {
        assert_eq!(server.send("GET", "/api/v1/me", &[("Cookie", cookie)], "").await.status, 401, "{cookie}");
    }
}

#[tokio::test]
async fn an_operation_that_panics_is_a_problem() {
    let server = Server::start().await;
    // The one way to a panic that a test has: the fake trading process's own lock.
    let trader = std::sync::Arc::clone(&server.trader);
    let _ = std::thread::spawn(move || {
        let _held = trader.subscribed.lock().unwrap();
        panic!("poisons the lock");
    })
    .join();
    let answer = server.bearer("PUT", "/api/v1/subscriptions/rb2610.SHFE", "").await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (500, Some("internal")));
    assert!(answer.header("x-request-id").is_some());
    assert_eq!(server.get("/api/v1/me").await.status, 200);
}

#[tokio::test]
async fn pages_of_named_origins_may_do_all_that_a_token_may() {
    let setup = Setup { cors: vec!["https://desk.example".into()], ..Setup::default() };
    let server = Server::start_with(setup).await;
    let origin = ("Origin", "https://desk.example");
    let preflight = [origin, ("Access-Control-Request-Method", "PUT")];
    let allowed = server.send("OPTIONS", "/api/v1/subscriptions/rb2610.SHFE", &preflight, "").await;
    assert_eq!((allowed.status, allowed.header("access-control-allow-methods")), (204, Some("GET, POST, PUT, DELETE")));
    let bearer = format!("Bearer {}", server.token);
    let answer = server.send("GET", "/api/v1/me", &[origin, ("Authorization", &bearer)], "").await;
    assert!(answer.header("access-control-expose-headers").unwrap().contains("x-request-id"));
    let cookie = format!("webtrader_session={}", server.token);
    let with_cookie = server.send("PUT", "/api/v1/subscriptions/rb2610.SHFE", &[origin, ("Cookie", &cookie)], "").await;
    assert_eq!(with_cookie.status, 403, "not with our cookie");
}
