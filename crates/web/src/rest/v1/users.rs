//! Who may log in; for admins.

use super::params::{Kind, Param, Params, field, path};
use super::routes::{Answer, Handler, Outcome, Route};
use super::schemas::{ROLES, Schema, Type};
use super::{Code, Problem, V1};
use crate::auth::{ChangeError, Password, Role, UserChange, UserError, UserReport};
use crate::limits::CREDENTIAL_BYTES;
use hyper::StatusCode;
use serde_json::{Value, json};

const NAME: Param = path("name", "The user.");
const PASSWORD: Param = field("password", Kind::Text(CREDENTIAL_BYTES), "The password, at most 1,024 bytes.");
const ROLE: Param = field("role", Kind::OneOf(ROLES), "What he may do.");

/// The operations.
pub(super) const ROUTES: &[Route] = &[
    Route::new("GET", "/users", "users.list", Handler::Call(|cx, p| Box::pin(list(cx, p))))
        .told("users", "Users", "Everybody who may log in, in the order in which they were added.")
        .answers(StatusCode::OK, Answer::Many("User"))
        .needs(Role::Admin)
        .of_all(),
    Route::new("POST", "/users", "users.add", Handler::Call(|cx, p| Box::pin(add(cx, p))))
        .told(
            "users",
            "Add a user",
            "The first one has to be an admin. It takes over from the user of the configuration, whose sessions end.",
        )
        .params(&[
            field("name", Kind::Text(64), "Name, at most 64 bytes.").required(),
            PASSWORD.required(),
            ROLE.required(),
        ])
        .errors(&[Code::UserExists, Code::LastAdmin, Code::Busy])
        .answers(StatusCode::CREATED, Answer::One("User"))
        .needs(Role::Admin)
        .of_all(),
    Route::new("PUT", "/users/{name}", "users.change", Handler::Call(|cx, p| Box::pin(change(cx, p))))
        .told(
            "users",
            "Change a user",
            "What is left out stays. Another role counts from the next request on; a new password ends all sessions of \
             that user.",
        )
        .params(&[NAME, ROLE, PASSWORD])
        .errors(&[Code::UserNotFound, Code::LastAdmin, Code::ConfiguredUser, Code::Busy])
        .answers(StatusCode::OK, Answer::One("User"))
        .needs(Role::Admin)
        .of_all(),
    Route::new("DELETE", "/users/{name}", "users.remove", Handler::Call(|cx, p| Box::pin(remove(cx, p))))
        .told("users", "Remove a user", "With his settings; his sessions end at once, with their streams.")
        .params(&[NAME])
        .errors(&[Code::UserNotFound, Code::LastAdmin, Code::OwnUser, Code::ConfiguredUser, Code::Busy])
        .answers(StatusCode::NO_CONTENT, Answer::Nothing)
        .needs(Role::Admin)
        .of_all(),
];

/// What comes back.
pub(super) const SCHEMAS: &[Schema] = &[(
    "User",
    "Somebody who may log in.",
    &[
        ("name", Type::Text, "Name."),
        ("role", Type::OneOf(ROLES), "What he may do."),
        ("configured", Type::Flag, "Whether he stands in a configuration file, and cannot be changed here."),
        ("sessions", Type::Int, "Sessions that are open."),
    ],
)];

async fn list(cx: V1, _: Params) -> Outcome {
    let users = cx.app.auth.reports().await.map_err(problem)?;
    Ok(users.iter().map(row).collect::<Value>().into())
}

async fn add(cx: V1, params: Params) -> Outcome {
    let (name, password) = (params.text("name").unwrap_or(""), params.text("password").unwrap_or(""));
    // The least, should it ever not be declared as required.
    let role = params.member("role", Role::from_name).unwrap_or(Role::Viewer);
    let added = cx.app.auth.add_user(&cx.user, name, Password::new(password), role).await;
    Ok(row(&added.map_err(problem)?).into())
}

async fn change(cx: V1, params: Params) -> Outcome {
    let change = UserChange {
        role: params.member("role", Role::from_name),
        password: params.text("password").map(Password::new),
        kept: None,
    };
    let changed = cx.app.auth.update_user(&cx.user, params.text("name").unwrap_or(""), change).await;
    Ok(row(&changed.map_err(problem)?).into())
}

async fn remove(cx: V1, params: Params) -> Outcome {
    cx.app.auth.remove_user(&cx.user, params.text("name").unwrap_or("")).await.map_err(problem)?;
    Ok(Value::Null.into())
}

fn row(user: &UserReport) -> Value {
    json!({
        "name": user.name,
        "role": user.role.name(),
        "configured": user.configured,
        "sessions": user.sessions,
    })
}

/// Why nothing was changed about a user.
pub(super) fn problem(error: ChangeError) -> Problem {
    let detail = error.to_string();
    match error {
        ChangeError::Login(error) => error.into(),
        ChangeError::Configured(_) => Problem::new(Code::ConfiguredUser, detail),
        ChangeError::Own => Problem::new(Code::OwnUser, detail),
        ChangeError::Thread => Problem::new(Code::Internal, detail),
        ChangeError::User(error) => match error {
            UserError::Exists(name) => Problem::new(Code::UserExists, format!("there is a user {name} already")),
            UserError::Missing(_) => Problem::new(Code::UserNotFound, detail),
            UserError::NoAdmin => Problem::new(Code::LastAdmin, detail),
            UserError::Name => Problem::field("name", detail),
            UserError::Empty | UserError::Long(_) => Problem::field("password", detail),
            UserError::File { source, .. } => Problem::new(Code::Internal, format!("{detail}: {source}")),
            UserError::Format { .. } | UserError::Hash(_) => Problem::new(Code::Internal, detail),
        },
    }
}
