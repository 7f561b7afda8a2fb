//! Pickles written by hand, opcode by opcode: `hostile` ones and single `values`.

mod hostile;
mod values;

use crate::{AllowList, Fault, Limits, Node};

const PLAIN_LIMITS: Limits = Limits { bytes: 64 << 20, nodes: 4 << 20, depth: 512, memo: 4 << 20, int_bytes: 128 };

fn allow() -> AllowList {
    AllowList::new(&[crate::PLAIN, crate::GETATTR, crate::NUMPY, &[("m", "C"), ("m", "D")]].concat())
}

/// The fault of a refused pickle.
fn fault(bytes: &[u8]) -> Fault {
    crate::load(bytes, &allow(), &PLAIN_LIMITS).map(|tree| format!("{:?}", tree.root())).expect_err("is refused").fault
}

/// Reads a pickle that is fine and shows its root.
fn with<T>(bytes: &[u8], look: impl FnOnce(Node<'_>) -> T) -> T {
    look(crate::load(bytes, &allow(), &PLAIN_LIMITS).expect("is fine").root())
}
