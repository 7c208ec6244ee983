//! SQL and Rust agree on random expressions.
