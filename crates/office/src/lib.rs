//! The office: what a person may do with a ledger, as deeds. One request, one transaction, one audit line.
//! Refuses to know HTTP, the terminal and JSON forms; it alone asks the clock and for randomness.

mod actor; // who acts, and what a role lets them do
mod audit; // what was only read, told
pub mod clock; // the one place that asks the time
mod deeds; // what may be done, one file each
mod error; // what can go wrong, by whose move it is
mod house; // a book open for many
mod label; // what people call a record
mod leaving; // files that leave the office whole
mod office; // an open book and who asks
mod pace; // long work that steps aside for writers
pub mod people; // who signs in
mod places; // places by the names people write
mod policy; // what somebody may see
mod typed; // values as people type them
mod why; // why a deed is done, as it is kept
mod words; // sentences

pub use ::pack::CheckedPack;
pub use ::pack::declare::{Field, PasswordPolicy, RegisterDecl};
pub use actor::{Actor, DEEDS, NotAllowed};
pub use audit::{GATHERED_MAX, Read};
pub use deeds::audit::{AUDIT_COLUMNS, AuditInput, AuditReport, audit_csv};
pub use deeds::backup::{BackupFolder, BackupInput, BackupReport};
pub use deeds::book::{InitInput, VerifyReport};
pub use deeds::check::CheckReport;
pub use deeds::checkpoint::{CheckpointInput, CheckpointReport};
pub use deeds::correct::{Clash, CorrectInput, CorrectReport};
pub use deeds::describe::{
    CheckDescription, CodesDescription, ColumnDescription, FieldDescription, FigureDescription,
    OtherDescription, PackDescription, ParameterDescription, PartDescription, RegisterDescription,
    SheetDescription, describe_pack,
};
pub use deeds::end::{EndInput, EndReport};
pub use deeds::erase::{Destroyed, Elsewhere, EraseInput, EraseReport, Others, Who};
pub use deeds::export::{ExportInput, ExportReport};
pub use deeds::figure::{AskInput, FigureReport, Known, why_null};
pub use deeds::history::HistoryReport;
pub use deeds::import::{
    ColumnUse, FileReport, HeaderChoice, ImportInput, ImportReport, MarkedFile, SheetReport,
};
pub use deeds::overview::PlaceShown;
pub use deeds::pack::{PackChange, PackReport, check_pack};
pub use deeds::person::{Person, PersonAddInput, PersonGrantInput, PersonLink, PersonRevokeInput};
pub use deeds::proof::{ProofCheck, ProofInput, ProofReport, check_proof};
pub use deeds::rebuild::{RebuildInput, RebuildReport};
pub use deeds::record::{RecordInput, RecordReport};
pub use deeds::records::{
    FieldShown, ListInput, ListReport, RecordRow, ShowInput, ShowReport, SumShown,
};
pub use deeds::report::{Format, ReportFile, ReportInput, ReportOutcome, WithoutData};
pub use deeds::restore::{RestoreInput, RestoreReport};
pub use deeds::search::{SearchHit, SearchInput, SearchReport};
pub use deeds::session::{ChangePasswordInput, RedeemInput, SignInInput, SignedIn};
pub use deeds::settle::{FieldChange, SettleInput, SettleReport, Verdict};
pub use deeds::undo::{Batch, RecordEffect, RegisterEffect, UndoInput, UndoReport};
pub use deeds::withdraw::{WithdrawInput, WithdrawReport};
pub use error::{OfficeError, Refusal, Whose};
pub use figures::{Answer, Answered, Trace, WhyNull};
pub use house::House;
pub use ledger::backup::{BackedUp, Proof, Restored, Stage, Step, Told};
pub use ledger::search::{Fit, Way};
pub use ledger::{Audited, Event, Ground, Op, Outcome, Said, plainly};
pub use office::Office;
pub use pace::Pace;
pub use places::{NoPlace, Place, Places};
