//! Table and column names: the one contract between the ledger and the figures.
//! Knows nothing of how either side reads or writes.

/// The current rows of a register.
pub fn current(register: &str) -> String {
    format!("r_{register}")
}

/// The superseded rows of a register: the same columns and [`TX_TO`].
pub fn history(register: &str) -> String {
    format!("h_{register}")
}

/// A field's column.
pub fn column(field: &str) -> String {
    format!("f_{field}")
}

/// A secret field's column: hex of a keyed hash, equal for equal values.
pub fn secret_column(field: &str) -> String {
    format!("k_{field}")
}

/// Every table's first column.
pub const BOOK: &str = "book";
/// The record.
pub const RECORD: &str = "record";
/// The division the record belongs to; the book's own division when none nearer is known.
pub const DIVISION: &str = "division";
/// First day of the slice, `yyyymmdd`; 0 is an unknown past.
pub const VALID_FROM: &str = "vfrom";
/// First day after the slice; 99991231 is open.
pub const VALID_TO: &str = "vto";
/// The transaction that wrote the slice.
pub const TX: &str = "tx";
/// The fact within it that the slice mainly rests on.
pub const ORD: &str = "ord";
/// In history: the transaction from which on the slice was no longer believed.
pub const TX_TO: &str = "tx_to";

/// The closure of the place tree: every division under every ancestor, itself included
/// (`book, ancestor, division`).
pub const TREE: &str = "division_tree";
/// By which pieces of text a record is found (`book, gram, division, register, record`).
pub const GRAMS: &str = "gram";
/// Which registers have been covered by a source, by division (`book, register, division, as_of, tx`).
pub const COVERAGE: &str = "coverage";
/// The built-in register of places.
pub const DIVISIONS: &str = "division";
/// The built-in register of findings.
pub const FINDINGS: &str = "finding";
/// The built-in register of what people said a header is.
pub const COLUMN_CHOICES: &str = "column_choice";
/// The built-in register of people who sign in.
pub const ACCOUNTS: &str = "account";
/// The built-in register of the roles they act in, each for a division and a span of days.
pub const ACCOUNT_ROLES: &str = "account_role";
