//! How far an erasure reaches: the subjects whose keys go, and where else the person stands. Only looks.

use super::asked;
use crate::error::OfficeError;
use crate::words::word;
use ::pack::declare::RegisterDecl;
use ledger::{LedgerError, Mention, Reader, Said, layout};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use vocabulary::{RecordId, Value};

/// A name of one character says nothing of whom it means.
const NAME_MIN: usize = 2;

/// What an erasure touches.
#[derive(Debug, Default)]
pub(super) struct Reach {
    pub(super) register: String,
    pub(super) record: RecordId,
    /// Other subjects that are this person.
    pub(super) also: BTreeSet<RecordId>,
    /// Findings under a key of their own that name the person or lie on his rows.
    pub(super) findings: BTreeSet<RecordId>,
    /// What the person was ever called.
    pub(super) names: Vec<String>,
    pub(super) namesakes: BTreeSet<RecordId>,
    pub(super) referring: BTreeMap<usize, BTreeSet<RecordId>>,
    /// Where the name stands and stays.
    pub(super) mentions: Vec<Mention>,
    /// Transactions whose reason or file holds the name.
    pub(super) said: Vec<i64>,
    pub(super) files: BTreeSet<String>,
}

impl Reach {
    /// Every subject whose key goes, the person first.
    pub(super) fn subjects(&self) -> impl Iterator<Item = RecordId> {
        let others = self.also.iter().chain(&self.findings).copied();
        std::iter::once(self.record).chain(others)
    }

    pub(super) fn of(
        reader: &Reader,
        register: &str,
        record: RecordId,
    ) -> Result<Reach, OfficeError> {
        let at = reader.register_index(register)?;
        let declared = reader.registers()[at].clone();
        let owner = reader.subject_of(register, record)?;
        if owner != record {
            let of = declared.subject.as_deref().and_then(|f| declared.field(f));
            let to = match of.map(|field| &field.kind) {
                Some(vocabulary::FieldType::Reference(to)) => to.as_str(),
                _ => register,
            };
            let params = [
                ("title", declared.title.as_str()),
                ("record", &*record.to_string()),
                ("register", to),
                ("owner", &*owner.to_string()),
            ];
            return Err(asked("O163", &params));
        }
        let mut reach = Reach {
            register: register.to_owned(),
            record,
            ..Reach::default()
        };
        reach.same_person(reader, &declared)?;
        reach.own_keys(reader)?;
        reach.called(reader, at)?;
        let sealed: usize = reach.sealed(reader)?;
        if sealed == 0 {
            return Err(nothing(reader, &declared, record));
        }
        reach.named_by_findings(reader)?;
        reach.mentioned(reader)?;
        Ok(reach)
    }

    /// The same valid number means the same person, whatever happened to the imports between.
    fn same_person(&mut self, reader: &Reader, declared: &RegisterDecl) -> Result<(), LedgerError> {
        let sure = declared.identity.as_ref().and_then(|i| i.sure.as_ref());
        if let Some(sure) = sure {
            self.also = reader.sharing(&declared.name, self.record, sure)?;
        }
        Ok(())
    }

    /// Who refers to the person; what of it was sealed before it named him lies under its own key.
    fn own_keys(&mut self, reader: &Reader) -> Result<(), LedgerError> {
        let registers = reader.registers();
        let mut keys = BTreeSet::new();
        for person in self.people() {
            for (at, records) in reader.referring(&self.register, person)? {
                let name = &registers[at].name;
                for record in &records {
                    if registers[at].subject.is_some()
                        && reader.subject_of(name, *record)? == person
                        && reader.has_key(*record)?
                    {
                        keys.insert(*record);
                    }
                }
                self.referring.entry(at).or_default().extend(records);
            }
        }
        self.also.extend(keys);
        Ok(())
    }

    fn people(&self) -> Vec<RecordId> {
        std::iter::once(self.record)
            .chain(self.also.iter().copied())
            .collect()
    }

    /// Everything the person was ever called, in whatever was ever said.
    fn called(&mut self, reader: &Reader, register: usize) -> Result<(), LedgerError> {
        let declared = &reader.registers()[register];
        let by = declared.identity.as_ref().map(|i| i.name.as_str());
        let label = declared.label.text.as_str();
        let Some(field) = declared.field_index(by.unwrap_or(label)) else {
            return Ok(());
        };
        // Only what is sealed leaves the book; a clear label is no secret.
        if !declared.fields[field].personal {
            return Ok(());
        }
        let mut names = BTreeSet::new();
        for person in self.people() {
            for fact in reader.assertions(&declared.name, person)? {
                for (_, said) in fact.set.iter().filter(|(at, _)| *at == field) {
                    if let Said::Value(Value::Text(name)) = said
                        && name.chars().count() >= NAME_MIN
                    {
                        names.insert(name.clone());
                    }
                }
            }
        }
        for name in &names {
            let found = reader.find(
                &declared.name,
                &declared.fields[field].name,
                &name.as_str().into(),
            )?;
            self.namesakes.extend(found);
        }
        for person in self.people() {
            self.namesakes.remove(&person);
        }
        self.names = names.into_iter().collect();
        Ok(())
    }

