//! Input that is meant to hurt, and where we differ from upstream because money depends on it.

use crate::support::{JSON, ORDER, Server, Setup};
use domain::{Direction, Offset, OrderType};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn numbers_that_no_venue_can_take_are_named_and_nothing_is_sent() {
    let server = Server::start().await;
    let not_finite = ["NaN", "Infinity", "-Infinity", "1e999", "-1e309", "\"nan\"", "\"inf\"", "\"1e999\""];
    let not_positive = ["0", "-1", "-0", "-0.0", "0.0", "false", "\"-1\""];
    let volume = |text: &str| ORDER.replace("\"volume\":1", &format!("\"volume\":{text}"));
    let price = |text: &str| ORDER.replace("\"price\":3000.0", &format!("\"price\":{text}"));
    let huge = format!("1{}", "0".repeat(400));
    for text in not_finite {
        for (field, body) in [("volume", volume(text)), ("price", price(text))] {
            let answer = server.post_order(body).await;
            let error = &answer.json()["detail"][0];
            assert_eq!(
                (answer.status, error["loc"][1].as_str(), error["type"].as_str()),
                (422, Some(field), Some("finite_number")),
                "{text}"
            );
        }
    }
    assert!(server.post_order(volume(&huge)).await.text().contains("finite_number"));
    for text in not_positive {
        let answer = server.post_order(volume(text)).await;
        let error = &answer.json()["detail"][0];
        assert_eq!(
            (answer.status, error["type"].as_str(), &error["ctx"]["gt"]),
            (422, Some("greater_than"), &0.0.into()),
            "{text}"
        );
    }
    assert!(server.trader.sent.lock().unwrap().is_empty());
    assert_eq!(server.post_order(price("-1")).await.status, 200, "spreads have negative prices");
}

#[tokio::test]
async fn both_languages_and_member_names_mean_the_same() {
    let server = Server::start().await;
    for (direction, kind, offset) in
        [("多", "限价", "开"), ("Long", "Limit", "Open"), ("LONG", "LIMIT", "OPEN"), ("多", "Limit", "OPEN")]
    {
        let body = ORDER.replace("多", direction).replace("限价", kind).replace("开", offset);
        assert_eq!(server.post_order(body).await.status, 200);
    }
    let sent = server.trader.sent.lock().unwrap().clone();
    assert!(sent.iter().all(|request| *request == sent[0]));
    assert_eq!(
        (sent[0].direction, sent[0].order_type, sent[0].offset),
        (Direction::Long, OrderType::Limit, Offset::Open)
    );
}

#[tokio::test]
async fn an_exchange_of_a_fork_is_taken_where_it_has_the_contract() {
    let server = Server::start().await;
    let order = |symbol: &str, exchange: &str| ORDER.replace("rb2610", symbol).replace("SHFE", exchange);
    assert_eq!(server.post_order(order("BTCUSDT", "BINANCE")).await.status, 200);
    assert_eq!(server.post_order(order("rb2610", "BINANCE")).await.status, 422);
    assert_eq!(server.post_order(order("rb2610", "EUREX")).await.status, 404);
}

