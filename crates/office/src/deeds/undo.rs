//! Undo: an import or a settlement is taken back whole, as if it had never been said; what was built on it stays and
//! is named. The list says what can be taken back; a preview carries the undo out and writes nothing.

use super::import::recheck;
use crate::error::OfficeError;
use crate::label::label_of;
use crate::office::Office;
use crate::policy::Sight;
use crate::why;
use crate::words::{say, shown, word};
use ::pack::CheckedPack;
use ::pack::declare::RegisterDecl;
use ledger::{Draft, LedgerError, Mode, Reader, Slice, Transaction, intake, layout};
use std::collections::HashSet;
use vocabulary::{FieldType, FindingClass, Moment, RecordId, Value};

/// Deeds that can be taken back.
const DEEDS: [&str; 7] = [
    "import", "settle", "map", "record", "correct", "end", "withdraw",
];

/// The deed that takes back.
const UNDO: &str = "undo";

/// Records shown with their fields.
const SHOWN: usize = 10;

/// What is taken back and how.
#[derive(Debug, Clone, Default)]
pub struct UndoInput {
    /// The transaction's number, as typed.
    pub batch: String,
    /// Write; otherwise only look.
    pub commit: bool,
    /// Why, in the actor's words.
    pub why: Option<String>,
}

/// A transaction that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its number.
    pub tx: i64,
    /// When.
    pub at: Moment,
    /// The deed.
    pub deed: String,
    /// Who.
    pub actor: String,
    /// Why, if it was said.
    pub why: Option<String>,
    /// The files it read, each once.
    pub files: Vec<String>,
    /// How many facts.
    pub facts: u32,
}

/// What taking back changes.
#[derive(Debug, Clone)]
pub struct UndoReport {
    /// What is taken back.
    pub batch: Batch,
    /// By register, in the order of the pack.
    pub registers: Vec<RegisterEffect>,
    /// Findings that go.
    pub findings_gone: usize,
    /// Findings that are open again.
    pub findings_back: usize,
    /// Later deeds that speak of the same records; they stay.
    pub later: Vec<Batch>,
    /// The undo's own transaction; `None` in a preview.
    pub tx: Option<i64>,
}

/// What taking back does to one register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisterEffect {
    /// The register.
    pub register: String,
    /// Its title.
    pub title: String,
    /// Records that vanish.
    pub gone: usize,
    /// Records that change.
    pub changed: usize,
    /// Records that are there again.
    pub back: usize,
    /// The first of them.
    pub records: Vec<RecordEffect>,
}

/// What taking back does to one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordEffect {
    /// The record.
    pub record: RecordId,
    /// What people call it.
    pub label: String,
    /// Whether it vanishes.
    pub gone: bool,
    /// Fields that change: title, before, after.
    pub fields: Vec<(String, String, String)>,
}

fn asked(code: &str, params: &[(&str, &str)]) -> OfficeError {
    OfficeError::Asked(Box::new(say(code, FindingClass::Rejected, params)))
}

impl Office {
    /// What can be taken back, newest first. Needs the deed `undo`.
    pub fn undo_list(&self) -> Result<Vec<Batch>, OfficeError> {
        self.may("undo")?;
        let reader = self.reader()?;
        let mut list = batches(&reader)?;
        // Names of files and reasons tell of what is beyond one's sight: then only one's own are listed.
        let sight = self.sight();
        if !sight.sees_whole(&self.pack()) {
            list.retain(|batch| batch.actor == self.actor.name);
        }
        list.reverse();
        Ok(list)
    }

    /// Takes a transaction back. Needs the deed `undo`.
    pub fn undo(&mut self, input: &UndoInput) -> Result<UndoReport, OfficeError> {
        self.may("undo")?;
        let number: i64 = input
            .batch
            .trim()
            .trim_start_matches('#')
            .parse()
            .map_err(|_| asked("O140", &[("batch", &input.batch)]))?;
        let reader = self.reader()?;
        let batch = may_go(&reader, number)?;
        let live = batches(&reader)?;
        let built: HashSet<i64> = reader.built_on(number)?.into_iter().collect();
        let later: Vec<Batch> = live
            .iter()
            .filter(|batch| built.contains(&batch.tx))
            .cloned()
            .collect();
        let imports: Vec<&Batch> = live
            .iter()
            .filter(|later| later.tx > number && later.deed == "import")
            .collect();
        drop(reader);
        let pack = self.pack();
        let sight = self.sight();
        let content = format!("{input:?}");
        let deed = self.deed_asked(UNDO, why::kept(input.why.as_deref())?, &content)?;
        let mode = if input.commit {
            Mode::Commit
        } else {
            Mode::Preview
        };
        let outcome = self.ledger_mut()?.write(deed, mode, |draft| {
            let report = take_back(draft, &pack, &batch, &imports)?;
            within_sight(draft, &sight, &input.batch)?;
            Ok::<_, OfficeError>(report)
        });
        let (report, receipt) = outcome?;
        let mut report = report.ok_or(OfficeError::Repeated(receipt.seq))?;
        report.later = later;
        report.tx = input.commit.then_some(receipt.seq);
        Ok(report)
    }
}

