//! Files of ticks.

use super::*;
use domain::TickData;

const GOOD: &str = "datetime,name,last_price,volume,bid_price_1,ask_price_1,bid_price_2,ask_volume_2,localtime\n\
                    2023-09-25 09:00:00.500,螺纹钢2401,3788.0,12,3787,3788,3786,,2023-09-25 09:00:00.612345\n\
                    2023-09-25 09:00:01,,3789,13,3788,3789,,7,\n";

fn tick_options() -> ImportOptions {
    ImportOptions { series: Series::ticks("rb2401", Exchange::SHFE), ..options() }
}

fn load_ticks(database: &Database) -> Vec<TickData> {
    let day = |year| DateTime::naive(Civil::new((year, 1, 1), (0, 0, 0), 0).expect("a day"));
    database.load_ticks("rb2401", Exchange::SHFE, &day(1), &day(9999)).expect("readable")
}

fn give_ticks(database: &Database, zone: &str) -> String {
    let series = Series::ticks("rb2401", Exchange::SHFE);
    let options = ExportOptions { series, start: None, end: None, zone: zone.to_owned() };
    let mut output = Vec::new();
    export(database, &mut output, &options, &mut |_| ()).expect("written");
    String::from_utf8(output).expect("text")
}

#[test]
fn ticks_are_stored_and_come_back_as_they_were() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let imported = import(&mut database, GOOD.as_bytes(), &tick_options(), &mut |_| ()).expect("a good file");
    assert_eq!((imported.rows, imported.replaced), (2, 0));
    assert_eq!(imported.start.to_string(), "2023-09-25 09:00:00.500000+08:00");
    let ticks = load_ticks(&database);
    assert_eq!((ticks[0].name.as_str(), ticks[0].last_price, ticks[0].limit_up), ("螺纹钢2401", 3788.0, 0.0));
    assert_eq!((ticks[0].bids[1].price, ticks[1].asks[1].volume), (3786.0, 7.0));
    let deep = |name: &str| TickData::NUMBERS.iter().position(|known| *known == name).expect("a column") as u32;
    assert!(ticks[0].forms.is_null(deep("ask_volume_2")) && ticks[1].forms.is_null(deep("bid_price_2")));
    assert_eq!(ticks[0].localtime.as_ref().expect("it had one").to_string(), "2023-09-25 09:00:00.612345");
    assert_eq!(ticks[1].localtime, None);
    let exported = give_ticks(&database, "UTC");
    assert!(exported.starts_with("symbol,exchange,datetime,name,volume,turnover,"), "{exported}");
    assert!(exported.contains("\nrb2401,SHFE,2023-09-25 01:00:00.500000,螺纹钢2401,12.0,0.0,"), "{exported}");
    database.delete_ticks("rb2401", Exchange::SHFE).expect("deleted");
    let options = ImportOptions { zone: "UTC".to_owned(), ..tick_options() };
    import(&mut database, exported.as_bytes(), &options, &mut |_| ()).expect("our own file");
    assert_eq!(load_ticks(&database), ticks);
    assert_eq!(give_ticks(&database, "UTC"), exported);
}

#[test]
fn columns_of_ticks_may_have_other_names() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let content = "Time,LastPrice,BidPrice1\n2023-09-25 09:00:00,1,2\n";
    let columns = Columns { datetime: "Time".to_owned(), ..Columns::default() };
    let renamed = [("last_price", "LastPrice"), ("bid_price_1", "BidPrice1")];
    let renamed = renamed.map(|(field, column)| (field.to_owned(), column.to_owned())).to_vec();
    let options = ImportOptions { columns, renamed, ..tick_options() };
    import(&mut database, content.as_bytes(), &options, &mut |_| ()).expect("a good file");
    let tick = load_ticks(&database).remove(0);
    assert_eq!((tick.last_price, tick.bids[0].price), (1.0, 2.0));
    let wrong = ImportOptions { renamed: vec![("price".to_owned(), "Time".to_owned())], ..options };
    let error = import(&mut database, content.as_bytes(), &wrong, &mut |_| ()).expect_err("no such field").to_string();
    assert!(error.starts_with("a tick has no \"price\"; it has name, volume, "), "{error}");
}

#[test]
fn a_bad_line_of_ticks_is_named_and_nothing_is_stored() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let cases = [
        ("datetime,volume\n2023-09-25,1", "line 1: there is no column \"last_price\""),
        (
            "datetime,last_price\n2023-09-25 09:00,1\n2023-09-25 09:01,",
            "line 3: last_price is \"\", which is no number",
        ),
        ("datetime,last_price,bid_price_2\n2023-09-25,1,nan", "line 2: bid_price_2 is \"nan\", which is no number"),
        ("datetime,last_price,localtime\n2023-09-25,1,noon", "line 2: localtime is \"noon\", which is no time"),
        ("datetime,last_price\nnoon,1", "line 2: \"noon\" is no time like"),
    ];
    for (content, expected) in cases {
        let error = import(&mut database, content.as_bytes(), &tick_options(), &mut |_| ()).expect_err("a bad line");
        assert!(error.to_string().starts_with(expected), "{error}");
    }
    assert!(load_ticks(&database).is_empty() && database.tick_overviews().expect("readable").is_empty());
}

#[test]
fn of_two_ticks_of_one_time_the_later_line_stays() {
    let folder = TempDir::new().expect("a folder");
    let mut database = database(&folder);
    let content = "datetime,last_price\n2023-09-25 09:00:00,1\n2023-09-25 09:00:00,2\n";
    let imported = import(&mut database, content.as_bytes(), &tick_options(), &mut |_| ()).expect("a good file");
    assert_eq!((imported.rows, imported.replaced), (2, 1));
    assert_eq!(load_ticks(&database).iter().map(|tick| tick.last_price).collect::<Vec<_>>(), [2.0]);
}
