//! Forms as Starlette reads them.

use super::*;
use hyper::header::HeaderValue;
use proptest::prelude::*;

fn read(content_type: &str, body: &[u8]) -> Result<(String, String), String> {
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::try_from(content_type).unwrap())]);
    match read_credentials(&headers, body) {
        Ok(credentials) => Ok((credentials.username, credentials.password.reveal().to_owned())),
        Err(FormError::Malformed(reason)) => Err(reason.to_owned()),
        Err(FormError::Invalid(_)) => Err("422".to_owned()),
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn urlencoded() {
    let pair = |user: &str, password: &str| Ok((user.to_owned(), password.to_owned()));
    assert_eq!(read(FORM, b"username=a%20b+c&password=%E5%A4%9A%zz%"), pair("a b c", "多%zz%"));
    assert_eq!(read(FORM, b"username=a&username=b&password=x=y&&z"), pair("b", "x=y"));
    assert_eq!(read(FORM, b"username=a&password=x&username="), Err("422".into()));
    assert_eq!(read("text/plain", b"username=a&password=x"), Err("422".into()));
    let many = format!("{}username=a&password=x", "x=1&".repeat(1000));
    assert_eq!(read(FORM, many.as_bytes()), Err("422".into()), "fields beyond the bound are not looked at");
}

#[test]
fn multipart() {
    let kind = "multipart/form-data; boundary=\"b\"";
    let part =
        |name: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let good = format!("{}{}--b--\r\n", part("username", "多"), part("password", "a\r\nb"));
    assert_eq!(read(kind, good.as_bytes()), Ok(("多".into(), "a\r\nb".into())));
    assert_eq!(read(kind, &good.as_bytes()[..60]), Err("422".into()), "cut short");
    assert_eq!(read("multipart/form-data", good.as_bytes()), Err("Missing boundary in multipart.".into()));
    assert_eq!(read(kind, b"--b--\r\n"), Err("422".into()));
}

proptest! {
    #[test]
    fn bytes_never_panic(bytes in proptest::collection::vec(prop_oneof![Just(b'-'), Just(b'b'), Just(b'\r'), Just(b'\n'), any::<u8>()], 0..120)) {
        let _ = read(FORM, &bytes);
        let _ = read("multipart/form-data; boundary=b", &bytes);
        let _ = unquote(&bytes);
    }
}
