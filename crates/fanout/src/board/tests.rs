//! The board against a list of everything that was put.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Board, Watched};

proptest! {
    #[test]
    fn what_has_changed_is_told_whichever_way_it_is_found(
        puts in prop::collection::vec((0u16..3, 0u32..12), 0..120),
        since in 0u64..130,
        watched in prop::collection::btree_set(0u32..40, 0..20),
    ) {
        let mut board = Board::new(1_000);
        let mut newest = BTreeMap::new();
        for (number, (desk, name)) in (1u64..).zip(&puts) {
            prop_assert!(board.put(*desk, &name.to_string(), number));
            newest.insert((*desk, *name), number);
        }
        prop_assert_eq!(board.version(), puts.len() as u64);
        for desk in 0..4 {
            let expected: Vec<u64> =
                newest.iter().filter(|((of, _), at)| *of == desk && **at > since).map(|(_, at)| *at).collect();
            let mut got = Vec::new();
            board.changed(desk, since, Watched::All, |_, slot| got.push(slot.item));
            prop_assert!(got.windows(2).all(|pair| pair[0] > pair[1]), "newest first");
            got.sort_unstable();
            let mut expected_all = expected.clone();
            expected_all.sort_unstable();
            prop_assert_eq!(got, expected_all);
            let slots = board.slots();
            let keys: Vec<u32> = watched.iter().copied()
                .filter(|key| slots.get(*key as usize).is_some_and(|slot| slot.desk == desk)).collect();
            let mut got = Vec::new();
            board.changed(desk, since, Watched::Keys(&keys), |key, slot| got.push((key, slot.item)));
            got.sort_unstable();
            let expected: Vec<(u32, u64)> = keys.iter()
                .map(|key| (*key, slots[*key as usize].item)).filter(|(_, at)| *at > since).collect();
            prop_assert_eq!(got, expected);
        }
    }
}

#[test]
fn a_full_board_refuses_what_is_new_and_goes_on_with_what_it_has() {
    let mut board = Board::new(2);
    assert!(board.put(0, "a", 1) && board.put(1, "a", 2));
    assert!(!board.put(0, "b", 3) && board.put(0, "a", 4));
    assert_eq!((board.refused(), board.version()), (1, 3));
    assert_eq!((board.slots()[0].item, board.slots()[0].count), (4, 2));
}
