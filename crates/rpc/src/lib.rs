//! VeighNa's RPC over ZeroMQ, both ends, every dialect.
