//! Settle: a person decides what a finding asks. A contradiction takes one source's value or a third; a cell that
//! could not be read is entered by hand or left unknown; a row that may mean several records is told which.
//! Writes at once, since `undo` takes it back; a preview carries everything out and writes nothing.

use super::check::sees_finding;
use super::import::{AMBIGUOUS, Kept, NEW, birth_of, close, field_column, one, sex_of};
use crate::error::OfficeError;
use crate::label::label;
use crate::office::Office;
use crate::why;
use crate::words::{say, shown, word};
use ::pack::CheckedPack;
use ::pack::declare::{Field, RegisterDecl};
use documents::sheet::Cell;
use documents::sheet::value::{ColumnReader, DateContext};
use ledger::{Assertion, Draft, LedgerError, Mode, NewFact, Op, Reader, Said};
use vocabulary::{Date, FieldType, Finding, FindingClass, Offer, RecordId, Value, without_numbers};

/// What is settled and how.
#[derive(Debug, Clone, Default)]
pub struct SettleInput {
    /// The finding's number, as typed.
    pub finding: String,
    /// Whose value counts, or which record a row means.
    pub take: Option<String>,
    /// A value that no source has.
    pub value: Option<String>,
    /// Why, in the actor's words.
    pub why: Option<String>,
    /// Only look.
    pub preview: bool,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The value of this source.
    Source(String),
    /// A value entered by hand.
    ByHand,
    /// It stays as it is.
    Accepted,
    /// The row means this record; `None`: somebody new.
    Row(Option<RecordId>),
}

/// What a settlement changed.
#[derive(Debug, Clone)]
pub struct SettleReport {
    /// The finding.
    pub finding: Finding,
    /// What was decided.
    pub verdict: Verdict,
    /// What changed, if a value did.
    pub change: Option<FieldChange>,
    /// The transaction; `None` in a preview.
    pub tx: Option<i64>,
}

/// A field of a record before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The register's name.
    pub register: String,
    /// Its title.
    pub register_title: String,
    /// The record.
    pub record: RecordId,
    /// What people call it.
    pub label: String,
    /// The field's title.
    pub field: String,
    /// As people write it; empty when unknown.
    pub before: String,
    /// Likewise.
    pub after: String,
}

/// What is to be written about a record.
struct Decision {
    register: usize,
    record: RecordId,
    field: usize,
    value: Value,
}

fn asked(code: &str, params: &[(&str, &str)]) -> OfficeError {
    OfficeError::Asked(Box::new(say(code, FindingClass::Rejected, params)))
}

impl Office {
    /// Settles a finding. Needs the deed `settle`.
    pub fn settle(&mut self, input: &SettleInput) -> Result<SettleReport, OfficeError> {
        self.may("settle")?;
        let number: RecordId = input
            .finding
            .trim()
            .trim_start_matches('#')
            .parse()
            .map_err(|_| asked("O120", &[("id", &input.finding)]))?;
        let Some(why) = why::kept(input.why.as_deref())? else {
            return Err(asked("O123", &[("id", &input.finding)]));
        };
        if input.take.is_some() && input.value.is_some() {
            return Err(asked("O124", &[]));
        }
        let pack = self.pack();
        let sight = self.sight();
        let deed = self.deed_asked("settle", Some(why.clone()), &format!("{input:?}"))?;
        let mode = if input.preview {
            Mode::Preview
        } else {
            Mode::Commit
        };
        let (report, receipt) = self.ledger_mut()?.write(deed, mode, |draft| {
            let kept = waiting(draft.reader(), number)?;
            if !sees_finding(draft.reader(), &sight, &kept.finding)? {
                return Err(asked("O120", &[("id", &number.to_string())]));
            }
            settle(draft, &pack, &kept, input, &why)
        })?;
        let mut report = report.ok_or(OfficeError::Repeated(receipt.seq))?;
        report.tx = (!input.preview).then_some(receipt.seq);
        Ok(report)
    }
}

