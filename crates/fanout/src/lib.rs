//! One writer, many readers of different speed.
