//! A proof holds for one role, one pair of nonces, one channel and one secret.

use super::*;

fn challenge() -> Challenge {
    Challenge { client_nonce: "aa".into(), server_nonce: "bb".into(), channel: Channel::Tcp }
}

#[test]
fn a_proof_is_what_any_hmac_makes_of_the_text() {
    // python3: hmac.new(b"secret", b"webtrader-bridge 1 client\naa\nbb\ntcp\n", "sha256").hexdigest()
    let expected = "2bb29375076c3c072c9025963bb32fadfe1e4dc5cc857f457180cf810c401afb";
    assert_eq!(challenge().prove(b"secret", Role::Client), expected);
}

#[test]
fn a_proof_holds_for_nothing_else() {
    let proof = challenge().prove(b"secret", Role::Client);
    assert!(challenge().holds(b"secret", Role::Client, &proof));
    assert!(challenge().holds(b"secret", Role::Client, &proof.to_uppercase()));
    assert!(!challenge().holds(b"secret", Role::Server, &proof), "sent back");
    assert!(!challenge().holds(b"other", Role::Client, &proof), "another secret");
    let again = Challenge { server_nonce: "cc".into(), ..challenge() };
    assert!(!again.holds(b"secret", Role::Client, &proof), "used twice");
    let passed_on = Challenge { channel: Channel::Tls(Fingerprint::of(b"certificate")), ..challenge() };
    assert!(!passed_on.holds(b"secret", Role::Client, &proof), "passed on");
    for garbage in ["", "zz", "a", "é1", &"00".repeat(32)] {
        assert!(!challenge().holds(b"secret", Role::Client, garbage), "{garbage:?}");
    }
}

#[test]
fn fingerprints_are_read_with_and_without_colons() {
    let fingerprint = Fingerprint::of(b"x");
    let text = fingerprint.to_string();
    let colons: Vec<String> = text.as_bytes().chunks(2).map(|c| String::from_utf8_lossy(c).to_uppercase()).collect();
    assert_eq!(text.parse(), Ok(fingerprint));
    assert_eq!(colons.join(":").parse(), Ok(fingerprint));
    assert_eq!("12".parse::<Fingerprint>(), Err(FingerprintError));
}
