//! Sheets that hold a table and are still not the town's word: hidden ones, old versions, samples. Decided by
//! the sheet alone; a form whose own names hold the word, or a clerk's choice for the sheet, outranks it.

use crate::sheet::Sheet;
use crate::sheet::fold::fold;
use crate::sheet::form::{ColumnChoices, Form};
use crate::sheet::lexicon::LEXICON;

/// Why a sheet is set aside although a form fits it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// The workbook hides it.
    Hidden,
    /// Its name says that it is an old version or a sample; the word.
    Named(String),
}

/// Why a sheet that these forms fit is set aside; `None` when it is read.
pub(crate) fn why<'f>(
    sheet: &Sheet,
    file: &str,
    forms: impl Iterator<Item = &'f Form> + Clone,
    choices: &ColumnChoices,
) -> Option<Why> {
    let name = fold(&sheet.name);
    let chosen = |choice: &crate::sheet::ColumnChoice| {
        !choice.sheet.is_empty() && choice.column.is_some() && fold(&choice.sheet) == name
    };
    if choices.0.iter().any(chosen) {
        return None;
    }
    // A csv has its file's name, and whoever gave the file meant it.
    let is_file = file
        .rsplit_once('.')
        .is_some_and(|(stem, _)| stem == sheet.name);
    if let Some(word) = old_word(&sheet.name).filter(|_| !is_file) {
        let own = |form: &Form| {
            form.names
                .iter()
                .any(|known| fold(known).contains(word.as_str()))
        };
        if !forms.clone().any(own) {
            return Some(Why::Named(word));
        }
    }
    sheet.hidden.then_some(Why::Hidden)
}

/// The word of a sheet's name that says it is an old version or a sample.
fn old_word(name: &str) -> Option<String> {
    let words = &LEXICON.versions;
    // Excel's own name for a copied sheet.
    if let Some((base, number)) = name
        .trim_end()
        .strip_suffix(')')
        .and_then(|n| n.rsplit_once(" ("))
    {
        let copied =
            !number.is_empty() && number.len() <= 2 && number.bytes().all(|b| b.is_ascii_digit());
        if copied && !base.is_empty() {
            return Some(format!("({number})"));
        }
    }
    let folded = fold(name);
    let anywhere = words
        .anywhere
        .iter()
        .find(|word| folded.contains(word.as_str()));
    if let Some(word) = anywhere {
        return Some(word.clone());
    }
    // Short words mean it only when they stand apart: in brackets, or at the end.
    let parts = folded.split(['(', ')', '-', '_', '.', '·', '+']);
    let apart = parts
        .clone()
        .find(|part| words.apart.iter().any(|word| word == part));
    let apart = apart.map(str::to_owned);
    let ending = || {
        words
            .endings
            .iter()
            .find(|word| parts.clone().any(|p| p.ends_with(word.as_str())))
            .cloned()
    };
    apart.or_else(ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_versions_by_their_names() {
        for name in [
            "花名册（旧）",
            "旧表",
            "备份",
            "花名册 (2)",
            "名册-old",
            "Sheet1.bak",
            "（作废）名册",
            "填写示例",
            "样表",
            "填表说明",
            "模板",
            "名册副本",
            "草稿",
        ] {
            assert!(old_word(name).is_some(), "{name}");
        }
        for name in [
            "上届",
            "旧村改造",
            "旧房改造台账",
            "名册（2）",
            "Sheet1",
            "说明会台账",
            "示范村",
            "Golden",
            "2021年",
            "花名册(2022)",
        ] {
            assert_eq!(old_word(name), None, "{name}");
        }
    }
}
