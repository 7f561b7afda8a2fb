//! The table's own rules.

use super::*;

#[test]
fn paths_match_whole_and_by_segment() {
    let post = |path| find(&Method::POST, path);
    assert_eq!(post("/tick/rb2610.SHFE"), Found::Handler(Handler::Subscribe, "rb2610.SHFE"));
    assert_eq!(post("/tick/BTC/USDT.SMART"), Found::Nothing);
    assert_eq!(post("/tick/"), Found::Nothing);
    assert_eq!(post("/tick"), Found::NotAllowed("GET"));
    assert_eq!(find(&Method::HEAD, "/order"), Found::NotAllowed("POST"), "the first of the two, as Starlette says");
    assert_eq!(find(&Method::GET, "/order"), Found::Handler(Handler::List(List::Orders), ""));
    assert_eq!(find(&Method::GET, "/assets/a/b.js"), Found::Handler(Handler::Asset, "a/b.js"));
    assert_eq!(find(&Method::GET, "/Account"), Found::Nothing);
    assert!(exists("/account") && !exists("/account/"));
}
