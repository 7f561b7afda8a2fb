//! The scheme of the `Authorization` header, split as FastAPI splits it.

use super::*;

#[test]
fn bearers() {
    let token = |value: &[u8]| {
        let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap())]);
        bearer(&headers).map(<[u8]>::to_vec)
    };
    assert_eq!(token(b"Bearer abc"), Some(b"abc".to_vec()));
    assert_eq!(token(b"bEARER   abc "), Some(b"abc".to_vec()));
    assert_eq!(token(b"Bearer"), Some(Vec::new()));
    assert_eq!(token("Bearer 令牌".as_bytes()), Some("令牌".as_bytes().to_vec()));
    for other in [&b"Bearer\tabc"[..], b"Bearerabc", b"Basic abc", b""] {
        assert_eq!(token(other), None);
    }
    assert_eq!(bearer(&HeaderMap::new()), None);
}
