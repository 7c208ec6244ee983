//! Sentences about columns that were found by likeness, and about those that were not found for sure. What a
//! person is not told she cannot correct.

use crate::sheet::body::Frame;
use crate::sheet::finding::{Origin, WORDS};
use crate::sheet::form::Form;
use crate::sheet::header::HeaderCell;
use crate::sheet::mapping::Mapping;
use crate::sheet::{CellAt, column_letters};
use vocabulary::{Finding, FindingClass};

/// A header less like a column than this is not worth a sentence when all that is needed is there.
const WORTH: u8 = 50;

/// One finding for each guess, each offer and each choice among equals.
pub(crate) fn findings(frame: &Frame<'_>) -> Vec<Finding> {
    let mut findings = rivals(frame);
    findings.extend(guesses(frame));
    findings.extend(offers(frame));
    findings
}

fn at(frame: &Frame<'_>, cell: usize) -> CellAt {
    CellAt::of(frame.first + frame.height - 1, frame.header[cell].column)
}

/// Columns that fit as well as the taken one are named.
fn rivals(frame: &Frame<'_>) -> Vec<Finding> {
    let named = frame.mapping.rivals.iter().map(|(column, cells)| {
        let letters = |cell: &usize| column_letters(frame.header[*cell].column);
        let all: Vec<String> = cells.iter().map(letters).collect();
        let header = frame.form.columns[*column].headers.first();
        let params = [
            ("header", header.map_or("", String::as_str)),
            ("cells", &all.join(&WORDS.say("list.between", &[]))),
            ("taken", all[0].as_str()),
        ];
        let first = Some(at(frame, cells[0]));
        let class = FindingClass::Notice;
        let mut finding = frame.origin.finding("D124", class, first, &params);
        finding.cells = cells
            .iter()
            .map(|cell| at(frame, *cell).to_string())
            .collect();
        finding
    });
    named.collect()
}

/// Columns that were found by more than the form's words.
fn guesses(frame: &Frame<'_>) -> Vec<Finding> {
    let columns = frame.mapping.columns.iter().enumerate();
    let mapped = columns.filter_map(|(column, mapped)| mapped.map(|mapped| (column, mapped)));
    let guessed = mapped.filter(|(_, (_, reason, _))| reason.is_guess());
    let said = guessed.map(|(column, (cell, reason, confidence))| {
        let params = [
            ("header", frame.header[cell].shown.as_str()),
            ("column", called(frame.form, column)),
            ("why", &WORDS.say(&format!("why.{}", reason.word()), &[])),
            ("confidence", &confidence.to_string()),
        ];
        let place = Some(at(frame, cell));
        frame
            .origin
            .finding("D155", FindingClass::Notice, place, &params)
    });
    said.collect()
}

/// Headers that serve nothing and may be a column that is missing.
fn offers(frame: &Frame<'_>) -> Vec<Finding> {
    let worth = frame.mapping.offers.iter().filter(|offer| offer.2 >= WORTH);
    let said = worth.map(|(cell, column, _)| {
        let params = offered(frame.form, frame.header, *cell, *column);
        let params: Vec<(&str, &str)> = params.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let place = Some(at(frame, *cell));
        frame
            .origin
            .finding("D156", FindingClass::Notice, place, &params)
    });
    said.collect()
}

/// For a table that lacks a column: the header that is most like it, as a sentence.
pub(crate) fn nearest(
    origin: &Origin<'_>,
    form: &Form,
    header: &[HeaderCell],
    mapping: &Mapping,
) -> Option<String> {
    let missing = |offer: &&(usize, usize, u8)| form.columns[offer.1].required;
    let best = mapping.offers.iter().filter(missing);
    let (cell, column, _) = best.max_by_key(|offer| (offer.2, std::cmp::Reverse(offer.1)))?;
    let mut params = offered(form, header, *cell, *column).to_vec();
    params.push(("sheet", origin.sheet.to_owned()));
    let params: Vec<(&str, &str)> = params.iter().map(|(k, v)| (*k, v.as_str())).collect();
    Some(WORDS.say("D156.next", &params))
}

fn offered(
    form: &Form,
    header: &[HeaderCell],
    cell: usize,
    column: usize,
) -> [(&'static str, String); 3] {
    [
        ("header", header[cell].shown.clone()),
        ("column", called(form, column).to_owned()),
        ("name", form.columns[column].name.clone()),
    ]
}

/// What people call a column: the first of its words.
fn called(form: &Form, column: usize) -> &str {
    let column = &form.columns[column];
    column.headers.first().unwrap_or(&column.name)
}
