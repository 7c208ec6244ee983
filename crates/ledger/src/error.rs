//! What can go wrong with a ledger, by code. The sentences for people stand in `words/zh.toml`; this file
//! knows no language and no store.

use std::path::PathBuf;
use vocabulary::{BookId, Moment, Words};

/// What is wrong with a file of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is not there.
    Missing,
    /// It ends too early.
    Cut,
    /// Its bytes are not those that were written.
    Changed,
    /// It is a whole file, but another one.
    Foreign,
}

impl Flaw {
    fn word(self) -> &'static str {
        match self {
            Flaw::Missing => "missing",
            Flaw::Cut => "cut",
            Flaw::Changed => "changed",
            Flaw::Foreign => "foreign",
        }
    }
}

/// Why a ledger could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// No file at this path.
    #[error("no ledger at {0}")]
    NoFile(PathBuf),
    /// A file lies there already; a new book is not written over it.
    #[error("a file lies at {0} already")]
    Exists(PathBuf),
    /// The file is something else.
    #[error("{0} is not a ledger")]
    NotALedger(PathBuf),
    /// Written by a later version of the program.
    #[error("the ledger has schema {found}; this program knows {known}")]
    LaterVersion {
        /// The schema number in the file.
        found: i64,
        /// The greatest this program can read.
        known: i64,
    },
    /// Written by an earlier version of the program, whose tables this one cannot read.
    #[error("the ledger has schema {found}; this program needs {known}")]
    EarlierVersion {
        /// The schema number in the file.
        found: i64,
        /// The one this program needs.
        known: i64,
    },
    /// The key file is missing, so that nothing personal can be opened.
    #[error("no key file at {0}")]
    NoKey(PathBuf),
    /// The key file belongs to another book.
    #[error("the key at {0} belongs to another book")]
    WrongKey(PathBuf),
    /// Another living process writes here.
    #[error("process {pid} is writing to this ledger")]
    Locked {
        /// That process; 0 when it could not be read.
        pid: u32,
    },
    /// The disk or the file refuses writing, or the ledger was opened to read.
    #[error("{0} cannot be written")]
    ReadOnly(PathBuf),
    /// The store did not take a setting that durability rests on.
    #[error("the store answers {setting} = {found}, {wanted} is needed")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// What was read back.
        found: String,
        /// What is needed.
        wanted: &'static str,
    },
    /// A commit failed: what was being written may or may not be on the disk. The writer takes nothing more;
    /// after a new start, repeat with the same client id.
    #[error("the outcome of the last write is unknown: {0}")]
    Unknown(String),
    /// The writer has stopped.
    #[error("the writer has stopped")]
    Stopped,
    /// No such register in the book's pack.
    #[error("no register {0}")]
    NoRegister(String),
    /// No such field in the register.
    #[error("register {register} has no field {field}")]
    NoField {
        /// The register.
        register: String,
        /// The field.
        field: String,
    },
    /// A fact that says nothing or contradicts itself.
    #[error("a fact about {register} cannot be written: {reason}")]
    BadFact {
        /// The register.
        register: String,
        /// Why.
        reason: &'static str,
    },
    /// The pack in the book does not read: `pack::read_files` refused what it once accepted.
    #[error("the pack stored in the book does not read: {0}")]
    Pack(vocabulary::Diagnostics),
    /// A pack declares a register whose name is the ledger's own.
    #[error("register {0} is the ledger's own")]
    OwnRegister(String),
    /// What is stored cannot be understood: damage or tampering. `verify` says where.
    #[error("damaged: {0}")]
    Damaged(String),
    /// The ledger file holds another book than the one asked for.
    #[error("the ledger holds book {0}")]
    OtherBook(BookId),
    /// No room on the disk. What was being written is not kept, and that is known; reading goes on, and writing too
    /// once there is room.
    #[error("no room on the disk of {0}")]
    Full(PathBuf),
    /// Somebody outside the program holds the file locked, for longer than a statement waits.
    #[error("{0} is held by another program")]
    Busy(PathBuf),
    /// A client's id came again with something else than it first asked for.
    #[error("client id {0} was used for something else")]
    OtherContent(String),
    /// Every reader is in use, for longer than a question waits.
    #[error("too many questions at once")]
    Crowded,
    /// The store refused for another reason, as a disk that fails or a fault of ours.
    #[error("the store refused: {0}")]
    Store(String),
    /// A transaction does not follow from the one before: nothing is signed over it.
    #[error("transaction {tx} does not follow from the one before")]
    Unlinked {
        /// The first such.
        tx: i64,
    },
    /// A checkpoint, a proof, a receipt or a key that cannot be used.
    #[error("{what} cannot be used: {reason:?}")]
    Evidence {
        /// Which: a path, its first line, a key.
        what: String,
        /// Why.
        reason: Unfit,
    },
    /// The ledger did not grow out of an earlier checkpoint: it was cut, forked or made anew.
    #[error("the ledger of {now} transactions did not grow out of the checkpoint of {old}")]
    NotGrown {
        /// Transactions that the checkpoint speaks of.
        old: u64,
        /// Transactions there are.
        now: u64,
    },
    /// No such fact.
    #[error("there is no fact {tx}:{ord}")]
    NoFact {
        /// The transaction.
        tx: i64,
        /// The fact in it.
        ord: u32,
    },
    /// A file beside the ledger could not be read or written.
    #[error("cannot use {path}: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        reason: String,
    },
    /// The key file of a backup is missing.
    #[error("no backup key at {0}")]
    NoBackupKey(PathBuf),
    /// The key file of a backup does not read.
    #[error("{path} is no backup key: line {line}")]
    BackupKeyText {
        /// The file.
        path: PathBuf,
        /// The line that is mistyped; 0 when the whole is something else.
        line: usize,
    },
    /// A backup folder is sealed with another key.
    #[error("{0} is sealed with another key")]
    WrongBackupKey(PathBuf),
    /// A backup folder holds another book.
    #[error("{folder} holds book {book}")]
    OtherBackup {
        /// The folder.
        folder: PathBuf,
        /// The book in it.
        book: BookId,
        /// That book's name.
        name: String,
    },
    /// A backup folder holds a history that is not this book's: they parted at some transaction.
    #[error("{folder} holds another history at transaction {seq}")]
    Forked {
        /// The folder.
        folder: PathBuf,
        /// The folder's last transaction, which is not the book's.
        seq: i64,
    },
    /// No backup lies in a folder.
    #[error("no backup in {0}")]
    NotABackup(PathBuf),
    /// A file of a backup is not what was written.
    #[error("{file} of a backup: {flaw:?}, transactions {from} to {to}")]
    BrokenBackup {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        flaw: Flaw,
        /// The first transaction it should hold; 0 for a file that the whole folder needs.
        from: i64,
        /// The last one.
        to: i64,
    },
    /// A point before a book began or after its backup ended.
    #[error("{asked} lies outside of transactions 1 to {last}")]
    Until {
        /// What was asked for.
        asked: String,
        /// The last transaction of the backup.
        last: i64,
        /// When that was written.
        at: Moment,
    },
}

