//! Roles, and what is one's own: settings, password, sessions; what the server says about itself.

use crate::contract::check;
use crate::socket::Socket;
use crate::support::{Answer, JSON, PASSWORD, ROLES, Server, Setup};
use serde_json::{Value, json};
use web::auth::Role;
use web::rest::v1::routes::{PREFIX, all};

/// A server with somebody of each role.
pub(crate) async fn server() -> Server {
    Server::start_with(Setup { users: ROLES, ..Setup::default() }).await
}

/// Sends a request, and holds the answer against the document; its status and code.
pub(crate) async fn ask(server: &Server, token: &str, name: &str, path: &str, body: &Value) -> (u16, Answer) {
    let route = all().find(|route| route.name == name).unwrap();
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = server.with(token, route.method, &format!("{PREFIX}{path}"), &body).await;
    check(server, route, &answer).await;
    (answer.status, answer)
}

pub(crate) fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or("").to_owned()
}

#[tokio::test]
async fn the_table_says_what_each_role_may_and_the_server_keeps_to_it() {
    let server = server().await;
    for (user, role) in ROLES {
        let token = server.token_of(user);
        let me = server.with(&token, "GET", "/api/v1/me", "").await.json();
        assert_eq!((me["user"].as_str(), me["role"].as_str()), (Some(*user), Some(role.name())));
        for route in all().filter(|route| !route.public) {
            // Its own session each time: one of them ends it.
            let token = server.token_of(user);
            let path = format!("{PREFIX}{}", route.path.replace(['{', '}'], ""));
            let answer = server.with(&token, route.method, &path, "[").await;
            let is_forbidden = answer.status == 403 && code(&answer) == "forbidden";
            assert_eq!(is_forbidden, *role < route.needs, "{user} {}: {answer:?}", route.name);
        }
    }
    let least = |name: &str| all().find(|route| route.name == name).unwrap().needs;
    for (name, role) in [
        ("orders.list", Role::Viewer),
        ("orders.place", Role::Trader),
        ("orders.cancel", Role::Trader),
        ("orders.acknowledge", Role::Trader),
        ("trading_state.set", Role::Trader),
        ("gateways.connect", Role::Trader),
        ("gateways.settle", Role::Admin),
        ("subscriptions.put", Role::Viewer),
        ("settings.set", Role::Viewer),
        ("users.list", Role::Admin),
    ] {
        assert_eq!(least(name), role, "{name}");
    }
    assert!(server.trader.sent.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_streams_calls_know_roles_too_and_see_a_new_one_at_once() {
    let server = server().await;
    let mut viewer = Socket::open(server.address, &server.token_of("viewer")).await;
    let order = json!({ "vt_symbol": "rb2610.SHFE", "direction": "LONG", "type": "LIMIT", "volume": 1, "price": 3000, "offset": "OPEN" });
    let refused = viewer.call("orders.place", &order).await;
    assert_eq!((refused["ok"].as_bool(), refused["error"]["code"].as_str()), (Some(false), Some("forbidden")));
    assert_eq!(refused["error"]["type"], "urn:webtrader:problem:forbidden");
    assert_eq!(viewer.call("orders.list", &json!({})).await["ok"], true);
    assert_eq!(viewer.call("users.list", &json!({})).await["error"]["code"], "forbidden");
    assert!(server.trader.sent.lock().unwrap().is_empty());
    let admin = server.token_of("vnpy");
    let (status, _) = ask(&server, &admin, "users.change", "/users/viewer", &json!({ "role": "trader" })).await;
    assert_eq!(status, 200);
    let placed = viewer.call("orders.place", &order).await;
    assert_eq!(placed["ok"], true, "{placed}");
}

#[tokio::test]
async fn settings_are_replaced_by_who_has_seen_them_and_are_ones_own() {
    let server = server().await;
    let (viewer, trader) = (server.token_of("viewer"), server.token_of("trader"));
    let set = async |token: &str, version: i64, data: Value| {
        let body = json!({ "version": version, "data": data });
        ask(&server, token, "settings.set", "/me/settings", &body).await
    };
    let get = async |token: &str| ask(&server, token, "settings.get", "/me/settings", &Value::Null).await.1.json();
    assert_eq!(get(&viewer).await, json!({ "version": 0, "data": {} }));
    let data = json!({ "theme": "dark", "groups": [{ "name": "自选", "symbols": ["rb2610.SHFE"] }], "dock": null });
    assert_eq!(set(&viewer, 0, data.clone()).await.1.json(), json!({ "version": 1 }));
    assert_eq!(get(&viewer).await, json!({ "version": 1, "data": data }));
    let (status, late) = set(&viewer, 0, json!({})).await;
    assert_eq!((status, code(&late).as_str(), late.json()["version"].as_i64()), (409, "settings_conflict", Some(1)));
    assert_eq!(get(&viewer).await["data"], data, "what came late has changed nothing");
    assert_eq!(get(&trader).await["version"], 0, "those of others are others'");
    let large = json!({ "x": "x".repeat(256 << 10) });
    let (status, answer) = set(&viewer, 1, large).await;
    assert_eq!((status, answer.json()["errors"][0]["field"].as_str()), (422, Some("data")));
    for body in [json!({ "version": 1 }), json!({ "version": -1, "data": {} }), json!({ "version": 1, "data": [] })] {
        assert_eq!(ask(&server, &viewer, "settings.set", "/me/settings", &body).await.0, 422, "{body}");
    }
    assert_eq!(ask(&server, "x", "settings.set", "/me/settings", &json!({})).await.0, 401);
    let mut socket = Socket::open(server.address, &viewer).await;
    let reply = socket.call("settings.set", &json!({ "version": 1, "data": {} })).await;
    assert_eq!(reply["data"], json!({ "version": 2 }));
    let admin = server.token_of("vnpy");
    assert_eq!(ask(&server, &admin, "users.remove", "/users/viewer", &Value::Null).await.0, 204);
    let again = json!({ "name": "viewer", "password": "another", "role": "viewer" });
    assert_eq!(ask(&server, &admin, "users.add", "/users", &again).await.0, 201);
    server.advance_ms(1000);
    assert_eq!(get(&server.token_of("viewer")).await["version"], 0, "the next one of that name has nothing of his");
}

/// Logs in; the token.
async fn log_in(server: &Server, user: &str, password: &str, agent: &str) -> String {
    let body = json!({ "username": user, "password": password }).to_string();
    let opened = server.send("POST", "/api/v1/session", &[JSON, ("User-Agent", agent)], body).await;
    assert_eq!(opened.status, 200, "{opened:?}");
    opened.json()["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_new_password_ends_all_sessions_but_this_one() {
    let server = server().await;
    let (here, there) =
        (log_in(&server, "viewer", PASSWORD, "a").await, log_in(&server, "viewer", PASSWORD, "b").await);
    let classic = server.login("viewer", "correct+horse").await.json()["access_token"].as_str().unwrap().to_owned();
    let (mut mine, mut other) = (Socket::open(server.address, &here).await, Socket::open(server.address, &there).await);
    let change = async |token: &str, current: &str, password: &str| {
        let body = json!({ "current": current, "password": password });
        ask(&server, token, "password.set", "/me/password", &body).await
    };
    let (status, wrong) = change(&here, "guess", "new one").await;
    assert_eq!((status, code(&wrong).as_str()), (403, "wrong_password"));
    assert_eq!(wrong.header("ratelimit"), Some("\"failed-logins\";r=9;t=60"));
    for password in ["", &"x".repeat(1025), &"密".repeat(400)] {
        let (status, answer) = change(&here, PASSWORD, password).await;
        assert_eq!((status, answer.json()["errors"][0]["field"].as_str()), (422, Some("password")), "{password}");
    }
    assert_eq!(change(&there, PASSWORD, "new one").await.0, 204, "from the second one");
    assert_eq!(mine.closed().await, 4409);
    for ended in [&here, &classic] {
        assert_eq!(server.with(ended, "GET", "/api/v1/me", "").await.status, 401);
    }
    assert_eq!(server.with(&there, "GET", "/api/v1/me", "").await.status, 200);
    assert_eq!(other.call("settings.get", &json!({})).await["ok"], true, "its stream goes on, too");
    server.advance_ms(60_000);
    let refreshed = server.with(&there, "POST", "/api/v1/session/refresh", "").await;
    assert_eq!(refreshed.status, 200);
    log_in(&server, "viewer", "new one", "c").await;
    for _ in 0..10 {
        change(&there, "guess", "x").await;
    }
    let (status, throttled) = change(&there, "new one", "x").await;
    assert_eq!((status, code(&throttled).as_str()), (429, "login_throttled"));
    let plain = Server::start().await;
    let (status, answer) =
        ask(&plain, &plain.token, "password.set", "/me/password", &json!({ "current": "vnpy", "password": "x" })).await;
    assert_eq!((status, code(&answer).as_str()), (409, "configured_user"));
}

#[tokio::test]
async fn ones_sessions_are_listed_and_each_can_be_ended_with_its_streams() {
    let server = server().await;
    let here = log_in(&server, "trader", PASSWORD, "Firefox").await;
    server.advance_ms(5000);
    let there = log_in(&server, "trader", PASSWORD, "curl").await;
    log_in(&server, "viewer", PASSWORD, "another user's").await;
    let list = async |token: &str| ask(&server, token, "sessions.list", "/me/sessions", &Value::Null).await.1.json();
    let sessions = list(&here).await;
    let shown =
        |row: &Value| (row["agent"].clone(), row["current"].clone(), row["since"].clone(), row["last_seen"].clone());
    assert_eq!(sessions.as_array().unwrap().len(), 2, "{sessions}");
    let (first, second) = ("2026-01-05T01:30:00Z", "2026-01-05T01:30:05Z");
    assert_eq!(shown(&sessions[0]), (json!("Firefox"), json!(true), json!(first), json!(second)));
    assert_eq!(shown(&sessions[1]), (json!("curl"), json!(false), json!(second), json!(second)));
    assert_eq!(sessions[0]["remote"], "127.0.0.1");
    assert!(!here.contains(sessions[0]["id"].as_str().unwrap()));
    let mut stream = Socket::open(server.address, &there).await;
    let path = format!("/me/sessions/{}", sessions[1]["id"].as_str().unwrap());
    let other = server.token_of("viewer");
    let (status, answer) = ask(&server, &other, "sessions.end", &path, &Value::Null).await;
    assert_eq!((status, code(&answer).as_str()), (404, "session_not_found"), "only one's own");
    assert_eq!(ask(&server, &here, "sessions.end", &path, &Value::Null).await.0, 204);
    assert_eq!(stream.closed().await, 4409);
    assert_eq!(server.with(&there, "GET", "/api/v1/me", "").await.status, 401);
    assert_eq!(ask(&server, &here, "sessions.end", &path, &Value::Null).await.0, 404, "it is gone");
    assert_eq!(ask(&server, "x", "sessions.end", &path, &Value::Null).await.0, 401);
    assert_eq!(list(&here).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn logging_out_closes_streams_at_once_and_the_classic_one_too() {
    let server = server().await;
    let token = log_in(&server, "vnpy", PASSWORD, "a").await;
    let mut stream = Socket::open(server.address, &token).await;
    let (answer, mut classic) = server.open_stream(&format!("/ws/?token={token}")).await;
    assert_eq!(answer.status, 101);
    assert_eq!(server.with(&token, "DELETE", "/api/v1/session", "").await.status, 204);
    assert_eq!(stream.closed().await, 4409);
    let mut rest = Vec::new();
    let rest = tokio::io::AsyncReadExt::read_to_end(&mut classic, &mut rest);
    let ended = tokio::time::timeout(std::time::Duration::from_secs(90), rest).await;
    assert!(ended.is_ok(), "the classic stream ends");
}

#[tokio::test]
async fn a_stream_lasts_as_long_as_its_session_is_refreshed() {
    let server = server().await;
    let token = log_in(&server, "viewer", PASSWORD, "a").await;
    let mut stream = Socket::open(server.address, &token).await;
    for _ in 0..3 {
        server.advance_ms(20 * 60_000);
        // The page's own cookie is a fresher one each time; here it is the session that counts.
        let fresh = server.tokens.make_of("viewer", &session_of(&token), now(&server));
        assert_eq!(server.with(&fresh, "POST", "/api/v1/session/refresh", "").await.status, 200);
        assert_eq!(stream.call("settings.get", &json!({})).await["ok"], true);
    }
    server.advance_ms(31 * 60_000);
    assert_eq!(stream.closed().await, 4409, "its last token has run out");
}

fn now(server: &Server) -> i64 {
    server.now_ms.load(std::sync::atomic::Ordering::Relaxed) / 1000
}

/// The `sid` of a token.
fn session_of(token: &str) -> String {
    use base64::Engine;
    let claims = token.split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).unwrap();
    serde_json::from_slice::<Value>(&claims).unwrap()["sid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_server_says_what_it_is_and_how_long_orders_take() {
    let server = server().await;
    let token = server.token_of("trader");
    server.advance_ms(61_000);
    let about = server.with(&token, "GET", "/api/v1/about", "").await.json();
    assert_eq!((about["version"].as_str(), about["uptime_s"].as_i64()), (Some(env!("CARGO_PKG_VERSION")), Some(61)));
    assert_eq!(about["started_at"], "2026-01-05T01:30:00Z");
    let latencies = async || server.with(&token, "GET", "/api/v1/latencies", "").await.json();
    let before = latencies().await;
    let stages: Vec<&str> = before.as_array().unwrap().iter().filter_map(|row| row["stage"].as_str()).collect();
    assert_eq!(stages, ["check", "record", "answer", "total", "first_event", "fill"]);
    assert!(before[3]["count"] == 0 && before[3]["p50_ms"].is_null() && before[3]["max_ms"].is_null());
    let order = json!({ "vt_symbol": "rb2610.SHFE", "direction": "LONG", "type": "LIMIT", "volume": 1, "price": 3000, "offset": "OPEN" });
    assert_eq!(server.with(&token, "POST", "/api/v1/orders", &order.to_string()).await.status, 201);
    let after = latencies().await;
    let total = |name: &str| after[3][name].as_f64().unwrap();
    assert_eq!(after[3]["count"], 1);
    assert!(total("p50_ms") <= total("p99_ms") && total("p99_ms") <= total("max_ms"), "{after}");
}
