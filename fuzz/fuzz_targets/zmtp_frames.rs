//! Everything of ZMTP that a peer's bytes reach before any of our code has judged them: greeting, frames, commands.
//!
//! The first bytes choose bounds and how the stream is cut. Beyond not panicking, the cut must not matter, what is
//! delivered must be within the bounds, and a message that was read must be read again from its own encoding.

#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use zmtp::codec::{CodecError, Decoder, FrameLimits, Item, command::Command, encode, greeting::read_greeting};

fuzz_target!(|input: &[u8]| {
    let _ = read_greeting(input);
    let [cut, skip, copy, stream @ ..] = input else { return };
    let limits = FrameLimits {
        frame_bytes: 300,
        parts: 5,
        message_bytes: 700,
        skip_bytes: u64::from(*skip) * 16,
        command_bytes: 100,
        copy_below: usize::from(*copy),
    };
    let whole = run(stream, usize::MAX, limits);
    assert_eq!(whole, run(stream, usize::from(*cut) + 1, limits));
    for item in &whole.0 {
        check(item, limits);
    }
});

fn run(stream: &[u8], piece: usize, limits: FrameLimits) -> (Vec<Item>, Option<CodecError>) {
    let (mut decoder, mut buffer, mut items) = (Decoder::new(limits), BytesMut::new(), Vec::new());
    for piece in stream.chunks(piece) {
        buffer.extend_from_slice(piece);
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

fn check(item: &Item, limits: FrameLimits) {
    match item {
        Item::Message(message) => {
            assert!((1..=limits.parts).contains(&message.len()));
            assert!(message.byte_len() as u64 <= limits.message_bytes);
            let wire = encode(message).blocks().concat();
            assert_eq!(run(&wire, usize::MAX, limits), (vec![item.clone()], None));
        }
        Item::Command(body) => {
            assert!(body.len() as u64 <= limits.command_bytes);
            let _ = Command::read(body);
        }
        Item::Oversized { head, bytes } => {
            assert!(head.len() <= limits.parts);
            assert!(*bytes <= limits.skip_bytes);
        }
    }
}
