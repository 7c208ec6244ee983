//! The embedded store: SQLite in WAL with synchronous=FULL, and a lock file that lets one process write.
//! The only place that names the driver.

mod lock; // one process writes

pub use lock::WriteLock;

use super::{Datum, Dialect, RowFn, Store};
use crate::error::LedgerError;
use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};
use std::path::{Path, PathBuf};

/// Statements kept prepared per connection: a pack of 40 registers uses about 10 each.
const STATEMENTS_MAX: usize = 600;

/// How long a statement waits for another connection's lock.
const BUSY_WAIT_MS: u32 = 10_000;

/// How long wiping the log waits for readers of older states.
const SCRUB_WAIT_MS: u32 = 100;

/// A connection to a SQLite file.
pub struct Sqlite {
    connection: Connection,
    path: PathBuf,
}

impl Sqlite {
    /// A new file, to write.
    pub fn create(path: &Path) -> Result<Sqlite, LedgerError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let store = Sqlite::connect(path, flags)?;
        // Larger pages hold whole bodies; must be set before the first table.
        // The application id spells YBEN; it lets `file` name what it sees.
        store.batch("PRAGMA page_size = 8192; PRAGMA application_id = 1497515342;")?;
        store.writing()
    }

    /// An existing file, to write.
    pub fn open(path: &Path) -> Result<Sqlite, LedgerError> {
        Sqlite::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?.writing()
    }

    /// An existing file, to read. The flag allows writing because a reader in WAL keeps its marks in the
    /// shared-memory file; `query_only` refuses everything else.
    pub fn open_read(path: &Path) -> Result<Sqlite, LedgerError> {
        let store = Sqlite::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .or_else(|_| Sqlite::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY))?;
        store.batch("PRAGMA query_only = ON; PRAGMA mmap_size = 268435456;")?;
        Ok(store)
    }

    /// A new file for a book that is being built where nobody looks for one: nothing is durable and nothing can
    /// be taken back. An error leaves a file that is good for nothing; whoever builds removes it.
    pub fn scratch(path: &Path) -> Result<Sqlite, LedgerError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let store = Sqlite::connect(path, flags)?;
        store.batch("PRAGMA page_size = 8192; PRAGMA application_id = 1497515342;")?;
        // These answer a row, which a batch passes over.
        store.batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;",
        )?;
        Ok(store)
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Sqlite, LedgerError> {
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| fault(path, error))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        let store = Sqlite {
            connection,
            path: path.to_owned(),
        };
        store.batch(&format!(
            "PRAGMA busy_timeout = {BUSY_WAIT_MS}; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;
             PRAGMA cache_size = -262144; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"
        ))?;
        Ok(store)
    }

    /// Sets what durability rests on, and reads it back: a network disk may quietly refuse.
    fn writing(self) -> Result<Sqlite, LedgerError> {
        if self
            .connection
            .is_readonly("main")
            .map_err(|error| fault(&self.path, error))?
        {
            return Err(LedgerError::ReadOnly(self.path.clone()));
        }
        // A whole import (about 80 MB) fits in the log: copying it back is not part of its own commit.
        self.batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16384;",
        )?;
        for (setting, sql, wanted) in [
            ("journal_mode", "PRAGMA journal_mode", "wal"),
            ("synchronous", "PRAGMA synchronous", "2"),
            ("secure_delete", "PRAGMA secure_delete", "1"),
        ] {
            let mut found = String::new();
            self.query(sql, &[], &mut |row| {
                found = row
                    .first()
                    .map(|datum| datum.value().to_string())
                    .unwrap_or_default();
                Ok(())
            })?;
            if found != wanted {
                return Err(LedgerError::Setting {
                    setting,
                    found,
                    wanted,
                });
            }
        }
        Ok(self)
    }

    fn fault(&self, error: rusqlite::Error) -> LedgerError {
        fault(&self.path, error)
    }
}

fn fault(path: &Path, error: rusqlite::Error) -> LedgerError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => LedgerError::NotALedger(path.to_owned()),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            LedgerError::ReadOnly(path.to_owned())
        }
        Some(ErrorCode::DatabaseCorrupt) => LedgerError::Damaged(error.to_string()),
        _ => LedgerError::Store(error.to_string()),
    }
}

impl ToSql for Datum<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match *self {
            Datum::Null => ToSqlOutput::Owned(Owned::Null),
            Datum::Int(int) => ToSqlOutput::Owned(Owned::Integer(int)),
            Datum::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Datum::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

impl Store for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn batch(&self, sql: &str) -> Result<(), LedgerError> {
        self.connection
            .execute_batch(sql)
            .map_err(|error| self.fault(error))
    }

