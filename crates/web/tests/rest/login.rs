//! Login: tokens, users that change while the server runs, guessing that slows down, and silence in the log.

use crate::support::{FORM, JSON, Server, Setup};
use std::io::Write;
use std::sync::{Arc, Mutex};
use web::auth::{Password, Role, SigningKey, Tokens};

#[tokio::test]
async fn a_login_gives_a_token_that_opens_everything_for_half_an_hour() {
    let server = Server::start().await;
    let answer = server.login("vnpy", "vnpy").await;
    assert_eq!(answer.status, 200);
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let account = async || server.send("GET", "/account", &[("Authorization", &bearer)], "").await.status;
    assert_eq!(account().await, 200);
    server.advance_ms(29 * 60_000);
    assert_eq!(account().await, 200);
    server.advance_ms(60_000);
    assert_eq!(account().await, 401);
}

#[tokio::test]
async fn tokens_that_are_not_ours_are_refused() {
    let server = Server::start().await;
    let others = Tokens::new(&SigningKey::random().unwrap());
    let now = server.now_ms.load(std::sync::atomic::Ordering::Relaxed) / 1000;
    let [head, claims, signature] = server.token.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let cases = [
        others.make("vnpy", now),
        server.tokens.make("nobody", now),
        server.tokens.make("用户", now),
        server.tokens.make("vnpy", now - 1800),
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{head}.{claims}"),
        format!("{}.", server.token),
        server.token[..server.token.len() - 3].to_owned(),
        format!("{head}=.{claims}=.{signature}="),
        "a".repeat(60_000),
        "..".into(),
    ];
    for token in cases {
        let bearer = format!("Bearer {token}");
        let answer = server.send("GET", "/account", &[("Authorization", &bearer)], "").await;
        assert_eq!((answer.status, answer.text()), (401, r#"{"detail":"Could not validate credentials"}"#), "{token}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
}

#[tokio::test]
async fn users_of_the_file_count_at_once_and_end_the_plain_password() {
    let server = Server::start().await;
    assert_eq!(server.login("vnpy", "vnpy").await.status, 200);
    let now = server.now_ms.load(std::sync::atomic::Ordering::Relaxed) / 1000;
    server.users.add("交易员", &Password::new("第一 password"), Role::Admin, now).unwrap();
    let encoded = "%E4%BA%A4%E6%98%93%E5%91%98";
    let good = server.login(encoded, "%E7%AC%AC%E4%B8%80+password").await;
    assert_eq!(good.status, 200, "{good:?}");
    assert_eq!(server.login("vnpy", "vnpy").await.status, 401, "the plain password is over");
    assert_eq!(server.get("/account").await.status, 401, "and so are its tokens");
    let bearer = format!("Bearer {}", good.json()["access_token"].as_str().unwrap());
    let account = async || server.send("GET", "/account", &[("Authorization", &bearer)], "").await.status;
    assert_eq!(account().await, 200);
    server.users.set_password("交易员", &Password::new("second"), now + 1).unwrap();
    assert_eq!(server.login(encoded, "second").await.status, 200);
    assert_eq!(account().await, 401, "a token from before the new password");
    server.users.remove("交易员").unwrap();
    assert_eq!(server.login(encoded, "second").await.status, 401);
}

#[tokio::test]
async fn what_upstream_answers_with_500_is_401_here() {
    let server = Server::start().await;
    let long = format!("username=vnpy&password={}", "x".repeat(5000));
    let bodies: [&[u8]; 5] = [
        "username=用户&password=vnpy".as_bytes(),
        b"username=%ff%fe&password=vnpy",
        b"username=\xff&password=vnpy",
        b"username=vnpy&password=a%00b",
        long.as_bytes(),
    ];
    for body in bodies {
        let answer = server.send("POST", "/token", &[FORM], body).await;
        assert_eq!((answer.status, answer.text()), (401, r#"{"detail":"Incorrect username or password"}"#));
    }
    let file = "--b\r\nContent-Disposition: form-data; name=\"password\"; filename=\"a\"\r\n\r\nvnpy\r\n--b--\r\n";
    let multipart = ("Content-Type", "multipart/form-data; boundary=b");
    let answer = server.send("POST", "/token", &[multipart], file).await;
    assert_eq!((answer.status, answer.json()["detail"][1]["loc"][1].as_str()), (422, Some("password")));
    assert_eq!(server.send("POST", "/token", &[JSON], "{}").await.status, 422);
    assert_eq!(server.send("POST", "/token", &[FORM], "x".repeat(70_000)).await.status, 413);
}

#[tokio::test]
async fn guessing_slows_down_for_the_guesser_alone() {
    let server = Server::start().await;
    for _ in 0..10 {
        assert_eq!(server.login("somebody", "wrong").await.status, 401);
    }
    let waits = server.login("somebody", "wrong").await;
    assert_eq!((waits.status, waits.header("retry-after")), (429, Some("1")));
    assert_eq!(server.login("vnpy", "vnpy").await.status, 200, "another user of the same address");
    server.advance_ms(1000);
    assert_eq!(server.login("somebody", "wrong").await.status, 401);
    server.advance_ms(1000);
    assert_eq!(server.login("somebody", "wrong").await.header("retry-after"), Some("1"));
    server.advance_ms(1000);
    assert_eq!(server.login("somebody", "wrong").await.status, 401);
}

#[tokio::test]
async fn a_hundred_logins_at_once_all_get_in_and_reads_go_on() {
    let server = Arc::new(Server::start().await);
    let logins: Vec<_> = (0..100)
        .map(|_| {
            let server = Arc::clone(&server);
            tokio::spawn(async move { server.login("vnpy", "vnpy").await.status })
        })
        .collect();
    assert_eq!(server.get("/account").await.status, 200);
    for login in logins {
        assert_eq!(login.await.unwrap(), 200);
    }
}

#[test]
fn neither_passwords_nor_tokens_reach_the_log() {
    let log = Log::default();
    let sink = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || sink.clone()).finish();
    // Whether a line is wanted is asked once for the whole process: of all subscribers, but where there is one alone, only of
    // the thread that comes first, which may be another test's, without any. So there are two.
    let _another = tracing::Dispatch::new(tracing_subscriber::fmt().with_max_level(tracing::Level::ERROR).finish());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let token = tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(async {
            let server = Server::start_with(Setup { password: Some("geheim-7312"), ..Setup::default() }).await;
            let token = server.login("vnpy", "geheim-7312").await.json()["access_token"].as_str().unwrap().to_owned();
            server.login("vnpy", "falsch-7312").await;
            server
                .send("GET", &format!("/account?token={token}"), &[("Authorization", &format!("Bearer {token}"))], "")
                .await;
            server.open_stream(&format!("/ws/?token={token}")).await;
            server.open_stream(&format!("/ws/?token={token}x")).await;
            server.post_order("{\"volume\": 1500000}").await;
            token
        })
    });
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("failed login"), "{text}");
    for secret in ["geheim-7312", "falsch-7312", &token, token.split('.').nth(2).unwrap()] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn behind_a_proxy_of_this_machine_a_guesser_is_known_by_the_address_that_it_tells() {
    let server = Server::start_with(Setup { behind_proxy: true, ..Setup::default() }).await;
    let guess = |password: &'static str, address: &'static str| {
        let headers = [FORM, ("X-Forwarded-For", address)];
        let body = format!("username=vnpy&password={password}");
        let server = &server;
        async move { server.send("POST", "/token", &headers, body).await.status }
    };
    for _ in 0..10 {
        assert_eq!(guess("wrong", "1.1.1.1, 203.0.113.7").await, 401);
    }
    assert_eq!(guess("vnpy", "203.0.113.7").await, 429);
    assert_eq!(guess("vnpy", "203.0.113.7, 198.51.100.1").await, 200, "only what the proxy added itself counts");
    let metrics = server.send("GET", "/metrics", &[("X-Forwarded-For", "203.0.113.7")], "").await;
    assert_eq!(metrics.status, 401, "who comes through the proxy is not on this machine");
}
