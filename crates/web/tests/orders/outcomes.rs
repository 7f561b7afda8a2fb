//! What each outcome looks like to a client.

use crate::support::{Answer, JSON, Server};
use serde_json::{Value, json};
use web::command::CommandError;
use web::replica::Link;

pub(crate) const ORDERS: &str = "/api/v1/orders";

pub(crate) fn body(id: &str) -> Value {
    json!({
        "vt_symbol": "rb2610.SHFE", "direction": "LONG", "type": "LIMIT", "volume": 2, "price": 3600, "offset": "OPEN",
        "reference": "网页", "client_order_id": id,
    })
}

pub(crate) async fn post(server: &Server, target: &str, body: &Value) -> Answer {
    server.bearer("POST", target, &body.to_string()).await
}

fn fail(server: &Server, error: Option<CommandError>) {
    *server.trader.fail.lock().unwrap() = error;
}

#[tokio::test]
async fn an_order_is_placed_once_and_shown_with_its_id() {
    let server = Server::start().await;
    let first = post(&server, ORDERS, &body("a-1")).await;
    assert_eq!(first.status, 201, "{first:?}");
    let placed = first.json();
    assert_eq!(
        (&placed["state"], &placed["replayed"], &placed["client_order_id"]),
        (&"DONE".into(), &false.into(), &"a-1".into())
    );
    let again = post(&server, ORDERS, &body("a-1")).await;
    assert_eq!((again.status, &again.json()["replayed"]), (201, &true.into()));
    assert_eq!(again.json()["vt_orderid"], placed["vt_orderid"]);
    assert_eq!(server.trader.sent.lock().unwrap().len(), 1);
    let sent = server.trader.sent.lock().unwrap()[0].reference.clone();
    assert!(sent.starts_with("网页#") && sent.len() == "网页".len() + 14, "{sent}");
    let list = server.get("/api/v1/orders?reference=%E7%BD%91%E9%A1%B5&active=true").await.json();
    let row = &list["data"][0];
    assert_eq!((&row["client_order_id"], &row["reference"]), (&"a-1".into(), &"网页".into()));
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    let one = server.get(&format!("{ORDERS}/{}", placed["vt_orderid"].as_str().unwrap())).await.json();
    assert_eq!((&one["order"], &one["intent"]["state"], &one["intent"]["user"]), (row, &"DONE".into(), &"vnpy".into()));
    let after = |stage: &str| one["timeline"][stage].as_u64().unwrap();
    assert!(after("checked_us") <= after("recorded_us") && after("recorded_us") <= after("sent_us"));
    assert!(after("sent_us") <= after("answered_us"), "{one}");
}

