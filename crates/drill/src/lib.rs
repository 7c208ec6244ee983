//! The workload under faults: deeds that follow from a seed, written through the real writer, every answer on
//! record the moment it comes. Refuses to know which fault it runs under, and judges nothing: that is done by
//! `cargo xtask drill` and by `tools/judge.py`, which share no code with it. The simulation alone brings its faults
//! with it, and is judged by the naive ledger of `testkit`.

pub mod book; // the small book that everything runs on
pub mod contents; // what the n-th deed of a seed says
pub mod deeds; // many writers, one log of answers
pub mod fill; // a big book, quickly
pub mod keeping; // into a backup folder and back
pub mod load; // how many deeds a second become durable
pub mod log; // one line an answer
pub mod reading; // everything there is, as one hash a question
pub mod script; // deeds from a file, clock and randomness with them
pub mod simulate; // a whole office from one seed, with deaths, beside the naive judge
