//! Scenarios that a trader can read, and laws that hold over any sequence of inputs.

mod laws;
mod orders;
mod positions;
mod refusals;
mod script;

use expect_test::Expect;

/// Plays a script and compares what the exchange says with what is expected.
fn check(script: &str, wanted: Expect) {
    wanted.assert_eq(&script::Theatre::new().play(script));
}
