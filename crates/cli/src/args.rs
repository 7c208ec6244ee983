//! What may be typed. The sentences here are the English help; `words/zh.toml` holds the Chinese.

use clap::{Args as ClapArgs, Parser, Subcommand};
use std::path::PathBuf;

/// The ledger of a township: record a fact once, every figure and report fills itself.
#[derive(Debug, Parser)]
#[command(
    name = "yiben",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// Options of every command.
#[derive(Debug, ClapArgs)]
pub(crate) struct Common {
    /// The ledger's file
    #[arg(long, global = true, default_value = "yiben.db", value_name = "FILE")]
    pub(crate) ledger: PathBuf,
    /// One JSON document on stdout; progress goes to stderr
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Act in this role of the pack, with no more rights than it has
    #[arg(long, global = true, value_name = "ROLE")]
    pub(crate) role: Option<String>,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make a new book
    Init(Init),
    /// Check a pack, tell what it declares, or put a new version of it into the book
    Pack(Pack),
    /// Import workbooks and layers: a preview, or with --commit for good
    Import(Import),
    /// Decide what a finding asks: a contradiction, a cell that could not be read, a row that may mean several
    Settle(Settle),
    /// Take an import or a settlement back; without a number: what can be taken back
    Undo(Undo),
    /// Write a new record by hand
    Record(Record),
    /// Put right what a record says
    Correct(Correct),
    /// A record is no longer true from a day on
    End(End),
    /// Take one statement about a record back: a preview, or with --commit for good
    Withdraw(Withdraw),
    /// The records of a register, page by page
    Records(Records),
    /// One record
    Show(Show),
    /// Destroy what the book holds of a person, by law: a preview, or with --commit for ever
    Erase(Erase),
    /// What the book remembers of headers, and forgetting it
    Map(Map),
    /// Figures at a date
    Figure(Figure),
    /// What is behind a figure: its definition and every record
    Trace(Trace),
    /// Broken checks and open findings, with their owners
    Check(Check),
    /// Write a report as Word, PDF, HTML or text
    Report(Report),
    /// Find people and records by a part of a name, by first letters, by a whole number
    Search(Search),
    /// Everything ever said about a record
    History(History),
    /// Check the chain, rebuild everything derived, compare
    Verify,
    /// Make everything derived again from the facts: a preview, or with --commit for good
    Rebuild(Rebuild),
    /// Back the book up into folders, sealed and proved by a trial restore
    Backup(Backup),
    /// Bring a book back from a backup folder, as it is there or as it was at some point
    Restore(Restore),
    /// Write the whole chain for an outsider to check; nothing personal in clear
    Export(Export),
    /// Sign the ledger's state, to be kept outside; or check that it grew out of an earlier one
    Checkpoint(Checkpoint),
    /// Prove one fact with a receipt that is checked without the ledger
    Proof(Proof),
    /// People who sign in: who there is, in which roles, and their one-time links
    People(People),
    /// Who read and wrote what: searched, or handed out as csv or ndjson
    Audit(Audit),
    /// Serve the book over HTTP, for many people at once
    Serve(Serve),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct People {
    #[command(subcommand)]
    pub(crate) verb: PeopleVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PeopleVerb {
    /// Everybody, their roles, when they were last seen, and who was not seen for 90 days
    List,
    /// Add somebody; prints a one-time link by which he chooses his password
    Add {
        /// The name he signs in with
        #[arg(value_name = "NAME")]
        name: String,
        /// What he is called
        #[arg(long = "as", value_name = "TEXT")]
        display: String,
    },
    /// Grant a role, in a place with everything below it, from a day on
    Grant {
        /// The sign-in name
        #[arg(value_name = "NAME")]
        name: String,
        /// The role of the pack
        #[arg(id = "granted", value_name = "ROLE")]
        role: String,
        /// The place, by name or code; the whole book when left out
        #[arg(long = "in", value_name = "DIVISION")]
        within: Option<String>,
        /// The first day; today when left out
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
        /// The first day without it; open when left out
        #[arg(long, value_name = "DATE")]
        to: Option<String>,
    },
    /// End a role, or every role of somebody who leaves
    Revoke {
        /// The sign-in name
        #[arg(value_name = "NAME")]
        name: String,
        /// The role; every one when left out
        #[arg(id = "granted", value_name = "ROLE")]
        role: Option<String>,
        /// The place for which it was granted; every one when left out
        #[arg(long = "in", value_name = "DIVISION")]
        within: Option<String>,
        /// The first day without it; today when left out
        #[arg(long, value_name = "DATE")]
        on: Option<String>,
    },
    /// Shut somebody out at once
    Lock {
        /// The sign-in name
        #[arg(value_name = "NAME")]
        name: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
    },
    /// Let somebody in again
    Unlock {
        /// The sign-in name
        #[arg(value_name = "NAME")]
        name: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
    },
    /// A one-time link by which somebody chooses his password anew
    Link {
        /// The sign-in name
        #[arg(value_name = "NAME")]
        name: String,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Audit {
    /// From this moment or day on
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<String>,
    /// Up to and with this moment or day
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<String>,
    /// Who did it
    #[arg(long, value_name = "NAME")]
    pub(crate) actor: Option<String>,
    /// What was done, as sign_in or import
    #[arg(long, value_name = "DEED")]
    pub(crate) deed: Option<String>,
    /// In which register
    #[arg(long, value_name = "REGISTER")]
    pub(crate) register: Option<String>,
    /// About which record
    #[arg(long, value_name = "ID")]
    pub(crate) record: Option<String>,
    /// What became of it
    #[arg(long, value_name = "done|refused|failed")]
    pub(crate) outcome: Option<String>,
    /// From which address
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) address: Option<String>,
    /// How many lines at most
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// Older than this line, as the end of the page before says it
    #[arg(long, value_name = "TX:N")]
    pub(crate) before: Option<String>,
    /// Write every line that fits, oldest first, into this file (.csv or .ndjson, with .gz compressed)
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["limit", "before"])]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Serve {
    /// The port
    #[arg(long, value_name = "PORT", default_value_t = 8620)]
    pub(crate) port: u16,
    /// The address to listen at; another than this machine's own needs a proxy that speaks TLS
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) bind: String,
    /// The rules for passwords, instead of the pack's: asvs or dengbao
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<String>,
    /// A proxy in front speaks TLS, and says in X-Forwarded-For who asks
    #[arg(long)]
    pub(crate) tls_terminated: bool,
    /// No limit on how fast somebody may ask; for measurements
    #[arg(long)]
    pub(crate) no_pace: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Init {
    /// The folder of its pack
    #[arg(long, value_name = "DIR")]
    pub(crate) pack: PathBuf,
    /// The township's 12-digit division code
    #[arg(long, value_name = "CODE")]
    pub(crate) book: String,
    /// The township's name
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// Chain with SM3 instead of SHA-256
    #[arg(long)]
    pub(crate) sm3: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Pack {
    #[command(subcommand)]
    pub(crate) verb: PackVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PackVerb {
    /// Name every error in a pack at once
    Check {
        /// The pack's folder
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
    /// Tell what a pack declares, as Markdown: registers, sheets, figures, checks, codes, parameters
    Describe {
        /// The pack's folder
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// Write a page for each part into this folder instead
        #[arg(long, value_name = "DIR", conflicts_with = "json")]
        pages: Option<PathBuf>,
    },
    /// Show what a new version changes; with --commit put it into the book
    Apply {
        /// The pack's folder
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// Put it into the book
        #[arg(long)]
        commit: bool,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Import {
    /// Workbooks (.xlsx .xls .csv), layers (.geojson), or folders of them
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Write; without it nothing is changed
    #[arg(long)]
    pub(crate) commit: bool,
    /// Refuse a whole file on any finding
    #[arg(long)]
    pub(crate) strict: bool,
    /// The date at which every sheet speaks, instead of its own
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Write a copy of each workbook with its findings marked on it into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) marked: Option<PathBuf>,
    /// Say what a header is: 'SHEET!HEADER=column'
    #[arg(long, value_name = "SHEET!HEADER=column")]
    pub(crate) map: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Settle {
    /// The finding's number, as `yiben check` shows it
    #[arg(value_name = "FINDING")]
    pub(crate) finding: String,
    /// Whose value counts: a file, file!sheet, file!sheet!D41 or a cell; for a row that may mean several, a record
    /// or `new`
    #[arg(long, value_name = "SOURCE")]
    pub(crate) take: Option<String>,
    /// A value that no source has
    #[arg(long, value_name = "VALUE")]
    pub(crate) value: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
    /// Only show what would change
    #[arg(long, conflicts_with = "commit")]
    pub(crate) preview: bool,
    /// Write, as it does without
    #[arg(long)]
    pub(crate) commit: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Map {
    #[command(subcommand)]
    pub(crate) verb: Option<MapVerb>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MapVerb {
    /// Read a header by its own words again
    Forget {
        /// Its number, as `yiben map` shows it
        #[arg(value_name = "ID")]
        id: String,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Undo {
    /// The transaction's number; none lists what can be taken back
    #[arg(value_name = "BATCH")]
    pub(crate) batch: Option<String>,
    /// Take it back; without it nothing is changed
    #[arg(long)]
    pub(crate) commit: bool,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Erase {
    /// The register's name, as person
    #[arg(value_name = "REGISTER")]
    pub(crate) register: String,
    /// The record's number, as trace and history show it
    #[arg(
        value_name = "RECORD",
        required_unless_present = "find",
        conflicts_with = "find"
    )]
    pub(crate) record: Option<String>,
    /// Find the record by this field, whose value is read from standard input: no number stands in a command line
    #[arg(long, value_name = "FIELD")]
    pub(crate) find: Option<String>,
    /// The ground: request, file number, article. It stays in the book for ever
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    pub(crate) basis: String,
    /// Who agreed: somebody else than who does it
    #[arg(
        long,
        value_name = "NAME",
        default_value = "",
        hide_default_value = true
    )]
    pub(crate) approver: String,
    /// Destroy; without it nothing is changed. It cannot be taken back
    #[arg(long)]
    pub(crate) commit: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Record {
    /// The register's name, as person
    #[arg(value_name = "REGISTER")]
    pub(crate) register: String,
    /// Fields by name or title and their values, as people write them: name=…
    #[arg(required = true, value_name = "FIELD=VALUE")]
    pub(crate) values: Vec<String>,
    /// Where it belongs, by code or name; default the whole book
    #[arg(long = "in", value_name = "DIVISION")]
    pub(crate) division: Option<String>,
    /// True from this day; default today
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<String>,
    /// The first day on which it is no longer true
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
    /// It is another than the one that is there
    #[arg(long)]
    pub(crate) new: bool,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
    /// Only look, write nothing
    #[arg(long)]
    pub(crate) preview: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Correct {
    /// The register's name, as person
    #[arg(value_name = "REGISTER")]
    pub(crate) register: String,
    /// The record's number
    #[arg(value_name = "RECORD")]
    pub(crate) record: String,
    /// Fields and their values: name=…; nothing behind the sign: now unknown
    #[arg(value_name = "FIELD=VALUE", required_unless_present = "division")]
    pub(crate) values: Vec<String>,
    /// Where it belongs from then on, by code or name
    #[arg(long = "in", value_name = "DIVISION")]
    pub(crate) division: Option<String>,
    /// True from this day; default since what is true today began
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<String>,
    /// The transaction that was seen: what others changed since is told
    #[arg(long, value_name = "TX")]
    pub(crate) based_on: Option<i64>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
    /// Only look, write nothing
    #[arg(long)]
    pub(crate) preview: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct End {
    /// The register's name, as person
    #[arg(value_name = "REGISTER")]
    pub(crate) register: String,
    /// The record's number
    #[arg(value_name = "RECORD")]
    pub(crate) record: String,
    /// The first day on which it is no longer true; default today
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
    /// Only look, write nothing
    #[arg(long)]
    pub(crate) preview: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Withdraw {
    /// The register's name, as person
    #[arg(value_name = "REGISTER")]
    pub(crate) register: String,
    /// The record's number
    #[arg(value_name = "RECORD")]
    pub(crate) record: String,
    /// Which statement: transaction:position, as history --json shows it
    #[arg(value_name = "TX:ORD")]
    pub(crate) fact: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
    /// Take it back; without it nothing is changed
    #[arg(long)]
    pub(crate) commit: bool,
}

/// When and where records are asked for.
#[derive(Debug, ClapArgs)]
pub(crate) struct When {
    /// The date, as 2022-12-31; default today
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<String>,
    /// As the ledger knew it at this moment
    #[arg(long, value_name = "TIME")]
    pub(crate) known: Option<String>,
    /// Open personal fields; why is kept in the book
    #[arg(long, value_name = "WHY")]
    pub(crate) reveal: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Records {
    /// The register's name, as person
    #[arg(value_name = "REGISTER")]
    pub(crate) register: String,
    /// Fields and the value that each must have
    #[arg(value_name = "FIELD=VALUE")]
    pub(crate) values: Vec<String>,
    /// A condition in the pack's language
    #[arg(long = "where", value_name = "CONDITION")]
    pub(crate) filter: Option<String>,
    /// By this field, with - before it the greatest first; default by record
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    pub(crate) sort: Option<String>,
    /// Where the page before ended
    #[arg(long, value_name = "PLACE")]
    pub(crate) after: Option<String>,
    /// Records on a page
    #[arg(long, value_name = "COUNT")]
    pub(crate) limit: Option<usize>,
    /// Only these fields; may be given several times
    #[arg(long = "field", value_name = "FIELD")]
    pub(crate) fields: Vec<String>,
    /// Add this field up over all pages; may be given several times
    #[arg(long = "sum", value_name = "FIELD")]
    pub(crate) sums: Vec<String>,
    /// The division, by code or name; default the whole book
    #[arg(long = "in", value_name = "DIVISION")]
    pub(crate) within: Option<String>,
    #[command(flatten)]
    pub(crate) when: When,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Show {
    /// The register's name, as person
    #[arg(value_name = "REGISTER")]
    pub(crate) register: String,
    /// The record's number
    #[arg(value_name = "RECORD")]
    pub(crate) record: String,
    #[command(flatten)]
    pub(crate) when: When,
}

/// A question's time and place.
#[derive(Debug, ClapArgs)]
pub(crate) struct Ask {
    /// The date, as 2022-12-31; default today
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<String>,
    /// The period: 2022, 2022Q3, 2022-05, FROM..TO (both inside), or a name of the pack; default the date's year
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: Option<String>,
    /// The division, by code or name; default the whole book
    #[arg(long = "in", value_name = "DIVISION")]
    pub(crate) within: Option<String>,
    /// As the ledger knew it at this moment
    #[arg(long, value_name = "TIME")]
    pub(crate) known: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Figure {
    /// Figure ids, with a member in brackets; none for all
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    #[command(flatten)]
    pub(crate) ask: Ask,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Trace {
    /// The figure's id, with a member in brackets
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) ask: Ask,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) ask: Ask,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Report {
    /// The report's id in the pack
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) ask: Ask,
    /// Where to: .docx, .pdf, .html or .txt; may be given several times
    #[arg(short, long = "output", required = true, value_name = "FILE")]
    pub(crate) outputs: Vec<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Rebuild {
    /// Write; without it nothing is changed
    #[arg(long)]
    pub(crate) commit: bool,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Backup {
    /// The folder, on another disk; may be given several times, each is a backup of its own
    #[arg(long, required = true, value_name = "DIR")]
    pub(crate) to: Vec<PathBuf>,
    /// The file of the backup's key; made at the first backup. Keep it apart from ledger and folder
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Only read back what is new, without restoring the whole folder for trial
    #[arg(long)]
    pub(crate) quick: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Restore {
    /// The backup folder
    #[arg(long, value_name = "DIR")]
    pub(crate) from: PathBuf,
    /// The file of the backup's key
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// As it was after this transaction, or at this time (in China, as 2026-03-01 17:30); default the last backup
    #[arg(long, value_name = "TX|TIME")]
    pub(crate) until: Option<String>,
    /// Why; kept in the book when the restore has to record erasures
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Export {
    /// Where to, as chain.ndjson or chain.ndjson.gz
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// The last transaction to write; default all
    #[arg(long, value_name = "TX")]
    pub(crate) until: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Checkpoint {
    /// Where to; default stdout
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// An earlier checkpoint: refuse when the ledger did not grow out of it
    #[arg(long, value_name = "OLD")]
    pub(crate) since: Option<PathBuf>,
    /// Where to write the proof of growth; default beside the output, with .proof
    #[arg(long, value_name = "FILE", requires = "since")]
    pub(crate) proof: Option<PathBuf>,
    /// The public key that was made known: refuse when another one signs
    #[arg(long, value_name = "VKEY")]
    pub(crate) key: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Proof {
    /// Which fact: transaction:position, as 7:0
    #[arg(value_name = "TX:ORD", required_unless_present = "check")]
    pub(crate) fact: Option<String>,
    /// Where to; default stdout
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// With the fact's personal values, for the person they speak of
    #[arg(long)]
    pub(crate) open: bool,
    /// Lead to this checkpoint, which is kept outside already; default one signed now
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// Check a receipt, a proof of growth or a checkpoint; needs no ledger
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fact", "output", "open", "checkpoint"])]
    pub(crate) check: Option<PathBuf>,
    /// The public key that was made known: with --check, refuse what another one signed
    #[arg(long, value_name = "VKEY", requires = "check")]
    pub(crate) key: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Search {
    /// A part of a name or number, first letters as zxm, or a whole ID or telephone number; none: read from standard
    /// input, so that no number stands in a command line
    #[arg(value_name = "WORDS")]
    pub(crate) words: Vec<String>,
    /// Only under this division, by code or name
    #[arg(long = "in", value_name = "DIVISION")]
    pub(crate) within: Option<String>,
    /// Only in this register, as person; may be given several times
    #[arg(long, value_name = "REGISTER")]
    pub(crate) register: Vec<String>,
    /// How many at the most; default 20, at most 200
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct History {
    /// The register's name, as person
    #[arg(value_name = "REGISTER")]
    pub(crate) register: String,
    /// The record's number, as trace shows it
    #[arg(value_name = "RECORD")]
    pub(crate) record: String,
}
