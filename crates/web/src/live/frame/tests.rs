//! What clients may and may not send, whole, in pieces, and at random.

use proptest::prelude::*;

use super::*;

fn client_frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [0x12, 0x34, 0x56, 0x78];
    let mut frame = text_header(payload.len()).as_ref().to_vec();
    frame[0] = first;
    frame[1] |= 0x80;
    frame.extend_from_slice(&mask);
    frame.extend(payload.iter().enumerate().map(|(index, byte)| byte ^ mask[index & 3]));
    frame
}

fn read(bytes: &[u8], piece: usize) -> (Vec<Event>, Option<Violation>) {
    let mut decoder = Decoder::new(Keep::Payload, 1_000);
    let mut events = Vec::new();
    for piece in bytes.chunks(piece) {
        let mut input = piece;
        loop {
            match decoder.next(&mut input) {
                Ok(Some(event)) => events.push(event),
                Ok(None) => break,
                Err(violation) => return (events, Some(violation)),
            }
        }
        assert!(input.is_empty());
    }
    (events, None)
}

fn refused(bytes: &[u8]) -> u16 {
    let (events, violation) = read(bytes, 7);
    assert_eq!(events, []);
    violation.expect("a violation").code()
}

#[test]
fn headers_have_the_shortest_length() {
    assert_eq!(text_header(125).as_ref(), [0x81, 125]);
    assert_eq!(text_header(126).as_ref(), [0x81, 126, 0, 126]);
    assert_eq!(text_header(65_535).as_ref(), [0x81, 126, 255, 255]);
    assert_eq!(text_header(65_536).as_ref(), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
}

#[test]
fn a_long_close_reason_is_cut_between_characters() {
    let mut out = Vec::new();
    close(1001, &"慢".repeat(60), &mut out);
    assert_eq!((out[0], out[1]), (0x88, 2 + 41 * 3));
    assert!(std::str::from_utf8(&out[4..]).is_ok());
}

#[test]
fn fragments_with_a_ping_between_are_one_message_byte_by_byte() {
    let euro = "€".as_bytes();
    let bytes = [
        client_frame(0x01, &euro[..1]),
        client_frame(0x89, b"are you there"),
        client_frame(0x00, &euro[1..2]),
        client_frame(0x80, &euro[2..]),
        client_frame(0x8a, b""),
        client_frame(0x88, &[&1000u16.to_be_bytes()[..], b"bye"].concat()),
        b"ignored after the close".to_vec(),
    ]
    .concat();
    for piece in [1, 2, 3, 1_000] {
        let (events, violation) = read(&bytes, piece);
        assert_eq!(violation, None);
        let [Event::Ping(ping), Event::Text(text), Event::Pong(_), Event::Close(Some(1000))] = &events[..] else {
            panic!("{events:?}");
        };
        assert_eq!((ping.bytes(), &text[..]), (&b"are you there"[..], euro));
    }
}

#[test]
fn what_breaks_the_protocol_is_refused_with_its_code() {
    assert_eq!(refused(&[0x81, 0x05]), 1002, "not masked");
    assert_eq!(refused(&client_frame(0xc1, b"x")), 1002, "reserved bit");
    assert_eq!(refused(&client_frame(0x83, b"x")), 1002, "unknown opcode");
    assert_eq!(refused(&client_frame(0x8b, b"x")), 1002, "unknown control opcode");
    assert_eq!(refused(&client_frame(0x80, b"x")), 1002, "nothing to continue");
    assert_eq!(refused(&[client_frame(0x01, b"x"), client_frame(0x81, b"y")].concat()), 1002, "message inside");
    assert_eq!(refused(&client_frame(0x09, b"x")), 1002, "fragmented ping");
    assert_eq!(refused(&client_frame(0x89, &[b'x'; 126])), 1002, "long ping");
    assert_eq!(refused(&client_frame(0x88, b"x")), 1002, "close of one byte");
    assert_eq!(refused(&client_frame(0x88, &1005u16.to_be_bytes())), 1002, "close code not to be sent");
    assert_eq!(refused(&client_frame(0x88, &[3, 232, 255])), 1007, "close reason not UTF-8");
    assert_eq!(refused(&[0x81, 0xfe, 0, 125, 0, 0, 0, 0]), 1002, "length not minimal");
    assert_eq!(refused(&[0x81, 0xff, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0]), 1002, "length not minimal");
    assert_eq!(refused(&[0x81, 0xff, 128, 0, 0, 0, 0, 1, 255, 255, 0, 0, 0, 0]), 1002, "length with a sign");
    assert_eq!(refused(&[0x81, 0xff, 127, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0]), 1009, "a huge length");
    assert_eq!(refused(&client_frame(0x82, b"x")), 1003, "binary");
    assert_eq!(refused(&client_frame(0x81, b"\xed\xa0\x80")), 1007, "surrogate");
    assert_eq!(refused(&client_frame(0x81, b"\xe2\x82")), 1007, "half a character at the end");
    assert_eq!(refused(&client_frame(0x81, &[b'x'; 1_001])), 1009, "too long");
    assert_eq!(
        refused(&[client_frame(0x01, &[b'x'; 600]), client_frame(0x80, &[b'x'; 401])].concat()),
        1009,
        "too long in fragments"
    );
}

#[test]
fn after_a_violation_nothing_more_is_taken() {
    let mut decoder = Decoder::new(Keep::Payload, 10);
    assert!(decoder.next(&mut &[0xff, 0xff][..]).is_err());
    let bytes = client_frame(0x81, b"x");
    let mut input = &bytes[..];
    assert_eq!(decoder.next(&mut input), Ok(None));
    assert!(input.is_empty());
}

#[test]
fn ignored_text_is_judged_but_not_kept() {
    let mut decoder = Decoder::new(Keep::Nothing, 1_000);
    let bytes = client_frame(0x81, &[b'x'; 900]);
    assert_eq!(decoder.next(&mut &bytes[..]), Ok(Some(Event::Text(Vec::new()))));
    let bytes = client_frame(0x81, b"\xff");
    assert_eq!(decoder.next(&mut &bytes[..]), Err(Violation::NotUtf8));
}

proptest! {
    #[test]
    fn any_bytes_in_any_pieces_end_the_same_and_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        piece in 1usize..40,
    ) {
        prop_assert_eq!(read(&bytes, piece), read(&bytes, 1_000));
    }

    #[test]
    fn almost_valid_frames_never_panic(
        frames in prop::collection::vec((any::<u8>(), prop::collection::vec(any::<u8>(), 0..200)), 1..8),
        piece in 1usize..40,
    ) {
        let bytes = frames.iter().flat_map(|(first, payload)| client_frame(*first, payload)).collect::<Vec<_>>();
        prop_assert_eq!(read(&bytes, piece), read(&bytes, 1_000));
    }

    #[test]
    fn text_survives_any_fragmentation(text in "\\PC{0,200}", cuts in prop::collection::vec(1usize..20, 0..30), piece in 1usize..40) {
        let mut rest = text.as_bytes();
        let mut bytes = Vec::new();
        let mut first = 0x01;
        for cut in cuts {
            let (fragment, after) = rest.split_at(cut.min(rest.len()));
            bytes.extend(client_frame(first, fragment));
            (rest, first) = (after, 0x00);
        }
        bytes.extend(client_frame(first | 0x80, rest));
        prop_assert_eq!(read(&bytes, piece), (vec![Event::Text(text.into_bytes())], None));
    }
}
