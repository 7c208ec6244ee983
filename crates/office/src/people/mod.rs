//! People who sign in: their accounts, passwords, roles and sessions. What is here decides; the deeds that write are in
//! `deeds`. Refuses to know how a request arrives.

pub(crate) mod account; // accounts and their roles, as the book has them
pub(crate) mod attempts; // who has tried too often
pub(crate) mod gate; // everything in memory that signing in needs
pub(crate) mod password; // hashes, and what a password must be
mod session; // who is signed in, until when
pub(crate) mod token; // what is drawn, shown once and kept as a hash
mod weak; // passwords that everybody guesses

pub use account::{Account, AccountState, Grant};
pub use attempts::Attempts;
pub use gate::Gate;
pub use password::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, Passwords, Secret};
pub use session::{Session, Sessions};
pub use token::Token;
