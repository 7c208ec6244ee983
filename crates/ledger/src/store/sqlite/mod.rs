//! The embedded store: SQLite in WAL with synchronous=FULL, and a lock file that lets one process write.
//! The only place that names the driver.

mod lock; // one process writes

pub use lock::WriteLock;

use super::{Datum, Dialect, RowFn, Store};
use crate::error::LedgerError;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};
use std::cell::Cell;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Statements kept prepared per connection: a pack of 40 registers uses about 10 each.
const STATEMENTS_MAX: usize = 600;

/// How long a statement waits for another connection's lock.
const BUSY_WAIT_MS: u32 = 10_000;

/// How long wiping the log waits for readers of older states.
const SCRUB_WAIT_MS: u32 = 100;

/// Commits after which the log is copied back into the file: it then begins anew in the room that it has, and a sync
/// that makes no file longer is twice as fast. At 64 deeds a commit it holds some 15,000 pages by then.
const LOG_COMMITS: u32 = 256;

/// A log that grew by so much since it was last copied back is copied back at once. A whole import (about 80 MB)
/// fits, so that copying is not part of its own turn; reading it again after a crash takes some tenths of a second.
const LOG_STEP: u64 = 128 << 20;

/// A connection to a SQLite file.
pub struct Sqlite {
    connection: Connection,
    path: PathBuf,
    /// The transaction met a full disk.
    full: Cell<bool>,
    /// Commits since the log was copied back, and its length then.
    log: Cell<(u32, u64)>,
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
        let readable = |flags| {
            let store = Sqlite::connect(path, flags)?;
            store.begin_read()?;
            store.rollback()?;
            Ok(store)
        };
        let store = readable(OpenFlags::SQLITE_OPEN_READ_WRITE)
            .or_else(|_| readable(OpenFlags::SQLITE_OPEN_READ_ONLY))
            .or_else(|error| match error {
                LedgerError::Store(_) | LedgerError::ReadOnly(_) if !holds(&log_of(path)) => {
                    Sqlite::unchanging(path)
                }
                error => Err(error),
            })?;
        store.batch("PRAGMA query_only = ON; PRAGMA mmap_size = 268435456;")?;
        Ok(store)
    }

    /// A file on a disk that takes no marks of readers. Everything is in the file itself, for there is no log; and on
    /// such a disk nobody writes one.
    fn unchanging(path: &Path) -> Result<Sqlite, LedgerError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let whole = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Sqlite::connect_to(address(&whole), path, flags)
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
        Sqlite::connect_to(path, path, flags)
    }

    /// Opens by a name of the store's own; `path` is what people call it.
    fn connect_to(
        name: impl AsRef<Path>,
        path: &Path,
        flags: OpenFlags,
    ) -> Result<Sqlite, LedgerError> {
        let connection = Connection::open_with_flags(name, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| fault(path, error))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        let store = Sqlite {
            connection,
            path: path.to_owned(),
            full: Cell::new(false),
            log: Cell::new((0, 0)),
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
        // The log is copied back by `shorten_log`: the store's own copying passes over the errors of its syncs.
        self.batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;",
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
        let fault = fault(&self.path, error);
        if let LedgerError::Full(_) = fault {
            self.full.set(true);
        }
        fault
    }

    /// A statement without parameters or answer, kept prepared.
    fn say(&self, sql: &str) -> Result<(), LedgerError> {
        self.execute(sql, &[]).map(drop)
    }

    /// The log beside the file.
    fn log_path(&self) -> PathBuf {
        log_of(&self.path)
    }
}

/// The log beside a file.
fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// Whether there is a file with something in it.
fn holds(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| file.len() > 0)
}

/// A path as an address that says that the file does not change while it is read.
fn address(path: &Path) -> String {
    let mut out = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-~".contains(byte) {
            out.push(char::from(*byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out + "?immutable=1"
}

fn fault(path: &Path, error: rusqlite::Error) -> LedgerError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => LedgerError::NotALedger(path.to_owned()),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            LedgerError::ReadOnly(path.to_owned())
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            LedgerError::Busy(path.to_owned())
        }
        Some(ErrorCode::DiskFull) => LedgerError::Full(path.to_owned()),
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
        self.full.set(false);
        self.say("BEGIN IMMEDIATE")
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
        self.say("SAVEPOINT job")
    }

    fn release(&self) -> Result<(), LedgerError> {
        self.say("RELEASE job")
    }

    fn rollback_to(&self) -> Result<(), LedgerError> {
        self.say("ROLLBACK TO job")?;
        self.say("RELEASE job")
    }

    fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    fn was_full(&self) -> bool {
        self.full.get()
    }

    fn shorten_log(&self) -> Result<(), LedgerError> {
        let (commits, length) = self.log.get();
        let now = std::fs::metadata(self.log_path()).map_or(0, |log| log.len());
        if commits + 1 < LOG_COMMITS && now < length + LOG_STEP {
            self.log.set((commits + 1, length));
            return Ok(());
        }
        self.log.set((0, now));
        // Waits for nobody: what a reader still needs is left for the next time.
        match self.query("PRAGMA wal_checkpoint(PASSIVE)", &[], &mut |_| Ok(())) {
            // The log keeps what the file has no room for.
            Err(LedgerError::Full(_)) => Ok(()),
            tried => tried,
        }
    }

    fn abandon(&self) {
        // Closing copies the log back, and would ask for the sync again that failed.
        let _ = self
            .connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
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
        match tried {
            // A log in use answers with a row or with an error, by where it is in use.
            Ok(()) => Ok(done),
            Err(LedgerError::Busy(_) | LedgerError::Full(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
