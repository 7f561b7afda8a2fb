//! What single opcodes and recorded calls mean, and that the shortcuts mean the same.

use super::{PLAIN_LIMITS, allow, fault, with};
use crate::{Fault, Kind, Limits, Loader, Member, Node};

#[test]
fn memoize_counts_what_is_set_as_cpython_does() {
    // PUT 1, then MEMOIZE: one entry is set, so it goes to 1 again and 'b' replaces 'a'.
    with(b"\x80\x04\x8c\x01aq\x01\x8c\x01b\x940h\x01\x86.", |root| {
        let texts: Vec<_> = root.items().expect("a tuple").map(|item| item.as_str().expect("text")).collect();
        assert_eq!(texts, ["a", "b"]);
    });
}

#[test]
fn lone_surrogates_become_replacement_characters_and_other_damage_is_refused() {
    with(b"\x80\x04\x8c\x06a\xed\xa0\x80bc.", |root| assert_eq!(root.as_str(), Some("a\u{fffd}bc")));
    with(b"Va\\ud800b\n.", |root| assert_eq!(root.as_str(), Some("a\u{fffd}b")));
    with(b"V\\U0001f600\xe9\\n\n.", |root| assert_eq!(root.as_str(), Some("😀é\\n")));
    for bytes in [
        &b"\x8c\x01\xff."[..],
        b"\x8c\x02\xed\xa0.",
        b"V\\u12\n.",
        b"V\\U00110000\n.",
        b"U\x01\xe9.",
        b"S'a\n.",
        b"S'\\xff'\n.",
    ] {
        assert_eq!(fault(bytes), Fault::Text, "{bytes:?}");
    }
    with(b"S'a\\n\\'\\x41\\\\'\n.", |root| assert_eq!(root.as_str(), Some("a\n'A\\")));
}

#[test]
fn numbers_of_every_width() {
    let int = |bytes: &[u8]| with(bytes, |root| root.as_i64());
    assert_eq!(int(b"\x8a\x00."), Some(0));
    assert_eq!(int(b"\x8a\x01\xff."), Some(-1));
    assert_eq!(int(b"\x8a\x0a\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00."), Some(1));
    assert_eq!(int(b"L-9223372036854775808L\n."), Some(i64::MIN));
    assert_eq!(int(b"L9223372036854775808L\n."), None);
    assert_eq!(int(b"L0000000000000000000000012\n."), Some(12));
    with(b"L-9223372036854775809L\n.", |root| {
        assert!(matches!(root.kind(), Kind::BigInt(b"\xff\xff\xff\xff\xff\xff\xff\x7f\xff")));
    });
    assert!(
        with(b"I01\n.", |root| root.as_bool()) == Some(true) && with(b"I00\n.", |root| root.as_bool()) == Some(false)
    );
    for bytes in [&b"Ix\n."[..], b"I\n.", b"L1 2\n.", b"Fx\n.", b"L-\n.", b"I1_0\n."] {
        assert_eq!(fault(bytes), Fault::Number, "{bytes:?}");
    }
    assert_eq!(with(b"Fnan\n.", |root| root.as_f64().map(f64::is_nan)), Some(true));
    assert_eq!(with(b"I5\n.", |root| root.as_f64()), Some(5.0));
}

#[test]
fn a_key_that_is_set_twice_has_the_later_value() {
    with(b"}(U\x01aK\x01U\x01bK\x02U\x01aK\x03u.", |root| {
        assert_eq!(root.get("a").and_then(Node::as_i64), Some(3));
        assert_eq!(root.pairs().expect("a dict").len(), 3);
        assert!(root.get("c").is_none());
    });
}

#[test]
fn lists_that_grow_in_turn_keep_their_own_items() {
    // Two lists in the memo, filled alternately: neither run of values stays contiguous.
    let mut bytes = b"]q\x00]q\x01".to_vec();
    for n in 0..100 {
        bytes.extend([b'h', 0, b'K', n, b'a', b'0', b'h', 1, b'(', b'K', n, b'K', n, b'e', b'0']);
    }
    bytes.extend(b"\x86.");
    with(&bytes, |root| {
        let lists: Vec<Vec<_>> = root
            .items()
            .expect("a tuple")
            .map(|list| list.items().expect("a list").filter_map(Node::as_i64).collect())
            .collect();
        assert_eq!(lists[0], (0..100).collect::<Vec<_>>());
        assert_eq!(lists[1], (0..100).flat_map(|n| [n, n]).collect::<Vec<_>>());
        let second = root.items().and_then(|mut items| items.nth(1)).and_then(Node::items).expect("a list");
        assert_eq!((second.len(), second.get(101).and_then(Node::as_i64)), (200, Some(50)));
    });
}

