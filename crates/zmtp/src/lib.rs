//! ZeroMQ's wire protocol (ZMTP 3, NULL) over TCP and Unix sockets.
