//! Logging in and out, and who one is.

use super::limiter::{POLICY, RATE_LIMIT, policy, rate_limit};
use super::params::{Kind, Params, field};
use super::routes::{Answer, Handler, Limit, Route};
use super::who::COOKIE_NAME;
use super::{Code, Http, Problem};
use crate::auth::{LoginError, Password, Role, Session};
use crate::http::{Reply, json as reply_of};
use crate::limits::{FORGET_MS, FREE_PER_PAIR, TOKEN_SECONDS};
use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue, SET_COOKIE};
use serde_json::{Value, json};
use std::time::Duration;

/// The operations.
pub(super) const ROUTES: &[Route] = &[
    Route {
        public: true,
        ..Route::new("POST", "/session", "session.open", Handler::Http(|http, p| Box::pin(open(http, p))))
    }
    .told(
        "session",
        "Log in",
        "Answers a bearer token, and sets it as an HttpOnly, SameSite=Strict cookie for pages of this server. \
             Wrong passwords slow down further tries of that user from that address; `RateLimit` tells how many are \
             left before that.",
    )
    .params(&[
        field("username", Kind::Loose(1024), "User name.").required(),
        field("password", Kind::Loose(1024), "Password.").required(),
    ])
    .errors(&[Code::WrongCredentials, Code::Busy])
    .limited(Limit::Logins)
    .answers(StatusCode::OK, Answer::One("Session"))
    .of_all(),
    Route::new("POST", "/session/refresh", "session.refresh", Handler::Http(|http, p| Box::pin(refresh(http, p))))
        .told(
            "session",
            "A fresh token",
            "Of the same session, good for another half hour; the old one stays good. Streams of the session go on, \
             too.",
        )
        .answers(StatusCode::OK, Answer::One("Session"))
        .needs(Role::Viewer)
        .of_all(),
    Route::new("DELETE", "/session", "session.close", Handler::Http(|http, p| Box::pin(close(http, p))))
        .told(
            "session",
            "Log out",
            "Ends the session with all its tokens at once and for good, also over a restart; its streams close with \
             4409 at once. A token of the classic login ends alone.",
        )
        .needs(Role::Viewer)
        .answers(StatusCode::NO_CONTENT, Answer::Nothing)
        .of_all(),
    Route::new("GET", "/me", "me.get", Handler::Http(|http, p| Box::pin(me(http, p))))
        .told("session", "Who I am", "And what I may do: each operation says which role it takes.")
        .answers(StatusCode::OK, Answer::One("Me"))
        .of_all(),
];

async fn open(http: Http, params: Params) -> Result<Reply, Problem> {
    let app = &http.cx.app;
    let user = params.text("username").unwrap_or("");
    let password = Password::new(params.text("password").unwrap_or(""));
    let verified = app.auth.verify(user, password, http.peer).await;
    app.metrics.count_login(verified.as_ref().err().copied());
    let headers = tries(&http, user, verified.as_ref().err());
    if let Err(error) = verified {
        return Err(headers
            .into_iter()
            .fold(Problem::from(error), |told, (name, value)| told.with_header(name, value)));
    }
    let (session, token) = app.auth.open_session(user, http.client());
    let mut reply = granted(&http, &session, &token);
    reply.headers_mut().extend(headers);
    Ok(reply)
}

/// What is left of wrong passwords.
pub(super) fn tries(http: &Http, user: &str, error: Option<&LoginError>) -> [(HeaderName, HeaderValue); 2] {
    let left = http.cx.app.auth.tries_left(user, http.peer);
    let reset_ms = match error {
        Some(LoginError::Wait(time)) => i64::try_from(time.as_millis()).unwrap_or(i64::MAX),
        None | Some(LoginError::Wrong | LoginError::Busy) => FORGET_MS as i64,
    };
    let window = Duration::from_millis(FORGET_MS * u64::from(FREE_PER_PAIR));
    [
        (RATE_LIMIT, rate_limit("failed-logins", left, reset_ms)),
        (POLICY, policy("failed-logins", FREE_PER_PAIR, window)),
    ]
}

async fn refresh(http: Http, _: Params) -> Result<Reply, Problem> {
    let (session, token) = http.cx.app.auth.refresh_session(http.session()?, http.client());
    Ok(granted(&http, &session, &token))
}

async fn close(http: Http, _: Params) -> Result<Reply, Problem> {
    let (session, auth) = (http.session()?.clone(), std::sync::Arc::clone(&http.cx.app.auth));
    let ended = tokio::task::spawn_blocking(move || auth.end_session(&session)).await;
    let ended = ended.map_err(|error| error.to_string()).and_then(|ended| ended.map_err(|error| error.to_string()));
    ended.map_err(|error| Problem::new(Code::Internal, format!("the session goes on: {error}")))?;
    let mut reply = Reply::default();
    *reply.status_mut() = StatusCode::NO_CONTENT;
    reply.headers_mut().insert(SET_COOKIE, cookie("", 0, http.is_secure));
    Ok(reply)
}

async fn me(http: Http, _: Params) -> Result<Reply, Problem> {
    let session = http.session()?;
    let traders: Vec<&str> = http.cx.app.desks.iter().map(|desk| desk.name.as_str()).collect();
    let value = json!({
        "user": &*session.user,
        "role": role(&http, session),
        "expires_at": moment(session.expires),
        "traders": traders,
    });
    Ok(reply_of(StatusCode::OK, value.to_string().into_bytes()))
}

/// A user who was removed in this moment may do the least.
fn role(http: &Http, session: &Session) -> &'static str {
    http.cx.app.auth.role_of(&session.user).unwrap_or(Role::Viewer).name()
}

fn granted(http: &Http, session: &Session, token: &str) -> Reply {
    let value: Value = json!({
        "token": token,
        "token_type": "bearer",
        "expires_at": moment(session.expires),
        "user": &*session.user,
        "role": role(http, session),
    });
    let mut reply = reply_of(StatusCode::OK, value.to_string().into_bytes());
    reply.headers_mut().insert(SET_COOKIE, cookie(token, TOKEN_SECONDS, http.is_secure));
    reply
}

fn cookie(token: &str, seconds: i64, is_secure: bool) -> HeaderValue {
    let secure = if is_secure { "; Secure" } else { "" };
    let text = format!("{COOKIE_NAME}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    let mut value = HeaderValue::try_from(text).expect("a token is ASCII");
    value.set_sensitive(true);
    value
}

pub(super) fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map(|at| at.to_string()).unwrap_or_default()
}
