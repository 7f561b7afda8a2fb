//! Both languages and the member names lead to the same member.

use super::*;

#[test]
fn every_member_is_found_by_name_and_by_both_values() {
    for member in Status::ALL {
        assert_eq!(Status::from_name(member.name()), Some(*member));
        for language in [Language::Zh, Language::En] {
            assert_eq!(Status::from_value(member.value(language), language), Some(*member));
            assert_eq!(Status::parse(member.value(language)), Some(*member));
        }
        assert_eq!(Status::parse(member.name()), Some(*member));
    }
    for member in Product::ALL {
        assert_eq!(Product::parse(member.value(Language::En)), Some(*member));
        assert_eq!(Product::parse(member.value(Language::Zh)), Some(*member));
    }
}

#[test]
fn the_empty_text_is_the_offset_none_and_nothing_else() {
    assert_eq!(Offset::parse(""), Some(Offset::None));
    assert_eq!(Direction::parse(""), None);
    assert_eq!(OrderType::parse("limit"), None);
}

#[test]
fn values_are_those_of_veighna() {
    assert_eq!(Direction::Long.value(Language::Zh), "多");
    assert_eq!(Offset::CloseToday.value(Language::En), "Close Today");
    assert_eq!(Product::Equity.value(Language::En), "Stock");
    assert_eq!(OrderType::Rfq.value(Language::Zh), "询价");
}
