//! One file: read outside the writer, taken in its turn.

use super::about::About;
use super::folder::{Meant, hide};
use super::rows::Reading;
use super::wording::Wording;
use super::{ColumnUse, FileReport, SheetReport, form, ground, keep, layer, limits, tree};
use crate::clock::Clock;
use crate::office::known_places;
use crate::places::Places;
use crate::policy::Sight;
use crate::words::say;
use documents::layer::Layer;
use documents::sheet::{self, ColumnChoices, Form, Forms, Limits, SheetReading, Table};
use ledger::intake::{self, Roster};
use ledger::{Draft, HashAlg, LedgerError, Source, layout, plainly};
use pack::CheckedPack;
use pack::declare::{SheetDecl, SheetMode};
use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use vocabulary::{Date, DivisionId, Finding, FindingClass, Value};

/// Sheets rank after what a valid ID number gives, in the order that the pack declares.
const RANK_SHEETS: u8 = 10;

/// A file, read.
pub(super) struct FileIn {
    pub(super) name: String,
    /// Where it lies.
    pub(super) path: PathBuf,
    pub(super) sha256: String,
    pub(super) what: What,
    /// How long reading took, in microseconds.
    read: i64,
}

/// What a file turned out to be.
pub(super) enum What {
    /// A workbook: sheet names with their readings.
    Workbook(Vec<(String, SheetReading)>),
    /// A map layer: its features, and what the pack's sheets make of them.
    Layer(Box<LayerIn>),
    /// Refused whole, and why.
    Refused(Box<Finding>),
    /// A kind of file that no register takes.
    Nothing,
}

/// A map layer, read.
pub(super) struct LayerIn {
    pub(super) layer: Layer,
    /// Under its name, the file's without its ending, as a workbook's sheets.
    pub(super) sheets: Vec<(String, SheetReading)>,
}

/// What the pack looks for.
pub(super) struct Wanted<'a> {
    /// In workbooks.
    pub(super) sheets: Forms<'a>,
    /// In layers, those that may be one.
    pub(super) forms: &'a [Form],
}

/// A file's bytes. One that is too large is refused before it fills the memory; one that grows meanwhile, too.
fn whole(path: &Path, name: &str, limits: &Limits) -> Result<Vec<u8>, Box<Finding>> {
    let unread = |error: std::io::Error| {
        let why = plainly(&error.to_string());
        let params = [("file", name), ("why", why.as_str())];
        Box::new(say("O112", FindingClass::Rejected, &params))
    };
    let file = std::fs::File::open(path).map_err(unread)?;
    let size = file.metadata().map_err(unread)?.len();
    sheet::weigh(path, size, limits).map_err(|error| Box::new(error.finding()))?;
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    let mut read = file.take(limits.file_bytes.saturating_add(1));
    read.read_to_end(&mut bytes).map_err(unread)?;
    Ok(bytes)
}

/// Reads a file; nothing of the ledger is needed for it.
pub(super) fn read(
    file: &Meant,
    forms: &Wanted<'_>,
    choices: &ColumnChoices,
    limits: &Limits,
    clock: &dyn Clock,
) -> FileIn {
    let began = clock.now().0;
    let (path, name) = (file.path.as_path(), file.label.clone());
    // The folders on the way say nothing of the table.
    let bare = name.rsplit('/').next().unwrap_or(&name).to_owned();
    let ending = path
        .extension()
        .map(|e| e.to_string_lossy().to_ascii_lowercase())
        .unwrap_or_default();
    let bytes = match whole(path, &name, limits) {
        Ok(bytes) => bytes,
        Err(finding) => {
            return FileIn {
                name,
                path: path.to_path_buf(),
                sha256: String::new(),
                what: What::Refused(finding),
                read: 0,
            };
        }
    };
    let what = match ending.as_str() {
        "geojson" | "json" => match documents::layer::open(&bytes, limits) {
            Ok(layer) => {
                let stem = Path::new(&bare)
                    .file_stem()
                    .unwrap_or_default()
                    .to_string_lossy();
                let forms = documents::layer::forms(forms.forms, layer.kind());
                let names = (&*stem, bare.as_str());
                let mut reading = documents::layer::match_layer(&layer, &forms, names, choices);
                called(&mut reading, &name);
                let sheets = vec![(stem.into_owned(), reading)];
                What::Layer(Box::new(LayerIn { layer, sheets }))
            }
            Err(error) => What::Refused(Box::new(error.finding())),
        },
        "xlsx" | "xlsm" | "xls" | "et" | "csv" | "tsv" => {
            match sheet::open(Path::new(&bare), &bytes, limits) {
                Ok(mut book) => What::Workbook(
                    book.sheets
                        .iter_mut()
                        .map(|sheet| {
                            hide(&mut sheet.name);
                            let mut reading = forms.sheets.match_tables(sheet, &bare, choices);
                            called(&mut reading, &name);
                            (sheet.name.clone(), reading)
                        })
                        .collect(),
                ),
                Err(error) => What::Refused(Box::new(error.finding())),
            }
        }
        _ => What::Nothing,
    };
    let sha256 = sha256(&bytes);
    let read = clock.now().0 - began;
    FileIn {
        name,
        path: path.to_path_buf(),
        sha256,
        what,
        read,
    }
}

