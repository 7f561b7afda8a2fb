//! Every golden pickle of the contract reads as its `expected.txt` says.

mod canon;

use std::fs;

use pickle::{Limits, Loader, load};

#[test]
fn every_golden_reads_as_expected() {
    let (dir, allow) = (canon::contract(), canon::allow());
    let expected = fs::read_to_string(dir.join("expected.txt")).expect("the contract is checked in");
    let mut loader = Loader::new(allow.clone(), Limits::default());
    let mut checked = 0;
    for line in expected.lines() {
        let [name, protocol, expected] = line.splitn(3, '\t').collect::<Vec<_>>().try_into().expect("three columns");
        let file = format!("{name}.p{protocol}.pickle");
        let bytes = fs::read(dir.join(&file)).expect("the contract is checked in");
        let tree = load(&bytes, &allow, &Limits::default()).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(canon::canon(tree.root()), expected, "{file}");
        let tree = loader.load(&bytes).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(canon::canon(tree.root()), expected, "{file}, again");
        checked += 1;
    }
    assert!(checked > 100, "only {checked} goldens");
}
