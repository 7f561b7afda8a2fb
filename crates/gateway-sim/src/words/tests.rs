//! Every refusal has a code of its own and tells the same numbers in both languages.

use super::*;

fn every_refusal() -> Vec<Refusal> {
    let mut all = vec![
        Refusal::NotConnected,
        Refusal::UnknownContract(Text::new("rb9999.SHFE")),
        Refusal::Expired,
        Refusal::Direction,
        Refusal::VolumeNotANumber,
        Refusal::VolumeNotPositive(-17.5),
        Refusal::VolumeStep(17.5),
        Refusal::VolumeLot(175.0),
        Refusal::VolumeMax(175.0),
        Refusal::PriceNotANumber,
        Refusal::PriceNotPositive(-17.5),
        Refusal::PriceTick(17.5),
        Refusal::PriceAboveLimit(17.5),
        Refusal::PriceBelowLimit(17.5),
        Refusal::OffsetMissing,
        Refusal::NoMarket,
        Refusal::Funds(17.5, 3.25, Currency::Cny),
        Refusal::Position(17.5, 3.25),
        Refusal::PositionToday(17.5, 3.25),
        Refusal::PositionYesterday(17.5, 3.25),
        Refusal::NextDay(17.5, 3.25),
        Refusal::DuplicateId,
        Refusal::TooManyOrders(175),
    ];
    all.push(Refusal::OrderType(OrderType::Rfq));
    all
}

#[test]
fn both_languages_are_complete_and_agree() {
    let mut codes = std::collections::HashSet::new();
    for refusal in every_refusal() {
        let Words { zh, en } = refusal.words();
        assert!(codes.insert(refusal.code()), "{} twice", refusal.code());
        assert!(zh.chars().any(|c| c as u32 > 0x4E00), "{zh}");
        assert!(en.is_ascii() && en.len() > 10, "{en}");
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        if !matches!(refusal, Refusal::OrderType(_)) {
            assert_eq!(digits(&zh), digits(&en), "{zh} / {en}");
        }
    }
    // A refusal that is added must be added to the list above as well: its code shows up in the expected table.
    assert_eq!(codes.len(), 24);
}

#[test]
fn the_table() {
    let lines: Vec<String> = every_refusal()
        .iter()
        .map(|refusal| format!("{:<20} {} | {}", refusal.code(), refusal.words().zh, refusal.words().en))
        .collect();
    expect_test::expect_file!["./table.txt"].assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn notes_are_in_both_languages() {
    let id = || Text::new("7");
    let notes = [
        Note::Refused(id(), Text::new("rb2701.SHFE"), Refusal::Expired),
        Note::NothingToCancel(id()),
        Note::KilledShort(id(), 9.0, 4.0),
        Note::RestCancelled(id(), 4.0),
        Note::Triggered(id(), 3001.0),
        Note::Settled("2026-11-23".to_owned(), 12.5, 2),
        Note::Expired(Text::new("rb2701.SHFE"), 3001.0),
    ];
    let lines: Vec<String> =
        notes.iter().map(|note| format!("{} {} | {}", note.level(), note.words().zh, note.words().en)).collect();
    expect_test::expect_file!["./notes.txt"].assert_eq(&(lines.join("\n") + "\n"));
}
