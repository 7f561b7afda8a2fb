//! Our order id inside an order's `reference`: `<what the user gave>@<order id>`.
//!
//! VeighNa's gateways hand the reference back with the order's first event at least (CTP blanks it later), so an order
//! is known again by it when the answer to the call was lost, or when we have been restarted.
//!
//! Always true: an id that we do not know is taken for one of ours, from before our start, only if it has the form of
//! our engine's ids.

use crate::limits::REFERENCE_BYTES;
use domain::Text;

/// The reference to send. Where both do not fit, the user's part is cut: the id is what counts.
pub(crate) fn put(reference: &str, orderid: &str) -> Text {
    let mut end = reference.len().min(REFERENCE_BYTES.saturating_sub(orderid.len() + 1));
    while !reference.is_char_boundary(end) {
        end -= 1;
    }
    Text::from(format!("{}@{orderid}", &reference[..end]))
}

/// What stands where an order id of ours would, and whether it has the form of one.
pub(crate) fn claim(reference: &str) -> Option<(&str, bool)> {
    let (_, id) = reference.rsplit_once('@')?;
    Some((id, is_orderid(id)))
}

/// What the user gave with the order of that id.
pub(crate) fn without<'a>(reference: &'a str, orderid: &str) -> &'a str {
    reference.strip_suffix(orderid).and_then(|front| front.strip_suffix('@')).unwrap_or(reference)
}

/// As the engine makes them: the session, which begins with the digits of a moment, an underscore, a number.
fn is_orderid(id: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_session = |text: &str| {
        text.get(..12).is_some_and(is_number)
            && text.len() <= 20
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    id.split_once('_').is_some_and(|(session, number)| is_session(session) && is_number(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_foreign_reference_is_left_alone() {
        for text in ["", "CtaStrategy_a", "somebody@example", "x@1_2", "@", "a@20261122_", "ManualTrading"] {
            assert!(claim(text).is_none_or(|(_, is_ours)| !is_ours), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_id_comes_back(reference in ".{0,90}", session in "[0-9]{12}[0-9a-z]{0,2}", number in 1u32..) {
            let id = format!("{session}_{number}");
            let sent = put(&reference, &id);
            prop_assert!(sent.len() <= REFERENCE_BYTES);
            prop_assert_eq!(claim(&sent), Some((id.as_str(), true)));
            prop_assert!(reference.starts_with(without(&sent, &id)));
        }
    }
}
