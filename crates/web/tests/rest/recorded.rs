//! Requests that VeighNa's web process (vnpy 4.5, fastapi 0.165, Chinese) was asked, and what it answered.
//!
//! Each row: name, method, target, headers, body, then status, headers (all but a plain JSON content type) and
//! body. `…` stands for a body that depends on the trading process, `{token}`, `{base}` and `{EXCHANGES}` for
//! what they say. Where we differ on purpose there is no row; `hostile.rs` and `login.rs` have those.

use crate::support::{Answer, Server};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Row(String, String, String, Vec<(String, String)>, String, u16, BTreeMap<String, String>, String);

#[tokio::test]
async fn every_recorded_request_is_answered_as_it_was() {
    let server = Server::start().await;
    let text = include_str!("recorded.json");
    let exchanges: Vec<String> = domain::Exchange::known().map(|exchange| format!("'{}'", exchange.value())).collect();
    let (last, others) = exchanges.split_last().unwrap();
    let exchanges = format!("{} or {last}", others.join(", "));
    let base = format!("http://{}", server.address);
    let rows: Vec<Row> = serde_json::from_str(text).unwrap();
    let mut wrong = Vec::new();
    for Row(name, method, target, headers, body, status, wanted_headers, wanted) in &rows {
        let fill = |text: &str| text.replace("{token}", &server.token);
        let headers: Vec<(String, String)> = headers.iter().map(|(name, value)| (name.clone(), fill(value))).collect();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = server.send(method, &fill(target), &headers, body).await;
        let wanted = wanted.replace("{base}", &base).replace("{EXCHANGES}", &exchanges);
        if let Some(difference) = difference(&answer, *status, wanted_headers, &base, &wanted) {
            wrong.push(format!("{name}: {difference}"));
        }
    }
    assert!(rows.len() > 400, "{}", rows.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

fn difference(
    answer: &Answer,
    status: u16,
    headers: &BTreeMap<String, String>,
    base: &str,
    body: &str,
) -> Option<String> {
    if answer.status != status {
        return Some(format!("{} instead of {status}: {}", answer.status, String::from_utf8_lossy(&answer.body)));
    }
    for name in ["content-type", "www-authenticate", "location", "allow"] {
        let wanted = headers.get(name).map(|value| value.replace("{base}", base));
        let json = wanted.is_none() && name == "content-type";
        let found = answer.header(name).filter(|value| !(json && *value == "application/json"));
        if found != wanted.as_deref() {
            return Some(format!("{name} is {found:?} instead of {wanted:?}"));
        }
    }
    let same = body == "…" || answer.body == body.as_bytes();
    (!same).then(|| format!("\n  is    {}\n  was   {body}", String::from_utf8_lossy(&answer.body)))
}
