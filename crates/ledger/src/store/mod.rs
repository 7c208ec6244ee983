//! The seam to a store: what the ledger asks of a database, in about a dozen verbs. SQL keeps to a common
//! subset (no upsert, no RETURNING, no row ids); what differs stands in [`Dialect`]. Knows nothing of facts.

pub mod sqlite; // the embedded store

use crate::error::LedgerError;
use vocabulary::Value;

/// What differs between the stores in SQL text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL and engines that speak its protocol.
    Postgres,
}

impl Dialect {
    /// The placeholder of the `n`th parameter, from 1.
    pub fn placeholder(self, n: usize) -> String {
        match self {
            Dialect::Sqlite => format!("?{n}"),
            Dialect::Postgres => format!("${n}"),
        }
    }

    /// `width` placeholders, separated by commas.
    pub fn placeholders(self, width: usize) -> String {
        let list: Vec<String> = (1..=width).map(|n| self.placeholder(n)).collect();
        list.join(", ")
    }

    /// The type of a column of integers.
    pub const fn integer(self) -> &'static str {
        match self {
            Dialect::Sqlite => "INTEGER",
            Dialect::Postgres => "BIGINT",
        }
    }

    /// The type of a column of text. Compared and ordered by bytes in both stores.
    pub const fn text(self) -> &'static str {
        match self {
            Dialect::Sqlite => "TEXT",
            Dialect::Postgres => "TEXT COLLATE \"C\"",
        }
    }

    /// The type of a column of bytes.
    pub const fn bytes(self) -> &'static str {
        match self {
            Dialect::Sqlite => "BLOB",
            Dialect::Postgres => "BYTEA",
        }
    }

    /// What stands after a table whose rows lie in the order of its primary key.
    pub const fn clustered(self) -> &'static str {
        match self {
            Dialect::Sqlite => " WITHOUT ROWID",
            Dialect::Postgres => "",
        }
    }
}

/// A value on its way to or from the store.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Datum<'a> {
    /// Nothing.
    Null,
    /// An integer.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl<'a> Datum<'a> {
    /// Borrowed from a value.
    pub fn of(value: &'a Value) -> Datum<'a> {
        match value {
            Value::Null => Datum::Null,
            Value::Int(int) => Datum::Int(*int),
            Value::Text(text) => Datum::Text(text),
        }
    }

    /// As a value; bytes have none.
    pub fn value(self) -> Value {
        match self {
            Datum::Int(int) => Value::Int(int),
            Datum::Text(text) => Value::Text(text.to_owned()),
            Datum::Null | Datum::Bytes(_) => Value::Null,
        }
    }

    /// The integer; 0 for anything else.
    pub fn int(self) -> i64 {
        if let Datum::Int(int) = self { int } else { 0 }
    }

    /// The text; empty for anything else.
    pub fn text(self) -> &'a str {
        if let Datum::Text(text) = self {
            text
        } else {
            ""
        }
    }

    /// The bytes; empty for anything else.
    pub fn bytes(self) -> &'a [u8] {
        if let Datum::Bytes(bytes) = self {
            bytes
        } else {
            &[]
        }
    }
}

/// What is done with each row of an answer.
pub type RowFn<'f> = &'f mut dyn FnMut(&[Datum<'_>]) -> Result<(), LedgerError>;

/// One connection to a store.
pub trait Store: Send {
    /// Its dialect.
    fn dialect(&self) -> Dialect;
    /// Runs statements that have no parameters and answer nothing.
    fn batch(&self, sql: &str) -> Result<(), LedgerError>;
    /// Runs one statement; answers how many rows it touched.
    fn execute(&self, sql: &str, params: &[Datum<'_>]) -> Result<usize, LedgerError>;
    /// Runs one statement for each `width` data of `rows`.
    fn insert(&self, sql: &str, width: usize, rows: &[Datum<'_>]) -> Result<(), LedgerError>;
    /// Hands each row of the answer to `row`.
    fn query(&self, sql: &str, params: &[Datum<'_>], row: RowFn<'_>) -> Result<(), LedgerError>;
    /// Begins a transaction that will write.
    fn begin(&self) -> Result<(), LedgerError>;
    /// Begins a transaction that reads one state of the book.
    fn begin_read(&self) -> Result<(), LedgerError>;
    /// Makes the transaction durable. After [`LedgerError::Full`] nothing of it was kept; after any other error its
    /// outcome is unknown.
    fn commit(&self) -> Result<(), LedgerError>;
    /// Takes the transaction back.
    fn rollback(&self) -> Result<(), LedgerError>;
    /// Marks a point within the transaction.
    fn savepoint(&self) -> Result<(), LedgerError>;
    /// Keeps what was done since the mark.
    fn release(&self) -> Result<(), LedgerError>;
    /// Takes back what was done since the mark, and the mark.
    fn rollback_to(&self) -> Result<(), LedgerError>;
    /// Whether a transaction is open: after some errors a store takes it back by itself.
    fn in_transaction(&self) -> bool;
    /// Whether the transaction at hand, or the last one, met a full disk.
    fn was_full(&self) -> bool;
    /// Keeps the log from growing without end. An error other than a full disk is answered: a sync that failed here
    /// may have lost what was durable elsewhere, and must not be asked again.
    fn shorten_log(&self) -> Result<(), LedgerError>;
    /// Nothing more is written through this connection, not even while it closes.
    fn abandon(&self);
    /// Another connection to the same store, for reading.
    fn another(&self) -> Result<Box<dyn Store>, LedgerError>;
    /// Another connection for going through a whole book once: it keeps few pages in memory.
    fn scanner(&self) -> Result<Box<dyn Store>, LedgerError>;
    /// The store's own faults: pages that do not fit together, indexes that disagree with their tables. Empty when
    /// it is sound.
    fn sound(&self) -> Result<Vec<String>, LedgerError>;
    /// Whether the table exists.
    fn has_table(&self, table: &str) -> Result<bool, LedgerError>;
    /// Forgets deleted rows in the store's own logs too, after an erasure. False: somebody reads an older state, and
    /// it must be tried again.
    fn scrub(&self) -> Result<bool, LedgerError>;
    /// Tables or indexes are new: whatever the store needs to choose well among them is brought up to date.
    fn settle(&self) -> Result<(), LedgerError>;
}
