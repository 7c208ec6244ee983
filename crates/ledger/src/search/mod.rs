//! Records found by a part of what names them, by its first letters, or by a whole number. Refuses to know who is
//! asking: the registers and the divisions that may be seen arrive as arguments and go into the statements.

mod find; // what is looked for, and what is found
mod gram; // texts in pieces
pub(crate) mod table; // the pieces kept

pub use find::{Ask, Found, Hit, Way};
pub use gram::Fit;
