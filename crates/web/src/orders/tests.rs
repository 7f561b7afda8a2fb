//! Order entry against a trading process that does what the test says, over a real journal.

mod faults;
mod fixture;
mod flow;
mod states;
