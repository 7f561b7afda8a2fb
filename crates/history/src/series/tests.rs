//! Names of series.

use super::*;

#[test]
fn names_are_read_and_written() {
    for name in ["rb2401.SHFE 1m", "600009.SSE d", "SPY-USD-STK.SMART 1h", "a.b.EUX w", "IF2101.CFFEX tick"] {
        let (symbol, interval) = name.rsplit_once(' ').expect("two words");
        assert_eq!(Series::parse(symbol, interval).expect("a series").to_string(), name);
    }
}

#[test]
fn what_is_no_name_is_explained() {
    let refuse = |symbol, interval| Series::parse(symbol, interval).expect_err("no series").to_string();
    assert_eq!(refuse("rb2401", "1m"), "\"rb2401 1m\" is no series: it should begin like rb2401.SHFE");
    assert_eq!(refuse(".SHFE", "1m"), "\".SHFE 1m\" is no series: it should begin like rb2401.SHFE");
    assert_eq!(refuse("rb2401.SHFE", "5m"), "\"rb2401.SHFE 5m\" is no series: its end should be 1m, 1h, d, w or tick");
}
