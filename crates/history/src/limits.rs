//! Every bound of this crate, with its reason.

use std::time::Duration;

/// How long a statement waits while another program has the file locked. VeighNa waits 5 s and writes in short
/// transactions; twice that is a program that hangs, not one that is busy.
pub(crate) const LOCK_WAIT: Duration = Duration::from_secs(10);

/// Prepared statements that a connection keeps: there are about a dozen.
pub(crate) const STATEMENTS: usize = 16;
