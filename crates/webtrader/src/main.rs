//! The one binary: arguments, configuration, supervision.

fn main() {}
