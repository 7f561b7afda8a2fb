//! What a hostile or broken pickle must not achieve: each is refused with a reason or read as
//! harmless data, and the stores stay within a small multiple of the input.

use super::{PLAIN_LIMITS, allow, fault, with};
use crate::{Error, Fault, Fragment, Kind, Limits, Loader, Number, Protocol, Tree, WalkBudget, WalkError, Writer};

/// No input may cost more values than this for each of its bytes.
fn assert_small(tree: &Tree<'_>, input: usize) {
    assert!(tree.size() <= 3 * input + 16, "{} values from {input} bytes", tree.size());
}

#[test]
fn code_is_named_and_refused() {
    let refused = |bytes| match fault(bytes) {
        Fault::NotAllowed(name) => name.into_string(),
        other => panic!("{other}"),
    };
    assert_eq!(refused(b"cos\nsystem\n(S'true'\ntR."), "os.system");
    assert_eq!(refused(b"\x80\x04\x8c\x05posix\x8c\x06system\x93."), "posix.system");
    assert_eq!(refused(b"(S'true'\nios\nsystem\n."), "os.system");
    // Neither a prefix nor a dotted path of something allowed is allowed.
    assert_eq!(refused(b"cm\nC.__init__\n."), "m.C.__init__");
    assert_eq!(refused(b"cm\nCC\n."), "m.CC");
    let long = [&b"c"[..], &[b'x'; 5_000], b"\nname\n."].concat();
    assert!(refused(&long).len() < 300, "an error ends up in a log");
}

#[test]
fn an_error_says_where() {
    let error = crate::load(b"]q\x00cos\nsystem\n.", &allow(), &PLAIN_LIMITS).expect_err("is refused");
    assert_eq!(error.to_string(), "pickle refused at byte 3: os.system is not allowed");
    assert_eq!(error, Error { at: 3, fault: Fault::NotAllowed("os.system".into()) });
}

#[test]
fn lengths_that_lie_allocate_nothing() {
    for opcode in [b'\x8d', b'\x8e', b'\x96', b'\x95'] {
        for length in [2_u64, 1 << 40, 1 << 63, u64::MAX] {
            let bytes = [&[0x80, 5, opcode][..], &length.to_le_bytes(), b"."].concat();
            assert_eq!(fault(&bytes), Fault::Truncated);
        }
    }
    for opcode in [b'X', b'B', b'T', b'\x8b'] {
        let bytes = [&[opcode][..], &0xffff_ffff_u32.to_le_bytes(), b"abc."].concat();
        assert_eq!(fault(&bytes), Fault::Truncated);
    }
}

#[test]
fn memo_indices_claim_no_memory() {
    assert_eq!(fault(b"Nr\xff\xff\xff\xff."), Fault::MemoIndex(0xffff_ffff));
    assert_eq!(fault(b"Np99999999999999999999\n."), Fault::Number);
    assert_eq!(fault(b"Np1000000\n."), Fault::MemoIndex(1_000_000));
    assert_eq!(fault(b"j\xff\xff\xff\xff."), Fault::MemoUnset(0xffff_ffff));
    assert_eq!(fault(b"h\x00."), Fault::MemoUnset(0));
    // An entry in between that was skipped is not set either.
    assert_eq!(fault(b"Nq\x02h\x01."), Fault::MemoUnset(1));
}

#[test]
fn a_million_nested_lists_neither_overflow_nor_cost_much() {
    const DEEP: usize = 1_000_000;
    // Without marks: nothing bounds the depth but the input, and nothing here recurses.
    let bytes = [vec![b']'; DEEP], vec![b'a'; DEEP - 1], vec![b'.']].concat();
    let allow = allow();
    let tree = crate::load(&bytes, &allow, &PLAIN_LIMITS).expect("is fine");
    assert_small(&tree, bytes.len());
    let budget = WalkBudget { depth: 100, nodes: usize::MAX };
    assert_eq!(tree.root().walk(budget).last().map(Result::err), Some(Some(WalkError::TooDeep(100))));
    let budget = WalkBudget { depth: usize::MAX, nodes: usize::MAX };
    assert_eq!(tree.root().walk(budget).count(), 2 * DEEP);
    // With marks, as a pickler nests.
    let bytes = [vec![b'('; DEEP], vec![b't'; DEEP], vec![b'.']].concat();
    assert_eq!(fault(&bytes), Fault::TooDeep(512));
    let bytes = [vec![b')'], vec![0x85; DEEP], vec![b'.']].concat();
    let tree = crate::load(&bytes, &allow, &PLAIN_LIMITS).expect("is fine");
    assert_small(&tree, bytes.len());
}