#[tokio::test]
async fn texts_that_are_no_unicode_are_named() {
    let server = Server::start().await;
    for (body, kind) in [
        (ORDER.replace("WebTrader", "\\ud800"), "string_unicode"),
        (ORDER.replace("rb2610", "\\udc00\\ud800"), "string_unicode"),
        ("\"\\ud800\"".to_owned(), "model_attributes_type"),
        ("NaN".to_owned(), "model_attributes_type"),
    ] {
        let answer = server.post_order(&body).await;
        assert_eq!((answer.status, answer.json()["detail"][0]["type"].as_str()), (422, Some(kind)), "{body}");
    }
    let gbk = [ORDER.split("WebTrader").next().unwrap().as_bytes(), b"\xc2\xdd\xce\xc6\"}"].concat();
    for body in [gbk.as_slice(), b"{\"symbol\": \"\xe9\"}", b"{\"symbol\": \"\xc0\x80\"}"] {
        let answer = server.post_order(body).await;
        assert_eq!((answer.status, answer.text()), (400, r#"{"detail":"There was an error parsing the body"}"#));
    }
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for body in [format!("\u{feff}{ORDER}").into_bytes(), wide(ORDER), wide(&format!("\u{feff}{ORDER}"))] {
        assert_eq!(server.post_order(body).await.status, 200, "Python's json takes it, so do we");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(server.post_order(deep).await.status, 400);
    let twice = format!("{}, \"price\": 2990, \"volume\": 2}}", &ORDER[..ORDER.len() - 1]);
    assert_eq!(server.post_order(twice).await.status, 200);
    assert_eq!(server.trader.sent.lock().unwrap().last().unwrap().price.to_bits(), 2990f64.to_bits());
}

#[tokio::test]
async fn a_body_of_60_mb_is_refused_and_the_client_hears_of_it() {
    let server = Server::start().await;
    let body = [b"{\"symbol\": \"".as_slice(), &vec![b'x'; 60_000_000], b"\"}"].concat();
    for _ in 0..2 {
        let answer = server.send("POST", "/order", &[JSON], &body).await;
        assert_eq!(answer.status, 413);
        assert!(answer.json()["detail"].is_string());
    }
    // No length, just more and more of it.
    let chunk = [b"10000\r\n".as_slice(), &vec![b'x'; 0x10000], b"\r\n"].concat();
    let head =
        "POST /order HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answer = server.raw(&[head.as_bytes(), &chunk.repeat(20)].concat()).await;
    assert_eq!(answer.status, 413);
    assert_eq!(server.get("/account").await.status, 200);
}

/// Time stands still while anything is to be done and jumps to the next timer where nothing is.
#[tokio::test(start_paused = true)]
async fn clients_that_dribble_are_cut() {
    let server = Server::start().await;
    for head in ["", "G", "GET /account HTTP/1.1\r\nHost: x\r\nX-Slow: "] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let before = tokio::time::Instant::now();
        let _ = stream.read_to_end(&mut Vec::new()).await;
        assert!(before.elapsed() <= web::limits::HEADER_TIME * 2, "{head:?} stayed {:?}", before.elapsed());
    }
    let head =
        "POST /order HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"a\":";
    let slow = server.raw(head.as_bytes()).await;
    assert_eq!((slow.status, slow.header("connection")), (408, Some("close")));
}

#[tokio::test]
async fn noise_ends_its_own_connection_only() {
    let server = Server::start().await;
    let all_bytes: Vec<u8> = (0..=255).cycle().take(12_800).collect();
    let large = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Large: {}\r\n\r\n", "x".repeat(200_000));
    let many = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-Many: y\r\n".repeat(5000));
    let noise: [&[u8]; 9] = [
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /order HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /order HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        &all_bytes,
        large.as_bytes(),
        many.as_bytes(),
    ];
    for bytes in noise {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
        let mut out = Vec::new();
        let _ = stream.read_to_end(&mut out).await;
        let answer = crate::support::Answer::parse(&out);
        assert!([0, 400, 431].contains(&answer.status), "{answer:?}");
        assert_eq!(server.get("/account").await.status, 200);
    }
    let unknown = server.send("FOO", "/account", &[], "").await;
    assert_eq!((unknown.status, unknown.text()), (400, "Invalid HTTP request received."));
}

#[tokio::test]
async fn a_request_that_panics_is_500_for_itself_alone() {
    let server = Server::start().await;
    let answer = server.post_order(ORDER.replace("\"volume\":1", "\"volume\":1500000")).await;
    assert_eq!((answer.status, answer.text()), (500, "Internal Server Error"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(server.get("/account").await.status, 200);
}

#[tokio::test]
async fn pages_of_other_origins_get_nothing_unless_they_are_named() {
    let origin = ("Origin", "https://desk.example");
    let preflight = [origin, ("Access-Control-Request-Method", "POST")];
    let off = Server::start().await;
    assert_eq!(off.send("OPTIONS", "/order", &preflight, "").await.status, 405);
    assert_eq!(off.send("GET", "/account", &[origin], "").await.header("access-control-allow-origin"), None);
    let on = Server::start_with(Setup { cors: vec!["https://desk.example/".into()], ..Setup::default() }).await;
    let allowed = on.send("OPTIONS", "/order", &preflight, "").await;
    assert_eq!((allowed.status, allowed.header("access-control-allow-origin")), (204, Some("https://desk.example")));
    assert!(allowed.header("access-control-allow-headers").unwrap().contains("authorization"));
    let answer = on.send("GET", "/account", &[origin], "").await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://desk.example"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    let other = on.send("GET", "/account", &[("Origin", "https://evil.example")], "").await;
    assert_eq!(other.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn requests_sent_in_one_go_are_answered_in_order() {
    let server = Server::start().await;
    let one = |path: &str, close: &str| {
        format!("GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n{close}\r\n", server.token)
    };
    let three = [one("/account", ""), one("/healthz", ""), one("/position", "Connection: close\r\n")].concat();
    let answer = server.raw(three.as_bytes()).await;
    let text = String::from_utf8(answer.body).unwrap();
    let places: Vec<usize> = ["vt_accountid", "\"ok\"", "vt_positionid"].map(|mark| text.find(mark).unwrap()).to_vec();
    assert!(places.is_sorted(), "{places:?}");
}
