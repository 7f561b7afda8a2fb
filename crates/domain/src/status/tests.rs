//! No path leads out of a final state, save a fill that crossed a cancel.

use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_sequence_of_reports_ends_where_a_venue_could_end(reports in prop::collection::vec(prop::sample::select(Status::ALL), 0..20)) {
        let mut now = Status::Submitting;
        let mut was_final = None;
        for report in reports {
            if step(now, report) == Step::Apply {
                now = report;
            }
            if let Some(end) = was_final {
                prop_assert!(!now.is_active());
                prop_assert!(now == end || (end == Status::Cancelled && now == Status::AllTraded));
            }
            if !now.is_active() {
                was_final = Some(now);
            }
        }
    }
}

#[test]
fn repeats_apply_and_late_reports_are_stale() {
    for status in Status::ALL {
        assert_eq!(step(*status, *status), Step::Apply);
    }
    assert_eq!(step(Status::AllTraded, Status::NotTraded), Step::Stale);
    assert_eq!(step(Status::Cancelled, Status::AllTraded), Step::Apply);
    assert_eq!(step(Status::Rejected, Status::AllTraded), Step::Refused);
}
