//! A login that plays a recording, and the two languages.

use super::*;

const TICKS: &str = "\
TradingDay,ActionDay,UpdateTime,UpdateMillisec,ExchangeID,InstrumentID,LastPrice,Volume,Turnover,OpenInterest,BidPrice1,BidVolume1,AskPrice1,AskVolume1,PreClosePrice,UpperLimitPrice,LowerLimitPrice
20240102,20240102,09:30:00,0,CFFEX,IF2401,3400.0,10,10200000,5000,3399.8,3,3400.2,2,3390.0,3729.0,3051.0
20240102,20240102,09:30:00,500,CFFEX,IF2401,3400.2,12,12240120,5001,3400.0,5,3400.4,1,3390.0,3729.0,3051.0
20240103,20240103,09:30:00,0,CFFEX,IF2401,3410.0,3,3069000,5001,3410.0,5,3410.4,7,3400.2,3740.0,3060.0
";

fn form(path: &Path, gateway: &SimGateway) -> Settings {
    let mut form = Settings::defaults(&gateway.form());
    form.set("Market", FieldValue::Text("replay".to_owned()));
    form.set("Recordings", FieldValue::Text(path.display().to_string()));
    form
}

#[test]
fn a_recording_is_played_traded_and_settled_by_its_own_days() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("ticks.csv");
    std::fs::write(&path, TICKS).expect("the folder takes files");
    let mut gateway = open(None);
    let mut out = Vec::new();
    let settings = form(&path, &gateway);
    gateway.command(at(0), Command::Connect(settings), &mut out);
    assert_eq!(out.iter().filter(|r| matches!(r, Report::Contract(_))).count(), 1);
    assert!(kinds(&out).contains(&"link Up".to_owned()));
    let order = request("IF2401", Exchange::CFFEX, Direction::Long, Offset::Open);
    assert!(kind(&send(&mut gateway, at(0), "0", order.clone())[0]).contains("no price yet"));
    out.clear();
    let wish = SubscribeRequest { symbol: "IF2401".into(), exchange: Exchange::CFFEX };
    gateway.command(at(0), Command::Subscribe(wish), &mut out);
    gateway.wake(at(1), &mut out);
    let told = send(&mut gateway, at(2), "1", order);
    assert_eq!(kinds(&told)[..3], ["order NOTTRADED", "order ALLTRADED", "trade"]);
    out.clear();
    gateway.wake(at(100_000_000), &mut out);
    let told: Vec<String> = kinds(&out).into_iter().filter(|kind| kind != "account").collect();
    assert_eq!(told[0], "tick");
    assert!(told.iter().any(|kind| kind.contains("settled: 0.00 marked")), "{told:?}");
    assert!(told.contains(&"log the recording has ended".to_owned()), "{told:?}");
    let ticks: Vec<String> = out
        .iter()
        .filter_map(|report| match report {
            Report::Tick(tick) => Some(format!("{} {}", tick.datetime.as_ref().expect("has a time"), tick.last_price)),
            _ => None,
        })
        .collect();
    assert_eq!(ticks, ["2024-01-02 09:30:00.500000+08:00 3400.2", "2024-01-03 09:30:00+08:00 3410"]);
}

#[test]
fn a_broken_recording_leaves_the_link_down_and_says_where() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("ticks.csv");
    std::fs::write(&path, TICKS.replace("3400.2,12", "oops,12")).expect("the folder takes files");
    let mut gateway = open(None);
    let mut out = Vec::new();
    let settings = form(&path, &gateway);
    gateway.command(at(0), Command::Connect(settings), &mut out);
    let log = kind(&out[1]);
    assert!(log.contains("line 3, column 7 (LastPrice): \"oops\" is not a number"), "{log}");
    assert!(matches!(&out[2], Report::Link(LinkState::Down(Some(why))) if why.contains("oops")));
    // The next attempt may be a better one.
    assert!(kinds(&connect(&mut gateway, at(1))).contains(&"link Up".to_owned()));
}

#[test]
fn a_position_of_a_recording_survives_into_a_generated_market() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("ticks.csv");
    std::fs::write(&path, TICKS).expect("the folder takes files");
    let mut gateway = open(None);
    let settings = form(&path, &gateway);
    gateway.command(at(0), Command::Connect(settings), &mut Vec::new());
    gateway.wake(at(1), &mut Vec::new());
    send(&mut gateway, at(2), "1", request("IF2401", Exchange::CFFEX, Direction::Long, Offset::Open));
    gateway.command(at(3), Command::Close, &mut Vec::new());
    let told = kinds(&connect(&mut gateway, at(4)));
    assert!(told.iter().any(|kind| kind.contains("IF2401.CFFEX has expired")), "{told:?}");
}

#[test]
fn the_language_decides_names_logs_and_position_ids() {
    for (choice, name, log, id) in [
        ("中文", "螺纹钢2701", "模拟交易所连接成功", "SIM.rb2701.SHFE.多"),
        ("English", "Rebar 2701", "connected to the simulated exchange", "SIM.rb2701.SHFE.Long"),
    ] {
        let mut gateway = SimGateway::open(SimConfig::default()).expect("in memory");
        let mut form = Settings::defaults(&gateway.form());
        form.set("语言", FieldValue::Text(choice.to_owned()));
        let mut out = Vec::new();
        gateway.command(at(0), Command::Connect(form), &mut out);
        let contract = out.iter().find_map(|report| match report {
            Report::Contract(contract) if &*contract.symbol == "rb2701" => Some(contract.name.to_string()),
            _ => None,
        });
        assert_eq!(contract.as_deref(), Some(name));
        assert!(kinds(&out).contains(&format!("log {log}")));
        let told = send(&mut gateway, at(1), "1", request("rb2701", Exchange::SHFE, Direction::Long, Offset::Open));
        assert!(told.iter().any(|report| matches!(report, Report::Position(p) if p.vt_positionid.as_str() == id)));
    }
}
