//! Throttling with a clock of its own, users on disk, the signing secret, tokens.

use super::*;
use crate::limits::{FORGET_MS, FREE_PER_ADDRESS, FREE_PER_PAIR, FREE_PER_USER, LONGEST_WAIT_MS, THROTTLE_ENTRIES};
use std::net::{Ipv4Addr, Ipv6Addr};

fn v4(last: u32) -> IpAddr {
    Ipv4Addr::from_bits(0xc000_0200 + last).into()
}

#[test]
fn one_guesser_waits_longer_each_time_and_others_do_not() {
    let mut throttle = Throttle::default();
    let mut now = 1_000_000;
    for _ in 0..FREE_PER_PAIR {
        assert_eq!(throttle.wait_ms(now, "vnpy", v4(1)), 0);
        throttle.failed(now, "vnpy", v4(1));
    }
    let mut waits = Vec::new();
    for _ in 0..6 {
        let wait = throttle.wait_ms(now, "vnpy", v4(1));
        waits.push(wait);
        now += wait;
        throttle.failed(now, "vnpy", v4(1));
    }
    assert_eq!(waits, [1000, 2000, 4000, 8000, 16_000, 32_000]);
    assert_eq!(throttle.wait_ms(now, "vnpy", v4(2)), 0, "the same user from elsewhere");
    assert_eq!(throttle.wait_ms(now, "other", v4(1)), 0, "another user from here");
    throttle.succeeded(now, "vnpy", v4(1));
    assert_eq!(throttle.wait_ms(now, "vnpy", v4(1)), 0);
}

#[test]
fn failures_are_forgotten_one_by_one() {
    let mut throttle = Throttle::default();
    (0..FREE_PER_PAIR).for_each(|_| throttle.failed(0, "vnpy", v4(1)));
    assert!(throttle.wait_ms(0, "vnpy", v4(1)) > 0);
    assert_eq!(throttle.wait_ms(FORGET_MS, "vnpy", v4(1)), 0);
    throttle.failed(FORGET_MS, "vnpy", v4(1));
    assert!(throttle.wait_ms(FORGET_MS, "vnpy", v4(1)) > 0);
}

#[test]
fn one_address_that_tries_many_names_waits() {
    let mut throttle = Throttle::default();
    (0..FREE_PER_ADDRESS).for_each(|name| throttle.failed(0, &name.to_string(), v4(1)));
    assert!(throttle.wait_ms(0, "fresh", v4(1)) > 0);
    throttle.succeeded(0, "accomplice", v4(1));
    assert!(throttle.wait_ms(0, "fresh", v4(1)) > 0, "an account of one's own does not pay for the others");
    let network = |host: u128| IpAddr::from(Ipv6Addr::from_bits(0x2001_0db8 << 96 | host));
    (0..FREE_PER_ADDRESS).for_each(|name| throttle.failed(0, &name.to_string(), network(u128::from(name))));
    assert!(throttle.wait_ms(0, "fresh", network(77_777)) > 0, "an IPv6 network is one address");
}

#[test]
fn an_attack_from_everywhere_does_not_lock_the_user_out_of_his_own_desk() {
    let mut throttle = Throttle::default();
    throttle.succeeded(0, "vnpy", v4(9999));
    (0..FREE_PER_USER).for_each(|address| throttle.failed(0, "vnpy", v4(address)));
    assert!(throttle.wait_ms(0, "vnpy", v4(5000)) > 0, "an address that never logged him in");
    assert_eq!(throttle.wait_ms(0, "vnpy", v4(9999)), 0, "his own");
    (0..1000).for_each(|address| throttle.failed(0, "vnpy", v4(address)));
    assert!(throttle.wait_ms(0, "vnpy", v4(5000)) <= LONGEST_WAIT_MS);
}

#[test]
fn the_tables_are_bounded_and_keep_the_worst() {
    let mut throttle = Throttle::default();
    (0..=FREE_PER_PAIR).for_each(|_| throttle.failed(0, "worst", v4(1)));
    for name in 0..THROTTLE_ENTRIES as u32 + 100 {
        throttle.failed(1, &name.to_string(), v4(name + 2));
    }
    assert!(throttle.wait_ms(1, "worst", v4(1)) > 0);
    assert!(throttle.entries() <= 4 * THROTTLE_ENTRIES);
}

