//! A pickle reader and writer that can execute nothing.