/// An error when taking it back would touch what is not seen: then there is no such batch.
fn within_sight(draft: &Draft<'_>, sight: &Sight, batch: &str) -> Result<(), OfficeError> {
    if sight.sees_whole(&draft.reader().pack()) {
        return Ok(());
    }
    let (reader, seq) = (draft.reader(), draft.seq());
    let lost = || asked("O140", &[("batch", batch)]);
    for register in reader.registers() {
        // Findings go with the records that they are about.
        if register.name == layout::FINDINGS {
            continue;
        }
        let touched = reader.touched(&register.name, seq)?;
        if !touched.is_empty() && !sight.sees_register(&register.name) {
            return Err(lost());
        }
        for record in touched {
            let effect = reader.effect(&register.name, record, seq)?;
            for slice in effect.before.iter().chain(&effect.after) {
                if !sight.sees_division(reader, None, slice.division)? {
                    return Err(lost());
                }
            }
        }
    }
    Ok(())
}

/// Everything that can be taken back, oldest first.
fn batches(reader: &Reader) -> Result<Vec<Batch>, LedgerError> {
    let gone = reader.taken_back()?;
    let all = reader.transactions(1..=i64::MAX)?;
    let live = all
        .into_iter()
        .filter(|tx| DEEDS.contains(&&*tx.deed) && !gone.contains(&tx.seq));
    Ok(live.map(batch).collect())
}

fn batch(tx: Transaction) -> Batch {
    let mut files: Vec<String> = Vec::new();
    for source in tx.sources {
        if !files.contains(&source.file) {
            files.push(source.file);
        }
    }
    Batch {
        tx: tx.seq,
        at: tx.at,
        deed: tx.deed,
        actor: tx.actor,
        why: tx.why,
        files,
        facts: tx.facts,
    }
}

/// The transaction, if it can be taken back.
fn may_go(reader: &Reader, number: i64) -> Result<Batch, OfficeError> {
    let text = number.to_string();
    let params = [("batch", text.as_str())];
    let found = reader.transactions(number..=number)?.into_iter().next();
    let found = found.ok_or_else(|| asked("O140", &params))?;
    if reader.taken_back()?.contains(&number) {
        return Err(asked("O141", &params));
    }
    if !DEEDS.contains(&&*found.deed) {
        let deed = word(&format!("deed.{}", found.deed), &[]);
        let params = [("batch", text.as_str()), ("deed", deed.as_str())];
        let code = if found.deed == UNDO { "O144" } else { "O142" };
        return Err(asked(code, &params));
    }
    Ok(batch(found))
}

fn take_back(
    draft: &mut Draft<'_>,
    pack: &CheckedPack,
    batch: &Batch,
    imports: &[&Batch],
) -> Result<UndoReport, OfficeError> {
    let number = batch.tx;
    let sources = draft.reader().transactions(number..=number)?;
    let sources: HashSet<(String, String)> = sources
        .into_iter()
        .flat_map(|tx| tx.sources)
        .map(|source| (source.file, source.sheet))
        .collect();
    draft.withdraw(number, None)?;
    draft.flush()?;
    intake::after_withdrawal(draft, number)?;
    recheck(draft, &sources)?;

    let (reader, seq) = (draft.reader(), draft.seq());
    let mut report = UndoReport {
        batch: batch.clone(),
        registers: Vec::new(),
        findings_gone: 0,
        findings_back: 0,
        later: Vec::new(),
        tx: None,
    };
    for (position, register) in reader.registers().iter().enumerate() {
        let touched = reader.touched(&register.name, seq)?;
        if register.name == layout::FINDINGS {
            (report.findings_gone, report.findings_back) =
                findings(reader, register, &touched, seq)?;
            continue;
        }
        let effect = effect(reader, pack, (position, register), &touched, seq)?;
        // Places are what everything else stands on: whoever came later may have used them.
        if register.name == layout::DIVISIONS && effect.gone > 0 && !imports.is_empty() {
            let comma = word("word.comma", &[]);
            let list: Vec<String> = imports.iter().map(|batch| batch.tx.to_string()).collect();
            let text = number.to_string();
            let params = [("batch", text.as_str()), ("list", &list.join(&comma))];
            return Err(asked("O143", &params));
        }
        if !touched.is_empty() {
            report.registers.push(effect);
        }
    }
    Ok(report)
}

