//! The trading vocabulary: VeighNa's data classes and enums as plain Rust values.
