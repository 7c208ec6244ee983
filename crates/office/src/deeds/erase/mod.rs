//! Erase: somebody leaves the book by law. A preview carries it out in full and writes nothing; what is committed
//! cannot be taken back, so it needs a ground and a second person, and both stand in the transaction.

mod ground; // the basis and the second person
mod reach; // whose keys go, and what is said of them elsewhere

use super::import::{close, field_column};
use crate::error::OfficeError;
use crate::label::label;
use crate::office::Office;
use crate::words::{say, word};
use ::pack::CheckedPack;
use documents::sheet::Cell;
use documents::sheet::value::{ColumnReader, DateContext};
use ledger::backup::Told;
use ledger::{Draft, Ground, LedgerError, Mode, Reader, layout};
use reach::Reach;
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{FindingClass, RecordId, Value};

/// Who is erased, on what ground, and who agreed.
#[derive(Debug, Clone, Default)]
pub struct EraseInput {
    /// The register's name.
    pub register: String,
    /// Which record.
    pub who: Who,
    /// The law, the request, the file number.
    pub basis: String,
    /// Who agreed.
    pub approver: String,
    /// Write; otherwise only look.
    pub commit: bool,
}

/// How a person to be erased is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// By the record's number, as typed.
    Number(String),
    /// By a value of a field, given by its name or its title.
    Value {
        /// The field.
        field: String,
        /// The value.
        value: String,
    },
}

impl Default for Who {
    fn default() -> Who {
        Who::Number(String::new())
    }
}

/// What an erasure destroys and what stays.
#[derive(Debug, Clone)]
pub struct EraseReport {
    /// The register's name.
    pub register: String,
    /// Its title.
    pub title: String,
    /// The record.
    pub record: RecordId,
    /// What people call it, before.
    pub label: String,
    /// Other records whose keys go too: the same person under another number, and records of this person that were
    /// sealed before they named him.
    pub also: Vec<RecordId>,
    /// What is destroyed, by register.
    pub destroyed: Vec<Destroyed>,
    /// Findings whose sentences are destroyed; those of them that are open, and are closed: what they ask is gone.
    pub findings: (usize, usize),
    /// Facts about the person that stay with their clear fields.
    pub facts_kept: u64,
    /// Records that refer to the person, by register.
    pub referring: Vec<Others>,
    /// Records of the same name that no number tells apart from this one: they stay.
    pub namesakes: Vec<RecordId>,
    /// Where else the name stands, under another subject or in clear.
    pub elsewhere: Vec<Elsewhere>,
    /// Transactions whose reason or file name holds the name; the chain keeps them.
    pub said: Vec<i64>,
    /// Files from which the values were read.
    pub files: Vec<String>,
    /// Folders that the book is backed up into: which of them still hold the person's key, which could not be told.
    /// `None` when the list of folders cannot be read.
    pub folders: Option<Vec<Told>>,
    /// The ground.
    pub ground: Ground,
    /// Whether the log is wiped; false while somebody reads an older state. `None` in a preview.
    pub wiped: Option<bool>,
    /// The transaction; `None` in a preview.
    pub tx: Option<i64>,
}

/// What goes from one register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destroyed {
    /// The register's title.
    pub title: String,
    /// Its name.
    pub register: String,
    /// How many records lose something.
    pub records: usize,
    /// How many facts lose their box.
    pub facts: usize,
    /// The titles of the fields.
    pub fields: Vec<String>,
}

/// Records of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Others {
    /// The register's title.
    pub title: String,
    /// Its name.
    pub register: String,
    /// The records.
    pub records: Vec<RecordId>,
}

/// A field of other records in which the name stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The register's title.
    pub title: String,
    /// Its name.
    pub register: String,
    /// The field's title.
    pub field: String,
    /// The records.
    pub records: Vec<RecordId>,
    /// The field is sealed there: erasing that record destroys it. In a clear field it stays in the chain.
    pub sealed: bool,
}

fn asked(code: &str, params: &[(&str, &str)]) -> OfficeError {
    OfficeError::Asked(Box::new(say(code, FindingClass::Rejected, params)))
}