fn effect(
    reader: &Reader,
    pack: &CheckedPack,
    (position, register): (usize, &RegisterDecl),
    touched: &[RecordId],
    seq: i64,
) -> Result<RegisterEffect, LedgerError> {
    let mut out = RegisterEffect {
        register: register.name.clone(),
        title: register.title.clone(),
        ..RegisterEffect::default()
    };
    for record in touched {
        let effect = reader.effect(&register.name, *record, seq)?;
        match (effect.before.last(), effect.after.last()) {
            (Some(_), None) => out.gone += 1,
            (None, Some(_)) => out.back += 1,
            _ => out.changed += 1,
        }
        if out.records.len() >= SHOWN {
            continue;
        }
        let known = effect.before.last().or(effect.after.last());
        let label = known.and_then(|slice| label_of(reader, position, &slice.values, Some(seq)));
        let gone = effect.after.is_empty();
        out.records.push(RecordEffect {
            record: *record,
            label: label.unwrap_or_else(|| record.to_string()),
            gone,
            fields: if gone {
                Vec::new()
            } else {
                let (before, after) = (effect.before.last(), effect.after.last());
                fields(reader, pack, register, before, after)
            },
        });
    }
    Ok(out)
}

/// The fields that differ between two slices, and until when they were true.
fn fields(
    reader: &Reader,
    pack: &CheckedPack,
    register: &RegisterDecl,
    before: Option<&Slice>,
    after: Option<&Slice>,
) -> Vec<(String, String, String)> {
    let mut out = Vec::new();
    for (at, field) in register.fields.iter().enumerate() {
        let value = |slice: Option<&Slice>| slice.map_or(Value::Null, |s| s.values[at].clone());
        let (old, new) = (value(before), value(after));
        if old == new {
            continue;
        }
        let text = |value: &Value| match (&field.kind, value) {
            (_, Value::Null) => String::new(),
            // A secret stands here as its hash.
            _ if field.secret => word("word.hidden", &[]),
            (FieldType::Reference(to), Value::Int(record)) => reader
                .register_index(to)
                .and_then(|at| crate::label::label(reader, at, *record))
                .unwrap_or_else(|_| record.to_string()),
            (kind, value) => shown(pack, kind, value),
        };
        out.push((field.title.clone(), text(&old), text(&new)));
    }
    let since = |slice: Option<&Slice>| {
        let known = slice.filter(|slice| slice.from != vocabulary::Date::BEGINNING);
        known.map_or_else(String::new, |slice| slice.from.to_string())
    };
    if since(before) != since(after) {
        out.push((word("word.since", &[]), since(before), since(after)));
    }
    let until = |slice: Option<&Slice>| {
        let open = slice.filter(|slice| slice.to != vocabulary::Date::FOREVER);
        open.map_or_else(String::new, |slice| slice.to.to_string())
    };
    if until(before) != until(after) {
        out.push((word("word.until", &[]), until(before), until(after)));
    }
    out
}

/// How many findings go and how many are open again.
fn findings(
    reader: &Reader,
    register: &RegisterDecl,
    touched: &[RecordId],
    seq: i64,
) -> Result<(usize, usize), LedgerError> {
    let state = register
        .field_index("state")
        .expect("the ledger's own register has it");
    let (mut gone, mut back) = (0, 0);
    for record in touched {
        let effect = reader.effect(&register.name, *record, seq)?;
        let open = |slices: &[Slice]| {
            let slice = slices.last();
            slice.is_some_and(|slice| slice.values[state].as_text() == Some("open"))
        };
        match (open(&effect.before), open(&effect.after)) {
            (true, false) => gone += 1,
            (false, true) => back += 1,
            _ => {}
        }
    }
    Ok((gone, back))
}