    /// Counts what lies under the keys, and notes the files it came from.
    fn sealed(&mut self, reader: &Reader) -> Result<usize, LedgerError> {
        let mut count = 0;
        for person in self.people() {
            for sealed in reader.sealed_under(person)? {
                count += 1;
                if let Some((source, _)) = sealed.row
                    && let Some(source) = reader.source_at(sealed.tx, source)?
                {
                    self.files.insert(source.file);
                }
            }
        }
        Ok(count)
    }

    /// Findings about nobody in particular whose sentence names the person, or that lie on a row of his.
    fn named_by_findings(&mut self, reader: &Reader) -> Result<(), LedgerError> {
        let mut rows: HashSet<(String, String, u32)> = HashSet::new();
        for person in self.people() {
            for sealed in reader.sealed_under(person)? {
                if let Some((source, row)) = sealed.row
                    && let Some(source) = reader.source_at(sealed.tx, source)?
                {
                    rows.insert((source.file, source.sheet, row));
                }
            }
        }
        let register = reader.register_index(layout::FINDINGS)?;
        let mentions = reader.mentions(&self.names)?;
        let naming: BTreeSet<RecordId> = mentions
            .into_iter()
            .filter(|mention| mention.register == register)
            .map(|mention| mention.record)
            .collect();
        for (finding, file, sheet, cells) in reader.findings_of_their_own()? {
            let on_row = cells.lines().any(|cell| {
                let digits = cell.trim_start_matches(|c: char| !c.is_ascii_digit());
                let place = digits.parse().map(|row| (file.clone(), sheet.clone(), row));
                place.is_ok_and(|place| rows.contains(&place))
            });
            if on_row || naming.contains(&finding) {
                self.findings.insert(finding);
            }
        }
        Ok(())
    }

    /// Where the name stands under another subject, or where nothing can be sealed.
    fn mentioned(&mut self, reader: &Reader) -> Result<(), LedgerError> {
        let gone: HashSet<RecordId> = self
            .subjects()
            .chain(self.namesakes.iter().copied())
            .collect();
        for mention in reader.mentions(&self.names)? {
            let register = &reader.registers()[mention.register];
            let subject = if register.name == layout::FINDINGS {
                reader.finding_subject(mention.record)?
            } else {
                Some(reader.subject_of(&register.name, mention.record)?)
            };
            let personal = register.fields[mention.field].personal;
            if !(personal && subject.is_some_and(|subject| gone.contains(&subject))) {
                self.mentions.push(mention);
            }
        }
        for tx in reader.transactions(1..=i64::MAX)? {
            let why = tx.why.iter();
            let sources = tx.sources.iter().flat_map(|s| [&s.file, &s.sheet]);
            let mut texts = why.chain(sources);
            if texts.any(|text| self.names.iter().any(|name| text.contains(name))) {
                self.said.push(tx.seq);
            }
        }
        Ok(())
    }
}

/// Why there is nothing to erase: it was done, or nothing personal was ever said.
fn nothing(reader: &Reader, declared: &RegisterDecl, record: RecordId) -> OfficeError {
    let number = record.to_string();
    let before = reader.lawful_erasures().unwrap_or_default();
    match before.iter().find(|erasure| erasure.subject == record) {
        Some(erasure) => {
            let params = [
                ("title", declared.title.as_str()),
                ("record", &number),
                ("at", &erasure.at.in_china()),
                ("actor", &erasure.actor),
                ("approver", &erasure.ground.approver),
                ("tx", &erasure.tx.to_string()),
            ];
            asked("O164", &params)
        }
        None => {
            let personal = declared.fields.iter().filter(|f| f.personal || f.secret);
            let titles: Vec<&str> = personal.map(|f| f.title.as_str()).collect();
            let code = if titles.is_empty() { "O171" } else { "O170" };
            let fields = titles.join(&word("word.comma", &[]));
            let params = [
                ("title", declared.title.as_str()),
                ("record", &number),
                ("fields", &fields),
            ];
            asked(code, &params)
        }
    }
}
