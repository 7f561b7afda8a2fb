//! Offers, and messages that are made to hurt.

use flate2::{Compress, Compression, FlushCompress};
use hyper::HeaderMap;
use hyper::header::{HeaderValue, SEC_WEBSOCKET_EXTENSIONS};
use proptest::prelude::*;

use super::*;

fn offered(offer: &str) -> bool {
    let mut headers = HeaderMap::new();
    headers.insert(SEC_WEBSOCKET_EXTENSIONS, HeaderValue::from_str(offer).unwrap());
    is_offered(&headers)
}

#[test]
fn offers_are_taken_that_can_be_kept() {
    assert!(offered("permessage-deflate"));
    assert!(offered("permessage-deflate; client_max_window_bits"));
    assert!(offered("x-webkit, permessage-deflate; client_max_window_bits=\"12\"; server_no_context_takeover"));
    assert!(offered("permessage-deflate; server_max_window_bits=10, permessage-deflate"));
    assert!(!offered("permessage-deflate; server_max_window_bits=10"));
    assert!(!offered("permessage-deflate; client_no_context_takeover=1"));
    assert!(!offered("permessage-deflate; client_max_window_bits=20"));
    assert!(!offered("permessage-deflate; client_max_window_bits; client_max_window_bits"));
    assert!(!offered("permessage-bzip2"));
    assert!(!is_offered(&HeaderMap::new()));
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 1_000);
    Compress::new(Compression::fast(), false).compress_vec(text, &mut out, FlushCompress::Sync).unwrap();
    out.truncate(out.len() - 4);
    out
}

proptest! {
    #[test]
    fn what_was_packed_comes_back_within_the_limit(text in prop::collection::vec(any::<u8>(), 0..3_000), limit in 0usize..3_000) {
        let expected = if text.len() <= limit { Ok(text.clone()) } else { Err(BadDeflate::TooBig) };
        prop_assert_eq!(inflate(&packed(&text), limit), expected);
    }

    #[test]
    fn anything_else_is_refused_without_growing(payload in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(text) = inflate(&payload, 10_000) {
            prop_assert!(text.len() <= 10_000 && text.capacity() <= 20_002);
        }
    }
}
