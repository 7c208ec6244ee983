#![doc = include_str!("../README.md")]
//!
//! This room reads and checks a folder of TOML and Markdown that declares one kind of government, and yields
//! a [`CheckedPack`]. It refuses to know any database, and any one pack's names.

mod asked; // conditions from outside
mod change; // what a new version changes
mod check; // the rules, and the checked pack they yield
pub mod declare; // what a pack may declare, one file per kind
pub mod expr; // the one expression language: tree, parser, types, evaluator
pub mod form; // what the files may look like: tables, keys, what a key holds
mod home; // where each declaration stands
mod read; // files to nodes that remember their place
pub mod unit; // units of money and areas, and how many of one another is

pub use asked::AskedFault;
pub use change::PackChange;
pub use check::RULES;
pub use declare::CheckedPack;
pub use home::Declared;
pub use read::{read_files, read_folder};
