//! Packs: reads and checks a folder of TOML and Markdown that declares one kind of government, and yields
//! a [`CheckedPack`]. Refuses to know any database, and any one pack's names.

pub mod declare; // what a pack may declare, one file per kind
pub mod expr; // the one expression language: tree, parser, types, evaluator

pub use declare::CheckedPack;
