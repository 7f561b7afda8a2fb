//! Whatever comes in whatever pieces: the lines are the same, and the buffer stays bounded.

use super::*;
use proptest::prelude::*;

fn read(limit: usize, pieces: &[&[u8]]) -> (Vec<Vec<u8>>, bool) {
    let (mut lines, mut found) = (Lines::new(limit), Vec::new());
    for piece in pieces {
        lines.push(piece);
        loop {
            match lines.next_line() {
                Ok(Some(line)) => found.push(line.to_vec()),
                Ok(None) => break,
                Err(_) => return (found, true),
            }
        }
        assert!(lines.buffer.len() <= limit + piece.len(), "the buffer is bounded");
    }
    (found, false)
}

#[test]
fn lines_end_with_a_break_and_may_have_a_carriage_return() {
    let (lines, failed) = read(10, &[b"a\nbc\r\n\n", b"d", b"e\nrest"]);
    assert_eq!(lines, [b"a".to_vec(), b"bc".to_vec(), b"".to_vec(), b"de".to_vec()]);
    assert!(!failed);
}

#[test]
fn a_line_that_is_too_long_ends_the_stream_whole_or_in_pieces() {
    assert_eq!(read(4, &[b"1234\n12345\n"]), (vec![b"1234".to_vec()], true));
    assert_eq!(read(4, &[b"12", b"34", b"5"]), (vec![], true));
    assert_eq!(read(4, &[b"12", b"34", b"\n"]), (vec![b"1234".to_vec()], false));
}

proptest! {
    #[test]
    fn pieces_do_not_matter(bytes in proptest::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..200), cuts in proptest::collection::vec(1usize..20, 0..40)) {
        let whole = read(1000, &[&bytes]);
        let (mut pieces, mut rest) = (Vec::new(), &bytes[..]);
        for cut in cuts {
            let (piece, behind) = rest.split_at(cut.min(rest.len()));
            pieces.push(piece);
            rest = behind;
        }
        pieces.push(rest);
        prop_assert_eq!(read(1000, &pieces), whole);
    }
}