#[test]
fn a_billion_laughs_stay_small_until_someone_walks_them() {
    let mut bytes = b"]q\x00".to_vec();
    for level in 0..100_u8 {
        bytes.extend(b"](");
        bytes.extend([b'h', level].repeat(10));
        bytes.extend([b'e', b'q', level + 1]);
    }
    bytes.push(b'.');
    let allow = allow();
    let tree = crate::load(&bytes, &allow, &PLAIN_LIMITS).expect("is fine");
    assert_small(&tree, bytes.len());
    let budget = WalkBudget { depth: 1_000, nodes: 10_000 };
    let last = tree.root().walk(budget).last();
    assert!(matches!(last, Some(Err(WalkError::TooManyNodes(10_000)))), "{last:?}");
}

#[test]
fn a_list_that_holds_itself_is_harmless() {
    with(b"]q\x00h\x00a.", |root| {
        let inner = root.items().expect("a list").next().expect("one item");
        assert!(matches!(inner.kind(), Kind::List(items) if items.len() == 1));
        let budget = WalkBudget { depth: 50, nodes: 1_000 };
        assert!(root.walk(budget).any(|step| step.err() == Some(WalkError::TooDeep(50))));
        assert_eq!(format!("{root:?}"), "Node(List(0))");
    });
}

#[test]
fn marks_and_the_stack_do_not_underflow() {
    for bytes in [&b"t."[..], b"e.", b"1.", b"l.", b"d.", b"u.", b"o.", b"\x90.", b"]u.", b"(]1u."] {
        assert!(matches!(fault(bytes), Fault::NoMark), "{bytes:?}");
    }
    for bytes in [
        &b"."[..],
        b"a.",
        b"Na.",
        b"NNs.",
        b"N(a.",
        b"](Na.",
        b"N(.",
        b"R.",
        b"N(R.",
        b"b.",
        b"\x81.",
        b"\x92.",
        b"\x93.",
        b"\x85.",
        b"N\x86.",
        b"(\x85.",
        b"N(\x85.",
        b"2.",
        b"(2.",
        b"\x94.",
        b"q\x00.",
        b"(e.",
        b"(o.",
    ] {
        assert_eq!(fault(bytes), Fault::Underflow, "{bytes:?}");
    }
    // POP at a mark takes the mark, as in CPython.
    assert!(with(b"N(0.", |root| root.is_none()));
}

#[test]
fn what_needs_the_writing_process_is_refused() {
    for bytes in [&b"P1\n."[..], b"NQ.", b"\x82\x01.", b"\x83\x01\x00.", b"\x84\x01\x00\x00\x00.", b"\x97.", b"N\x98."]
    {
        assert!(matches!(fault(bytes), Fault::OutOfBand(_)), "{bytes:?}");
    }
    assert_eq!(fault(b"\x80\x06N."), Fault::Protocol(6));
    assert_eq!(fault(b"\xff."), Fault::Opcode(0xff));
    assert_eq!(fault(b"N.N"), Fault::Trailing(1));
}

#[test]
fn constructions_of_the_wrong_things_are_refused() {
    assert_eq!(fault(b"\x80\x04K\x01\x8c\x01C\x93."), Fault::GlobalName);
    assert_eq!(fault(b"N)R."), Fault::NotCallable);
    assert_eq!(fault(b"cm\nC\nNR."), Fault::Arguments);
    assert_eq!(fault(b"])\x81."), Fault::NotClass);
    assert_eq!(fault(b"cm\nC\n)Rq\x00)\x81."), Fault::NotClass);
    assert_eq!(fault(b"cm\nC\n]\x81."), Fault::Arguments);
    assert_eq!(fault(b"cm\nC\n))\x92."), Fault::Arguments);
    assert_eq!(fault(b"]Nb."), Fault::NoState);
    assert_eq!(fault(b"cm\nC\nNb."), Fault::NoState);
    assert_eq!(fault(b"cm\nC\n)RNbNb."), Fault::NoState);
    assert_eq!(fault(b"(Nios\nsystem\n."), Fault::NotAllowed("os.system".into()));
    assert_eq!(fault(b"NNa."), Fault::NoItems);
    assert_eq!(fault(b"}Na."), Fault::NoItems);
    assert_eq!(fault(b"]NNs."), Fault::NoItems);
    assert_eq!(fault(b"](N\x90."), Fault::NoItems);
    assert_eq!(fault(b"}(Nu."), Fault::OddPairs);
    assert_eq!(fault(b"}]Ns."), Fault::Unhashable);
    assert_eq!(fault(b"\x8f(]\x90."), Fault::Unhashable);
    assert_eq!(fault(b"(]\x91."), Fault::Unhashable);
}

