//! The trading process: threads, sockets, files, wiring.
