//! The codec against its own promises: any cut of the stream gives the same items, bounds hold before memory
//! is taken, and nothing that a peer sends ends in a panic.

use super::{
    CodecError, Decoder, FrameLimits, Item,
    command::{self, Command, SocketType},
    encode,
    greeting::{GREETING_BYTES, greeting, read_greeting},
};
use crate::Message;
use bytes::{Bytes, BytesMut};
use proptest::{collection::vec, prelude::*};

const LIMITS: FrameLimits = FrameLimits {
    frame_bytes: 40_000,
    parts: 8,
    message_bytes: 60_000,
    skip_bytes: 0,
    command_bytes: 300,
    copy_below: 64,
};

fn wire(messages: &[Message]) -> Vec<u8> {
    messages.iter().flat_map(|message| encode(message).blocks().to_vec()).flatten().collect()
}

/// Feeds `stream` in pieces of the given sizes (over and over) and collects the items and the error at the end.
fn run(stream: &[u8], sizes: &[usize], limits: FrameLimits) -> (Vec<Item>, Option<CodecError>) {
    let (mut decoder, mut buffer, mut items) = (Decoder::new(limits), BytesMut::new(), Vec::new());
    let (mut rest, mut sizes) = (stream, sizes.iter().cycle());
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(sizes.next().map_or(rest.len(), |&size| size.clamp(1, rest.len())));
        buffer.extend_from_slice(piece);
        rest = after;
        loop {
            match decoder.decode(&mut buffer) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => break,
                Err(error) => return (items, Some(error)),
            }
        }
    }
    (items, None)
}

fn error_of(stream: &[u8], limits: FrameLimits) -> CodecError {
    run(stream, &[usize::MAX], limits).1.expect("an error")
}

fn messages() -> impl Strategy<Value = Vec<Message>> {
    let size = prop_oneof![Just(0), 1..300usize, Just(255), Just(256), 16_000..20_000usize];
    let part = (size, any::<u8>()).prop_map(|(size, byte)| Bytes::from(vec![byte; size]));
    // Few enough and small enough for the bounds above.
    vec(vec(part, 1..4).prop_map(Message::from_iter), 1..5)
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded_however_it_is_cut(messages in messages(), sizes in vec(1..5000usize, 1..20), copy_below in 0..400usize) {
        let limits = FrameLimits { copy_below, ..LIMITS };
        let (items, error) = run(&wire(&messages), &sizes, limits);
        prop_assert_eq!(error, None);
        prop_assert_eq!(items, messages.into_iter().map(Item::Message).collect::<Vec<_>>());
    }

    #[test]
    fn any_bytes_give_the_same_however_they_are_cut(
        stream in vec(prop_oneof![0..8u8, any::<u8>()], 0..2000),
        sizes in vec(1..50usize, 1..20),
        skip_bytes in prop_oneof![Just(0u64), 0..2000u64],
    ) {
        let limits = FrameLimits { frame_bytes: 100, message_bytes: 150, parts: 4, skip_bytes, ..LIMITS };
        prop_assert_eq!(run(&stream, &sizes, limits), run(&stream, &[usize::MAX], limits));
    }

    #[test]
    fn skipping_loses_only_what_is_too_large(sizes in vec(1..700usize, 1..20), large in vec(1..4000usize, 1..4)) {
        let small = Message::from(Bytes::from_static(b"small"));
        let large = Message::from_iter(std::iter::once(Bytes::from_static(b"head")).chain(large.iter().map(|&size| vec![7; size + 100].into())));
        let stream = wire(&[small.clone(), large, small.clone()]);
        let limits = FrameLimits { frame_bytes: 100, skip_bytes: 1 << 20, ..LIMITS };
        let (items, error) = run(&stream, &sizes, limits);
        prop_assert_eq!(error, None);
        prop_assert_eq!(items.len(), 3);
        prop_assert_eq!(&items[0], &Item::Message(small.clone()));
        let Item::Oversized { head, bytes } = &items[1] else { return Err(TestCaseError::fail("not skipped")) };
        prop_assert_eq!(head.parts(), [Bytes::from_static(b"head")]);
        prop_assert!(*bytes > 100);
        prop_assert_eq!(&items[2], &Item::Message(small));
    }

    #[test]
    fn commands_and_greetings_never_panic(body in vec(any::<u8>(), 0..400), name in "READY|ERROR|PING|PONG|SUBSCRIBE|CANCEL") {
        let _ = Command::read(&Bytes::from(body.clone()));
        let _ = read_greeting(&body);
        let named: Vec<u8> = std::iter::once(name.len() as u8).chain(name.bytes()).chain(body).collect();
        let _ = Command::read(&Bytes::from(named));
    }
}

#[test]
fn frames_are_those_of_the_rfc() {
    let short = encode(&Message::from([Bytes::from_static(b"a"), Bytes::new()]));
    assert_eq!(short.blocks(), [Bytes::from_static(b"\x01\x01a\x00\x00")]);
    let long = encode(&Message::from(Bytes::from(vec![9; 256])));
    assert_eq!(long.blocks()[0][..9], [2, 0, 0, 0, 0, 0, 0, 1, 0]);
    assert_eq!(command::subscribe(b"x")[..], *b"\x04\x0b\x09SUBSCRIBEx");
    assert_eq!(command::ping(b"c")[..], *b"\x04\x08\x04PING\0\0c");
    assert_eq!(command::ready(SocketType::Sub)[..], *b"\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03SUB");
}

