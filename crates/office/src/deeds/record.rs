//! Record: a new record written by hand. What is there already, by its key or as the same person, is named and not
//! written again.

use crate::error::OfficeError;
use crate::label::{label, label_of};
use crate::office::Office;
use crate::policy::Sight;
use crate::typed::{Typed, day, register_written, wrong};
use crate::words::{say, word};
use ::pack::CheckedPack;
use ::pack::declare::RegisterDecl;
use ledger::intake::{Issue, Mention, Row, RowAt, Table, take_table};
use ledger::{Draft, LedgerError, Mode, NewFact, RANK_DEFAULT, Reader};
use std::sync::Arc;
use vocabulary::{Date, DivisionId, Finding, FindingClass, RecordId};

/// A record as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordInput {
    /// The register's name.
    pub register: String,
    /// Fields by name or title, and their values as people write them.
    pub values: Vec<(String, String)>,
    /// Where it belongs, by code or name; none: where the actor acts, else the whole book.
    pub division: Option<String>,
    /// True from this day; none: from today.
    pub from: Option<String>,
    /// First day on which it is no longer true.
    pub until: Option<String>,
    /// It is another than the one that is there.
    pub new: bool,
    /// Why, in the actor's words.
    pub why: Option<String>,
    /// Only look.
    pub preview: bool,
}

/// A record that was written, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordReport {
    /// The register's name.
    pub register: String,
    /// Its title.
    pub register_title: String,
    /// The record; in a preview the number it would have.
    pub record: RecordId,
    /// What people call it.
    pub label: String,
    /// The transaction; `None` in a preview.
    pub tx: Option<i64>,
    /// The request was answered before; this is that answer.
    pub repeated: bool,
    /// What a person should look at all the same.
    pub findings: Vec<Finding>,
}

/// Everything the writing thread needs.
struct Plan {
    pack: Arc<CheckedPack>,
    sight: Sight,
    register: usize,
    declared: RegisterDecl,
    typed: Typed,
    division: DivisionId,
    from: Date,
    until: Option<Date>,
    today: Date,
    new: bool,
}

pub(crate) fn refused(code: &str, params: &[(&str, &str)]) -> OfficeError {
    OfficeError::Refused(Box::new(say(code, FindingClass::Rejected, params)))
}

impl Office {
    /// Writes a new record by hand. Needs the deed `record`.
    pub fn record(&mut self, input: &RecordInput) -> Result<RecordReport, OfficeError> {
        self.may("record")?;
        let sight = self.sight();
        let pack = self.pack();
        let reader = self.reader()?;
        let (register, declared) = register_written(&reader, &pack, &sight, &input.register)?;
        let mut faults = Vec::new();
        let today = self.today();
        let typed = self.typed(&reader, &sight, &declared, &input.values, true);
        let typed = typed.unwrap_or_else(|found| {
            faults.extend(found);
            Typed::default()
        });
        let division = self.place_of(&reader, &sight, input.division.as_deref());
        let division = division.map_err(|error| keep(error, &mut faults));
        let mut read = |text: &Option<String>| {
            let day = text.as_deref().map(day).transpose();
            day.map_err(|fault| faults.push(*fault)).ok().flatten()
        };
        let (from, until) = (read(&input.from), read(&input.until));
        let from = from.unwrap_or(today);
        if until.is_some_and(|until| until <= from) {
            faults.push(wrong("O207", &declared, &[]));
        }
        if faults.is_empty() && typed.values.is_empty() {
            faults.push(wrong("O208", &declared, &[("register", &declared.title)]));
        }
        OfficeError::none_of(faults)?;
        let division = division?;
        let plan = Plan {
            pack,
            sight,
            register,
            declared: declared.clone(),
            typed,
            division,
            from,
            until,
            today,
            new: input.new,
        };
        drop(reader);
        let content = format!("{input:?}");
        let deed = self.deed_asked("record", input.why.clone(), &content)?;
        let mode = mode(input.preview);
        let (done, receipt) = self.submit(deed, mode, move |draft| plan.carry_out(draft))?;
        let (record, label, findings) = match done {
            Some(done) => done,
            None => {
                let reader = self.reader()?;
                let record = first_of(&reader, receipt.seq, &input.register)?;
                let index = reader.register_index(&input.register)?;
                (record, label(&reader, index, record)?, Vec::new())
            }
        };
        Ok(RecordReport {
            register: declared.name,
            register_title: declared.title,
            record,
            label,
            tx: (!input.preview).then_some(receipt.seq),
            repeated: receipt.repeated,
            findings,
        })
    }
}

