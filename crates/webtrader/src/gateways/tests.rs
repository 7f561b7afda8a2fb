//! Tables and flags together, and every way in which a gateway can be wrong.

use super::*;

fn file(text: &str) -> GatewayFile {
    GatewayFile::read("webtrader.toml".into(), text).expect("a file that can be read")
}

fn environment(name: &str) -> Option<String> {
    (name == "REQ").then(|| "tcp://10.0.0.5:2014".to_owned())
}

fn both(text: &str, args: &GatewayArgs) -> anyhow::Result<Vec<Chosen>> {
    chosen(Some(&file(text)), args, &environment)
}

fn error(text: &str) -> String {
    match GatewayFile::read("webtrader.toml".into(), text) {
        Err(error) => error.to_string(),
        Ok(file) => format!("{:#}", chosen(Some(&file), &GatewayArgs::default(), &environment).unwrap_err()),
    }
}

const CTP: &str = "[[gateway]]\nname = \"CTP1\"\nkind = \"veighna\"\nreq_address = { env = \"REQ\" }\n\
                   sub_address = \"tcp://10.0.0.5:4102\"\nremote_gateway = \"CTP\"\n";
const SIMULATED: &str = "[[gateway]]\nname = \"demo\"\nkind = \"simulated\"\nrate = 5\nseed = 7\nbalance_usd = 1.5\n";

#[test]
fn without_tables_there_is_the_simulated_exchange_and_what_flags_name() {
    let args = GatewayArgs { remotes: vec!["CTP1=tcp://a:1,tcp://a:2".parse().unwrap()], ..GatewayArgs::default() };
    for text in ["", "[web]\nlisten = \"127.0.0.1:1\"\n[trader]\nname = \"x\"\n[history]\ndatabase = \"d\"\n"] {
        let list = both(text, &args).unwrap();
        assert_eq!(list.iter().map(Chosen::name).collect::<Vec<_>>(), ["SIM", "CTP1"]);
        assert!(!are_simulated(&list) && are_simulated(&list[..1]));
    }
}

#[test]
fn tables_are_all_there_is_and_a_flag_counts_more() {
    let text = [SIMULATED, CTP].concat();
    let list = both(&text, &GatewayArgs::default()).unwrap();
    let simulated = SimOptions {
        name: "demo".into(),
        rate: Some(5.0),
        seed: Some(7),
        balance_usd: Some(1.5),
        ..SimOptions::default()
    };
    let remote = RemoteOptions {
        name: "CTP1".into(),
        request: "tcp://10.0.0.5:2014".into(),
        publish: "tcp://10.0.0.5:4102".into(),
        only: Some("CTP".into()),
    };
    assert_eq!(list, [Chosen::Simulated(simulated.clone()), Chosen::Veighna(remote)]);

    let args = GatewayArgs {
        remotes: vec!["CTP1=tcp://a:1,tcp://a:2".parse().unwrap()],
        sim: SimArgs { rate: Some(1.0), ..SimArgs::default() },
        ..GatewayArgs::default()
    };
    let list = both(&text, &args).unwrap();
    assert_eq!(list[0], Chosen::Simulated(SimOptions { rate: Some(1.0), ..simulated }));
    let Chosen::Veighna(remote) = &list[1] else { panic!("{list:?}") };
    assert_eq!((&*remote.request, &remote.only), ("tcp://a:1", &None));

    let list = both(&text, &GatewayArgs { no_sim: true, ..GatewayArgs::default() }).unwrap();
    assert_eq!(list.iter().map(Chosen::name).collect::<Vec<_>>(), ["CTP1"]);
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let wrong = [
        (SIMULATED.replace("seed = 7", "sede = 7"), "line 5"),
        (SIMULATED.replace("simulated", "ctp"), "line 3"),
        (SIMULATED.replace("name = \"demo\"\n", ""), "missing field `name`"),
        (SIMULATED.replace("demo", "de.mo"), "de.mo"),
        (SIMULATED.replace("rate = 5", "rate = 5000"), "between 0.001 and 1000"),
        (SIMULATED.replace("rate = 5", "replay = [\"/nowhere.csv\"]"), "/nowhere.csv"),
        (SIMULATED.replace("rate = 5", "req_address = \"tcp://a:1\""), "kind \"veighna\""),
        ([SIMULATED, &SIMULATED.replace("demo", "other")].concat(), "one trading process has one"),
        ([CTP, CTP].concat(), "called CTP1"),
        (CTP.replace("remote_gateway = \"CTP\"", "seed = 1"), "kind \"simulated\""),
        (CTP.replace("sub_address = \"tcp://10.0.0.5:4102\"\n", ""), "sub_address is missing"),
        (CTP.replace("tcp://10.0.0.5:4102", "10.0.0.5:4102"), "is no address"),
        (CTP.replace("tcp://10.0.0.5:4102", "tcp://10.0.0.5:2014"), "are the same"),
        (CTP.replace("\"REQ\"", "\"NOPE\""), "NOPE is not set"),
        (CTP.replace("{ env = \"REQ\" }", "{ file = \"/nowhere\" }"), "/nowhere"),
        (CTP.replace("{ env = \"REQ\" }", "{ vault = \"x\" }"), "{ env = \"NAME\" }"),
        ("[gateways]\n".to_owned(), "gateways"),
        ("[gateway]\nname = \"x\"\n".to_owned(), "sequence"),
    ];
    for (text, told) in wrong {
        let error = error(&text);
        assert!(
            error.contains(told) && (error.contains("webtrader.toml") || !error.contains("line")),
            "{text}: {error}"
        );
    }
    let args = GatewayArgs { no_sim: true, ..GatewayArgs::default() };
    assert!(both(SIMULATED, &args).unwrap_err().to_string().contains("no gateway left"));
}

#[test]
fn a_text_from_elsewhere_is_used_and_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("address");
    std::fs::write(&path, "tcp://10.9.9.9:2014\nmore\n").unwrap();
    let text = CTP.replace("{ env = \"REQ\" }", &format!("{{ file = {path:?} }}"));
    let Chosen::Veighna(remote) = &both(&text, &GatewayArgs::default()).unwrap()[0] else { panic!("it is a VeighNa") };
    assert_eq!(remote.request, "tcp://10.9.9.9:2014");
    let lines = describe(&file(&text), &environment);
    assert_eq!(lines[0].problem, None);
    assert!(lines[0].text.contains("from ") && !lines[0].text.contains("10.9.9.9"), "{lines:?}");
    let lines = describe(&file(&[CTP, SIMULATED, SIMULATED].concat()), &|_| None);
    let problems: Vec<bool> = lines.iter().map(|line| line.problem.is_some()).collect();
    assert_eq!(problems, [true, false, true], "{lines:?}");
    assert!(lines[0].text.contains("from the environment, REQ"));
}

#[test]
fn the_example_of_the_documents_can_be_used() {
    let list = both(include_str!("../../../../docs/webtrader.example.toml"), &GatewayArgs::default()).unwrap();
    assert_eq!(list.iter().map(Chosen::name).collect::<Vec<_>>(), ["SIM", "CTP1"]);
}