impl Office {
    /// Erases a person, or looks what that would do. Needs the deed `erase`.
    pub fn erase(&mut self, input: &EraseInput) -> Result<EraseReport, OfficeError> {
        self.may("erase")?;
        let reader = self.reader()?;
        let record = find(&reader, &self.pack(), &input.register, &input.who)?;
        let reach = Reach::of(&reader, &input.register, record)?;
        let ground = ground::checked(input, &self.actor.name, &reach.names)?;
        drop(reader);
        let mode = if input.commit {
            Mode::Commit
        } else {
            Mode::Preview
        };
        let deed = self.deed_asked("erase", None, &format!("{input:?}"))?;
        let (report, receipt) = self
            .ledger_mut()?
            .write(deed, mode, |draft| carry_out(draft, &reach, &ground))?;
        let mut report = report.ok_or(OfficeError::Repeated(receipt.seq))?;
        let mut erased = Vec::new();
        if input.commit {
            report.tx = Some(receipt.seq);
            report.wiped = Some(!self.ledger_mut()?.is_unwiped());
            erased = self.reader()?.lawful_erasures()?;
            erased.retain(|one| one.tx == receipt.seq);
        }
        // The erasure is durable: a list that does not read is said, and does not undo it. A preview tells nobody.
        report.folders = self.ledger_mut()?.tell_folders(&erased).ok();
        Ok(report)
    }
}

/// The record that is meant.
fn find(
    reader: &Reader,
    pack: &CheckedPack,
    register: &str,
    who: &Who,
) -> Result<RecordId, OfficeError> {
    let registers = reader.registers();
    let Some(declared) = registers.iter().find(|declared| declared.name == register) else {
        let names = registers.iter().map(|declared| declared.name.as_str());
        let nearest = names.min_by_key(|name| strsim::damerau_levenshtein(name, register));
        let known: Vec<&str> = registers.iter().map(|r| r.name.as_str()).collect();
        let known = known.join(&word("word.comma", &[]));
        let nearest = nearest.unwrap_or_default();
        let params = [
            ("register", register),
            ("nearest", nearest),
            ("known", &known),
        ];
        return Err(asked("O107", &params));
    };
    match who {
        Who::Number(text) => {
            let number: Option<RecordId> = text.trim().trim_start_matches('#').parse().ok();
            let lost = || asked("O108", &[("register", register), ("record", text)]);
            let number = number.ok_or_else(lost)?;
            if reader.assertions(register, number)?.is_empty() {
                return Err(lost());
            }
            Ok(number)
        }
        Who::Value { field, value } => {
            let named = |f: &&::pack::declare::Field| f.name == *field || f.title == *field;
            let Some(found) = declared.fields.iter().find(named) else {
                let titles: Vec<&str> = declared.fields.iter().map(|f| f.title.as_str()).collect();
                let known = titles.join(&word("word.comma", &[]));
                return Err(asked("O160", &[("field", field), ("known", &known)]));
            };
            // Read as a cell of that field would be: a number typed with blanks or a small x is the same.
            let read = ColumnReader::new(&field_column(pack, found), None, DateContext::default())
                .read(Cell::text(value.trim()));
            let value = read.map_or(Value::Null, |reading| reading.value);
            match reader.find(register, &found.name, &value)?.as_slice() {
                [one] => Ok(*one),
                [] => Err(asked("O161", &[("field", &found.title)])),
                several => {
                    let list: Vec<String> = several.iter().map(ToString::to_string).collect();
                    let list = list.join(&word("word.comma", &[]));
                    Err(asked("O162", &[("field", &found.title), ("list", &list)]))
                }
            }
        }
    }
}