/// Findings of the reader name the file as the book knows it.
fn called(reading: &mut SheetReading, name: &str) {
    let own = reading.tables.iter_mut().flat_map(|t| &mut t.findings);
    let aside = reading.set_aside.iter_mut().chain(&mut reading.beside);
    for finding in own.chain(aside) {
        finding.file = Some(name.to_owned());
    }
}

/// A file's hash in hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    HashAlg::Sha256
        .hash(&[bytes])
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl FileIn {
    /// How many rows its tables have, for progress.
    pub(super) fn rows(&self) -> usize {
        match &self.what {
            What::Layer(read) if self.sheets().is_empty() => read.layer.features.len(),
            _ => self.tables().map(|(_, table)| table.rows.len()).sum(),
        }
    }

    /// Sheet names with what was read of them: of a workbook, or of a layer.
    pub(super) fn sheets(&self) -> &[(String, SheetReading)] {
        match &self.what {
            What::Workbook(sheets) => sheets,
            What::Layer(read) => &read.sheets,
            What::Refused(_) | What::Nothing => &[],
        }
    }

    /// Its tables, each with its sheet's name.
    pub(super) fn tables(&self) -> impl Iterator<Item = (&String, &Table)> {
        self.sheets()
            .iter()
            .flat_map(|(name, reading)| reading.tables.iter().map(move |table| (name, table)))
    }

    /// Layers and lists of places first; then files whose rows carry sure values; then the order of the pack's sheets; then names.
    pub(super) fn order(&self, pack: &CheckedPack) -> (u8, usize, String) {
        let (class, form) = match &self.what {
            What::Layer(read) if layer::has_places(pack, &read.layer) => (0, 0),
            What::Workbook(_) | What::Layer(_) => {
                let classes = self.tables().map(|(_, table)| class(pack, table));
                let forms = self.tables().map(|(_, table)| table.form);
                // A file of which one table refers to what others make waits for them, unless they wait for it.
                let first = classes.min().unwrap_or(2);
                let waits = first == 2 && self.tables().any(|(_, table)| links(pack, table));
                (
                    if waits { 3 } else { first },
                    forms.min().unwrap_or(usize::MAX),
                )
            }
            What::Refused(_) | What::Nothing => (4, 0),
        };
        (class, form, self.name.clone())
    }

    /// The report about a file of which nothing was taken.
    pub(super) fn untaken(&self) -> FileReport {
        let finding = match &self.what {
            What::Refused(finding) => (**finding).clone(),
            _ => say("I101", FindingClass::Notice, &[]),
        };
        let finding = Finding {
            file: Some(self.name.clone()),
            ..finding
        };
        let sheet = SheetReport {
            findings: vec![finding],
            ..SheetReport::default()
        };
        FileReport {
            file: self.name.clone(),
            sheets: vec![sheet],
            ..FileReport::default()
        }
    }
}

/// When a table is taken among others: lists of places, then those whose rows say who is who, then the rest; last those
/// that refer to what others make.
fn class(pack: &CheckedPack, table: &Table) -> u8 {
    if pack.sheets[table.form].makes.is_some() {
        0
    } else if is_sure(pack, table) {
        1
    } else if links(pack, table) {
        3
    } else {
        2
    }
}