impl LedgerError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        use LedgerError as E;
        match self {
            E::NoFile(_) => "L001",
            E::Exists(_) => "L002",
            E::NotALedger(_) => "L003",
            E::LaterVersion { .. } => "L004",
            E::NoKey(_) => "L005",
            E::WrongKey(_) => "L006",
            E::Locked { .. } => "L007",
            E::ReadOnly(_) => "L008",
            E::Setting { .. } => "L009",
            E::Unknown(_) => "L010",
            E::Stopped => "L011",
            E::NoRegister(_) => "L012",
            E::NoField { .. } => "L013",
            E::BadFact { .. } => "L014",
            E::Pack(_) => "L015",
            E::OwnRegister(_) => "L016",
            E::Damaged(_) => "L017",
            E::OtherBook(_) => "L018",
            E::Store(_) => "L019",
            E::Full(_) => "L030",
            E::Busy(_) => "L031",
            E::File { .. } => "L020",
            E::EarlierVersion { .. } => "L021",
            E::NoBackupKey(_) => "L022",
            E::BackupKeyText { .. } => "L023",
            E::WrongBackupKey(_) => "L024",
            E::OtherBackup { .. } => "L025",
            E::Forked { .. } => "L026",
            E::NotABackup(_) => "L027",
            E::BrokenBackup { .. } => "L028",
            E::Until { .. } => "L029",
            E::Unlinked { .. } => "L033",
            E::Evidence { .. } => "L034",
            E::NotGrown { .. } => "L035",
            E::NoFact { .. } => "L036",
            E::OtherContent(_) => "L037",
            E::Crowded => "L038",
        }
    }

    /// Whether the asker can mend it: a path, a key, a disk, another program; else it is our fault.
    pub fn is_yours(&self) -> bool {
        use LedgerError as E;
        matches!(
            self,
            E::NoFile(_)
                | E::Exists(_)
                | E::NotALedger(_)
                | E::LaterVersion { .. }
                | E::EarlierVersion { .. }
                | E::NoKey(_)
                | E::WrongKey(_)
                | E::Locked { .. }
                | E::ReadOnly(_)
                | E::Full(_)
                | E::Busy(_)
                | E::OtherContent(_)
                | E::Crowded
                | E::NoRegister(_)
                | E::NoField { .. }
                | E::OwnRegister(_)
                | E::OtherBook(_)
                | E::File { .. }
                | E::NoBackupKey(_)
                | E::BackupKeyText { .. }
                | E::WrongBackupKey(_)
                | E::OtherBackup { .. }
                | E::Forked { .. }
                | E::NotABackup(_)
                | E::BrokenBackup { .. }
                | E::Until { .. }
                | E::Evidence { .. }
                | E::NoFact { .. }
        )
    }

    /// What is wrong, for people.
    pub fn said(&self) -> String {
        self.sentence("said")
    }

    /// What to do next, for people.
    pub fn next(&self) -> String {
        self.sentence("next")
    }

    fn sentence(&self, part: &str) -> String {
        use LedgerError as E;
        let mut given: Vec<(&str, String)> = Vec::new();
        match self {
            E::NoFile(path) | E::Exists(path) | E::NotALedger(path) | E::NoKey(path) => {
                given.push(("path", path.display().to_string()));
            }
            E::WrongKey(path)
            | E::ReadOnly(path)
            | E::Full(path)
            | E::Busy(path)
            | E::NoBackupKey(path)
            | E::WrongBackupKey(path)
            | E::NotABackup(path) => given.push(("path", path.display().to_string())),
            E::LaterVersion { found, known } | E::EarlierVersion { found, known } => {
                given.extend([("found", found.to_string()), ("known", known.to_string())]);
            }
            E::Locked { pid } => given.push(("pid", pid.to_string())),
            E::Setting {
                setting,
                found,
                wanted,
            } => given.extend([
                ("setting", (*setting).to_owned()),
                ("found", found.clone()),
                ("wanted", (*wanted).to_owned()),
            ]),
            E::Unknown(why) | E::Damaged(why) | E::Store(why) => {
                given.push(("reason", plainly(why)))
            }
            E::NoRegister(name) | E::OwnRegister(name) => given.push(("register", name.clone())),
            E::NoField { register, field } => {
                given.extend([("register", register.clone()), ("field", field.clone())]);
            }
            E::BadFact { register, reason } => {
                given.extend([
                    ("register", register.clone()),
                    ("reason", (*reason).to_owned()),
                ]);
            }
            E::Pack(diagnostics) => given.push(("reason", diagnostics.to_string())),
            E::OtherBook(book) => given.push(("book", book.to_string())),
            E::File { path, reason } => {
                given.extend([
                    ("path", path.display().to_string()),
                    ("reason", plainly(reason)),
                ]);
            }
            E::BackupKeyText { path, line } => given.extend([
                ("path", path.display().to_string()),
                ("line", line.to_string()),
            ]),
            E::OtherBackup { folder, book, name } => given.extend([
                ("path", folder.display().to_string()),
                ("book", book.to_string()),
                ("name", name.clone()),
            ]),
            E::Forked { folder, seq } => given.extend([
                ("path", folder.display().to_string()),
                ("seq", seq.to_string()),
            ]),
            E::BrokenBackup {
                file,
                flaw,
                from,
                to,
            } => given.extend([
                ("path", file.display().to_string()),
                ("flaw", words().say(&format!("flaw.{}", flaw.word()), &[])),
                ("from", from.to_string()),
                ("to", to.to_string()),
                ("until", (from - 1).to_string()),
            ]),
            E::Until { asked, last, at } => given.extend([
                ("asked", asked.clone()),
                ("last", last.to_string()),
                ("at", at.in_china()),
            ]),
            E::Unlinked { tx } => given.push(("tx", tx.to_string())),
            E::Evidence { what, reason } => {
                given.extend([("what", what.clone()), ("reason", reason.said())]);
            }
            E::NotGrown { old, now } => {
                given.extend([("old", old.to_string()), ("now", now.to_string())]);
            }
            E::NoFact { tx, ord } => {
                given.extend([("tx", tx.to_string()), ("ord", ord.to_string())]);
            }
            E::OtherContent(id) => given.push(("id", id.clone())),
            E::Stopped | E::Crowded => {}
        }
        // A file that the whole folder needs leaves no earlier point to go back to; nor does the first segment.
        let part = match self {
            E::BrokenBackup { from: 0, .. } => &format!("{part}_whole"),
            E::BrokenBackup { from: 1, .. } if part == "next" => "next_whole",
            E::BackupKeyText { line: 0, .. } => &format!("{part}_whole"),
            _ => part,
        };
        let given: Vec<(&str, &str)> = given.iter().map(|(k, v)| (*k, v.as_str())).collect();
        words().say(&format!("{}.{part}", self.code()), &given)
    }
}

