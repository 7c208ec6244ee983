//! What people said a header is: typed as `--map`, remembered in the book for the form that it was said of, and used
//! by every later import.

use super::take::FileIn;
use crate::error::OfficeError;
use crate::words::{say, word};
use documents::sheet::{ColumnChoice, MapReason};
use ledger::{Draft, LedgerError, NewFact, Reader, layout};
use pack::CheckedPack;
use pack::declare::SheetDecl;
use vocabulary::{Finding, FindingClass, RecordId, Value};

/// Names that are offered when one does not exist.
const NEAREST: usize = 3;

/// A header that people have said something of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderChoice {
    /// Its number in the book.
    pub record: RecordId,
    /// The id of the sheet's declaration.
    pub form: String,
    /// Its title.
    pub title: String,
    /// The header's levels, joined by `>`.
    pub header: String,
    /// The column it is; `None`: none.
    pub column: Option<String>,
    /// What people call that column.
    pub column_title: Option<String>,
}

/// Choices as typed, `SHEET!HEADER=column`; every error at once.
pub(super) fn typed(maps: &[String], pack: &CheckedPack) -> Result<Vec<ColumnChoice>, OfficeError> {
    let (mut choices, mut wrong) = (Vec::new(), Vec::new());
    for text in maps {
        let parts = text.rsplit_once('=').and_then(|(left, column)| {
            let (sheet, header) = left.split_once('!')?;
            Some((sheet.trim(), header.trim(), column.trim()))
        });
        let Some((sheet, header, column)) = parts.filter(|parts| !parts.1.is_empty()) else {
            wrong.push(say("O113", FindingClass::Rejected, &[("text", text)]));
            continue;
        };
        if !column.is_empty() && !is_column(pack, column) {
            let nearest = nearest(pack, column);
            let params = [("column", column), ("nearest", &*nearest)];
            wrong.push(say("O145", FindingClass::Rejected, &params));
            continue;
        }
        choices.push(ColumnChoice {
            form: None,
            sheet: sheet.to_owned(),
            header: header.to_owned(),
            column: (!column.is_empty()).then(|| column.to_owned()),
        });
    }
    OfficeError::none_of(wrong).map(|()| choices)
}

/// Whether some form has the column, written `column` or `form.column`.
fn is_column(pack: &CheckedPack, name: &str) -> bool {
    let has = |sheet: &SheetDecl, name: &str| sheet.columns.iter().any(|c| c.name == name);
    pack.sheets.iter().any(|sheet| {
        let own = name
            .strip_prefix(&sheet.id)
            .and_then(|rest| rest.strip_prefix('.'));
        has(sheet, name) || own.is_some_and(|own| has(sheet, own))
    })
}

/// The columns whose names or titles are nearest to what was typed.
fn nearest(pack: &CheckedPack, typed: &str) -> String {
    let typed = typed.rsplit('.').next().unwrap_or(typed);
    let mut found: Vec<(usize, String, String)> = Vec::new();
    for column in pack.sheets.iter().flat_map(|sheet| &sheet.columns) {
        let title = super::form::column_title(pack, column);
        let far = [column.name.as_str(), title.as_str()]
            .map(|name| strsim::damerau_levenshtein(name, typed));
        let far = far.into_iter().min().unwrap_or(usize::MAX);
        if !found.iter().any(|(_, name, _)| *name == column.name) {
            found.push((far, column.name.clone(), title));
        }
    }
    found.sort();
    let named = found
        .into_iter()
        .take(NEAREST)
        .map(|(_, name, title)| word("word.column", &[("column", &name), ("title", &title)]));
    named.collect::<Vec<_>>().join(&word("word.comma", &[]))
}

/// Choices for sheets that no file has; every one at once.
pub(super) fn placed(choices: &[ColumnChoice], files: &[FileIn]) -> Result<(), OfficeError> {
    let mut names: Vec<&str> = Vec::new();
    for file in files {
        names.extend(file.sheets().iter().map(|(name, _)| name.as_str()));
    }
    let lost = choices.iter().filter(|choice| {
        let bare = ColumnChoice {
            header: String::new(),
            ..(*choice).clone()
        };
        !names.iter().any(|name| bare.speaks_of(name, ""))
    });
    let wrong: Vec<Finding> = lost
        .map(|choice| {
            let mut near = names.clone();
            near.sort_by_key(|name| strsim::damerau_levenshtein(name, &choice.sheet));
            near.dedup();
            near.truncate(NEAREST);
            let nearest = near.join(&word("word.comma", &[]));
            let params = [("sheet", choice.sheet.as_str()), ("nearest", &*nearest)];
            say("O146", FindingClass::Rejected, &params)
        })
        .collect();
    OfficeError::none_of(wrong)
}