/// Whether a table refers to records that it does not make.
fn links(pack: &CheckedPack, table: &Table) -> bool {
    let rows = &pack.sheets[table.form].rows;
    rows.iter().any(|emit| emit.link.is_some())
}

/// Whether a table has a column that decides who is who.
fn is_sure(pack: &CheckedPack, table: &Table) -> bool {
    let sheet = &pack.sheets[table.form];
    table.mapping.iter().any(|mapped| {
        let field = sheet.columns[mapped.column].field.as_ref();
        field.is_some_and(|(register, field)| {
            let identity = pack
                .register(register)
                .and_then(|register| register.identity.as_ref());
            identity.is_some_and(|identity| identity.sure.as_ref() == Some(field))
        })
    })
}

/// Takes a file into the draft.
pub(super) fn take(
    draft: &mut Draft<'_>,
    pack: &CheckedPack,
    file: &FileIn,
    (as_of, sight): (Option<Date>, &Sight),
    (clock, tick): (&dyn Clock, &dyn Fn(usize)),
) -> Result<FileReport, LedgerError> {
    let mut report = FileReport {
        file: file.name.clone(),
        timings: vec![("read", file.read)],
        ..FileReport::default()
    };
    match &file.what {
        What::Refused(_) | What::Nothing => return Ok(file.untaken()),
        What::Layer(read) => {
            let places = layer::has_places(pack, &read.layer);
            // A list of places without outlines is that and no more.
            let list = places && read.layer.is_list();
            let none = list
                || read
                    .sheets
                    .iter()
                    .all(|(_, reading)| reading.tables.is_empty());
            if places && !sight.sees_all_divisions() {
                report.sheets.push(SheetReport {
                    findings: vec![say("I139", FindingClass::Rejected, &[])],
                    ..SheetReport::default()
                });
                return Ok(report);
            }
            // Beside its places a layer may be a register's; alone it is one or the other.
            let near = read.sheets.iter().find_map(|(_, reading)| {
                let aside = reading.set_aside.as_ref();
                aside.filter(|finding| finding.class != FindingClass::Notice)
            });
            if places || none && near.is_none() {
                let taken = take_places(draft, pack, file, &read.layer, as_of)?;
                report.sheets.push(taken);
            }
            if !none || near.is_some() && !places {
                take_sheets(
                    draft,
                    pack,
                    file,
                    (as_of, sight),
                    (clock, tick),
                    &mut report,
                )?;
            }
        }
        What::Workbook(_) => take_sheets(
            draft,
            pack,
            file,
            (as_of, sight),
            (clock, tick),
            &mut report,
        )?,
    }
    Ok(report)
}

/// Takes every table of a file.
fn take_sheets(
    draft: &mut Draft<'_>,
    pack: &CheckedPack,
    file: &FileIn,
    (as_of, sight): (Option<Date>, &Sight),
    (clock, tick): (&dyn Clock, &dyn Fn(usize)),
    report: &mut FileReport,
) -> Result<(), LedgerError> {
    let sheets = file.sheets();
    for (name, reading) in sheets {
        if let Some(finding) = &reading.set_aside {
            report.sheets.push(SheetReport {
                sheet: name.clone(),
                findings: std::iter::once(finding)
                    .chain(&reading.beside)
                    .cloned()
                    .collect(),
                ..SheetReport::default()
            });
        }
    }
    let mut tables: Vec<(&String, &Table)> = file.tables().collect();
    tables.sort_by_key(|(_, table)| class(pack, table));
    let mut done = 0;
    for (name, table) in tables {
        let mut taking = Taking {
            pack,
            file,
            as_of,
            sight,
            clock,
            tick,
            done: &mut done,
            timings: &mut report.timings,
        };
        report.sheets.push(taking.table(draft, name, table)?);
    }
    let place = |sheet: &SheetReport| sheets.iter().position(|(name, _)| *name == sheet.sheet);
    report.sheets.sort_by_key(place);
    let read = sheets
        .iter()
        .filter(|(_, reading)| !reading.tables.is_empty());
    for (name, _) in read {
        keep_sheet(draft, &file.name, name, &mut report.sheets)?;
    }
    draft.flush()
}

