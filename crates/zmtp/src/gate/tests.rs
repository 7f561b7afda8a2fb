//! Places are counted by address, and come back.

use super::Gate;
use std::net::IpAddr;

fn ip(text: &str) -> Option<IpAddr> {
    Some(text.parse().unwrap())
}

#[test]
fn counts_by_address_and_in_all() {
    let gate = Gate::new(3, 2);
    let first = gate.enter(ip("10.0.0.1")).unwrap();
    let _second = gate.enter(ip("::ffff:10.0.0.1")).unwrap();
    assert!(gate.enter(ip("10.0.0.1")).is_none(), "a mapped address is the same address");
    let _third = gate.enter(ip("10.0.0.2")).unwrap();
    assert!(gate.enter(ip("10.0.0.3")).is_none(), "the total is reached");
    drop(first);
    assert_eq!(gate.total(), 2);
    assert!(gate.enter(ip("10.0.0.1")).is_some());
}

#[test]
fn one_ipv6_network_is_one_address() {
    let gate = Gate::new(10, 1);
    let _first = gate.enter(ip("2001:db8::1")).unwrap();
    assert!(gate.enter(ip("2001:db8::2")).is_none());
    assert!(gate.enter(ip("2001:db8:0:1::1")).is_some());
}

#[test]
fn unix_peers_have_the_total_only() {
    let gate = Gate::new(2, 1);
    let _passes = [gate.enter(None).unwrap(), gate.enter(None).unwrap()];
    assert!(gate.enter(None).is_none());
}