/// What the book remembers, oldest first.
pub(crate) fn remembered(
    reader: &Reader,
    pack: &CheckedPack,
) -> Result<Vec<HeaderChoice>, LedgerError> {
    let register = reader.register_index(layout::COLUMN_CHOICES)?;
    let declared = reader.registers()[register].clone();
    let at = |name: &str| {
        declared
            .field_index(name)
            .expect("the ledger's own register has it")
    };
    let (form, header, column) = (at("form"), at("header"), at("column"));
    let all = reader.all(layout::COLUMN_CHOICES)?;
    let choices = all.map(|(record, slice)| {
        let text = |at: usize| slice.values[at].as_text().map(str::to_owned);
        let form = text(form).unwrap_or_default();
        let sheet = pack.sheets.iter().find(|sheet| sheet.id == form);
        let column = text(column);
        let declared = sheet
            .zip(column.as_ref())
            .and_then(|(sheet, name)| sheet.columns.iter().find(|column| column.name == *name));
        HeaderChoice {
            record,
            title: sheet.map_or_else(|| form.clone(), |sheet| sheet.title.clone()),
            form,
            header: text(header).unwrap_or_default(),
            column_title: declared.map(|column| super::form::column_title(pack, column)),
            column,
        }
    });
    Ok(choices.collect())
}

/// What is remembered as the reader wants it.
pub(super) fn kept(remembered: &[HeaderChoice]) -> impl Iterator<Item = ColumnChoice> + '_ {
    remembered.iter().map(|choice| ColumnChoice {
        form: Some(choice.form.clone()),
        sheet: String::new(),
        header: choice.header.clone(),
        column: choice.column.clone(),
    })
}

/// What the typed choices came to in these files, and the book does not know yet: form, header, column.
pub(super) fn news(
    typed: &[ColumnChoice],
    files: &[FileIn],
    pack: &CheckedPack,
    known: &[HeaderChoice],
) -> Vec<(String, String, Option<String>)> {
    let mut found: Vec<(String, String, Option<String>)> = Vec::new();
    for (name, table) in files.iter().flat_map(FileIn::tables) {
        let sheet = &pack.sheets[table.form];
        let chosen = table
            .mapping
            .iter()
            .filter(|mapped| mapped.reason == MapReason::Chosen)
            .map(|mapped| {
                let column = sheet.columns[mapped.column].name.clone();
                (&mapped.header, Some(column))
            });
        let none = table
            .unmapped
            .iter()
            .map(|unmapped| (&unmapped.header, None));
        for (header, column) in chosen.chain(none) {
            let said = typed
                .iter()
                .rev()
                .find(|choice| choice.speaks_of(name, header));
            let as_said = said.is_some_and(|said| said.column.is_none() == column.is_none());
            let is_known = known.iter().any(|choice| {
                (&choice.form, &choice.header, &choice.column) == (&sheet.id, header, &column)
            });
            let one = (sheet.id.clone(), header.clone(), column);
            if as_said && !is_known && !found.contains(&one) {
                found.push(one);
            }
        }
    }
    found
}

/// Keeps choices; one of the same form and header is replaced.
pub(super) fn remember(
    draft: &mut Draft<'_>,
    known: &[HeaderChoice],
    news: &[(String, String, Option<String>)],
) -> Result<(), LedgerError> {
    let register = draft.reader().register_index(layout::COLUMN_CHOICES)?;
    let declared = draft.reader().registers()[register].clone();
    let book = draft.reader().book().id;
    for (form, header, column) in news {
        let before = known
            .iter()
            .find(|choice| choice.form == *form && choice.header == *header);
        let record = before.map_or_else(|| draft.new_record(), |choice| choice.record);
        let mut fact = NewFact::new(register, record, book);
        let values = [
            ("form", Value::text(form)),
            ("header", Value::text(header)),
            // Null is a statement: the header is no column.
            ("column", column.as_ref().map_or(Value::Null, Value::text)),
        ];
        fact.values = values
            .into_iter()
            .filter_map(|(name, value)| Some((declared.field_index(name)?, value)))
            .collect();
        draft.assert(fact)?;
    }
    draft.flush()
}