/// Keeps the findings of one sheet, those of all its tables together; each learns its number, and what a person
/// has settled leaves the report.
fn keep_sheet(
    draft: &mut Draft<'_>,
    file: &str,
    name: &str,
    sheets: &mut [SheetReport],
) -> Result<(), LedgerError> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for (at, sheet) in sheets
        .iter_mut()
        .enumerate()
        .filter(|(_, s)| s.sheet == name)
    {
        counts.push((at, sheet.findings.len()));
        findings.append(&mut sheet.findings);
    }
    let mut kept = keep::keep(draft, file, name, findings)?.into_iter();
    for (at, count) in counts {
        sheets[at].findings = kept.by_ref().take(count).flatten().collect();
    }
    Ok(())
}

/// The places of the book, found by any of their names.
pub(super) fn places(draft: &Draft<'_>, pack: &CheckedPack) -> Result<Places, LedgerError> {
    let mut places = known_places(draft.reader(), pack)?;
    let book = draft.reader().book();
    for word in pack.levels.iter().flat_map(|level| &level.whole) {
        places.whole(word, book.id);
    }
    Ok(places)
}

fn take_places(
    draft: &mut Draft<'_>,
    pack: &CheckedPack,
    file: &FileIn,
    layer: &Layer,
    as_of: Option<Date>,
) -> Result<SheetReport, LedgerError> {
    let mut places = places(draft, pack)?;
    let source = Source {
        file: file.name.clone(),
        sha256: file.sha256.clone(),
        sheet: String::new(),
        form: String::new(),
        as_of: as_of.unwrap_or(Date::BEGINNING),
        columns: Vec::new(),
    };
    let mut out = layer::take(draft, pack, layer, source, &mut places)?;
    if !out.set_aside {
        let kept = keep::keep(draft, &file.name, "", std::mem::take(&mut out.findings))?;
        out.findings = kept.into_iter().flatten().collect();
    }
    Ok(SheetReport {
        sheet: String::new(),
        register: (!out.set_aside).then(|| layout::DIVISIONS.to_owned()),
        rows: if out.set_aside { 0 } else { out.rows },
        new: out.new,
        changed: out.changed,
        unchanged: out.unchanged,
        findings: out.findings,
        ..SheetReport::default()
    })
}

/// What every table of a file is taken with.
struct Taking<'a> {
    pack: &'a CheckedPack,
    file: &'a FileIn,
    as_of: Option<Date>,
    sight: &'a Sight,
    clock: &'a dyn Clock,
    /// Told how many rows of the file are done.
    tick: &'a dyn Fn(usize),
    done: &'a mut usize,
    timings: &'a mut Vec<(&'static str, i64)>,
}

impl Taking<'_> {
    fn table(
        &mut self,
        draft: &mut Draft<'_>,
        sheet_name: &str,
        table: &Table,
    ) -> Result<SheetReport, LedgerError> {
        take_table(draft, self, sheet_name, table)
    }

    fn timed(&mut self, step: &'static str, began: i64) {
        self.timings.push((step, self.clock.now().0 - began));
    }
}

/// What names the place of a table's rows when the sheet has no column for it.
enum PlaceOfAll {
    /// The sheet has the column, or lines between its rows say it.
    Own,
    /// The title, the sheet's name or the file's names one place: the table with it.
    Named(Box<Table>),
    /// Nothing does; the column.
    Unknown(usize),
}

fn place_of_all(table: &Table, sheet: &SheetDecl, places: &Places) -> PlaceOfAll {
    let Some(section) = &table.section else {
        return PlaceOfAll::Own;
    };
    // Another place that a row may name is not the place where the table was kept.
    if sheet.place.as_ref() != Some(&sheet.columns[section.column].name) {
        return PlaceOfAll::Unknown(section.column);
    }
    let named = section.texts.iter().find_map(|(text, cell)| {
        let (_, name) = places.named_in(text)?;
        Some((name, cell.unwrap_or_default()))
    });
    let Some((name, cell)) = named else {
        return PlaceOfAll::Unknown(section.column);
    };
    let value = Value::Text(name);
    let rows = table.rows.filled(section.column, &value, cell);
    PlaceOfAll::Named(Box::new(Table {
        rows,
        ..table.clone()
    }))
}

