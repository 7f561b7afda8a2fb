//! Any bytes as a pickle: read or refused, and whatever was read can be looked at.
//!
//! Seeds: the golden pickles of `contract/pickle`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pickle::{AllowList, GETATTR, Limits, Loader, NUMPY, PLAIN, Step, WalkBudget};
use std::cell::RefCell;

thread_local! {
    static LOADER: RefCell<Loader> = RefCell::new(loader());
}

fn loader() -> Loader {
    let mut globals = [PLAIN, GETATTR, NUMPY].concat();
    globals.extend([
        ("vnpy.trader.object", "TickData"),
        ("vnpy.trader.object", "OrderData"),
        ("vnpy.trader.object", "ContractData"),
        ("vnpy.trader.constant", "Exchange"),
        ("vnpy.trader.constant", "Direction"),
        ("vnpy.trader.constant", "Product"),
        ("vnpy.event.engine", "Event"),
        ("vnpy_app.base", "Keyword"),
        ("datetime", "datetime"),
        ("datetime", "timezone"),
        ("datetime", "timedelta"),
        ("zoneinfo", "ZoneInfo"),
        ("collections", "OrderedDict"),
        ("collections", "deque"),
    ]);
    Loader::new(AllowList::new(&globals), Limits::default())
}

fuzz_target!(|bytes: &[u8]| {
    LOADER.with_borrow_mut(|loader| {
        let Ok(tree) = loader.load(bytes) else { return };
        assert!(tree.size() <= 3 * bytes.len() + 16, "more memory than a small multiple of the input");
        for step in tree.root().walk(WalkBudget { depth: 200, nodes: 10_000 }) {
            let Ok(Step::Open(node) | Step::Leaf(node)) = step else { continue };
            let _ = (node.kind(), node.as_f64(), node.as_i64(), node.bytes_like(), node.get("symbol"));
            let _ = (node.member(), node.instance(), node.attribute(), node.appended(), node.assigned());
        }
    });
});