/// What the operating system or the store said, in the reader's words where there are some.
pub fn plainly(said: &str) -> String {
    const KNOWN: [(&str, &str); 12] = [
        ("No such file or directory", "lost"),
        ("Permission denied", "denied"),
        ("Operation not permitted", "denied"),
        ("No space left on device", "full"),
        ("database or disk is full", "full"),
        ("Disk quota exceeded", "allotted"),
        ("Read-only file system", "read_only"),
        ("disk I/O error", "broken"),
        ("Input/output error", "broken"),
        ("Not a directory", "no_folder"),
        ("Is a directory", "a_folder"),
        ("database is locked", "busy"),
    ];
    let known = KNOWN.iter().find(|(begins, _)| said.starts_with(begins));
    known.map_or_else(
        || said.to_owned(),
        |(_, key)| words().say(&format!("plain.{key}"), &[]),
    )
}

/// Why a piece of evidence cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It does not read as a checkpoint.
    NotACheckpoint,
    /// It does not read as a proof or a receipt.
    NotAProof,
    /// It does not read as a public key.
    NotAKey,
    /// It speaks of another book.
    OtherBook,
    /// Its signature does not hold.
    Signature,
    /// It was signed by another key than this ledger's, or than the one named.
    KeyChanged,
    /// There was a signing key, and it is not there.
    KeyLost,
    /// The file of the signing key does not read.
    SignFile,
    /// The checkpoint is older than the transaction.
    TooEarly,
}

