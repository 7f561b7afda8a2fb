//! Damaged pickles are refused or read, and never do worse: every golden cut at every byte, and
//! goldens with bytes changed, removed, inserted and spliced.
//!
//! "Never worse" is checked by walking what was read: no panic, and no more values than a small
//! multiple of the input's length.

mod canon;

use std::fs;
use std::sync::LazyLock;

use pickle::{Kind, Limits, Loader, Step, WalkBudget};
use proptest::prelude::*;

static GOLDENS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let files = fs::read_dir(canon::contract()).expect("the contract is checked in");
    let mut paths: Vec<_> = files.map(|file| file.expect("it can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "pickle"));
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("it can be read")).collect()
});

/// Reads `bytes` and looks at every value; whether they were read at all.
fn survives(loader: &mut Loader, bytes: &[u8]) -> bool {
    let Ok(tree) = loader.load(bytes) else { return false };
    assert!(tree.size() <= 3 * bytes.len() + 16, "{} values from {} bytes", tree.size(), bytes.len());
    for step in tree.root().walk(WalkBudget { depth: 100, nodes: 20_000 }) {
        let Ok(Step::Open(node) | Step::Leaf(node)) = step else { continue };
        if let Kind::Str(text) = node.kind() {
            assert!(node.is_str(text));
        }
        let _ = (node.as_f64(), node.as_i64(), node.bytes_like(), node.member().is_some(), node.instance().is_some());
        let _ = (node.get("symbol").is_some(), node.numpy_scalar(), format!("{node:?}"));
    }
    true
}

#[test]
fn every_prefix_of_every_golden_is_refused() {
    let mut loader = Loader::new(canon::allow(), Limits::default());
    for golden in GOLDENS.iter() {
        assert!(survives(&mut loader, golden));
        // Long runs of the same are cut in fewer places.
        let stride = 1 + golden.len() / 4_000;
        for end in (0..golden.len()).step_by(stride) {
            assert!(!survives(&mut loader, &golden[..end]), "cut at {end}");
        }
    }
}

#[derive(Debug, Clone)]
enum Damage {
    Set(prop::sample::Index, u8),
    Flip(prop::sample::Index, u8),
    Remove(prop::sample::Index, u8),
    Insert(prop::sample::Index, Vec<u8>),
    Splice(prop::sample::Index, prop::sample::Index, prop::sample::Index, u8),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    let opcodes = prop::sample::select(&b"(.012FIJKLMNPQRSTUVXabcde}ghij]loprs)tuGBCq\x80\x81\x82\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98"[..]);
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        (at(), opcodes.clone()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        (at(), 0_u8..8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        (at(), 1_u8..20).prop_map(|(at, len)| Damage::Remove(at, len)),
        (at(), prop::collection::vec(opcodes, 1..8)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        (at(), at(), at(), any::<u8>()).prop_map(|(at, other, from, len)| Damage::Splice(at, other, from, len)),
    ]
}

fn apply(bytes: &mut Vec<u8>, damage: &Damage) {
    if bytes.is_empty() {
        return;
    }
    match damage {
        Damage::Set(at, byte) => *at.get_mut(bytes) = *byte,
        Damage::Flip(at, bit) => *at.get_mut(bytes) ^= 1 << bit,
        Damage::Remove(at, len) => {
            let at = at.index(bytes.len());
            bytes.drain(at..bytes.len().min(at + usize::from(*len)));
        }
        Damage::Insert(at, more) => {
            let at = at.index(bytes.len());
            bytes.splice(at..at, more.iter().copied());
        }
        Damage::Splice(at, other, from, len) => {
            let other = other.get(&GOLDENS);
            let from = from.index(other.len());
            let more = &other[from..other.len().min(from + usize::from(*len))];
            let at = at.index(bytes.len());
            bytes.splice(at..at, more.iter().copied());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn damaged_goldens_do_no_harm(golden in any::<prop::sample::Index>(), damages in prop::collection::vec(damage(), 1..6)) {
        let mut bytes = golden.get(&GOLDENS).clone();
        damages.iter().for_each(|damage| apply(&mut bytes, damage));
        survives(&mut Loader::new(canon::allow(), Limits::default()), &bytes);
    }

    #[test]
    fn noise_does_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        survives(&mut Loader::new(canon::allow(), Limits::default()), &bytes);
    }
}
