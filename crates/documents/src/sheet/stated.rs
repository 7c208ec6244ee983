//! Columns that no header bears: what stands over a table, in the sheet's name or in the file's, says one thing of all
//! its rows. Only words of the form are looked for.

use crate::sheet::CellAt;
use crate::sheet::dated::Heading;
use crate::sheet::fold::fold;
use crate::sheet::form::{Form, Reads};
use crate::sheet::reading::ReadValue;
use vocabulary::Value;

/// For each such column what its rows have; a column none of whose words stands there is left out. The sheet's name
/// comes before the lines over the table, the nearest of which comes first, and these before the file's name; in
/// one text the longest word wins.
pub(crate) fn stated(form: &Form, heading: &Heading<'_>, first: CellAt) -> Vec<(usize, ReadValue)> {
    let columns = form.columns.iter().enumerate();
    let columns = columns.filter(|(_, column)| column.reads == Some(Reads::Heading));
    let lines = heading
        .cells
        .iter()
        .rev()
        .map(|(at, text)| (text.as_str(), *at));
    let texts = std::iter::once((heading.sheet, first))
        .chain(lines)
        .chain([(heading.file, first)]);
    let texts: Vec<(String, CellAt)> = texts
        .map(|(text, at)| (fold(text).into_owned(), at))
        .collect();
    let mut found = Vec::new();
    for (place, column) in columns {
        let words = || column.codes.iter().map(|(word, code)| (fold(word), code));
        let named = texts.iter().find_map(|(text, at)| {
            let here = words().filter(|(word, _)| !word.is_empty() && text.contains(word.as_ref()));
            // Of two words of one length the form's first.
            let longest = here.rev().max_by_key(|(word, _)| word.chars().count())?;
            Some((longest.1, *at))
        });
        if let Some((code, cell)) = named {
            let value = ReadValue {
                value: Value::text(code),
                cell,
                ..ReadValue::default()
            };
            found.push((place, value));
        }
    }
    found
}