#[test]
fn a_large_part_is_shared_and_not_copied() {
    let body = Bytes::from(vec![1; 1 << 20]);
    let encoded = encode(&Message::from([Bytes::from_static(b"id"), body.clone()]));
    assert_eq!(encoded.blocks().len(), 2);
    assert_eq!(encoded.blocks()[1].as_ptr(), body.as_ptr());
    assert_eq!(encoded.len(), 2 + 2 + 9 + (1 << 20));
}

#[test]
fn small_parts_are_copied_out_and_large_ones_share_the_read_buffer() {
    let stream = wire(&[Message::from([Bytes::from(vec![1; 10]), Bytes::from(vec![2; 1000])])]);
    let mut buffer = BytesMut::from(&stream[..]);
    let area = buffer.as_ptr_range();
    let Ok(Some(Item::Message(message))) = Decoder::new(LIMITS).decode(&mut buffer) else { panic!("a message") };
    assert!(!area.contains(&message.parts()[0].as_ptr()));
    assert!(area.contains(&message.parts()[1].as_ptr()));
    assert!(!area.contains(&message.detach().parts()[1].as_ptr()));
}

#[test]
fn a_claim_takes_no_memory() {
    let claim = [&[2u8][..], &(1u64 << 40).to_be_bytes()].concat();
    assert_eq!(error_of(&claim, LIMITS), CodecError::FrameTooLarge { size: 1 << 40, limit: 40_000 });
    let all = FrameLimits { frame_bytes: u64::MAX, message_bytes: u64::MAX, ..LIMITS };
    let mut buffer = BytesMut::from(&[&[2u8][..], &u64::MAX.to_be_bytes()].concat()[..]);
    assert_eq!(Decoder::new(all).decode(&mut buffer), Ok(None), "waits, whatever the bounds");
    assert!(buffer.capacity() < 100);
}

#[test]
fn endless_parts_come_to_an_end() {
    let more = [1u8, 0].repeat(100_000);
    assert_eq!(error_of(&more, LIMITS), CodecError::TooManyParts { limit: 8 });
    let skipping = FrameLimits { skip_bytes: 1000, ..LIMITS };
    assert!(matches!(error_of(&more, skipping), CodecError::MessageTooLarge { limit: 1000, .. }));
    let parts = [&[3u8][..], &30_000u64.to_be_bytes(), &[0; 30_000]].concat().repeat(3);
    assert_eq!(error_of(&parts, LIMITS), CodecError::MessageTooLarge { size: 90_000, limit: 60_000 });
}

#[test]
fn flags_that_contradict_are_refused() {
    for flags in [0x08u8, 0x80, 0x05, 0xff] {
        assert_eq!(error_of(&[flags, 0], LIMITS), CodecError::Flags(flags));
    }
    assert!(matches!(error_of(&[6, 0, 0, 0, 0, 0, 0, 1, 45], LIMITS), CodecError::CommandTooLarge { size: 301, .. }));
}

#[test]
fn a_command_may_come_between_two_parts() {
    let stream = [&b"\x01\x01a"[..], &command::ping(b""), b"\x00\x01b"].concat();
    let (items, error) = run(&stream, &[1], LIMITS);
    assert_eq!(error, None);
    assert!(matches!(&items[..], [Item::Command(_), Item::Message(message)] if message.len() == 2));
}

#[test]
fn commands_read_back() {
    let read = |frame: Bytes| Command::read(&frame.slice(2..));
    assert_eq!(read(command::ready(SocketType::Dealer)), Ok(Command::Ready(SocketType::Dealer)));
    assert_eq!(read(command::error("no")), Ok(Command::Error("no".into())));
    assert_eq!(read(command::ping(b"ctx")), Ok(Command::Ping { context: Bytes::from_static(b"ctx") }));
    assert_eq!(read(command::ping(&[7; 40])), Ok(Command::Ping { context: Bytes::from_static(&[7; 16]) }));
    assert_eq!(read(command::pong(b"ctx")), Ok(Command::Pong { context: Bytes::from_static(b"ctx") }));
    assert_eq!(read(command::subscribe(b"")), Ok(Command::Subscribe(Bytes::new())));
    assert_eq!(read(command::cancel(b"t")), Ok(Command::Cancel(Bytes::from_static(b"t"))));
    assert_eq!(Command::read(&Bytes::from_static(b"\x04JOINx")), Ok(Command::Unknown));
    for cut in [&b""[..], b"\x09PING", b"\x04PING", b"\x05ERROR", b"\x05ERROR\x05no", b"\x05READY", b"\x05READY\x02a"] {
        assert!(Command::read(&Bytes::from_static(cut)).is_err(), "{cut:?}");
    }
    let other = b"\x05READY\x0bsocket-TYPE\0\0\0\x04PUSH";
    assert_eq!(Command::read(&Bytes::from_static(other)), Ok(Command::Ready(SocketType::Other)));
}

#[test]
fn greetings_are_judged_by_what_has_arrived() {
    let ours = greeting();
    for arrived in 0..GREETING_BYTES {
        assert_eq!(read_greeting(&ours[..arrived]), Ok(None));
    }
    assert_eq!(read_greeting(&ours), Ok(Some(1)));
    assert_eq!(read_greeting(b"GET / HTTP/1.1"), Err(CodecError::NotZmtp));
    let with = |at: usize, bytes: &[u8]| {
        let mut changed = ours;
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        read_greeting(&changed)
    };
    assert_eq!(with(9, &[0]), Err(CodecError::NotZmtp));
    assert_eq!(with(10, &[1]), Err(CodecError::OldVersion(1)));
    assert_eq!(with(11, &[0]), Ok(Some(0)));
    assert_eq!(with(12, b"CURVE"), Err(CodecError::Mechanism("CURVE".into())));
    assert_eq!(with(12, b"NULLX"), Err(CodecError::Mechanism("NULLX".into())));
}
