//! The whole way from `fact` and `tick` to a client's socket and back, over real sockets and real handshakes.

mod bars;
mod calls;
mod closing;
mod flow;
mod harness;
mod hostile;
mod shared;
