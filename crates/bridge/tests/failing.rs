//! What goes wrong: strangers, garbage, slow readers, gaps, new epochs, late answers.

mod peer;

use bridge::*;
use peer::*;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;
use tokio::net::UnixListener;

const DEADLINE: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn a_client_with_another_secret_is_turned_away() {
    let folder = private_folder();
    let trader = trader(secured("tcp://127.0.0.1:0", folder.path()), simple).await;
    let wrong = Some(Secret::new("another secret of a sufficient length"));
    let (caller, mut subscriber) = client(ClientConfig { secret: wrong, ..to(&trader.address) });
    assert!(lost(&mut subscriber).await.contains("secret"));
    let none = caller.send_order(order(), "SIM".into(), DEADLINE).await;
    assert!(matches!(none, Err(CallError::NotSent(_))), "{none:?}");
    let (_caller, mut subscriber) = client(to(&trader.address));
    assert!(lost(&mut subscriber).await.contains("none is configured"));
    assert!(trader.publisher.stats().rejected > 0 && trader.publisher.stats().connections == 0);
    trader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trading_process_that_does_not_know_the_secret_gets_no_order() {
    let folder = private_folder();
    let trader = trader(unix(&folder), simple).await;
    let secret = Some(Secret::new("a secret that the other side does not know"));
    let (caller, mut subscriber) = client(ClientConfig { secret, ..to(&trader.address) });
    assert!(lost(&mut subscriber).await.contains("does not know the secret"));
    assert!(matches!(caller.ping(DEADLINE).await, Err(CallError::NotSent(_))));
    trader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_certificate_is_noticed_before_anything_is_said() {
    let folder = private_folder();
    let config = secured("tls://127.0.0.1:0", folder.path());
    let secret = config.secret.clone();
    let trader = trader(config, simple).await;
    let fingerprint = Some(Certificate::make().expect("made").fingerprint());
    let (_caller, mut subscriber) = client(ClientConfig { secret: secret.clone(), fingerprint, ..to(&trader.address) });
    assert!(lost(&mut subscriber).await.contains("fingerprint"));
    let (_caller, mut subscriber) = client(ClientConfig { secret, ..to(&trader.address) });
    assert!(lost(&mut subscriber).await.contains("needs the fingerprint"));
    trader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_listens_where_strangers_could_come_in() {
    let folder = private_folder();
    let stop = tokio_util::sync::CancellationToken::new();
    let bind = |config: ServerConfig| {
        let stop = stop.clone();
        async move { Server::bind(config, &stop).await.err() }
    };
    let mut config = secured("tcp://127.0.0.1:0", folder.path());
    config.secret = None;
    assert!(matches!(bind(config).await, Some(BindError::NoSecret(_))));
    let mut config = secured("tls://127.0.0.1:0", folder.path());
    config.certificate = None;
    assert!(matches!(bind(config).await, Some(BindError::NoCertificate(_))));
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("opened");
    assert!(matches!(bind(unix(&folder)).await, Some(BindError::OpenFolder(_))));
    let with_secret = ServerConfig { secret: Some(Secret::new("x")), ..unix(&folder) };
    assert!(bind(with_secret).await.is_none(), "with a secret the folder may be open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_file_of_a_dead_process_is_in_nobodys_way() {
    let folder = private_folder();
    drop(UnixListener::bind(folder.path().join("bridge.sock")).expect("a socket"));
    assert!(folder.path().join("bridge.sock").exists());
    let first = trader(unix(&folder), simple).await;
    let second = Server::bind(unix(&folder), &tokio_util::sync::CancellationToken::new()).await;
    assert!(matches!(second.err(), Some(BindError::Listen { .. })), "one that lives is left alone");
    first.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_ends_its_own_connection_and_no_other() {
    let folder = private_folder();
    let trader = trader(unix(&folder), simple).await;
    let (caller, mut subscriber) = client(to(&trader.address));
    connected(&mut subscriber).await;
    let deep = format!("{{\"id\":1,\"method\":\"ping\",\"params\":{}1{}}}\n", "[".repeat(5000), "]".repeat(5000));
    let not_utf8: &[u8] = b"{\"id\":1,\"method\":\"\xff\"}\n";
    for garbage in [b"GET / HTTP/1.1\r\n\r\n", not_utf8, b"[]\n", b"{\"id\":-1,\"method\":\"ping\"}\n", b"\n"] {
        let mut raw = Raw::client(&trader.address).await;
        raw.write(garbage).await;
        assert_eq!(raw.line_of("bye").await["reason"], "malformed", "{garbage:?}");
    }
    let mut raw = Raw::client(&trader.address).await;
    raw.write(deep).await;
    assert_ne!(raw.line_of("reply").await["ok"], serde_json::Value::Null, "depth is skipped or refused, not recursed");
    let mut raw = Raw::open(&trader.address).await;
    raw.write("{\"type\":\"hello\",\"protocol\":\"webtrader-bridge\",\"versions\":[2],\"nonce\":\"00\"}\n").await;
    assert_eq!(raw.line().await["reason"], "protocol");
    caller.ping(DEADLINE).await.expect("the good connection lives");
    trader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_without_end_is_cut_at_its_bound() {
    let folder = private_folder();
    let trader = trader(unix(&folder), simple).await;
    let mut stranger = Raw::open(&trader.address).await;
    stranger.write("x".repeat(limits::HELLO_BYTES + 1)).await;
    assert!(stranger.line().await.is_null(), "a stranger gets {} bytes", limits::HELLO_BYTES);
    let mut raw = Raw::client(&trader.address).await;
    for _ in 0..=16 {
        raw.write("x".repeat(limits::REQUEST_BYTES / 16)).await;
    }
    assert!(["malformed", ""].contains(&raw.line_of("bye").await["reason"].as_str().unwrap_or("")));
    trader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_does_not_read_is_cut_and_costs_nobody_anything() {
    let folder = private_folder();
    let trader = trader(unix(&folder), simple).await;
    let _sleeper = Raw::client(&trader.address).await;
    let (_caller, mut subscriber) = client(to(&trader.address));
    connected(&mut subscriber).await;
    let text = "x".repeat(100_000);
    let number = limits::BACKLOG_BYTES / 100_000 + 50;
    for told in 0..number {
        trader.publisher.fact(log(&text));
        // The reader that reads shows that the pump has come this far.
        if told % 50 == 49 {
            events(&mut subscriber, 50).await;
        }
    }
    events(&mut subscriber, number % 50).await;
    let deadline = std::time::Instant::now() + PATIENCE;
    while trader.publisher.stats().cut == 0 {
        assert!(std::time::Instant::now() < deadline, "the sleeper is cut");
        // waits: for the stall time of the writer
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    trader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_number_a_new_epoch_and_a_lost_heartbeat_are_one_path() {
    let folder = private_folder();
    let path = folder.path().join("bridge.sock");
    let listener = UnixListener::bind(&path).expect("bound");
    let (caller, mut subscriber) = client(to(&Address::Unix(path)));
    let fact = |seq: u64| {
        format!("{{\"type\":\"fact\",\"seq\":{seq},\"kind\":\"log\",\"data\":{{\"msg\":\"x\",\"level\":20}}}}\n")
    };

    let mut raw = Raw::server(listener.accept().await.expect("it comes").0, "a", 10).await;
    assert_eq!(connected(&mut subscriber).await.seq, 10);
    raw.write(fact(11)).await;
    events(&mut subscriber, 1).await;
    raw.write(fact(13)).await;
    assert_eq!(lost(&mut subscriber).await, "fact 12 is missing: 13 came");

    let mut raw = Raw::server(listener.accept().await.expect("it comes again").0, "b", 0).await;
    assert_eq!(connected(&mut subscriber).await.epoch, "b");
    raw.write("{\"type\":\"heartbeat\",\"seq\":2}\n").await;
    assert_eq!(lost(&mut subscriber).await, "fact 0 is missing: 2 came");

    let _silent = Raw::server(listener.accept().await.expect("and again").0, "c", 0).await;
    connected(&mut subscriber).await;
    assert!(lost(&mut subscriber).await.contains("no heartbeat"));
    assert!(matches!(caller.ping(DEADLINE).await, Err(CallError::NotSent(_))), "nothing is queued while it is away");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_keeps_no_other_one_away() {
    let folder = private_folder();
    let path = folder.path().join("bridge.sock");
    let listener = UnixListener::bind(&path).expect("bound");
    let (caller, mut subscriber) = client(to(&Address::Unix(path)));
    let mut raw = Raw::server(listener.accept().await.expect("it comes").0, "a", 0).await;
    connected(&mut subscriber).await;
    let tick = |price: &str| {
        format!("{{\"symbol\":\"a\",\"exchange\":\"SHFE\",\"vt_symbol\":\"a.SHFE\",\"last_price\":{price}}}")
    };
    let data = format!("[{},{},{}]", tick("\"much\""), tick("1.5"), tick("[]"));
    raw.write(format!(
        "{{\"type\":\"ticks\",\"data\":{data}}}\n\
         {{\"type\":\"fact\",\"seq\":1,\"kind\":\"order\",\"data\":{{\"exchange\":\"MARS\"}}}}\n\
         {{\"type\":\"weather\",\"seq\":99}}\n\
         {{\"type\":\"fact\",\"seq\":2,\"kind\":\"moon.phase\",\"data\":[1]}}\n"
    ))
    .await;
    let heard = events(&mut subscriber, 2).await;
    assert!(
        heard.iter().any(|event| matches!(event, Event::Fact(2, Fact::Other { kind, .. }) if kind == "moon.phase"))
    );
    assert_eq!(caller.skipped(), 3);
    let (snapshot, ()) = tokio::join!(caller.snapshot(DEADLINE), async {
        let id = raw.line_of_method("snapshot").await["id"].as_u64().expect("an id");
        let head = format!("{{\"type\":\"reply\",\"id\":{id},\"ok\":true");
        raw.write(format!(
            "{head},\"more\":true,\"data\":{{\"table\":\"ticks\",\"rows\":{data}}}}}\n\
             {head},\"more\":true,\"data\":{{\"table\":\"weather\",\"rows\":[1]}}}}\n\
             {head},\"data\":{{\"epoch\":\"a\",\"seq\":2}}}}\n"
        ))
        .await;
    });
    assert_eq!(snapshot.expect("taken").ticks.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_is_a_new_epoch() {
    let folder = private_folder();
    let first = trader(unix(&folder), simple).await;
    let (caller, mut subscriber) = client(to(&first.address));
    let before = connected(&mut subscriber).await;
    caller.send_order(order(), "SIM".into(), DEADLINE).await.expect("sent");
    first.stop().await;
    lost(&mut subscriber).await;
    let second = trader(unix(&folder), simple).await;
    let after = connected(&mut subscriber).await;
    assert!(after.epoch != before.epoch && after.seq == 0);
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_and_not_answered_is_unknown_and_a_late_answer_is_dropped() {
    let folder = private_folder();
    let path = folder.path().join("bridge.sock");
    let listener = UnixListener::bind(&path).expect("bound");
    let (caller, mut subscriber) = client(to(&Address::Unix(path)));
    let mut raw = Raw::server(listener.accept().await.expect("it comes").0, "a", 0).await;
    connected(&mut subscriber).await;
    let (asked, line) = tokio::join!(
        caller.send_order(order(), "SIM".into(), Duration::from_millis(50)),
        raw.line_of_method("send_order")
    );
    assert!(matches!(asked, Err(CallError::Unknown(_))), "{asked:?}");
    let late = line["id"].as_u64().expect("an id");
    let (asked, ()) = tokio::join!(caller.trading_state(DEADLINE), async {
        let id = raw.line_of_method("trading_state").await["id"].as_u64().expect("an id");
        assert_ne!(id, late);
        raw.write(format!(
            "{{\"type\":\"reply\",\"id\":{late},\"ok\":true,\"data\":{{\"vt_orderid\":\"SIM.1\"}}}}\n\
             {{\"type\":\"reply\",\"id\":{id},\"ok\":true,\"data\":{{\"state\":\"HALTED\"}}}}\n"
        ))
        .await;
    });
    assert_eq!(asked, Ok(domain::TradingState::Halted));
    let (asked, ()) = tokio::join!(caller.send_order(order(), "SIM".into(), DEADLINE), async {
        raw.line_of_method("send_order").await;
        drop(raw);
    });
    assert!(matches!(&asked, Err(CallError::Unknown(why)) if why.contains("lost")), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_a_refused_command_came_is_told() {
    let folder = private_folder();
    let trader = trader(unix(&folder), simple).await;
    let (caller, mut subscriber) = client(to(&trader.address));
    connected(&mut subscriber).await;
    let cancel = order().to_order("1", "SIM").cancel_request();
    let dropped = caller.cancel_order(cancel, "SIM".into(), DEADLINE).await;
    assert!(matches!(dropped, Err(CallError::Unknown(_))), "nobody answered: {dropped:?}");
    let missing = caller.gateways(DEADLINE).await;
    assert!(matches!(&missing, Err(CallError::Refused(refusal)) if refusal.code == Code::Unsupported), "{missing:?}");
    let mut raw = Raw::client(&trader.address).await;
    raw.write("{\"id\":7,\"method\":\"snapshot\",\"deadline_ms\":0}\n").await;
    assert_eq!(raw.line_of("reply").await["error"]["code"], "late", "what comes too late is not begun");
    trader.stop().await;
}
