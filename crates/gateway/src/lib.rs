//! The port that every venue fills.