#[test]
fn limits_hold_where_they_are() {
    let allow = allow();
    let tight =
        |limits: Limits, bytes: &[u8]| crate::load(bytes, &allow, &limits).map(|_| ()).map_err(|error| error.fault);
    assert_eq!(tight(Limits { bytes: 3, ..PLAIN_LIMITS }, b"NN0."), Err(Fault::TooLong { len: 4, limit: 3 }));
    assert_eq!(tight(Limits { bytes: 4, ..PLAIN_LIMITS }, b"NN0."), Ok(()));
    let nulls = [vec![b'N'; 100], vec![b'.']].concat();
    assert_eq!(tight(Limits { nodes: 100, ..PLAIN_LIMITS }, &nulls), Ok(()));
    assert_eq!(tight(Limits { nodes: 99, ..PLAIN_LIMITS }, &nulls), Err(Fault::TooManyNodes(99)));
    let memos = [&b"N"[..], &[0x94; 10], b"."].concat();
    assert_eq!(tight(Limits { memo: 10, ..PLAIN_LIMITS }, &memos), Ok(()));
    assert_eq!(tight(Limits { memo: 9, ..PLAIN_LIMITS }, &memos), Err(Fault::MemoIndex(9)));
    assert_eq!(tight(Limits { depth: 1, ..PLAIN_LIMITS }, b"((tt."), Err(Fault::TooDeep(1)));
    assert_eq!(tight(Limits { int_bytes: 8, ..PLAIN_LIMITS }, b"\x8a\x09123456789."), Err(Fault::IntTooLong(8)));
    let digits = [&b"L"[..], &[b'9'; 400], b"L\n."].concat();
    assert_eq!(tight(PLAIN_LIMITS, &digits), Err(Fault::IntTooLong(128)));
}

#[test]
fn a_loader_is_as_good_as_new_after_an_error() {
    let mut loader = Loader::new(allow(), PLAIN_LIMITS);
    assert!(loader.load(b"(((]q\x00").is_err());
    assert_eq!(loader.load(b"h\x00.").expect_err("its memo is empty").fault, Fault::MemoUnset(0));
    assert_eq!(loader.load(b"t.").expect_err("its marks are gone").fault, Fault::NoMark);
    assert_eq!(loader.load(b"K\x07.").expect("is fine").root().as_i64(), Some(7));
}

#[test]
fn a_loader_gives_back_the_memory_of_a_large_message() {
    let mut loader = Loader::new(allow(), PLAIN_LIMITS);
    let large = [vec![b']', b'('], vec![b'N'; 1 << 20], vec![b'e', b'.']].concat();
    assert_eq!(loader.load(&large).expect("is fine").root().items().expect("a list").len(), 1 << 20);
    assert!(loader.kept() >= 1 << 20);
    loader.load(b"N.").expect("is fine");
    assert!(loader.kept() <= 9 * crate::limits::KEPT_NODES, "{} values kept", loader.kept());
}

#[test]
fn a_numpy_scalar_that_lies_is_no_number() {
    let scalar = |code: &str, data: &[u8]| {
        let mut writer = Writer::protocol4();
        writer.global("numpy._core.multiarray", "scalar");
        writer.global("numpy", "dtype");
        writer.str(code);
        writer.tuple1();
        writer.reduce();
        writer.bytes(data);
        writer.tuple2();
        writer.reduce();
        with(&writer.finish(), |root| root.numpy_scalar())
    };
    assert_eq!(scalar("f8", &1.5_f64.to_le_bytes()), Some(Number::Float(1.5)));
    assert_eq!(scalar(">i2", &[1, 0]), Some(Number::Int(256)));
    assert_eq!(scalar("u8", &[255; 8]), Some(Number::UInt(u64::MAX)));
    for (code, data) in [
        ("f8", 7),
        ("f9", 9),
        ("f16", 16),
        ("i3", 3),
        ("U3", 3),
        ("", 0),
        ("é2", 2),
        ("f", 0),
        ("f18446744073709551615", 8),
    ] {
        assert_eq!(scalar(code, &vec![1; data]), None, "{code}");
    }
}

#[test]
fn a_fragment_may_not_be_newer_than_its_pickle() {
    let four = Fragment::new(Protocol::Four, |writer| writer.str("x"));
    let two = Fragment::new(Protocol::Two, |writer| writer.str("x"));
    let mut writer = Writer::protocol4();
    writer.raw(&two);
    assert!(with(&writer.finish(), |root| root.is_str("x")));
    let refused = std::panic::catch_unwind(|| Writer::protocol2().raw(&four));
    assert!(refused.is_err());
}

#[test]
fn every_prefix_of_a_pickle_is_refused() {
    let mut writer = Writer::protocol4();
    writer.begin_list();
    writer.attribute("m", "C", "NAME");
    writer.bytes(&[7; 300]);
    writer.float(1.0);
    writer.int(-70_000);
    writer.end_list();
    let bytes = writer.finish();
    for end in 0..bytes.len() {
        fault(&bytes[..end]);
    }
    with(&bytes, |root| assert_eq!(root.items().expect("a list").len(), 4));
}