fn take_table(
    draft: &mut Draft<'_>,
    taking: &mut Taking<'_>,
    sheet_name: &str,
    table: &Table,
) -> Result<SheetReport, LedgerError> {
    let (pack, file, as_of) = (taking.pack, taking.file, taking.as_of);
    let began = taking.clock.now().0;
    let sheet = &pack.sheets[table.form];
    if let Some(mut finding) = limits::refused(taking.sight, pack, sheet) {
        finding.file = Some(file.name.clone());
        finding.sheet = Some(sheet_name.to_owned());
        return Ok(SheetReport {
            sheet: sheet_name.to_owned(),
            findings: vec![finding],
            ..SheetReport::default()
        });
    }
    let placed;
    let table = match place_of_all(table, sheet, &places(draft, pack)?) {
        PlaceOfAll::Own => table,
        PlaceOfAll::Named(made) => {
            placed = *made;
            &placed
        }
        PlaceOfAll::Unknown(column) if !sheet.columns[column].required => table,
        PlaceOfAll::Unknown(column) => {
            let names = &sheet.columns[column].names;
            let column = names
                .first()
                .map_or(sheet.columns[column].name.as_str(), String::as_str);
            let params = [("form", sheet.title.as_str()), ("column", column)];
            let mut finding = say("I123", FindingClass::Rejected, &params);
            finding.file = Some(file.name.clone());
            finding.sheet = Some(sheet_name.to_owned());
            return Ok(SheetReport {
                sheet: sheet_name.to_owned(),
                findings: vec![finding],
                ..SheetReport::default()
            });
        }
    };
    let registers = draft.reader().registers().to_vec();
    let as_of = as_of
        .or(table.date.map(|date| date.date))
        .unwrap_or(Date::BEGINNING);
    let book = draft.reader().book().id;
    let mut findings = table.findings.clone();
    let grounded;
    let mut table = table;
    if let What::Layer(read) = &file.what {
        let centres = ground::centres(draft.reader())?;
        match ground::stand(table, sheet, &read.layer.features, &centres) {
            ground::Ground::Near => {}
            ground::Ground::Some(made, far) => {
                grounded = *made;
                table = &grounded;
                findings.extend(far);
            }
            ground::Ground::None(mut finding) => {
                finding.file = Some(file.name.clone());
                finding.sheet = Some(sheet_name.to_owned());
                return Ok(SheetReport {
                    sheet: sheet_name.to_owned(),
                    findings: vec![*finding],
                    ..SheetReport::default()
                });
            }
        }
    }
    let mut places = places(draft, pack)?;
    let origin = (file.name.as_str(), sheet_name);
    let home = limits::home(taking.sight, book);
    let reading = Reading::new(pack, &registers, sheet, table, origin, home, as_of);
    let source = draft.add_source(Source {
        file: file.name.clone(),
        sha256: file.sha256.clone(),
        sheet: sheet_name.to_owned(),
        form: sheet.id.clone(),
        as_of,
        columns: reading.columns(),
    });
    findings.extend(match &sheet.makes {
        Some(makes) => tree::make(draft, pack, makes, table, &mut places, (source, as_of))?,
        // Who sees a part of the tree adds nothing to it.
        None if !taking.sight.sees_all_divisions() => Vec::new(),
        None => tree::propose(draft, pack, sheet, table, &mut places)?
            .into_iter()
            .collect(),
    });
    let mut said = reading.rows(&places);
    let beyond = limits::within(
        draft.reader(),
        taking.sight,
        &mut said.rows,
        &mut said.divisions,
    )?;
    taking.timed("check", began);
    let began = taking.clock.now().0;
    findings.extend(said.findings);
    findings.extend(beyond);
    let position = |name: &str| {
        registers
            .iter()
            .position(|register| register.name == name)
            .expect("the pack check resolved it")
    };
    let (main, roster) = match &sheet.mode {
        // Complete for places that nobody knows: it ends nobody.
        SheetMode::Roster { of, .. } if said.lost => (position(of), None),
        SheetMode::Roster { of, by_division } => {
            let divisions = if *by_division {
                said.divisions.iter().copied().collect()
            } else {
                Vec::new()
            };
            (
                position(of),
                Some(Roster {
                    register: position(of),
                    divisions,
                }),
            )
        }
        SheetMode::Entries => (position(sheet.main()), None),
    };
    let roster = limits::roster(draft.reader(), taking.sight, roster)?;
    let given = intake::Table {
        source: Some(source),
        file: file.name.clone(),
        sheet: sheet_name.to_owned(),
        as_of,
        rank: RANK_SHEETS.saturating_add(sheet.rank),
        main,
        roster,
        chosen: keep::chosen(draft.reader(), &file.name, sheet_name)?,
        rows: said.rows,
    };
    let before = draft.len();
    let outcome = intake::take_table(draft, given, &|rows| {
        (taking.tick)(*taking.done + rows);
    })?;
    *taking.done += table.rows.len();
    keep::followed(draft, &outcome.followed)?;
    taking.timed("apply", began);
    let began = taking.clock.now().0;
    let wrote = draft.len() > before;
    cover(draft, sheet, &said.divisions, as_of, home, wrote)?;
    let wording = Wording {
        pack,
        registers: &registers,
        reader: draft.reader(),
        sheet,
        table,
        file: &file.name,
        sheet_name,
        labels: &said.labels,
    };
    findings.extend(wording.findings(outcome.issues));
    let about = About {
        registers: &registers,
        reader: draft.reader(),
        sheet,
        table,
        main,
        records: &outcome.records,
    };
    for finding in &mut findings {
        finding.file.get_or_insert_with(|| file.name.clone());
        about.complete(finding)?;
        finding
            .register
            .get_or_insert_with(|| registers[main].name.clone());
        if finding.owner.is_none() {
            finding.owner.clone_from(&registers[main].owner);
        }
        finding.file.get_or_insert_with(|| file.name.clone());
        finding.sheet.get_or_insert_with(|| sheet_name.to_owned());
        ground::name(table, finding);
    }
    draft.flush()?;
    taking.timed("findings", began);
    Ok(SheetReport {
        sheet: sheet_name.to_owned(),
        register: Some(registers[main].name.clone()),
        title: Some(sheet.title.clone()),
        rows: outcome.rows,
        new: outcome.new,
        changed: outcome.changed,
        unchanged: outcome.unchanged,
        findings,
        mapping: uses(pack, sheet, table),
        unmapped: table.unmapped.iter().map(|u| u.header.clone()).collect(),
    })
}