/// Destroys, and tells what is destroyed and what stays.
fn carry_out(
    draft: &mut Draft<'_>,
    reach: &Reach,
    ground: &Ground,
) -> Result<EraseReport, OfficeError> {
    let reader = draft.reader();
    let registers = reader.registers();
    let main = reader.register_index(&reach.register)?;
    let (all, open) = findings(reader, reach)?;
    let mut report = EraseReport {
        register: reach.register.clone(),
        title: registers[main].title.clone(),
        record: reach.record,
        label: label(reader, main, reach.record)?,
        also: reach.also.iter().copied().collect(),
        destroyed: destroyed(reader, reach)?,
        findings: (all.len(), open.len()),
        facts_kept: 0,
        referring: Vec::new(),
        namesakes: reach.namesakes.iter().copied().collect(),
        elsewhere: elsewhere(reader, reach),
        said: reach.said.clone(),
        files: reach.files.iter().cloned().collect(),
        folders: None,
        ground: ground.clone(),
        wiped: None,
        tx: None,
    };
    for record in std::iter::once(&reach.record).chain(&reach.also) {
        report.facts_kept += reader.facts_about(*record)?;
    }
    for (register, records) in &reach.referring {
        report.referring.push(Others {
            title: registers[*register].title.clone(),
            register: registers[*register].name.clone(),
            records: records.iter().copied().collect(),
        });
    }
    for subject in reach.subjects() {
        draft.erase(subject, ground)?;
    }
    for finding in open {
        close(draft, finding, "gone", "", "")?;
    }
    draft.flush()?;
    Ok(report)
}

fn destroyed(reader: &Reader, reach: &Reach) -> Result<Vec<Destroyed>, LedgerError> {
    #[derive(Default)]
    struct Sum {
        records: BTreeSet<RecordId>,
        facts: usize,
        fields: BTreeSet<usize>,
    }
    let registers = reader.registers();
    let mut sums: BTreeMap<usize, Sum> = BTreeMap::new();
    for subject in reach.subjects() {
        for sealed in reader.sealed_under(subject)? {
            // A register that the pack no longer has lies under no title; its boxes go all the same.
            let Ok(register) = reader.register_index(&sealed.register) else {
                continue;
            };
            if registers[register].name == layout::FINDINGS {
                continue;
            }
            let sum = sums.entry(register).or_default();
            sum.records.insert(sealed.record);
            sum.facts += 1;
            let declared = &registers[register].fields;
            let at = |name: &String| {
                declared
                    .iter()
                    .position(|f| f.name == *name || f.was.contains(name))
            };
            sum.fields.extend(sealed.fields.iter().filter_map(at));
        }
    }
    let told = sums.into_iter().map(|(register, sum)| Destroyed {
        title: registers[register].title.clone(),
        register: registers[register].name.clone(),
        records: sum.records.len(),
        facts: sum.facts,
        fields: sum
            .fields
            .into_iter()
            .map(|field| registers[register].fields[field].title.clone())
            .collect(),
    });
    Ok(told.collect())
}

/// The findings that lose their sentence, and those of them that are open.
fn findings(
    reader: &Reader,
    reach: &Reach,
) -> Result<(BTreeSet<RecordId>, Vec<RecordId>), LedgerError> {
    let mut all = reach.findings.clone();
    for subject in reach.subjects() {
        let sealed = reader.sealed_under(subject)?.into_iter();
        all.extend(
            sealed
                .filter(|s| s.register == layout::FINDINGS)
                .map(|s| s.record),
        );
    }
    let open = super::import::open_findings(reader, None)?;
    let open = open.into_iter().filter_map(|finding| finding.id);
    let open = open.filter(|id| all.contains(id)).collect();
    Ok((all, open))
}

fn elsewhere(reader: &Reader, reach: &Reach) -> Vec<Elsewhere> {
    let registers = reader.registers();
    let mut grouped: BTreeMap<(usize, usize), BTreeSet<RecordId>> = BTreeMap::new();
    for mention in &reach.mentions {
        let place = (mention.register, mention.field);
        grouped.entry(place).or_default().insert(mention.record);
    }
    let told = grouped.into_iter().map(|((register, field), records)| {
        let declared = &registers[register].fields[field];
        Elsewhere {
            title: registers[register].title.clone(),
            register: registers[register].name.clone(),
            field: declared.title.clone(),
            records: records.into_iter().collect(),
            sealed: declared.personal,
        }
    });
    told.collect()
}