/// The finding, if it waits to be settled.
fn waiting(reader: &Reader, number: RecordId) -> Result<Kept, OfficeError> {
    let id = number.to_string();
    let kept = one(reader, number)?.ok_or_else(|| asked("O120", &[("id", &id)]))?;
    match kept.state.as_str() {
        "open" => Ok(kept),
        "gone" => Err(asked("O122", &[("id", &id)])),
        _ => Err(asked("O121", &[("id", &id)])),
    }
}

fn settle(
    draft: &mut Draft<'_>,
    pack: &CheckedPack,
    kept: &Kept,
    input: &SettleInput,
    why: &str,
) -> Result<SettleReport, OfficeError> {
    let finding = &kept.finding;
    if finding.code == AMBIGUOUS {
        return row(draft, kept, input, why);
    }
    let (verdict, decision, chosen) = match (&input.take, &input.value) {
        (Some(text), _) => {
            let offer = offered(draft.reader(), pack, finding, text)?;
            let decision = about(draft.reader(), finding)?.map(|about| Decision {
                value: offer.value.clone(),
                ..about
            });
            let verdict = Verdict::Source(offer.place.clone());
            (verdict, decision, offer.place)
        }
        (None, Some(text)) => {
            let about = about(draft.reader(), finding)?
                .ok_or_else(|| asked("O129", &[("id", &kept.record.to_string())]))?;
            let value = parsed(draft.reader(), pack, &about, text)?;
            let decision = Decision { value, ..about };
            (Verdict::ByHand, Some(decision), "@value".to_owned())
        }
        (None, None) if finding.class == FindingClass::Contradictory => {
            let list = list(draft.reader(), pack, finding)?;
            return Err(asked(
                "O125",
                &[("id", &kept.record.to_string()), ("list", &list)],
            ));
        }
        (None, None) => (Verdict::Accepted, None, "@accept".to_owned()),
    };
    let change = match decision {
        Some(decision) => Some(decide(draft, pack, finding, decision)?),
        None => None,
    };
    close(draft, kept.record, "settled", &chosen, why)?;
    draft.flush()?;
    Ok(SettleReport {
        finding: finding.clone(),
        verdict,
        change,
        tx: None,
    })
}

/// A row that may mean several records is told which; it enters when its file is imported again.
fn row(
    draft: &mut Draft<'_>,
    kept: &Kept,
    input: &SettleInput,
    why: &str,
) -> Result<SettleReport, OfficeError> {
    let finding = &kept.finding;
    let id = kept.record.to_string();
    // The first names the row, the others the records.
    let records: Vec<&str> = finding.offers.iter().skip(1).map(|o| &*o.place).collect();
    let list = records.join(&word("word.comma", &[]));
    let params = [("id", id.as_str()), ("list", list.as_str())];
    let Some(text) = input.take.as_deref() else {
        return Err(asked("O135", &params));
    };
    let text = text.trim().trim_start_matches('#');
    let verdict = if text == NEW {
        Verdict::Row(None)
    } else if records.contains(&text) {
        Verdict::Row(text.parse().ok())
    } else {
        let params = [("take", text), ("list", list.as_str())];
        return Err(asked("O136", &params));
    };
    close(draft, kept.record, "settled", text, why)?;
    draft.flush()?;
    Ok(SettleReport {
        finding: finding.clone(),
        verdict,
        change: None,
        tx: None,
    })
}

/// The field a finding is about, with no value yet.
fn about(reader: &Reader, finding: &Finding) -> Result<Option<Decision>, LedgerError> {
    let (Some(register), Some(record), Some(field)) =
        (&finding.register, finding.record, &finding.field)
    else {
        return Ok(None);
    };
    let register = reader.register_index(register)?;
    let field = reader.registers()[register].field_index(field);
    Ok(field.map(|field| Decision {
        register,
        record,
        field,
        value: Value::Null,
    }))
}