/// How a table's columns were understood, in the sheet's order.
fn uses(pack: &CheckedPack, sheet: &SheetDecl, table: &Table) -> Vec<ColumnUse> {
    let mut mapped: Vec<_> = table.mapping.iter().collect();
    mapped.sort_by_key(|mapped| mapped.sheet_column);
    mapped
        .into_iter()
        .map(|mapped| {
            let column = &sheet.columns[mapped.column];
            let letters = documents::sheet::column_letters(mapped.sheet_column);
            ColumnUse {
                header: mapped.header.clone(),
                column: column.name.clone(),
                title: form::column_title(pack, column),
                cell: if table.features.is_empty() {
                    format!("{letters}{}", table.header_last)
                } else {
                    mapped.header.clone()
                },
                reason: mapped.reason.word(),
                confidence: mapped.confidence,
            }
        })
        .collect()
}

/// Notes that a source has covered the registers a sheet writes, once for each date.
fn cover(
    draft: &mut Draft<'_>,
    sheet: &SheetDecl,
    divisions: &std::collections::BTreeSet<DivisionId>,
    as_of: Date,
    book: DivisionId,
    wrote: bool,
) -> Result<(), LedgerError> {
    let by_division = matches!(
        sheet.mode,
        SheetMode::Roster {
            by_division: true,
            ..
        }
    ) || sheet.place.is_some();
    let mut done: HashSet<&str> = HashSet::new();
    for emit in sheet.rows.iter().filter(|emit| emit.link.is_none()) {
        if !done.insert(&emit.register) {
            continue;
        }
        let register = draft.reader().register_index(&emit.register)?;
        // A file that says something new covers by itself: taking back another file must not uncover it.
        let own = wrote.then(|| draft.seq());
        let known = draft.reader().covered(&emit.register, as_of, own)?;
        let wanted: Vec<DivisionId> = if by_division {
            divisions.iter().copied().collect()
        } else {
            vec![book]
        };
        for division in wanted
            .into_iter()
            .filter(|division| !known.contains(division))
        {
            draft.coverage(register, division, as_of)?;
        }
    }
    Ok(())
}
