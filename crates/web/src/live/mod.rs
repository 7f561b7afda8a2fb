//! Live streams to browsers and scripts over WebSocket.
pub mod frame;
