//! The token by which an order is known again: `<user's reference>#<token>` in the `reference` that travels with it.
//!
//! A token is 12 random characters and one that checks them, all of `[A-Z2-7]`, so that it passes through any gateway
//! and a user's own `a#b` is not taken for one. Pure: the random bits come in.

use super::limits::REFERENCE_BYTES;
use domain::Text;
use std::fmt;

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const RANDOM: usize = 12;
const LENGTH: usize = RANDOM + 1;

/// Names one attempt to send one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token([u8; LENGTH]);

impl Token {
    /// A token of these random bits; the upper four are not used.
    pub fn of(random: u64) -> Token {
        let mut bytes = [0; LENGTH];
        for (at, byte) in bytes.iter_mut().take(RANDOM).enumerate() {
            *byte = LETTERS[(random >> (5 * at)) as usize & 31];
        }
        bytes[RANDOM] = check(&bytes[..RANDOM]);
        Token(bytes)
    }

    /// Reads a token.
    pub fn parse(text: &str) -> Option<Token> {
        let bytes: [u8; LENGTH] = text.as_bytes().try_into().ok()?;
        let is_ours = bytes.iter().all(|byte| LETTERS.contains(byte)) && check(&bytes[..RANDOM]) == bytes[RANDOM];
        is_ours.then_some(Token(bytes))
    }

    /// The token as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only letters and digits")
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The part of a user's reference that travels.
pub(super) fn cut(reference: &str) -> &str {
    let mut end = reference.len().min(REFERENCE_BYTES);
    while !reference.is_char_boundary(end) {
        end -= 1;
    }
    &reference[..end]
}

/// The reference that travels with the order.
pub(super) fn wrap(reference: &str, token: Token) -> Text {
    let mut text = Text::new(cut(reference));
    text.push('#');
    text.push_str(token.as_str());
    text
}

/// The user's part of a reference and our token, where it has one.
pub(super) fn unwrap(reference: &str) -> (&str, Option<Token>) {
    let Some((user, token)) = reference.rsplit_once('#') else { return (reference, None) };
    match Token::parse(token) {
        Some(token) => (user, Some(token)),
        None => (reference, None),
    }
}

/// Weighted, so that two letters that changed places do not pass.
fn check(bytes: &[u8]) -> u8 {
    let value = |byte: &u8| LETTERS.iter().position(|letter| letter == byte).unwrap_or(0);
    let sum: usize = bytes.iter().enumerate().map(|(at, byte)| (at + 1) * value(byte) + 7).sum();
    LETTERS[sum % 31]
}

#[cfg(test)]
mod tests {
    use super::{Token, unwrap, wrap};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_wrapped_is_found_again(reference in ".{0,40}", random: u64) {
            let token = Token::of(random);
            let wire = wrap(&reference, token);
            prop_assert!(wire.len() <= 40);
            let (user, found) = unwrap(&wire);
            prop_assert_eq!(found, Some(token));
            prop_assert!(reference.starts_with(user));
            prop_assert!(reference.len() > 26 || user == reference);
        }

        #[test]
        fn a_wrong_letter_is_no_token(random: u64, at in 0usize..13, letter in 0usize..32) {
            let token = Token::of(random);
            let mut bytes = token.as_str().as_bytes().to_vec();
            let before = super::LETTERS.iter().position(|known| *known == bytes[at]).unwrap();
            // The first and the last letter weigh the same.
            prop_assume!(before % 31 != letter % 31);
            bytes[at] = super::LETTERS[letter];
            let changed = String::from_utf8(bytes).unwrap();
            prop_assert!(Token::parse(&changed).is_none());
            let longer = format!("{token}A");
            prop_assert!(Token::parse(&longer).is_none());
            prop_assert!(Token::parse(&token.as_str()[1..]).is_none());
        }
    }

    #[test]
    fn a_reference_of_a_user_is_left_alone() {
        for text in ["", "ManualTrading", "a#b", "#", "x#abcdefghijklm", "CtaStrategy_a#b"] {
            assert_eq!(unwrap(text), (text, None));
        }
    }
}
