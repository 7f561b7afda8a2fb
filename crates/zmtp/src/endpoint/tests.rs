//! What is an endpoint, what is not, and what is said about it.

use super::{Endpoint, EndpointError};

fn parse(text: &str) -> Result<Endpoint, EndpointError> {
    text.parse()
}

fn tcp(host: &str, port: u16) -> Endpoint {
    Endpoint::Tcp { host: host.into(), port }
}

#[test]
fn reads_what_zeromq_writes() {
    assert_eq!(parse("tcp://127.0.0.1:2014"), Ok(tcp("127.0.0.1", 2014)));
    assert_eq!(parse("tcp://*:2014"), Ok(tcp("*", 2014)));
    assert_eq!(parse("tcp://0.0.0.0:0"), Ok(tcp("0.0.0.0", 0)));
    assert_eq!(parse("tcp://*:*"), Ok(tcp("*", 0)));
    assert_eq!(parse("tcp://[::1]:1"), Ok(tcp("::1", 1)));
    assert_eq!(parse(" tcp://trader.example:65535\n"), Ok(tcp("trader.example", 65535)));
    assert_eq!(parse("ipc:///run/a b"), Ok(Endpoint::Ipc("/run/a b".into())));
}

#[test]
fn display_is_what_was_read() {
    for text in ["tcp://127.0.0.1:2014", "tcp://*:2014", "tcp://[::1]:1", "tcp://localhost:9", "ipc:///tmp/x"] {
        assert_eq!(parse(text).unwrap().to_string(), text);
    }
}

type Wrong = fn(String) -> EndpointError;

#[test]
fn says_what_is_wrong() {
    let cases: [(&str, Wrong); 16] = [
        ("", EndpointError::Scheme),
        ("127.0.0.1:2014", EndpointError::Scheme),
        ("http://127.0.0.1:2014", EndpointError::Scheme),
        ("tcp://127.0.0.1", EndpointError::NoPort),
        ("tcp://:2014", EndpointError::NoHost),
        ("tcp://127.0.0.1:", EndpointError::Port),
        ("tcp://127.0.0.1:x", EndpointError::Port),
        ("tcp://127.0.0.1:+5", EndpointError::Port),
        ("tcp://127.0.0.1:65536", EndpointError::Port),
        ("tcp://::1:5", EndpointError::Host),
        ("tcp://[1.2.3.4]:5", EndpointError::Host),
        ("tcp://a b:5", EndpointError::Host),
        ("tcp://eth0;1.2.3.4:5", EndpointError::Host),
        ("ipc://", EndpointError::Path),
        ("ipc://*", EndpointError::Path),
        ("ipc://@abstract", EndpointError::Path),
    ];
    for (text, error) in cases {
        assert_eq!(parse(text), Err(error(text.to_owned())), "{text}");
    }
    assert!(parse(&format!("ipc:///{}", "x".repeat(107))).is_err(), "longer than the system allows");
}

#[test]
fn knows_what_only_this_machine_reaches() {
    for local in ["tcp://127.0.0.1:1", "tcp://127.9.9.9:1", "tcp://localhost:1", "tcp://[::1]:1", "ipc:///tmp/x"] {
        assert!(parse(local).unwrap().is_local(), "{local}");
    }
    for open in ["tcp://*:1", "tcp://0.0.0.0:1", "tcp://[::]:1", "tcp://10.0.0.1:1", "tcp://trader:1"] {
        assert!(!parse(open).unwrap().is_local(), "{open}");
    }
}
