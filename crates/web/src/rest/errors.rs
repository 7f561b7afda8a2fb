//! The one mapping of what went wrong to what a client is told.

use crate::auth::{LoginError, Role};
use crate::command::CommandError;
use crate::http::{BodyError, Reply, detail, with_header};
use crate::orders::Refusal;
use domain::Language;
use hyper::StatusCode;
use hyper::header::{CONNECTION, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use std::time::Duration;

/// 401 in one of upstream's three texts.
pub(super) fn unauthorized(text: &str) -> Reply {
    bearer(detail(StatusCode::UNAUTHORIZED, text))
}

/// 403: the user's role does not let him.
pub(super) fn forbidden(role: Role) -> Reply {
    let text = format!("当前用户为{role}，不能交易 (not sent: the role {role} does not trade)");
    detail(StatusCode::FORBIDDEN, &text)
}

/// 404 of a contract or an order; upstream sends the login header with these, too.
pub(super) fn missing(text: &str) -> Reply {
    bearer(detail(StatusCode::NOT_FOUND, text))
}

/// The trading process is away: certainly nothing was done.
pub(super) fn away() -> Reply {
    later(
        detail(StatusCode::SERVICE_UNAVAILABLE, "交易进程未连接 (the trading process is not connected)"),
        Duration::from_secs(1),
    )
}

/// A login that gave no token.
pub(super) fn login(error: LoginError) -> Reply {
    match error {
        LoginError::Wrong => unauthorized("Incorrect username or password"),
        LoginError::Wait(time) => {
            let text = "登录失败次数过多，请稍后再试 (too many failed logins, try again later)";
            later(detail(StatusCode::TOO_MANY_REQUESTS, text), time)
        }
        LoginError::Busy => {
            let text = "同时登录的用户过多，请稍后再试 (too many logins at once, try again later)";
            later(detail(StatusCode::SERVICE_UNAVAILABLE, text), Duration::from_secs(1))
        }
    }
}

/// A body that was not read.
pub(super) fn body(error: BodyError) -> Reply {
    let status = match error {
        BodyError::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        BodyError::TooSlow => StatusCode::REQUEST_TIMEOUT,
        BodyError::Broken => StatusCode::BAD_REQUEST,
    };
    with_header(detail(status, &error.to_string()), CONNECTION, HeaderValue::from_static("close"))
}

/// An order that the trading state does not let through; it was not sent.
pub(super) fn refused(refusal: &Refusal) -> Reply {
    let text = match refusal {
        Refusal::TradingState(state) => format!(
            "交易状态为{}，委托未发出 (not sent: the trading state is {})",
            state.value(Language::Zh),
            state.name()
        ),
        other => format!("委托未发出 (not sent): {other}"),
    };
    detail(StatusCode::FORBIDDEN, &text)
}

/// A command that did not end well.
pub(super) fn command(error: &CommandError) -> Reply {
    match error {
        CommandError::NotSent(reason) => {
            let text = format!("指令未发出 (certainly not sent): {reason}");
            later(detail(StatusCode::SERVICE_UNAVAILABLE, &text), Duration::from_secs(1))
        }
        CommandError::Unknown(reason) => {
            let text = format!(
                "结果未知，请查询委托后再操作 (outcome unknown, look at the orders before you repeat): {reason}"
            );
            detail(StatusCode::GATEWAY_TIMEOUT, &text)
        }
        CommandError::Refused(reason) => {
            detail(StatusCode::INTERNAL_SERVER_ERROR, &format!("交易进程报错 (error of the trading process): {reason}"))
        }
        CommandError::Unsupported(reason) => detail(
            StatusCode::NOT_IMPLEMENTED,
            &format!("交易进程不支持 (not supported by the trading process): {reason}"),
        ),
    }
}

fn bearer(reply: Reply) -> Reply {
    with_header(reply, WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

fn later(reply: Reply, time: Duration) -> Reply {
    let seconds = time.as_millis().div_ceil(1000).max(1);
    with_header(reply, RETRY_AFTER, HeaderValue::try_from(seconds.to_string()).expect("digits"))
}