    fn execute(&self, sql: &str, params: &[Datum<'_>]) -> Result<usize, LedgerError> {
        let mut statement = self
            .connection
            .prepare_cached(sql)
            .map_err(|error| self.fault(error))?;
        statement
            .execute(rusqlite::params_from_iter(params))
            .map_err(|error| self.fault(error))
    }

    fn insert(&self, sql: &str, width: usize, rows: &[Datum<'_>]) -> Result<(), LedgerError> {
        let mut statement = self
            .connection
            .prepare_cached(sql)
            .map_err(|error| self.fault(error))?;
        for row in rows.chunks(width) {
            statement
                .execute(rusqlite::params_from_iter(row))
                .map_err(|error| self.fault(error))?;
        }
        Ok(())
    }

    fn query(&self, sql: &str, params: &[Datum<'_>], row: RowFn<'_>) -> Result<(), LedgerError> {
        let mut statement = self
            .connection
            .prepare_cached(sql)
            .map_err(|error| self.fault(error))?;
        let width = statement.column_count();
        let params = rusqlite::params_from_iter(params);
        let mut rows = statement.query(params).map_err(|error| self.fault(error))?;
        while let Some(found) = rows.next().map_err(|error| self.fault(error))? {
            let mut data = Vec::with_capacity(width);
            for column in 0..width {
                data.push(
                    match found.get_ref(column).map_err(|error| self.fault(error))? {
                        ValueRef::Null => Datum::Null,
                        ValueRef::Integer(int) => Datum::Int(int),
                        ValueRef::Text(bytes) => {
                            Datum::Text(std::str::from_utf8(bytes).map_err(|_| {
                                LedgerError::Damaged("text that is not UTF-8".to_owned())
                            })?)
                        }
                        ValueRef::Blob(bytes) => Datum::Bytes(bytes),
                        ValueRef::Real(_) => {
                            return Err(LedgerError::Damaged(format!(
                                "a float came out of: {sql}"
                            )));
                        }
                    },
                );
            }
            row(&data)?;
        }
        Ok(())
    }

    /// SQLite guesses that any first column leaves ten rows, and so walks a whole book by its primary key rather
    /// than look up one record by an index. It is told the truth once: one book, few rows for what follows.
    fn settle(&self) -> Result<(), LedgerError> {
        self.batch("ANALYZE sqlite_schema; ANALYZE meta; DELETE FROM sqlite_stat1;")?;
        let mut shapes: Vec<(String, String, usize)> = Vec::new();
        // For a table that lies in its primary key's order, that key's statistics stand under the table's name.
        let sql = "SELECT m.name, CASE WHEN l.origin = 'pk' THEN m.name ELSE l.name END, \
            (SELECT COUNT(*) FROM pragma_index_info(l.name)) \
            FROM sqlite_schema m JOIN pragma_index_list(m.name) l WHERE m.type = 'table'";
        self.query(sql, &[], &mut |row| {
            let width = usize::try_from(row[2].int()).unwrap_or(0);
            shapes.push((row[0].text().to_owned(), row[1].text().to_owned(), width));
            Ok(())
        })?;
        for (table, index, width) in shapes {
            let steps = (0..width).map(|column| [" 1000000", " 10", " 1"][column.min(2)]);
            let stat = format!("1000000{}", steps.collect::<String>());
            self.execute(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)",
                &[Datum::Text(&table), Datum::Text(&index), Datum::Text(&stat)],
            )?;
        }
        self.batch("ANALYZE sqlite_schema")
    }

    fn begin(&self) -> Result<(), LedgerError> {
        self.batch("BEGIN IMMEDIATE")
    }

    fn begin_read(&self) -> Result<(), LedgerError> {
        // The snapshot is taken by the first read, not by BEGIN.
        self.batch("BEGIN")?;
        self.query("SELECT COUNT(*) FROM sqlite_master", &[], &mut |_| Ok(()))
    }

    fn commit(&self) -> Result<(), LedgerError> {
        self.batch("COMMIT")
    }

    fn rollback(&self) -> Result<(), LedgerError> {
        self.batch("ROLLBACK")
    }

    fn savepoint(&self) -> Result<(), LedgerError> {
        self.batch("SAVEPOINT job")
    }

    fn release(&self) -> Result<(), LedgerError> {
        self.batch("RELEASE job")
    }

    fn rollback_to(&self) -> Result<(), LedgerError> {
        self.batch("ROLLBACK TO job; RELEASE job")
    }

    fn another(&self) -> Result<Box<dyn Store>, LedgerError> {
        Ok(Box::new(Sqlite::open_read(&self.path)?))
    }

    fn scanner(&self) -> Result<Box<dyn Store>, LedgerError> {
        let store = Sqlite::open_read(&self.path)?;
        // What is read once is not worth keeping: 32 MB instead of 256.
        store.batch("PRAGMA cache_size = -32768;")?;
        Ok(Box::new(store))
    }

    fn sound(&self) -> Result<Vec<String>, LedgerError> {
        let mut faults = Vec::new();
        self.query("PRAGMA integrity_check", &[], &mut |row| {
            let said = row[0].text();
            if said != "ok" {
                faults.push(said.to_owned());
            }
            Ok(())
        })?;
        Ok(faults)
    }

    fn has_table(&self, table: &str) -> Result<bool, LedgerError> {
        let mut found = false;
        let sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1";
        self.query(sql, &[Datum::Text(table)], &mut |_| {
            found = true;
            Ok(())
        })?;
        Ok(found)
    }

    fn scrub(&self) -> Result<bool, LedgerError> {
        // The log may still hold pages from before the erasure. Truncating it waits for readers, and a deed must not
        // wait for somebody who reads for an hour: it is tried again later.
        self.batch(&format!("PRAGMA busy_timeout = {SCRUB_WAIT_MS}"))?;
        let mut done = false;
        let tried = self.query("PRAGMA wal_checkpoint(TRUNCATE)", &[], &mut |row| {
            done = row.first().is_some_and(|busy| *busy == Datum::Int(0));
            Ok(())
        });
        self.batch(&format!("PRAGMA busy_timeout = {BUSY_WAIT_MS}"))?;
        // A log in use answers with a row or with an error, by where it is in use.
        Ok(tried.is_ok() && done)
    }
}