#[tokio::test]
async fn the_header_is_as_good_as_the_field() {
    let server = Server::start().await;
    let mut order = body("");
    order.as_object_mut().unwrap().remove("client_order_id");
    let headers = [("Authorization", format!("Bearer {}", server.token)), ("Idempotency-Key", "key-7".to_owned())];
    let mut headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    headers.push(JSON);
    for _ in 0..2 {
        let answer = server.send("POST", ORDERS, &headers, order.to_string()).await;
        assert_eq!((answer.status, &answer.json()["client_order_id"]), (201, &"key-7".into()));
    }
    let nameless = post(&server, ORDERS, &order).await.json();
    assert_eq!(nameless["generated_id"], true);
    assert_eq!(server.trader.sent.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn each_way_of_not_being_sent_has_its_status() {
    let server = Server::start().await;
    post(&server, ORDERS, &body("used")).await;
    let cases = [
        (json!({ "volume": 3 }), 409, "id_conflict", "used"),
        (json!({ "vt_symbol": "rb9999.SHFE" }), 404, "contract_not_found", "b"),
        (json!({ "price": 3600.001 }), 422, "rule_broken", "b"),
        (json!({ "volume": 0 }), 422, "rule_broken", "b"),
        (json!({ "type": "STOP" }), 422, "rule_broken", "b"),
        (json!({ "price": 0 }), 422, "rule_broken", "b"),
        (json!({ "direction": "NET" }), 422, "invalid", "b"),
        (json!({ "unknown": 1 }), 422, "invalid", "b"),
        (json!({ "override": ["NO_RULE"] }), 422, "invalid", "b"),
        (json!({}), 422, "invalid", "no spaces"),
        (json!({ "volume": 14 }), 422, "refused", "c"),
    ];
    for (change, status, code, id) in cases {
        let mut order = body(id);
        order.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = post(&server, ORDERS, &order).await;
        assert_eq!((answer.status, &answer.json()["code"]), (status, &code.into()), "{change} {answer:?}");
    }
    let mut odd = body("b");
    odd["price"] = json!(3600.001);
    assert_eq!(post(&server, ORDERS, &odd).await.json()["rules"], json!(["PRICE_TICK"]));
    assert_eq!(server.trader.sent.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn certainly_not_sent_is_503_and_may_go_again() {
    let server = Server::start().await;
    server.replica.write().link = Link::Stale;
    let away = post(&server, ORDERS, &body("a")).await;
    assert_eq!((away.status, &away.json()["code"]), (503, &"not_sent".into()));
    assert!(away.header("retry-after").is_some());
    server.replica.write().link = Link::Live;
    fail(&server, Some(CommandError::NotSent("the queue is full".into())));
    let full = post(&server, ORDERS, &body("a")).await;
    assert_eq!(
        (full.status, &full.json()["state"], &full.json()["client_order_id"]),
        (503, &"NOT_SENT".into(), &"a".into())
    );
    fail(&server, None);
    assert_eq!(post(&server, ORDERS, &body("a")).await.status, 201);
}

#[tokio::test]
async fn a_lost_answer_is_504_until_somebody_acknowledges_it() {
    let server = Server::start().await;
    fail(&server, Some(CommandError::Unknown("no answer within 30 s".into())));
    for replayed in [false, true] {
        let lost = post(&server, ORDERS, &body("a")).await;
        let problem = lost.json();
        assert_eq!(
            (lost.status, &problem["code"], &problem["state"]),
            (504, &"outcome_unknown".into(), &"UNKNOWN".into())
        );
        assert_eq!((&problem["replayed"], &problem["client_order_id"]), (&replayed.into(), &"a".into()));
    }
    fail(&server, None);
    let unknown = server.get("/api/v1/orders/unknown").await.json();
    assert_eq!((&unknown[0]["client_order_id"], &unknown[0]["state"]), (&"a".into(), &"UNKNOWN".into()));
    assert!(unknown[0]["reason"].as_str().unwrap().contains("30 s"));
    let target = "/api/v1/orders/unknown/a/acknowledge";
    let done = server.bearer("POST", target, "{}").await;
    assert_eq!((done.status, &done.json()["state"]), (200, &"ACKNOWLEDGED".into()));
    assert_eq!(server.bearer("POST", target, "{}").await.json()["code"], "order_not_found");
    assert_eq!(server.get("/api/v1/orders/unknown").await.json(), json!([]));
    let again = post(&server, ORDERS, &body("a")).await;
    assert_eq!((again.status, &again.json()["code"]), (409, &"acknowledged".into()));
    assert!(server.trader.sent.lock().unwrap().is_empty());
}

#[tokio::test]
async fn checking_tells_every_rule_and_sends_nothing() {
    let server = Server::start().await;
    let mut order = body("a");
    order["volume"] = json!(0.5);
    order["offset"] = json!("CLOSE");
    order["direction"] = json!("SHORT");
    let answer = post(&server, "/api/v1/orders/check", &order).await;
    let check = answer.json();
    assert_eq!((answer.status, &check["ok"], check["rules"].as_array().unwrap().len()), (200, &true.into(), 14));
    let rule = |code: &str| check["rules"].as_array().unwrap().iter().find(|one| one["rule"] == code).unwrap().clone();
    assert_eq!((&rule("VOLUME_MIN")["kept"], &rule("VOLUME_MIN")["limit"]), (&false.into(), &1.0.into()));
    assert_eq!((&rule("CLOSABLE")["kept"], &rule("CLOSABLE")["limit"]), (&true.into(), &3.0.into()));
    assert_eq!(rule("LINK_LIVE")["kept"], true);
    assert!(rule("PRICE_TICK")["text_zh"].as_str().unwrap().contains("最小变动价位"));
    order["strict"] = json!(true);
    assert_eq!(post(&server, "/api/v1/orders/check", &order).await.json()["ok"], false);
    assert!(server.trader.sent.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_batch_has_an_outcome_for_each() {
    let server = Server::start().await;
    let mut odd = body("b");
    odd["price"] = json!(1.0001);
    let batch = json!({ "orders": [body("a"), odd, body("a"), body("c")] });
    let answer = post(&server, "/api/v1/orders/batch", &batch).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let results = answer.json()["results"].clone();
    let ok: Vec<bool> = results.as_array().unwrap().iter().map(|one| one["ok"].as_bool().unwrap()).collect();
    assert_eq!(ok, [true, false, true, true]);
    assert_eq!(results[1]["error"]["code"], "rule_broken");
    assert_eq!(results[2]["order"]["replayed"], true);
    assert_eq!(server.trader.sent.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_position_is_closed_in_the_parts_that_its_exchange_wants() {
    let server = Server::start().await;
    let target = "/api/v1/positions/SIM.rb2610.SHFE.%E5%A4%9A/close";
    let no_price = post(&server, target, &json!({})).await;
    assert_eq!((no_price.status, &no_price.json()["code"]), (422, &"rule_broken".into()));
    let wish = json!({ "price": 3600, "client_order_id": "flat" });
    for replayed in [false, true] {
        let answer = post(&server, target, &wish).await;
        let results = answer.json()["results"].clone();
        assert_eq!((answer.status, results.as_array().unwrap().len()), (200, 2), "{answer:?}");
        assert_eq!(results[0]["order"]["client_order_id"], "flat/1");
        assert_eq!(results[1]["order"]["replayed"], replayed);
    }
    let sent: Vec<(String, f64)> =
        server.trader.sent.lock().unwrap().iter().map(|one| (one.offset.name().to_owned(), one.volume)).collect();
    assert_eq!(sent, [("CLOSETODAY".to_owned(), 2.0), ("CLOSEYESTERDAY".to_owned(), 3.0)]);
    let nothing_left = post(&server, target, &json!({ "price": 3600 })).await;
    assert_eq!((nothing_left.status, &nothing_left.json()["available"]), (422, &0.0.into()));
    assert_eq!(post(&server, "/api/v1/positions/SIM.x.Long/close", &json!({})).await.status, 404);
}