/// Whether a deed stays.
pub(crate) fn mode(preview: bool) -> Mode {
    if preview { Mode::Preview } else { Mode::Commit }
}

/// The record that a transaction speaks of first in a register.
pub(crate) fn first_of(reader: &Reader, tx: i64, register: &str) -> Result<RecordId, OfficeError> {
    let spoken = reader.spoken_of(tx)?;
    let found = spoken.into_iter().find(|(name, _)| name == register);
    found.map(|(_, record)| record).ok_or_else(|| {
        let params = [("register", register), ("record", "0")];
        OfficeError::Asked(Box::new(say("O108", FindingClass::Rejected, &params)))
    })
}

/// What was asked wrongly joins the other faults; any other error stays what it is.
pub(crate) fn keep(error: OfficeError, faults: &mut Vec<Finding>) -> OfficeError {
    if let OfficeError::Asked(finding) = &error {
        faults.push((**finding).clone());
    }
    error
}

/// An error when another version of the pack came into force since the request was read.
pub(crate) fn same_pack(draft: &Draft<'_>, pack: &CheckedPack) -> Result<(), OfficeError> {
    if draft.reader().pack().hash == pack.hash {
        return Ok(());
    }
    let finding = say("O209", FindingClass::Rejected, &[]);
    Err(OfficeError::Asked(Box::new(finding)))
}

impl Plan {
    fn carry_out(
        self,
        draft: &mut Draft<'_>,
    ) -> Result<(RecordId, String, Vec<Finding>), OfficeError> {
        same_pack(draft, &self.pack)?;
        self.sure_value(draft)?;
        let mut findings = Vec::new();
        let record = if self.new {
            self.another(draft)?
        } else {
            self.found_or_new(draft, &mut findings)?
        };
        draft.flush()?;
        let label = label(draft.reader(), self.register, record)?;
        Ok((record, label, findings))
    }

    /// A number that tells one from all others is nobody else's, whatever is said.
    fn sure_value(&self, draft: &Draft<'_>) -> Result<(), OfficeError> {
        let identity = self.declared.identity.as_ref();
        let Some(sure) = identity.and_then(|identity| identity.sure.as_ref()) else {
            return Ok(());
        };
        let at = self.declared.field_index(sure);
        let said = self
            .typed
            .values
            .iter()
            .find(|(field, _)| Some(*field) == at);
        let Some((_, value)) = said else {
            return Ok(());
        };
        match draft
            .reader()
            .find(&self.declared.name, sure, value)?
            .first()
        {
            Some(other) => Err(self.there_already(draft, &[*other])?),
            None => Ok(()),
        }
    }

    /// The record that is there already, as an error that names it. Of one that is not seen it is only said that it is
    /// there: to write it twice would be worse. It is looked at as it was before this deed, which may have moved it.
    fn there_already(
        &self,
        draft: &Draft<'_>,
        records: &[RecordId],
    ) -> Result<OfficeError, OfficeError> {
        let (reader, name) = (draft.reader(), &self.declared.name);
        let mut list = Vec::new();
        for record in records {
            let before = reader.effect(name, *record, draft.seq())?.before;
            if let Some(last) = before.last()
                && self.sight.sees_last(reader, &before)?
            {
                let known = label_of(reader, self.register, &last.values, None);
                let number = record.to_string();
                let known = known.as_deref().unwrap_or(&number);
                let known = self.sight.label(&self.pack, &self.declared, known);
                let params = [("record", number.as_str()), ("known", known.as_str())];
                list.push(word("word.candidate", &params));
            }
        }
        let code = match (list.len(), records.len()) {
            (0, _) => "O211",
            (_, 1) => "O210",
            _ => "O212",
        };
        let list = list.join(&word("word.comma", &[]));
        let params = [("register", self.declared.title.as_str()), ("list", &list)];
        let mut finding = say(code, FindingClass::Duplicate, &params);
        finding.register = Some(self.declared.name.clone());
        finding.record = records.first().copied().filter(|_| code == "O210");
        Ok(OfficeError::Asked(Box::new(finding)))
    }

