//! Each route of the table: happy, logged out, refused, and with the trading process away.

use crate::support::{FORM, JSON, ORDER, Server};
use web::command::CommandError;
use web::replica::Link;
use web::rest::routes::{Handler, ROUTES};

#[tokio::test]
async fn lists_answer_as_upstream() {
    let server = Server::start().await;
    let accounts = server.get("/account").await;
    assert_eq!(accounts.status, 200);
    assert_eq!(
        accounts.text(),
        r#"[{"gateway_name":"SIM","accountid":"88001234","balance":1000000.0,"frozen":0,"available":1000000.0,"vt_accountid":"SIM.88001234"},{"gateway_name":"SIM","accountid":"USD","balance":0.00005,"frozen":0,"available":0.00005,"vt_accountid":"SIM.USD"}]"#
    );
    for (path, rows) in [("/tick", 1), ("/order", 1), ("/trade", 1), ("/position", 1), ("/contract", 8)] {
        let answer = server.get(path).await;
        assert_eq!((answer.status, answer.json().as_array().unwrap().len()), (200, rows), "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()));
    }
    let tick = server.get("/tick").await.json();
    assert!(tick[0]["high_price"].is_null() && tick[0]["limit_up"].is_null());
}

#[tokio::test]
async fn an_order_goes_the_whole_way_and_is_in_the_next_list() {
    let server = Server::start().await;
    let sent = server.post_order(ORDER).await;
    assert_eq!((sent.status, sent.text()), (200, r#""SIM.1_100_1""#));
    let orders = server.get("/order").await.json();
    assert_eq!(orders[1]["vt_orderid"], "SIM.1_100_1");
    assert_eq!(orders[1]["reference"], "WebTrader");
    let bearer = format!("Bearer {}", server.token);
    let cancelled = server.send("DELETE", "/order/SIM.1_100_1", &[("Authorization", &bearer)], "").await;
    assert_eq!((cancelled.status, cancelled.text()), (200, "null"));
    assert_eq!(*server.trader.cancelled.lock().unwrap(), ["SIM.1_100_1"]);
    let subscribed = server.send("POST", "/tick/a.b.SMART", &[("Authorization", &bearer)], "{").await;
    assert_eq!((subscribed.status, subscribed.text()), (200, "null"));
    assert_eq!(*server.trader.subscribed.lock().unwrap(), ["a.b.SMART"]);
    let refused = server.post_order(ORDER.replace("\"volume\":1", "\"volume\":14")).await;
    assert_eq!((refused.status, refused.text()), (200, r#""""#));
}
