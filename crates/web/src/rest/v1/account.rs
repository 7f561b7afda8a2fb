//! What is one's own: settings, password, sessions.

use super::params::{Kind, Params, field, path};
use super::routes::{Answer, Handler, Limit, Outcome, Route};
use super::schemas::{Schema, Type};
use super::session::{moment, tries};
use super::users::problem;
use super::{Code, Http, Problem, V1};
use crate::auth::{ChangeError, LoginError, OpenSession, Password, Role, SettingsError};
use crate::http::{Reply, json as reply_of};
use crate::limits::CREDENTIAL_BYTES;
use hyper::StatusCode;
use serde_json::{Value, json};

/// Whole numbers of JSON that every client reads exactly.
const VERSION_MAX: i64 = 1 << 53;

/// The operations.
pub(super) const ROUTES: &[Route] = &[
    Route::new("GET", "/me/settings", "settings.get", Handler::Call(|cx, p| Box::pin(settings(cx, p))))
        .told("account", "My settings", "What I have set on the page; version 0 and nothing in it before that.")
        .answers(StatusCode::OK, Answer::One("Settings"))
        .of_all(),
    Route::new("PUT", "/me/settings", "settings.set", Handler::Call(|cx, p| Box::pin(set_settings(cx, p))))
        .told(
            "account",
            "Replace my settings",
            "All of them, by somebody who has read the version that is replaced. 409 with the present `version` where \
             they were changed meanwhile. At most 256 KiB.",
        )
        .params(&[
            field("version", Kind::Int(0, VERSION_MAX), "The version that was read.").required(),
            field("data", Kind::Object, "All settings; their meaning is the page's.").required(),
        ])
        .errors(&[Code::SettingsConflict])
        .answers(StatusCode::OK, Answer::One("SettingsVersion"))
        .needs(Role::Viewer)
        .of_all(),
    Route::new("PUT", "/me/password", "password.set", Handler::Http(|http, p| Box::pin(set_password(http, p))))
        .told(
            "account",
            "Change my password",
            "This session goes on; all my others end at once, with their streams. The present password is checked as \
             at a login, and wrong ones slow down as there.",
        )
        .params(&[
            field("current", Kind::Loose(CREDENTIAL_BYTES), "The present password.").required(),
            field("password", Kind::Text(CREDENTIAL_BYTES), "The new one, at most 1,024 bytes.").required(),
        ])
        .errors(&[Code::WrongPassword, Code::ConfiguredUser, Code::Busy])
        .limited(Limit::Logins)
        .answers(StatusCode::NO_CONTENT, Answer::Nothing)
        .needs(Role::Viewer)
        .of_all(),
    Route::new("GET", "/me/sessions", "sessions.list", Handler::Http(|http, p| Box::pin(sessions(http, p))))
        .told("account", "My sessions", "Those that were heard of since this server started, oldest first.")
        .answers(StatusCode::OK, Answer::Many("OpenSession"))
        .of_all(),
    Route::new("DELETE", "/me/sessions/{id}", "sessions.end", Handler::Http(|http, p| Box::pin(end(http, p))))
        .told("account", "End one of my sessions", "At once and for good; its streams close with 4409.")
        .params(&[path("id", "The session's id in the list.")])
        .errors(&[Code::SessionNotFound])
        .answers(StatusCode::NO_CONTENT, Answer::Nothing)
        .needs(Role::Viewer)
        .of_all(),
];

/// What comes back.
pub(super) const SCHEMAS: &[Schema] = &[
    (
        "Settings",
        "What a user has set.",
        &[
            ("version", Type::Int, "Rises with each change; 0 while nothing was set."),
            ("data", Type::Object, "All settings."),
        ],
    ),
    ("SettingsVersion", "Settings were replaced.", &[("version", Type::Int, "Their version now.")]),
    (
        "OpenSession",
        "A session that is open.",
        &[
            ("id", Type::Text, "Its id in this list; no secret."),
            ("since", Type::Time, "When it began, UTC; of one that an earlier run opened, when its token was made."),
            ("last_seen", Type::Time, "When it was last heard of, UTC."),
            ("remote", Type::MaybeText, "Address that it was first seen from; `null` where not known."),
            ("agent", Type::MaybeText, "What its program calls itself; `null` where it does not."),
            ("current", Type::Flag, "Whether this request is of it."),
        ],
    ),
];

async fn settings(cx: V1, _: Params) -> Outcome {
    let settings = cx.app.auth.settings(&cx.user).await.map_err(unkept)?;
    Ok(json!({ "version": settings.version, "data": settings.data }).into())
}

async fn set_settings(cx: V1, params: Params) -> Outcome {
    let version = params.int("version").unwrap_or(0);
    let data = params.object("data").cloned().unwrap_or_default();
    let version = cx.app.auth.set_settings(&cx.user, version, data).await.map_err(unkept)?;
    Ok(json!({ "version": version }).into())
}

fn unkept(error: SettingsError) -> Problem {
    let detail = error.to_string();
    match error {
        SettingsError::Conflict(version) => Problem::new(Code::SettingsConflict, detail).with("version", version),
        SettingsError::TooLarge => Problem::field("data", detail),
        SettingsError::File { source, .. } => Problem::new(Code::Internal, format!("{detail}: {source}")),
    }
}

async fn set_password(http: Http, params: Params) -> Result<Reply, Problem> {
    let session = http.session()?.clone();
    let password = |name| Password::new(params.text(name).unwrap_or(""));
    let auth = &http.cx.app.auth;
    let changed = auth.change_password(&session, password("current"), password("password"), http.peer).await;
    let login = match &changed {
        Err(ChangeError::Login(error)) => Some(error),
        Ok(()) | Err(_) => None,
    };
    let headers = tries(&http, &session.user, login);
    if let Err(error) = changed {
        let told = match error {
            ChangeError::Login(LoginError::Wrong) => Problem::new(Code::WrongPassword, "the present password is wrong"),
            error => problem(error),
        };
        return Err(headers.into_iter().fold(told, |told, (name, value)| told.with_header(name, value)));
    }
    let mut reply = nothing();
    reply.headers_mut().extend(headers);
    Ok(reply)
}

async fn sessions(http: Http, _: Params) -> Result<Reply, Problem> {
    let session = http.session()?;
    let open = http.cx.app.auth.open_sessions(&session.user);
    let rows: Value = open.iter().map(|one| row(one, one.key == session.key)).collect();
    Ok(reply_of(StatusCode::OK, rows.to_string().into_bytes()))
}

fn row(session: &OpenSession, is_current: bool) -> Value {
    json!({
        "id": session.id,
        "since": moment(session.since),
        "last_seen": moment(session.last_seen),
        "remote": session.remote.map(|remote| remote.to_string()),
        "agent": session.agent,
        "current": is_current,
    })
}

async fn end(http: Http, params: Params) -> Result<Reply, Problem> {
    let (user, id) = (&http.session()?.user, params.text("id").unwrap_or(""));
    let ended = http.cx.app.auth.end_open_session(user, id).await;
    let ended = ended.map_err(|error| Problem::new(Code::Internal, format!("the session goes on: {error}")))?;
    if ended { Ok(nothing()) } else { Err(Problem::new(Code::SessionNotFound, format!("there is no session {id}"))) }
}

fn nothing() -> Reply {
    let mut reply = Reply::default();
    *reply.status_mut() = StatusCode::NO_CONTENT;
    reply
}
