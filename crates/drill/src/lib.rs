//! The workload under faults: deeds that follow from a seed, written through the real writer, every answer on
//! record the moment it comes. Refuses to know which fault it runs under, and judges nothing: that is done by
//! `cargo xtask drill` and by `tools/judge.py`, which share no code with it.

pub mod book; // the small book that everything runs on
pub mod contents; // what the n-th deed of a seed says
pub mod deeds; // many writers, one log of answers
pub mod fill; // a big book, quickly
pub mod log; // one line an answer
pub mod reading; // everything there is, as one hash a question
pub mod script; // deeds from a file, clock and randomness with them
