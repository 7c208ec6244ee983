//! The statements that every deed needs, put together once per version of the pack and not once per deed. Knows
//! nothing of when they are run.

use crate::search::table;
use crate::store::Dialect;

/// Statements about the tables that every book has.
#[derive(Debug)]
pub(crate) struct Statements {
    /// A transaction's row.
    pub(crate) tx: String,
    /// A fact's row.
    pub(crate) fact: String,
    /// A box's row.
    pub(crate) sealed: String,
    /// A subject's key.
    pub(crate) subject_key: String,
    /// A line of the audit.
    pub(crate) audit: String,
    /// A gram's row.
    pub(crate) gram: String,
    /// That row taken away.
    pub(crate) gram_gone: String,
    /// What a client id was answered.
    pub(crate) receipt: String,
}

impl Statements {
    /// In the words of a store.
    pub(crate) fn new(dialect: Dialect) -> Statements {
        let into = |table: &str, columns: &str| {
            let width = columns.split(',').count();
            let values = dialect.placeholders(width);
            format!("INSERT INTO {table} ({columns}) VALUES ({values})")
        };
        Statements {
            tx: into(
                "tx",
                "book, seq, at, actor, deed, client_id, pack, alg, salt, header, root, prev, hash",
            ),
            fact: into("fact", "book, tx, ord, register, record, body"),
            sealed: into("sealed", "book, tx, ord, record, box"),
            subject_key: into("subject_key", "book, record, wrapped"),
            audit: into("audit", &crate::audit::columns()),
            gram: table::insert(dialect),
            gram_gone: table::delete(dialect),
            receipt: format!(
                "SELECT seq, at, hash, header FROM tx WHERE book = {} AND client_id = {}",
                dialect.placeholder(1),
                dialect.placeholder(2)
            ),
        }
    }
}
