//! Layers, sources and every way in which a configuration can be wrong.

use super::*;
use crate::auth::system_clock;
use std::fs;
use tempfile::TempDir;

struct Case {
    folder: TempDir,
    overrides: Overrides,
}

impl Case {
    fn new() -> Case {
        let folder = tempfile::tempdir().unwrap();
        let overrides = Overrides { state: folder.path().join("state"), ..Overrides::default() };
        Case { folder, overrides }
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn load(&self) -> Result<Config, ConfigError> {
        self.with(&|_| None, |places| Config::load(&self.overrides, places))
    }

    fn check(&self) -> Report {
        self.with(&|_| None, |places| check(&self.overrides, places))
    }

    fn with<T>(&self, environment: &dyn Fn(&str) -> Option<String>, run: impl FnOnce(&Places<'_>) -> T) -> T {
        let (current, home) = (self.folder.path().to_owned(), self.folder.path().join("home"));
        run(&Places { current, home, environment })
    }

    fn error(&self) -> String {
        self.load().unwrap_err().to_string()
    }
}

const VEIGHNA: &str = r#"{"username": "trader", "password": "geheim", "req_address": "tcp://10.0.0.5:2014",
    "sub_address": "tcp://10.0.0.5:4102", "host": "0.0.0.0", "port": "8001"}"#;

#[test]
fn nothing_at_all_is_veighnas_defaults() {
    let config = Case::new().load().unwrap();
    assert_eq!(config.listen.value.to_string(), "127.0.0.1:8000");
    let Way::Veighna { req, publish } = &config.traders[0].way else { panic!("no bridge was named") };
    assert_eq!(req.value.to_string(), "tcp://127.0.0.1:2014");
    assert_eq!(publish.value.to_string(), "tcp://127.0.0.1:4102");
    assert_eq!((config.plain_user.value.name.as_str(), config.plain_user.source), ("vnpy", Source::Default));
}

#[test]
fn veighnas_file_is_found_here_or_at_home_and_our_file_and_flags_go_over_it() {
    let mut case = Case::new();
    case.write("home/.vntrader/web_trader_setting.json", VEIGHNA);
    let config = case.load().unwrap();
    assert_eq!(config.listen.value, Listen { host: "0.0.0.0".into(), port: 8001 });
    assert_eq!(config.plain_user.value.password.reveal(), "geheim");
    case.write(".vntrader/web_trader_setting.json", r#"{"port": 8002, "extra": 1}"#);
    let config = case.load().unwrap();
    assert_eq!(config.listen.value.to_string(), "127.0.0.1:8002", "the folder here is nearer than the one at home");
    assert_eq!(config.ignored_keys, ["extra"]);
    case.write(
        "webtrader.toml",
        "[web]\nlisten = \"[::1]:9000\"\n[trader]\nlanguage = \"en\"\nreq_address = \"tcp://a:1\"\n",
    );
    let config = case.load().unwrap();
    assert_eq!(
        (config.listen.value.to_string().as_str(), config.traders[0].language.value),
        ("[::1]:9000", Some(Language::En))
    );
    assert_eq!(config.listen.source, Source::File(case.folder.path().join("webtrader.toml")));
    case.overrides.listen = Some("localhost:9001".into());
    let environment = |name: &str| (name == "WEBTRADER_LISTEN").then(|| "localhost:9001".to_owned());
    let config = case.with(&environment, |places| Config::load(&case.overrides, places)).unwrap();
    assert_eq!(config.listen.source, Source::Environment("WEBTRADER_LISTEN"));
    assert_eq!(case.load().unwrap().listen.source, Source::Flag("--listen"));
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let case = Case::new();
    case.write("webtrader.toml", "[web]\nlisten = \"127.0.0.1:1\"\nlistn = 5\n");
    let text = case.error();
    assert!(text.contains("webtrader.toml") && text.contains("line 3") && text.contains("listn"), "{text}");
    case.write("webtrader.toml", "[trader]\nreq_address = \"nonsense\"\n");
    let text = case.error();
    assert!(text.contains("req_address") && text.contains("nonsense") && text.contains("webtrader.toml"), "{text}");
    case.write("webtrader.toml", "[trader]\nsub_address = \"tcp://*:4102\"\n");
    assert!(case.error().contains("listen on"), "{}", case.error());
    case.write("webtrader.toml", "[web]\nlisten = \"127.0.0.1:99999\"\n");
    assert!(case.error().contains("127.0.0.1:99999"), "{}", case.error());
    case.write("webtrader.toml", "");
    case.write(".vntrader/web_trader_setting.json", "{\n  \"username\": vnpy\n}");
    let text = case.error();
    assert!(text.contains("web_trader_setting.json") && text.contains("line 2"), "{text}");
    case.write(".vntrader/web_trader_setting.json", r#"{"port": "eighty"}"#);
    assert!(case.error().contains("eighty"), "{}", case.error());
}

#[test]
fn a_file_that_was_asked_for_must_be_there() {
    let mut case = Case::new();
    case.overrides.config = Some(case.folder.path().join("nope.toml"));
    assert!(case.error().contains("nope.toml"));
}

#[test]
fn check_says_all_of_it_and_no_password() {
    let case = Case::new();
    case.write(".vntrader/web_trader_setting.json", VEIGHNA);
    let report = case.check();
    let text = report.to_string();
    assert!(!report.has_errors(), "{text}");
    assert!(
        text.contains("0.0.0.0:8001") && text.contains("tcp://10.0.0.5:2014") && text.contains("user add"),
        "{text}"
    );
    assert!(!text.contains("geheim") && !format!("{:?}", case.load().unwrap()).contains("geheim"));
    case.write(".vntrader/web_trader_setting.json", &VEIGHNA.replace("geheim", "vnpy"));
    assert!(case.check().has_errors(), "the default password on all addresses");
    case.write(
        "state/users.json",
        "{\"version\": 1, \"users\": [{\"name\": \"a\", \"hash\": \"geheim\", \"changed\": 0}]}",
    );
    let text = case.check().to_string();
    assert!(text.contains("users.json") && text.contains("no Argon2id hash"), "{text}");
}

#[tokio::test]
async fn the_default_password_listens_on_this_machine_only() {
    let mut case = Case::new();
    case.overrides.listen = Some("0.0.0.0:0".into());
    let text = case.load().unwrap().bind().await.unwrap_err().to_string();
    assert!(text.contains("password") && text.contains("user add"), "{text}");
    case.write(".vntrader/web_trader_setting.json", r#"{"username": "vnpy", "password": ""}"#);
    assert!(case.load().unwrap().bind().await.unwrap_err().to_string().contains("empty"));
    let config = case.load().unwrap();
    config.users().add("vnpy", &Password::new("vnpy"), crate::auth::Role::Admin, 0).unwrap();
    assert!(config.bind().await.is_err(), "the default password as a hash is the default password");
    config.users().set_password("vnpy", &Password::new("a better one"), 0).unwrap();
    config.bind().await.unwrap();
    assert!(!config.auth(system_clock()).unwrap().uses_plain_password());
    let mut local = Case::new();
    local.overrides.listen = Some("localhost:0".into());
    let (config, listener) = (local.load().unwrap(), local.load().unwrap().bind().await.unwrap());
    assert!(config.auth(system_clock()).unwrap().uses_plain_password());
    local.overrides.listen = Some(format!("localhost:{}", listener.local_addr().unwrap().port()));
    let text = local.load().unwrap().bind().await.unwrap_err().to_string();
    assert!(text.contains("--listen") && text.contains(&listener.local_addr().unwrap().port().to_string()), "{text}");
}

#[tokio::test]
async fn a_plain_password_that_was_not_in_force_at_the_start_never_comes_back() {
    let case = Case::new();
    let config = case.load().unwrap();
    fs::create_dir_all(&config.state).unwrap();
    config.users().add("alice", &Password::new("a password of alice's"), crate::auth::Role::Admin, 0).unwrap();
    let auth = config.auth(system_clock()).unwrap();
    config.users().remove("alice").unwrap();
    auth.refresh();
    let address = std::net::IpAddr::from([127, 0, 0, 1]);
    assert!(auth.login("vnpy", Password::new("vnpy"), address, None).await.is_err());
    assert!(!auth.uses_plain_password());
}

#[test]
fn several_traders_have_their_names_and_their_ways() {
    let case = Case::new();
    case.write(
        "webtrader.toml",
        "[[trader]]\nname = \"futures\"\nreq_address = \"tcp://a:1\"\nsub_address = \"tcp://a:2\"\nsimulated = false\n\
         [[trader]]\nname = \"stocks\"\nsimulated = true\nbridge = \"tls://b:3\"\nfingerprint = \"ab\"\ntoken_file = \"token\"\n",
    );
    let config = case.load().unwrap();
    let names: Vec<&str> = config.traders.iter().map(|trader| trader.name.value.as_str()).collect();
    assert_eq!(names, ["futures", "stocks"]);
    let simulated: Vec<Option<bool>> = config.traders.iter().map(|trader| trader.simulated.value).collect();
    assert_eq!(simulated, [Some(false), Some(true)]);
    assert_eq!(Case::new().load().unwrap().traders[0].simulated.value, None, "nobody says so");
    let Way::Bridge { address, fingerprint, .. } = &config.traders[1].way else { panic!("it is a bridge") };
    let fingerprint = fingerprint.as_ref().map(|text| text.value.as_str());
    assert_eq!((address.value.as_str(), fingerprint), ("tls://b:3", Some("ab")));
}

#[test]
fn what_is_wrong_with_several_traders_is_named() {
    let case = Case::new();
    let wrong = [
        ("[[trader]]\nname = \"a\"\n[[trader]]\nname = \"a\"\nbridge = \"unix:/x\"\n", "\"a\""),
        ("[[trader]]\n[[trader]]\nbridge = \"unix:/x\"\n", "name"),
        ("[[trader]]\n[[trader]]\nname = \"b\"\nreq_address = \"tcp://a:1\"\n", "sub_address"),
        ("[[trader]]\nnmae = \"a\"\n", "nmae"),
        ("[trader]\nname = \"a\"\nbridge = \"unix:/x\"\nreq_address = \"tcp://a:1\"\n", "one of them"),
        ("[trader]\ntoken_file = \"token\"\n", "no bridge"),
        ("trader = 5\n", "[[trader]]"),
    ];
    for (text, told) in wrong {
        case.write("webtrader.toml", text);
        let error = case.error();
        assert!(error.contains(told) && error.contains("webtrader.toml"), "{text}: {error}");
    }
}

#[test]
fn a_database_of_bars_has_a_file_and_a_zone() {
    let case = Case::new();
    assert_eq!(case.load().unwrap().history, None);
    case.write("webtrader.toml", "[history]\ndatabase = \"/data/database.db\"\ntimezone = \"Asia/Shanghai\"\n");
    let found = case.load().unwrap().history.expect("configured");
    assert_eq!((found.value.path.to_str(), found.value.zone.as_str()), (Some("/data/database.db"), "Asia/Shanghai"));
    let report = case.check();
    assert!(!report.has_errors() && report.to_string().contains("no bars come from there"), "{report}");
    case.write("webtrader.toml", "[history]\ndatabase = \"/data/database.db\"\n");
    assert_eq!(case.load().unwrap().history.expect("configured").value.zone, history::system_zone());
    case.write("webtrader.toml", "[history]\ndatabase = \"/data/database.db\"\ntimezone = \"Shanghai\"\n");
    assert!(case.error().contains("Asia/Shanghai is one"), "{}", case.error());
    case.write("webtrader.toml", "[history]\ntimezone = \"Asia/Shanghai\"\n");
    assert!(case.error().contains("name the file as `database`"), "{}", case.error());
}

#[test]
fn a_bridges_secret_and_certificate_come_from_flags_too() {
    let mut case = Case::new();
    case.write("webtrader.toml", "[trader]\nbridge = \"unix:/x\"\ntoken_file = \"theirs\"\n[[gateway]]\nany = 1\n");
    let Way::Bridge { token_file, .. } = case.load().unwrap().traders.remove(0).way else { panic!("it is a bridge") };
    assert_eq!(token_file.unwrap().value, PathBuf::from("theirs"));
    case.overrides.token_file = Some("/ours".into());
    case.overrides.fingerprint = Some("ab".into());
    let Way::Bridge { token_file, fingerprint, .. } = case.load().unwrap().traders.remove(0).way else {
        panic!("it is a bridge")
    };
    let flag = |name| Source::Flag(name);
    assert_eq!(token_file.unwrap(), Setting { value: "/ours".into(), source: flag("--token-file") });
    assert_eq!(fingerprint.unwrap(), Setting { value: "ab".into(), source: flag("--fingerprint") });
    let report = case.check();
    assert!(report.has_errors() && report.to_string().contains("/ours: No such file"), "{report}");
    case.overrides.req_address = Some("tcp://a:1".into());
    assert!(case.error().contains("no bridge is named") && case.error().contains("--token-file"), "{}", case.error());
}

#[test]
fn the_example_of_the_documents_can_be_used() {
    let case = Case::new();
    case.write("webtrader.toml", include_str!("../../../../docs/webtrader.example.toml"));
    let config = case.load().unwrap();
    let names: Vec<&str> = config.traders.iter().map(|trader| trader.name.value.as_str()).collect();
    assert_eq!(names, ["futures", "sim"]);
}
