//! Logging in, staying in, logging out.

use crate::support::{Answer, JSON, Server, Setup};

async fn log_in(server: &Server, headers: &[(&str, &str)], password: &str) -> Answer {
    let headers = [&[JSON], headers].concat();
    let body = format!(r#"{{"username":"vnpy","password":"{password}"}}"#);
    server.send("POST", "/api/v1/session", &headers, body).await
}

fn token(answer: &Answer) -> String {
    answer.json()["token"].as_str().unwrap().to_owned()
}

async fn me(server: &Server, token: &str) -> Answer {
    server.send("GET", "/api/v1/me", &[("Authorization", &format!("Bearer {token}"))], "").await
}

#[tokio::test]
async fn a_session_is_opened_refreshed_and_ended_for_good() {
    let server = Server::start().await;
    let opened = log_in(&server, &[], "vnpy").await;
    assert_eq!(opened.status, 200, "{opened:?}");
    assert_eq!(opened.json()["expires_at"], "2026-01-05T02:00:00Z");
    let cookie = opened.header("set-cookie").unwrap();
    assert!(cookie.starts_with("webtrader_session=") && cookie.contains("; HttpOnly; SameSite=Strict"), "{cookie}");
    assert!(!cookie.contains("Secure"), "the way is not encrypted");
    let (first, other) = (token(&opened), token(&log_in(&server, &[], "vnpy").await));
    assert_ne!(first, other);
    assert_eq!(me(&server, &first).await.json()["user"], "vnpy");
    server.advance_ms(60_000);
    let bearer = format!("Bearer {first}");
    let refreshed = server.send("POST", "/api/v1/session/refresh", &[("Authorization", &bearer)], "").await;
    assert_eq!((refreshed.status, refreshed.json()["expires_at"].as_str()), (200, Some("2026-01-05T02:01:00Z")));
    let second = token(&refreshed);
    let closed = server.send("DELETE", "/api/v1/session", &[("Authorization", &bearer)], "").await;
    assert_eq!((closed.status, closed.body.len()), (204, 0));
    assert!(closed.header("set-cookie").unwrap().contains("Max-Age=0"));
    for ended in [&first, &second] {
        let answer = me(&server, ended).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (401, Some("token_invalid")));
    }
    let classic = server.send("GET", "/account", &[("Authorization", &bearer)], "").await;
    assert_eq!(classic.status, 401, "the classic surface knows, too");
    assert_eq!(me(&server, &other).await.status, 200, "another login of the same user goes on");
    let written = std::fs::read_to_string(server.state.path().join("ended_sessions.json")).unwrap();
    assert!(!written.contains(&first) && !written.contains("eyJ"), "no token is written down");
}

#[tokio::test]
async fn a_classic_token_ends_alone_and_a_restart_brings_none_back() {
    let server = Server::start().await;
    let closed = server.bearer("DELETE", "/api/v1/session", "").await;
    assert_eq!(closed.status, 204);
    assert_eq!(server.get("/api/v1/me").await.status, 401);
    let key = web::auth::SigningKey::load_or_create(&server.state.path().join("secret")).unwrap();
    let clock: web::auth::Clock = std::sync::Arc::new(|| 1_767_576_600_000);
    let plain = web::auth::PlainUser { name: "vnpy".into(), password: web::auth::Password::new("vnpy") };
    let again = web::auth::Auth::new(server.users.clone(), Some(plain), &key, clock).unwrap();
    assert_eq!(again.user_of(server.token.as_bytes()), None);
    let fresh = server.tokens.make("vnpy", 1_767_576_601);
    assert_eq!(again.user_of(fresh.as_bytes()).as_deref(), Some("vnpy"));
}

#[tokio::test]
async fn a_cookie_counts_only_for_pages_of_this_server() {
    let server = Server::start().await;
    let cookie = format!("a=b; webtrader_session={}", server.token);
    let cookie = ("Cookie", cookie.as_str());
    let (host, path) = (format!("http://{}", server.address), "/api/v1/subscriptions/rb2610.SHFE");
    assert_eq!(server.send("GET", "/api/v1/me", &[cookie], "").await.status, 200);
    for (headers, status) in [
        (vec![cookie], 403),
        (vec![cookie, ("Sec-Fetch-Site", "cross-site")], 403),
        (vec![cookie, ("Sec-Fetch-Site", "same-site")], 403),
        (vec![cookie, ("Sec-Fetch-Site", "cross-site"), ("Origin", host.as_str())], 403),
        (vec![cookie, ("Origin", "http://evil.example")], 403),
        (vec![cookie, ("Origin", "null")], 403),
        (vec![cookie, ("Sec-Fetch-Site", "same-origin")], 200),
        (vec![cookie, ("Sec-Fetch-Site", "none")], 200),
        (vec![cookie, ("Origin", host.as_str())], 200),
    ] {
        let answer = server.send("PUT", path, &headers, "").await;
        assert_eq!(answer.status, status, "{headers:?} {answer:?}");
        assert_eq!(answer.status == 403, answer.json()["code"] == "cross_site");
    }
    assert_eq!(log_in(&server, &[("Origin", "http://evil.example")], "vnpy").await.status, 403);
    assert_eq!(log_in(&server, &[("Origin", &host)], "vnpy").await.status, 200);
}

#[tokio::test]
async fn the_cookie_is_secure_where_the_proxy_says_tls() {
    let server = Server::start_with(Setup { behind_proxy: true, ..Setup::default() }).await;
    let opened = log_in(&server, &[("X-Forwarded-Proto", "https")], "vnpy").await;
    assert!(opened.header("set-cookie").unwrap().ends_with("; Secure"));
    let direct = Server::start().await;
    let opened = log_in(&direct, &[("X-Forwarded-Proto", "https")], "vnpy").await;
    assert!(!opened.header("set-cookie").unwrap().contains("Secure"), "nobody is believed who was not named");
}

#[tokio::test]
async fn wrong_passwords_slow_down_as_on_the_classic_surface() {
    let server = Server::start().await;
    let wrong = log_in(&server, &[], "no").await;
    assert_eq!((wrong.status, wrong.json()["code"].as_str()), (401, Some("wrong_credentials")));
    assert_eq!(wrong.header("ratelimit"), Some("\"failed-logins\";r=9;t=60"));
    assert_eq!(wrong.header("ratelimit-policy"), Some("\"failed-logins\";q=10;w=600"));
    for _ in 0..9 {
        server.login("vnpy", "no").await;
    }
    let throttled = log_in(&server, &[], "vnpy").await;
    assert_eq!((throttled.status, throttled.json()["code"].as_str()), (429, Some("login_throttled")));
    assert!(throttled.header("retry-after").is_some());
    assert!(throttled.header("ratelimit").unwrap().starts_with("\"failed-logins\";r=0;t="));
    for body in
        [r#"{"username":"vnpy"}"#, r#"{"username":"vnpy","password":1}"#, r#"{"username":"a","password":"b","c":1}"#]
    {
        let answer = server.send("POST", "/api/v1/session", &[JSON], body).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (422, Some("invalid")), "{body}");
        let said = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(
            ["password: is required", "password: must be a text", "c: is not known"].iter().any(|s| said.contains(s))
        );
    }
}
