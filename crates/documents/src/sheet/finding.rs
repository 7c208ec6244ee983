//! Sentences of this room, and the findings made of them.

use crate::sheet::CellAt;
use std::sync::LazyLock;
use vocabulary::{Finding, FindingClass, Words};

/// `words/zh.toml`, read once.
pub(crate) static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::read(include_str!("../../words/zh.toml")));

/// The file and sheet that findings of one reading name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) file: &'a str,
    pub(crate) sheet: &'a str,
}

impl Origin<'_> {
    /// A finding about the sheet, or about one of its cells. `said` and `next` name variants of the
    /// sentence (`said_near`); the plain ones when empty.
    pub(crate) fn finding(
        &self,
        code: &str,
        class: FindingClass,
        cell: Option<CellAt>,
        params: &[(&str, &str)],
    ) -> Finding {
        self.variant(code, class, cell, params, "said", "next")
    }

    /// As [`Origin::finding`], with the named variants of the two sentences.
    pub(crate) fn variant(
        &self,
        code: &str,
        class: FindingClass,
        cell: Option<CellAt>,
        params: &[(&str, &str)],
        said: &str,
        next: &str,
    ) -> Finding {
        debug_assert!(
            WORDS.agree(code, class),
            "{code} is raised as {}, its words say otherwise",
            class.word()
        );
        let cell = cell.map(|cell| cell.to_string());
        let mut all: Vec<(&str, &str)> = params.to_vec();
        all.push(("sheet", self.sheet));
        all.push(("file", self.file));
        all.push(("cell", cell.as_deref().unwrap_or_default()));
        let mut finding = Finding::new(
            code,
            class,
            WORDS.say(&format!("{code}.{said}"), &all),
            WORDS.say(&format!("{code}.{next}"), &all),
        );
        finding.file = Some(self.file.to_owned());
        finding.sheet = Some(self.sheet.to_owned());
        finding.cells = cell.iter().cloned().collect();
        finding.cell = cell;
        finding
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_sentences() {
        let cells = 101..=119;
        let codes = cells
            .chain(120..=128)
            .chain(130..=135)
            .chain(140..=159)
            .chain(160..=174)
            .chain(180..=186)
            .chain(200..=200)
            .chain(300..=307)
            .chain(310..=319)
            .map(|number| format!("D{number}"));
        for code in codes {
            for part in ["said", "next"] {
                assert!(
                    WORDS.get(&format!("{code}.{part}")).is_some(),
                    "{code}.{part}"
                );
            }
        }
        for limit in [
            "file", "unzipped", "ratio", "sheets", "rows", "columns", "cells", "merges", "text",
        ] {
            assert!(WORDS.get(&format!("large.{limit}")).is_some(), "{limit}");
        }
    }
}
