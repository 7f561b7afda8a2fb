//! The text that Prometheus reads, line by line.
//!
//! Always true: whatever a label's value is, it ends where it should.

use std::fmt::{Display, Write};

/// The two comment lines of a metric.
pub(crate) fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}").expect("writing into a String cannot fail");
}

/// One sample; `name` with its labels.
pub(crate) fn line(out: &mut String, name: impl Display, value: impl Display) {
    writeln!(out, "{name} {value}").expect("writing into a String cannot fail");
}

/// A label's value: what would end it is escaped.
pub(crate) fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
