//! Reports out: one sample through every writer, reduced to text and pinned.

mod html;
mod sample;
mod text;
mod word;
