//! Outcomes as answers: which state is which status, with what beside it.

use super::super::{Code, Problem};
use crate::orders::{CloseError, Intent, JournalError, NewOrder, Placed, Refusal, Rule, Stage, State, Verdict, Weight};
use domain::Language;
use serde_json::{Map, Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(1);

/// The answer to one order.
pub(super) fn outcome(placed: Result<Placed, Refusal>) -> Result<Value, Problem> {
    let placed = placed.map_err(part)?;
    let intent = &placed.intent;
    let code = match intent.state {
        State::Done => {
            return Ok(json!({
                "vt_orderid": intent.vt_orderid,
                "client_order_id": intent.key.client_order_id,
                "state": intent.state.name(),
                "replayed": placed.is_replay,
                "generated_id": placed.is_made_id,
                "warnings": placed.warnings.iter().map(verdict).collect::<Value>(),
            }));
        }
        State::Refused if intent.code == "UNSUPPORTED" => Code::Unsupported,
        State::Refused => Code::Refused,
        State::NotSent => Code::NotSent,
        State::Acknowledged => Code::Acknowledged,
        State::Unknown | State::Recorded | State::Sent => Code::OutcomeUnknown,
    };
    let problem = Problem::new(code, intent.reason.as_str())
        .with("client_order_id", intent.key.client_order_id.as_str())
        .with("state", intent.state.name())
        .with("reason_code", intent.code.as_str())
        .with("replayed", placed.is_replay);
    Err(if code == Code::NotSent { problem.retry_after(SOON) } else { problem })
}

/// An order that was certainly not sent.
pub(super) fn part(refusal: Refusal) -> Problem {
    let detail = refusal.to_string();
    match refusal {
        Refusal::BadId => Problem::field("client_order_id", detail),
        Refusal::Conflict(id) => Problem::new(Code::IdConflict, detail).with("client_order_id", id.as_str()),
        Refusal::NotSent(_) => Problem::new(Code::NotSent, detail).with("state", "NOT_SENT").retry_after(SOON),
        Refusal::Rules(verdicts) => rules(&verdicts, detail),
        Refusal::TradingState(_) => Problem::new(Code::RuleBroken, detail).with("rules", json!(["TRADING_STATE"])),
        Refusal::Close(CloseError::NoPosition(_)) => Problem::new(Code::PositionNotFound, detail),
        Refusal::Close(CloseError::NotEnough { held, available }) => Problem::new(Code::RuleBroken, detail)
            .with("rules", json!(["CLOSABLE"]))
            .with("held", held)
            .with("available", available),
        Refusal::Close(CloseError::NoPrice) => {
            Problem::new(Code::RuleBroken, detail).with("rules", json!(["PRICE_GIVEN"]))
        }
    }
}

fn rules(verdicts: &[Verdict], detail: String) -> Problem {
    let is_unknown = verdicts.iter().any(|one| one.rule == Rule::ContractKnown && one.is_broken());
    let code = if is_unknown { Code::ContractNotFound } else { Code::RuleBroken };
    let broken: Vec<&Verdict> = verdicts.iter().filter(|one| one.is_broken()).collect();
    Problem::new(code, detail)
        .with("rules", broken.iter().map(|one| one.rule.code()).collect::<Value>())
        .with("verdicts", broken.iter().map(|one| verdict(one)).collect::<Value>())
}

/// The journal could not be written.
pub(super) fn journal(error: &JournalError) -> Problem {
    Problem::new(Code::NotSent, error.to_string()).retry_after(SOON)
}

/// One answer per order.
pub(super) fn placed_all(placed: Vec<Result<Placed, Refusal>>) -> Value {
    let results = placed.into_iter().map(|one| match outcome(one) {
        Ok(done) => json!({ "ok": true, "order": done, "error": null }),
        Err(problem) => json!({ "ok": false, "order": null, "error": problem.value(None) }),
    });
    json!({ "results": results.collect::<Value>() })
}

/// Every rule, and whether the order would be sent.
pub(super) fn checked(verdicts: &[Verdict], order: &NewOrder) -> Value {
    let refuses = verdicts.iter().any(|one| one.refuses(&order.overruled, order.is_strict));
    json!({ "ok": !refuses, "rules": verdicts.iter().map(verdict).collect::<Value>() })
}

fn verdict(one: &Verdict) -> Value {
    let weight = match one.rule.weight() {
        Weight::Refuses => "refuses",
        Weight::Overridable => "overridable",
        Weight::Warns => "warns",
    };
    json!({
        "rule": one.rule.code(),
        "weight": weight,
        "kept": one.is_kept,
        "value": one.value,
        "limit": one.limit,
        "floor": one.floor,
        "text_zh": one.rule.text(Language::Zh),
        "text_en": one.rule.text(Language::En),
    })
}

/// An intent as a person reads it.
pub(super) fn intent(intent: &Intent) -> Value {
    let received = jiff::Timestamp::from_millisecond(intent.received_ms).ok();
    let request = &intent.wish.request;
    json!({
        "client_order_id": intent.key.client_order_id,
        "user": intent.key.user,
        "trader": intent.key.desk,
        "state": intent.state.name(),
        "reason_code": intent.code,
        "reason": intent.reason,
        "vt_orderid": intent.vt_orderid,
        "received": received.map(|received| received.to_string()),
        "vt_symbol": request.vt_symbol(),
        "direction": request.direction,
        "type": request.order_type,
        "volume": request.volume,
        "price": request.price,
        "offset": request.offset,
        "reference": request.reference,
    })
}

/// The stages in microseconds after the request came in; `None` for an order of an earlier run.
pub(super) fn timeline(intent: &Intent) -> Option<Value> {
    if !intent.timeline.is_seen() {
        return None;
    }
    let received = jiff::Timestamp::from_millisecond(intent.received_ms).ok();
    let mut members = Map::new();
    members.insert("received".into(), json!(received.map(|received| received.to_string())));
    for stage in Stage::ALL {
        members.insert(format!("{}_us", stage.name()), json!(intent.timeline.after(stage)));
    }
    Some(Value::Object(members))
}
