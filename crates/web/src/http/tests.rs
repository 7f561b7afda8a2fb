//! Who is let in, and what a client takes.

use super::gate::Gate;
use super::{Coding, accepted, matches_etag};
use crate::limits;
use hyper::HeaderMap;
use hyper::header::{ACCEPT_ENCODING, HeaderName, IF_NONE_MATCH};
use std::net::IpAddr;
use std::sync::Arc;

fn headers(name: HeaderName, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name, value.parse().unwrap())])
}

#[test]
fn connections_are_capped_for_each_address_and_in_all() {
    let gate = Arc::new(Gate::default());
    let address = |last: u8| IpAddr::from([192, 0, 2, last]);
    let mut inside: Vec<_> = (0..limits::CONNECTIONS_PER_ADDRESS).map(|_| gate.enter(address(1)).unwrap()).collect();
    assert!(gate.enter(address(1)).is_none());
    inside.push(gate.enter(address(2)).expect("another address is not touched"));
    inside.remove(0);
    inside.push(gate.enter(address(1)).expect("one has left"));
    while gate.open().0 < limits::CONNECTIONS {
        inside.push(gate.enter(IpAddr::from([127, 0, 0, 1])).expect("loopback counts only in all"));
    }
    assert!(gate.enter(address(3)).is_none());
    inside.clear();
    assert_eq!(gate.open(), (0, 0));
}

#[test]
fn codings_by_weight_then_by_preference() {
    let choice = |accept: &str, preferred| accepted(&headers(ACCEPT_ENCODING, accept), preferred);
    for (accept, gzip_first, brotli_first) in [
        ("gzip, br", Some(Coding::Gzip), Some(Coding::Brotli)),
        ("gzip;q=0.2, br;q=0.1", Some(Coding::Gzip), Some(Coding::Gzip)),
        ("GZIP;Q=1", Some(Coding::Gzip), Some(Coding::Gzip)),
        ("*", Some(Coding::Gzip), Some(Coding::Brotli)),
        ("*;q=0", None, None),
        ("gzip;q=0, *", Some(Coding::Brotli), Some(Coding::Brotli)),
        ("gzip;q=nonsense", None, None),
        ("deflate, identity", None, None),
        ("", None, None),
    ] {
        assert_eq!(
            (choice(accept, Coding::Gzip), choice(accept, Coding::Brotli)),
            (gzip_first, brotli_first),
            "{accept}"
        );
    }
    assert_eq!(accepted(&HeaderMap::new(), Coding::Gzip), None);
}

#[test]
fn etags_compare_weakly() {
    for (tags, same) in
        [("W/\"a\"", true), ("\"a\"", true), ("\"b\", W/\"a\"", true), ("*", true), ("\"b\"", false), ("a", false)]
    {
        assert_eq!(matches_etag(&headers(IF_NONE_MATCH, tags), "W/\"a\""), same, "{tags}");
    }
}