#[test]
fn members_attributes_and_old_bytes_are_understood() {
    with(b"cm\nC\nU\x01x\x85R.", |root| {
        let Some(Member::Value { class, value }) = root.member() else { panic!("by value") };
        assert_eq!((class.is_global(&["m"], "C"), value.as_str()), (true, Some("x")));
        assert!(root.attribute().is_none());
    });
    with(b"c__builtin__\ngetattr\n(cm\nC\nU\x04NAMEtR.", |root| {
        let Some(Member::Name { class, name }) = root.member() else { panic!("by name") };
        assert_eq!((class.global_id(), name), (allow().position("m", "C"), "NAME"));
    });
    with(b"c_codecs\nencode\n(X\x03\x00\x00\x00a\xc3\xbfU\x06latin1tR.", |root| {
        assert_eq!(root.bytes_like().as_deref(), Some(&b"a\xff"[..]));
    });
    with(b"c_codecs\nencode\n(X\x03\x00\x00\x00\xe6\xb1\x89U\x06latin1tR.", |root| assert_eq!(root.bytes_like(), None));
    // bytearray(bytearray(…)) is written by nobody and must not recurse.
    let chain =
        [b"c__builtin__\nbytearray\n".repeat(100_000), b")R".to_vec(), b"\x85R".repeat(99_999), b".".to_vec()].concat();
    with(&chain, |root| assert_eq!(root.bytes_like(), None));
}

/// `}(` and 100 pairs of a short key and a number, then `tail`.
fn keyed_numbers(tail: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x80\x04}(".to_vec();
    for n in 0..100_u8 {
        bytes.extend([0x8c, 2, b'a' + n / 10, b'a' + n % 10, 0x94]);
        match n % 3 {
            0 => bytes.extend([b'K', n]),
            1 => bytes.extend([b'M', n, 1]),
            _ => bytes.extend([&b"G"[..], &f64::from(n).to_be_bytes()].concat()),
        }
    }
    bytes.extend(tail);
    bytes
}

#[test]
fn runs_of_keys_and_numbers_are_read_like_anything_else() {
    let bytes = keyed_numbers(b"u.");
    let mut loader = Loader::new(allow(), PLAIN_LIMITS);
    // The first load grows its stores in the middle of the run, the second has the room.
    for _ in 0..2 {
        let tree = loader.load(&bytes).expect("is fine");
        let pairs: Vec<_> = tree.root().pairs().expect("a dict").collect();
        assert_eq!(pairs.len(), 100);
        for (n, (key, value)) in (0_u8..).zip(pairs) {
            let name = [b'a' + n / 10, b'a' + n % 10];
            assert_eq!(key.str_bytes(), Some(&name[..]));
            let expected = f64::from(n) + if n % 3 == 1 { 256.0 } else { 0.0 };
            assert_eq!(value.as_f64().map(f64::to_bits), Some(expected.to_bits()));
        }
    }
    // Every key has its memo entry.
    with(&keyed_numbers(b"uh\x00h\x63\x86."), |root| {
        let texts: Vec<_> = root.items().expect("a tuple").map(|item| item.as_str().expect("a key")).collect();
        assert_eq!(texts, ["aa", "jj"]);
    });
    assert_eq!(fault(&keyed_numbers(b"h\x64u.")), Fault::MemoUnset(100));
    assert_eq!(fault(&keyed_numbers(b"\x8c\x01\xff\x94K\x01u.")), Fault::Text);
    assert_eq!(fault(&keyed_numbers(b"\x8c\x01a\x94G1234")), Fault::Truncated);
}

#[test]
fn limits_hold_within_a_run_of_keys_and_numbers() {
    let bytes = keyed_numbers(b"u.");
    let load = |limits: Limits| Loader::new(allow(), limits).load(&bytes).map(|_| ()).map_err(|error| error.fault);
    assert_eq!(load(Limits { nodes: 201, memo: 100, ..PLAIN_LIMITS }), Ok(()));
    assert_eq!(load(Limits { nodes: 200, ..PLAIN_LIMITS }), Err(Fault::TooManyNodes(200)));
    assert_eq!(load(Limits { memo: 99, ..PLAIN_LIMITS }), Err(Fault::MemoIndex(99)));
}
