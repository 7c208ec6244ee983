//! Drives the built binary from outside: its commands, its JSON, its exit codes, the files it leaves.
//! Refuses to know the crates; what is tested here is what a script of a town would see.

mod answer; // what one run of the binary said
mod desk; // a fresh folder with a ledger in it
mod town; // the example town and its known answers

pub use answer::{Answer, findings, numbers_agree};
pub use desk::{Desk, binary, root};
pub use town::Town;