/// What one offer is called: its cell alone, and with file and sheet before it.
fn names(finding: &Finding, offer: &Offer) -> [String; 2] {
    // What is no cell, as an earlier decision, has but one name.
    let whole = if offer.place.contains('!') || !finding.cells.contains(&offer.place) {
        offer.place.clone()
    } else {
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        format!(
            "{}!{}!{}",
            part(&finding.file),
            part(&finding.sheet),
            offer.place
        )
    };
    [offer.place.clone(), whole]
}

/// The offer that some text names: exactly, else by a beginning, an ending or a part that only one has.
fn offered(
    reader: &Reader,
    pack: &CheckedPack,
    finding: &Finding,
    text: &str,
) -> Result<Offer, OfficeError> {
    // A file is known by its name without numbers of persons.
    let text = &*without_numbers(text.trim());
    let exact = |offer: &&Offer| names(finding, offer).iter().any(|name| name == text);
    let near = |offer: &&Offer| {
        let [_, whole] = names(finding, offer);
        !text.is_empty() && (whole.starts_with(text) || whole.ends_with(text))
    };
    let all = || finding.offers.iter();
    let mut found: Vec<&Offer> = all().filter(exact).collect();
    if found.is_empty() {
        found = all().filter(near).collect();
    }
    if found.is_empty() && !text.is_empty() {
        let within = |offer: &&Offer| names(finding, offer)[1].contains(text);
        found = all().filter(within).collect();
    }
    let list = list(reader, pack, finding)?;
    let params = [("take", text), ("list", list.as_str())];
    match found[..] {
        [one] => Ok(one.clone()),
        [] if finding.offers.is_empty() => Err(asked("O130", &params)),
        [] => Err(asked("O126", &params)),
        _ => Err(asked("O127", &params)),
    }
}

/// What may be taken, in words.
fn list(reader: &Reader, pack: &CheckedPack, finding: &Finding) -> Result<String, LedgerError> {
    let field = match about(reader, finding)? {
        Some(about) => Some(reader.registers()[about.register].fields[about.field].clone()),
        None => None,
    };
    let lines = finding.offers.iter().map(|offer| {
        let value = field
            .as_ref()
            .map(|field| shown(pack, &field.kind, &offer.value))
            .unwrap_or_default();
        word("word.offer", &[("place", &offer.place), ("value", &value)])
    });
    Ok(lines.collect::<Vec<_>>().join(&word("word.semicolon", &[])))
}

/// A typed value, read as a cell of the field would be.
fn parsed(
    reader: &Reader,
    pack: &CheckedPack,
    about: &Decision,
    text: &str,
) -> Result<Value, OfficeError> {
    let register = &reader.registers()[about.register];
    let field = &register.fields[about.field];
    let params = [("text", text), ("title", field.title.as_str())];
    if matches!(field.kind, FieldType::Reference(_) | FieldType::Division) {
        return Err(asked("O133", &params));
    }
    let column = field_column(pack, field);
    let read = ColumnReader::new(&column, None, DateContext::default()).read(Cell::text(text));
    let value = read
        .map(|reading| reading.value)
        .ok()
        .filter(|value| !value.is_null())
        .ok_or_else(|| asked("O128", &params))?;
    let sure = register.identity.as_ref().and_then(|i| i.sure.as_ref());
    if sure == Some(&field.name) {
        let others = reader.find(&register.name, &field.name, &value)?;
        if let Some(other) = others.into_iter().find(|other| *other != about.record) {
            let params = [("text", text), ("record", &*other.to_string())];
            return Err(asked("O132", &params));
        }
    }
    Ok(value)
}

