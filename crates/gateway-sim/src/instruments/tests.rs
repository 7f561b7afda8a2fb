//! Listings at chosen dates, and codes rebuilt from nothing.

use super::*;

const fn at(day: i64) -> i64 {
    day * 86_400_000_000
}

/// 2026-11-22.
const NOW: i64 = at(20_779);

fn symbols(now: i64) -> Vec<String> {
    listing(now).iter().map(|i| i.vt_symbol.to_string()).collect()
}

#[test]
fn lists_the_next_active_months_and_no_ended_ones() {
    let all = symbols(NOW);
    for wanted in
        ["IF2612.CFFEX", "IF2701.CFFEX", "IF2703.CFFEX", "rb2701.SHFE", "rb2705.SHFE", "TA701.CZCE", "T2612.CFFEX"]
    {
        assert!(all.iter().any(|s| s == wanted), "{wanted} in {all:?}");
    }
    for day in 20_000..21_000 {
        let now = at(day);
        for instrument in listing(now) {
            assert!(instrument.expiry_us.is_none_or(|end| end > now), "{} has ended", instrument.vt_symbol);
        }
    }
}

#[test]
fn every_code_is_listed_once_and_can_be_rebuilt() {
    let all = listing(NOW);
    assert!((60..200).contains(&all.len()), "{}", all.len());
    let mut seen = std::collections::HashSet::new();
    for instrument in &all {
        assert!(seen.insert(instrument.vt_symbol.clone()), "{} twice", instrument.vt_symbol);
        let again = derive(&instrument.symbol, instrument.exchange, NOW).expect("a listed code can be rebuilt");
        assert_eq!((&again.vt_symbol, again.expiry_us), (&instrument.vt_symbol, instrument.expiry_us));
        assert_eq!(again.pricetick.to_bits(), instrument.pricetick.to_bits());
    }
}

#[test]
fn every_option_has_its_underlying_in_the_list() {
    let all = listing(NOW);
    let options: Vec<_> = all.iter().filter_map(|i| Some((i, i.option.as_ref()?))).collect();
    assert!(options.len() >= 20);
    for (option, terms) in options {
        assert!(all.iter().any(|i| i.symbol == terms.underlying && i.exchange == option.exchange), "{}", option.symbol);
    }
}

#[test]
fn prices_and_volumes_convert_exactly() {
    for instrument in listing(NOW) {
        for ticks in [1, 3, 7, 10, 99, 12_345] {
            let price = instrument.price(ticks);
            assert_eq!(instrument.ticks(price), ticks, "{}", instrument.symbol);
            assert!(domain::price::on_step(price, instrument.pricetick));
        }
    }
    let bitcoin = derive("BTCUSDT", Exchange::GLOBAL, NOW).expect("in the table");
    assert_eq!(bitcoin.volume(3).to_string(), "0.003");
}

#[test]
fn the_day_ends_at_five_in_beijing() {
    let nine_utc = at(20_779) + 9 * 3_600_000_000;
    assert_eq!(day_of(nine_utc - 1), 20_779);
    assert_eq!(day_of(nine_utc), 20_780);
    assert_eq!(months::end_of_day(20_779), nine_utc);
    assert_eq!(months::civil(20_779), (2026, 11, 22));
    assert_eq!(months::days(2026, 11, 22), 20_779);
}

#[test]
fn unknown_codes_are_unknown() {
    for (symbol, exchange) in [
        ("zz2601", Exchange::SHFE),
        ("rb2613", Exchange::SHFE),
        ("", Exchange::NASDAQ),
        ("IO2612-X-1", Exchange::CFFEX),
    ] {
        assert!(derive(symbol, exchange, NOW).is_none(), "{symbol}");
    }
}
