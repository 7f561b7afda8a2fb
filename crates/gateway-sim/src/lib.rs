//! The simulated exchange: market, matching, accounts.