impl Unfit {
    fn said(self) -> String {
        let key = match self {
            Unfit::NotACheckpoint => "checkpoint",
            Unfit::NotAProof => "proof",
            Unfit::NotAKey => "key",
            Unfit::OtherBook => "book",
            Unfit::Signature => "signature",
            Unfit::KeyChanged => "changed",
            Unfit::KeyLost => "lost",
            Unfit::SignFile => "file",
            Unfit::TooEarly => "early",
        };
        words().say(&format!("unfit.{key}"), &[])
    }
}

fn words() -> &'static Words {
    static WORDS: std::sync::OnceLock<Words> = std::sync::OnceLock::new();
    WORDS.get_or_init(|| Words::read(include_str!("../words/zh.toml")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_sentence_and_its_next_step() {
        for number in (1..=31).chain(33..=36) {
            for part in ["said", "next"] {
                let key = format!("L{number:03}.{part}");
                assert!(
                    words().get(&key).is_some(),
                    "{key} is missing in words/zh.toml"
                );
            }
        }
        for (said, plain) in [
            ("No space left on device (os error 28)", "磁盘满了"),
            ("disk I/O error", "磁盘读写出错，可能满了或坏了"),
            ("something else", "something else"),
        ] {
            assert_eq!(plainly(said), plain);
        }
        let locked = LedgerError::Locked { pid: 42 };
        assert!(locked.said().contains("42"));
    }
}
