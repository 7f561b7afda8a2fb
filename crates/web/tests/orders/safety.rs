//! Cancels and trading states.

use crate::outcomes::{ORDERS, body, post};
use crate::schema::differences;
use crate::support::{Answer, Server};
use serde_json::{Value, json};
use web::command::CommandError;

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
    assert_eq!(
        (&states["state"], &desk["state"], &desk["enforced_by"]),
        (&"HALTED".into(), &"HALTED".into(), &"web".into())
    );
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
async fn whoever_sets_a_state_finds_it_though_the_trading_process_tells_it_later() {
    let server = Server::start().await;
    server.trader.capabilities.lock().unwrap().trading_state = true;
    server.replica.write().trading_state = Some(domain::TradingState::Halted);
    let states = set(&server, json!({ "state": "ACTIVE" })).await;
    assert_eq!((&states["traders"][0]["of_trader"], &states["untold"]), (&"ACTIVE".into(), &json!([])), "{states}");
    assert_eq!(post(&server, ORDERS, &body("a")).await.status, 201);
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
    for line in [
        "webtrader_orders_total{outcome=\"DONE\"} 1",
        "webtrader_order_seconds_count{trader=\"desk\",stage=\"total\"} 1",
    ] {
        assert!(figures.text().contains(line), "{line}");
    }
    assert!(server.state.path().join("intents.db").exists());
}

/// Compares an answer with what the document says about it.
fn is_as_told(document: &Value, method: &str, path: &str, answer: &Answer) {
    let response = &document["paths"][path][method]["responses"][answer.status.to_string()];
    assert!(response.is_object(), "{method} {path}: {} is not told", answer.status);
    let (_, content) = response["content"].as_object().unwrap().iter().next().unwrap();
    let wrong = differences(document, &content["schema"], &answer.json(), "");
    assert!(wrong.is_empty(), "{method} {path} {}: {wrong:#?}\n{}", answer.status, answer.text());
}

#[tokio::test]
async fn what_has_no_single_happy_end_is_as_the_document_says() {
    let server = Server::start().await;
    let document = server.get("/openapi.json").await.json();
    let told = |method: &str, path: &str, answer: &Answer| is_as_told(&document, method, path, answer);
    *server.trader.fail.lock().unwrap() = Some(CommandError::Unknown("no answer".into()));
    told("post", ORDERS, &post(&server, ORDERS, &body("lost")).await);
    *server.trader.fail.lock().unwrap() = None;
    told("get", "/api/v1/orders/unknown", &server.get("/api/v1/orders/unknown").await);
    let acknowledge = "/api/v1/orders/unknown/{client_order_id}/acknowledge";
    for id in ["lost", "nothing"] {
        let target = acknowledge.replace("{client_order_id}", id);
        told("post", acknowledge, &server.bearer("POST", &target, "{}").await);
    }
    told("post", ORDERS, &post(&server, ORDERS, &body("lost")).await);
    let mut odd = body("odd");
    odd["price"] = json!(0.001);
    for batch in [json!({ "orders": [body("a"), odd] }), json!({ "orders": [] }), json!({ "orders": [1] })] {
        told("post", "/api/v1/orders/batch", &post(&server, "/api/v1/orders/batch", &batch).await);
    }
    let close = "/api/v1/positions/{vt_positionid}/close";
    let target = close.replace("{vt_positionid}", "SIM.rb2610.SHFE.%E5%A4%9A");
    for wish in
        [json!({}), json!({ "price": 3600, "client_order_id": "c" }), json!({ "price": 1, "client_order_id": "c" })]
    {
        told("post", close, &post(&server, &target, &wish).await);
    }
    told("post", close, &post(&server, &close.replace("{vt_positionid}", "x"), &json!({})).await);
    for wish in [json!({ "state": "HALTED" }), json!({ "state": "ACTIVE", "trader": "x" }), json!({ "state": "OPEN" })]
    {
        told("put", STATE, &server.bearer("PUT", STATE, &wish.to_string()).await);
    }
}
