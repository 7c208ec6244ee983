//! What can go wrong with a ledger, by code. The sentences for people stand in `words/zh.toml`; this file
//! knows no language and no store.

use std::path::PathBuf;
use vocabulary::{BookId, Words};

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
    /// The store refused: disk full, busy for too long, or a fault of ours.
    #[error("the store refused: {0}")]
    Store(String),
    /// A file beside the ledger could not be read or written.
    #[error("cannot use {path}: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        reason: String,
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
            E::File { .. } => "L020",
            E::EarlierVersion { .. } => "L021",
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
                | E::NoRegister(_)
                | E::NoField { .. }
                | E::OwnRegister(_)
                | E::OtherBook(_)
                | E::File { .. }
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
            E::WrongKey(path) | E::ReadOnly(path) => {
                given.push(("path", path.display().to_string()))
            }
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
                given.push(("reason", why.clone()))
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
                    ("reason", reason.clone()),
                ]);
            }
            E::Stopped => {}
        }
        let given: Vec<(&str, &str)> = given.iter().map(|(k, v)| (*k, v.as_str())).collect();
        words().say(&format!("{}.{part}", self.code()), &given)
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
        for number in 1..=21 {
            for part in ["said", "next"] {
                let key = format!("L{number:03}.{part}");
                assert!(
                    words().get(&key).is_some(),
                    "{key} is missing in words/zh.toml"
                );
            }
        }
        let locked = LedgerError::Locked { pid: 42 };
        assert!(locked.said().contains("42"));
    }
}
