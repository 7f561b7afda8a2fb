//! Cancels and trading states.

use crate::outcomes::{ORDERS, body, post};
use crate::support::Server;
use serde_json::{Value, json};

const STATE: &str = "/api/v1/trading-state";

async fn set(server: &Server, body: Value) -> Value {
    let answer = server.bearer("PUT", STATE, &body.to_string()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

#[tokio::test]
async fn halted_refuses_on_both_surfaces_and_cancels_pass() {
    let server = Server::start().await;
    assert_eq!(post(&server, ORDERS, &body("a")).await.status, 201);
    let states = set(&server, json!({ "state": "HALTED" })).await;
    let desk = &states["traders"][0];
    assert_eq!((&states["state"], &desk["state"], &desk["enforced_by"]), (&"HALTED".into(), &"HALTED".into(), &"web".into()));
    let refused = post(&server, ORDERS, &body("b")).await;
    assert_eq!((refused.status, &refused.json()["rules"]), (422, &json!(["TRADING_STATE"])));
    let classic = json!({ "symbol": "rb2610", "exchange": "SHFE", "direction": "多", "type": "限价", "volume": 1, "price": 3600 });
    let answer = server.post_order(classic.to_string()).await;
    assert_eq!(answer.status, 403);
    assert!(answer.json()["detail"].as_str().unwrap().contains("HALTED"));
    // What was sent before is told, and can be cancelled.
    assert_eq!(post(&server, ORDERS, &body("a")).await.status, 201);
    let cancelled = server.bearer("DELETE", ORDERS, "").await.json();
    assert!(cancelled["results"].as_array().unwrap().iter().all(|one| one["ok"] == true), "{cancelled}");
    assert_eq!(set(&server, json!({ "state": "ACTIVE" })).await["traders"][0]["state"], "ACTIVE");
    assert_eq!(server.post_order(classic.to_string()).await.status, 200);
}

#[tokio::test]
async fn reducing_lets_closing_through() {
    let server = Server::start().await;
    set(&server, json!({ "state": "REDUCING", "trader": "desk" })).await;
    assert_eq!(post(&server, ORDERS, &body("a")).await.status, 422);
    let mut close = body("b");
    close["direction"] = json!("SHORT");
    close["offset"] = json!("CLOSEYESTERDAY");
    assert_eq!(post(&server, ORDERS, &close).await.status, 201);
    assert_eq!(server.get(STATE).await.json()["traders"][0]["set"], "REDUCING");
    let nobody = server.bearer("PUT", STATE, r#"{"state":"HALTED","trader":"x"}"#).await;
    assert_eq!((nobody.status, &nobody.json()["code"]), (404, &"trader_not_found".into()));
}

#[tokio::test]
async fn cancels_have_an_answer_each() {
    let server = Server::start().await;
    let placed = post(&server, ORDERS, &body("a")).await.json();
    let target = format!("{ORDERS}/{}", placed["vt_orderid"].as_str().unwrap());
    let cancelled = server.bearer("DELETE", &target, "").await;
    assert_eq!((cancelled.status, &cancelled.json()["vt_orderid"]), (202, &placed["vt_orderid"]));
    assert_eq!(server.bearer("DELETE", "/api/v1/orders/SIM.none", "").await.json()["code"], "order_not_found");
    let matching = server.bearer("DELETE", "/api/v1/orders?reference=nobody", "").await.json();
    assert_eq!(matching["results"], json!([]));
    let matching = server.bearer("DELETE", "/api/v1/orders?vt_symbol=rb2610.SHFE", "").await.json();
    assert_eq!(matching["results"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn figures_and_the_journal_are_there() {
    let server = Server::start().await;
    post(&server, ORDERS, &body("a")).await;
    let figures = server.get("/metrics").await;
    for line in ["webtrader_orders_total{outcome=\"DONE\"} 1", "webtrader_order_seconds_count{stage=\"total\"} 1"] {
        assert!(figures.text().contains(line), "{line}");
    }
    assert!(server.state.path().join("intents.db").exists());
}
