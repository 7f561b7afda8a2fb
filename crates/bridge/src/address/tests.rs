//! Addresses as people write them.

use super::*;

#[test]
fn what_is_written_back_is_what_was_read() {
    for text in [
        "tcp://127.0.0.1:2016",
        "tcp://localhost:0",
        "tcp://[::1]:2016",
        "tls://0.0.0.0:2016",
        "tls://*:2016",
        "tls://trader.example:2016",
        "tls://[fe80::1]:2016",
        "unix:/run/trader/bridge.sock",
        "unix:relative.sock",
    ] {
        assert_eq!(text.parse::<Address>().expect(text).to_string(), text);
    }
    let three_slashes: Address = "unix:///run/bridge.sock".parse().expect("as a URL would have it");
    assert_eq!(three_slashes, Address::Unix("/run/bridge.sock".into()));
}

#[test]
fn plain_tcp_stays_on_this_machine() {
    for text in ["tcp://0.0.0.0:2016", "tcp://*:2016", "tcp://192.0.2.1:2016", "tcp://trader.example:2016"] {
        let error = text.parse::<Address>().expect_err(text);
        assert_eq!(error, AddressError::Unprotected(text.into()));
        assert!(error.to_string().contains("tls://"), "it says what to do: {error}");
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for text in
        ["", "tcp://", "tcp://host", "tls://:1", "tls://host:", "tls://host:70000", "tls://::1:80", "http://x:1"]
    {
        assert!(text.parse::<Address>().is_err(), "{text}");
    }
    assert!(format!("unix:/{}", "x".repeat(200)).parse::<Address>().is_err());
}