#[test]
fn users_are_kept_as_hashes_that_only_their_owner_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = UserFile::in_folder(&folder.path().join("new"));
    assert_eq!(file.list().unwrap(), []);
    file.add("交易员", &Password::new("geheim"), Role::Admin, 5).unwrap();
    file.add("second", &Password::new("geheim"), Role::Admin, 6).unwrap();
    assert!(matches!(file.add("second", &Password::new("x"), Role::Admin, 7), Err(UserError::Exists(_))));
    for (name, password) in
        [("", "x"), ("a\nb", "x"), (&"x".repeat(65), "x"), ("third", ""), ("third", &"x".repeat(5000))]
    {
        file.add(name, &Password::new(password), Role::Admin, 8).unwrap_err();
    }
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert!(!text.contains("geheim") && text.contains("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
    let users = file.list().unwrap();
    assert_ne!(users[0].hash, users[1].hash, "each has its own salt");
    assert!(users[0].has_password("geheim") && !users[0].has_password("Geheim"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
    }
    file.set_password("second", &Password::new("new"), 9).unwrap();
    assert_eq!(file.list().unwrap()[1].changed, 9);
    file.remove("交易员").unwrap();
    assert!(matches!(file.remove("交易员"), Err(UserError::Missing(_))));
    assert_eq!(std::fs::read_dir(folder.path().join("new")).unwrap().count(), 1, "nothing is left beside it");
    std::fs::write(file.path(), "{\n\"version\": 1,\n\"users\": 5}").unwrap();
    assert!(file.list().unwrap_err().to_string().contains("line 3"));
}

#[test]
fn of_the_users_one_is_always_an_admin() {
    let folder = tempfile::tempdir().unwrap();
    let file = UserFile::in_folder(folder.path());
    let role = |role| UserChange { role: Some(role), ..UserChange::default() };
    let password = Password::new("geheim");
    assert!(matches!(file.add("first", &password, Role::Trader, 1), Err(UserError::NoAdmin)));
    file.add("first", &password, Role::Admin, 1).unwrap();
    assert!(!std::fs::read_to_string(file.path()).unwrap().contains("role"), "as a program that knows no roles has it");
    file.add("second", &password, Role::Viewer, 2).unwrap();
    assert!(matches!(file.update("first", role(Role::Trader), 3), Err(UserError::NoAdmin)));
    assert!(matches!(file.remove("first"), Err(UserError::NoAdmin)));
    file.update("second", role(Role::Admin), 4).unwrap();
    file.update("first", role(Role::Viewer), 5).unwrap();
    let users = file.list().unwrap();
    assert_eq!((users[0].role, users[0].changed, users[1].role), (Role::Viewer, 1, Role::Admin));
    file.remove("first").unwrap();
    file.remove("second").unwrap();
    assert_eq!(file.list().unwrap(), [], "the last of all may go");
}

#[test]
fn changes_at_once_are_all_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = UserFile::in_folder(folder.path());
    let adding: Vec<_> = (0..6)
        .map(|number| {
            let file = file.clone();
            let add = move || file.add(&format!("user {number}"), &Password::new("x"), Role::Admin, 1).unwrap();
            std::thread::spawn(add)
        })
        .collect();
    adding.into_iter().for_each(|adding| adding.join().unwrap());
    assert_eq!(file.list().unwrap().len(), 6);
}

#[test]
fn a_session_lasts_as_long_as_its_newest_token_and_the_list_is_bounded() {
    let open = open::Open::default();
    let claim = |expires: i64| Claim { user: "vnpy".into(), expires, session: None };
    let client = Client { address: Some(v4(1)), agent: Some("Firefox\u{1b}[2J") };
    open.touch("a", &claim(2_000), client, 300);
    open.touch("a", &claim(3_000), Client::default(), 400);
    open.touch("a", &claim(2_000), Client::default(), 500);
    assert_eq!(open.until("a"), Some(3_000));
    let one = open.of("vnpy", 600).remove(0);
    assert_eq!(
        (one.since, one.last_seen, one.remote, one.agent.as_deref()),
        (200, 500, Some(v4(1)), Some("Firefox[2J"))
    );
    assert!(open.of("vnpy", 3_000).is_empty() && open.of("other", 600).is_empty());
    for number in 0..crate::limits::OPEN_SESSIONS as i64 + 10 {
        open.touch(&number.to_string(), &claim(9_000), client, 1_000 + number);
    }
    assert!(open.of("vnpy", 600).len() <= crate::limits::OPEN_SESSIONS);
    assert_eq!(open.until("a"), None, "who was not heard of for longest went");
    open.forget("500");
    assert_eq!(open.until("500"), None);
}

#[test]
fn the_signing_secret_is_made_once_and_kept_from_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    let first = SigningKey::load_or_create(&path).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    let again = SigningKey::load_or_create(&path).unwrap();
    assert_eq!(first.bytes(), again.bytes());
    assert_eq!(format!("{first:?} {:?}", Password::new("x")), "SigningKey(…) Password(…)");
    std::fs::write(&path, "short").unwrap();
    assert!(SigningKey::load_or_create(&path).unwrap_err().to_string().contains("remove it"));
}

#[test]
fn starts_at_once_share_one_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    let starts: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            std::thread::spawn(move || SigningKey::load_or_create(&path).unwrap().bytes().to_vec())
        })
        .collect();
    let keys: Vec<Vec<u8>> = starts.into_iter().map(|start| start.join().unwrap()).collect();
    assert!(keys.iter().all(|key| *key == keys[0]));
}

#[test]
fn tokens_last_half_an_hour_and_carry_nobody_else() {
    let tokens = Tokens::new(&SigningKey::random().unwrap());
    let token = tokens.make("vnpy", 1000);
    let claim = Claim { user: "vnpy".into(), expires: 2800, session: None };
    for now in [1000, 1000, 2799] {
        assert_eq!(tokens.check(token.as_bytes(), now), Some(claim.clone()), "checked, then remembered");
    }
    assert_eq!(tokens.check(token.as_bytes(), 2800), None);
    let other = Tokens::new(&SigningKey::random().unwrap());
    assert_eq!(other.check(token.as_bytes(), 1000), None);
    assert_eq!(tokens.check(b"\xff\x00", 1000), None);
}
