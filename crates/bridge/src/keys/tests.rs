//! Files of secrets: made once, private, refused where they are not.

use super::*;
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_secret_is_made_once_and_private() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(TOKEN_FILE);
    let made = Secret::read_or_make(&path).expect("made");
    assert_eq!(made.bytes().len(), 64);
    assert_eq!(Secret::read_or_make(&path).expect("read"), made);
    assert_eq!(fs::metadata(&path).expect("there").mode() & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("opened");
    assert!(matches!(Secret::read(&path), Err(KeyError::Open(_))));
}

#[test]
fn a_short_secret_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("token");
    write_private(&path, b"  password \n").expect("written");
    assert!(matches!(Secret::read(&path), Err(KeyError::Short(_))));
}

#[test]
fn a_certificate_is_made_once_and_known_by_its_fingerprint() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Certificate::read_or_make(folder.path()).expect("made");
    let again = Certificate::read_or_make(folder.path()).expect("read");
    assert_eq!(again.fingerprint(), made.fingerprint());
    assert_ne!(Certificate::make().expect("another").fingerprint(), made.fingerprint());
}