    /// One more record, whatever is there. What never changes about a subject is said from an unknown past on.
    fn another(&self, draft: &mut Draft<'_>) -> Result<RecordId, LedgerError> {
        let record = draft.new_record();
        let fields = &self.declared.fields;
        let of_subject = self.declared.identity.is_some();
        let constant = |at: usize| of_subject && fields[at].constant;
        for (always, from) in [(true, Date::BEGINNING), (false, self.from)] {
            let mut fact = NewFact::new(self.register, record, self.division);
            (fact.from, fact.to, fact.as_of) = (from, self.until, self.today.max(self.from));
            fact.rank = RANK_DEFAULT;
            let values = self.typed.values.iter();
            fact.values = values
                .filter(|(at, _)| constant(*at) == always)
                .cloned()
                .collect();
            let ranks = self.typed.ranks.iter();
            fact.ranks = ranks
                .filter(|(at, _)| constant(*at) == always)
                .copied()
                .collect();
            if !fact.values.is_empty() {
                draft.assert(fact)?;
            }
        }
        Ok(record)
    }

    /// The record, taken in as the row of a table is, so that it is found to be there by the same steps.
    fn found_or_new(
        &self,
        draft: &mut Draft<'_>,
        findings: &mut Vec<Finding>,
    ) -> Result<RecordId, OfficeError> {
        let at = RowAt { number: 1, part: 0 };
        let mention = Mention {
            register: self.register,
            division: self.division,
            from: Some(self.from),
            until: self.until,
            values: self.typed.values.clone(),
            ranks: self.typed.ranks.clone(),
            cells: Vec::new(),
            link: None,
        };
        let table = Table {
            source: None,
            file: String::new(),
            sheet: String::new(),
            as_of: self.today.max(self.from),
            rank: RANK_DEFAULT,
            main: self.register,
            roster: None,
            chosen: Vec::new(),
            rows: vec![Row {
                at,
                mentions: vec![mention],
            }],
        };
        let outcome = take_table(draft, table, &|_| {})?;
        for issue in &outcome.issues {
            match issue {
                Issue::Ambiguous { candidates, .. } => {
                    return Err(self.there_already(draft, candidates)?);
                }
                Issue::NoKey { .. } => return Err(self.without_key()),
                Issue::Namesake { other, .. } => {
                    let known =
                        self.sight
                            .sees_record(draft.reader(), &self.declared.name, *other)?;
                    let number = other.to_string();
                    let params = [("record", number.as_str())];
                    findings.extend(known.then(|| say("O213", FindingClass::Notice, &params)));
                }
                _ => {}
            }
        }
        match outcome.records.first() {
            Some((_, record)) if outcome.new > 0 => Ok(*record),
            Some((_, record)) => Err(self.there_already(draft, &[*record])?),
            None => Err(self.without_key()),
        }
    }

    fn without_key(&self) -> OfficeError {
        let titles = self.declared.keys.iter().flatten().filter_map(|part| {
            let ::pack::declare::KeyPart::Field(name) = part else {
                return None;
            };
            self.declared.field(name).map(|field| field.title.clone())
        });
        let mut titles: Vec<String> = titles.collect();
        if let Some(identity) = &self.declared.identity {
            titles.extend(
                self.declared
                    .field(&identity.name)
                    .map(|field| field.title.clone()),
            );
        }
        titles.dedup();
        let list = titles.join(&word("word.comma", &[]));
        let params = [("register", self.declared.title.as_str()), ("list", &list)];
        OfficeError::Asked(Box::new(wrong("O214", &self.declared, &params)))
    }
}
