//! Requests of one user by the second, and what the headers say of them.

use super::*;
use std::sync::atomic::{AtomicI64, Ordering};

fn limiter() -> (Limiter, Arc<AtomicI64>) {
    let now_ms = Arc::new(AtomicI64::new(1_000_000));
    let now = Arc::clone(&now_ms);
    (Limiter::new(Arc::new(move || now.load(Ordering::Relaxed))), now_ms)
}

#[test]
fn a_user_gets_so_many_in_a_window_and_each_has_his_own() {
    let (limiter, now_ms) = limiter();
    let (one, other) = (Arc::from("one"), Arc::from("other"));
    for used in 1..=ORDERS_PER_WINDOW {
        let counted = limiter.count(&one).expect("there is room");
        assert_eq!(counted.left, ORDERS_PER_WINDOW - used);
    }
    now_ms.fetch_add(400, Ordering::Relaxed);
    let refused = limiter.count(&one).expect_err("all are used");
    assert_eq!((refused.code, refused.retry_after), (Code::RateLimited, Some(Duration::from_millis(600))));
    let reply = refused.reply("id");
    assert_eq!(reply.headers()["ratelimit"], "\"orders\";r=0;t=1");
    assert_eq!(reply.headers()["ratelimit-policy"], "\"orders\";q=20000;w=1");
    assert_eq!(reply.headers()["retry-after"], "1");
    assert!(limiter.count(&other).is_ok());
    now_ms.fetch_add(600, Ordering::Relaxed);
    assert_eq!(limiter.count(&one).expect("a new window").left, ORDERS_PER_WINDOW - 1);
    now_ms.fetch_sub(10_000, Ordering::Relaxed);
    assert!(limiter.count(&one).is_ok(), "a clock that was set back locks nobody out");
}

#[test]
fn a_full_table_lets_strangers_through() {
    let (limiter, now_ms) = limiter();
    for number in 0..LIMITED_USERS {
        assert!(limiter.count(&Arc::from(format!("user {number}"))).is_ok());
    }
    for _ in 0..3 {
        assert_eq!(limiter.count(&Arc::from("stranger")).expect("uncounted").left, ORDERS_PER_WINDOW - 1);
    }
    now_ms.fetch_add(2000, Ordering::Relaxed);
    assert!(limiter.count(&Arc::from("stranger")).is_ok());
    assert_eq!(limiter.windows.lock().expect("no panic").len(), 1);
}
