//! Reports out: one sample through every writer, reduced to text and pinned.

mod sample;
mod word;