/// Writes the decision and says what it changed.
fn decide(
    draft: &mut Draft<'_>,
    pack: &CheckedPack,
    finding: &Finding,
    decision: Decision,
) -> Result<FieldChange, OfficeError> {
    let Decision {
        register,
        record,
        field,
        value,
    } = decision;
    let declared = draft.reader().registers()[register].clone();
    let facts = draft.reader().assertions(&declared.name, record)?;
    let (from, as_of) = days(&declared.fields[field], field, finding, &facts);
    let before = value_at(draft.reader(), &declared, record, field, from.max(as_of))?;
    let mut fact = NewFact::new(register, record, 0);
    (fact.from, fact.as_of) = (from, as_of);
    fact.values = vec![(field, value.clone())];
    fact.values.extend(given_by(&declared, field, &value));
    draft.decide(fact)?;
    draft.flush()?;
    let kind = &declared.fields[field].kind;
    let shown = |value: &Value| shown(pack, kind, value);
    Ok(FieldChange {
        register: declared.name.clone(),
        register_title: declared.title.clone(),
        record,
        label: label(draft.reader(), register, record)?,
        field: declared.fields[field].title.clone(),
        before: match before {
            // A secret stands in the table as its hash: what it was is among what was said.
            Some(Value::Text(_)) if declared.fields[field].secret => {
                shown(&said_last(&facts, field).unwrap_or_default())
            }
            Some(before) => shown(&before),
            None => String::new(),
        },
        after: shown(&value),
    })
}

/// What a number that a person has checked says of birth and sex.
fn given_by(declared: &RegisterDecl, field: usize, value: &Value) -> Vec<(usize, Value)> {
    let number = value.as_text().unwrap_or_default();
    let field = &declared.fields[field];
    let given = [
        field.gives_birth.as_deref().zip(birth_of(number)),
        field.gives_sex.as_deref().zip(sex_of(number)),
    ];
    let given = given.into_iter().flatten();
    given
        .filter_map(|(name, value)| Some((declared.field_index(name)?, value)))
        .collect()
}

/// Since when a decision speaks, and when it was the last word. What never changes is decided for ever; what
/// changes with time since the later of the sources at odds, so that a later source may bring news.
fn days(field: &Field, index: usize, finding: &Finding, facts: &[Assertion]) -> (Date, Date) {
    if field.constant {
        return (Date::BEGINNING, Date::BEGINNING);
    }
    let live = || facts.iter().filter(|f| !f.withdrawn && f.op != Op::End);
    let at_odds = |fact: &&Assertion| {
        let says = |value: &Value| fact.set.contains(&(index, Said::Value(value.clone())));
        finding.offers.iter().any(|offer| says(&offer.value))
    };
    let own = |fact: &&Assertion| {
        Some(&fact.source.0) == finding.file.as_ref()
            && Some(fact.source.1.as_str()) == finding.sheet.as_deref().or(Some(""))
    };
    let mut parties: Vec<&Assertion> = live().filter(at_odds).collect();
    if parties.is_empty() {
        parties = live().filter(own).collect();
    }
    if parties.is_empty() {
        parties = live().collect();
    }
    let from = parties.iter().map(|f| f.from).max();
    let as_of = parties.iter().map(|f| f.from.max(f.as_of)).max();
    (
        from.unwrap_or(Date::BEGINNING),
        as_of.unwrap_or(Date::BEGINNING),
    )
}

/// A field's value on a day; of a record that is not there on it, the last it had.
fn value_at(
    reader: &Reader,
    declared: &RegisterDecl,
    record: RecordId,
    field: usize,
    day: Date,
) -> Result<Option<Value>, LedgerError> {
    let mut slices = reader.slices(&declared.name, record, None)?;
    let at = slices.iter().position(|s| s.from <= day && day < s.to);
    let slice = match at {
        Some(at) => Some(slices.swap_remove(at)),
        None => slices.pop(),
    };
    Ok(slice.and_then(|slice| slice.values.into_iter().nth(field)))
}

fn said_last(facts: &[Assertion], field: usize) -> Option<Value> {
    let live = facts.iter().rev().filter(|fact| !fact.withdrawn);
    live.flat_map(|fact| &fact.set)
        .find_map(|(at, said)| match said {
            Said::Value(value) if *at == field => Some(value.clone()),
            _ => None,
        })
}
