//! The sheet that lists the findings: a sentence of what there is, a header that stays, a filter, links to the
//! cells.

use crate::mark::plan::{Listed, Plan};
use crate::mark::styles::ListLooks;
use crate::mark::wording::{class_word, say};
use crate::mark::xml::escape;
use crate::sheet::{CellAt, column_letters};

/// Excel stops at 65,530 links of a sheet.
const LINKS_MAX: usize = 60_000;
/// What a cell's text may hold, with room for an escape.
const TEXT_MAX: usize = 32_000;
/// A line's height in points, and how many lines the tallest row that Excel has may hold.
const LINE: usize = 16;
const LINES_MAX: usize = 24;
/// The columns, by their keys under `[column]`, and their widths in characters.
const COLUMNS: [(&str, usize); 6] = [
    ("no", 7),
    ("sheet", 22),
    ("cell", 24),
    ("class", 11),
    ("said", 62),
    ("next", 52),
];

/// A name that no sheet has. Sheets are told apart without case.
pub(super) fn name(taken: &[String]) -> String {
    let is_free = |name: &String| {
        !taken
            .iter()
            .any(|taken| taken.to_lowercase() == name.to_lowercase())
    };
    let first = say("sheet.name", &[]);
    let next = (2..).map(|n: u32| say("sheet.name_next", &[("n", &n.to_string())]));
    std::iter::once(first)
        .chain(next)
        .find(is_free)
        .expect("numbers do not end")
}

/// The first line: how many of which class, and what was left out.
pub(super) fn summary(plan: &Plan, crowded: &[(String, usize)]) -> String {
    let total: usize = plan.counts.iter().map(|(_, count)| count).sum();
    let classes: Vec<String> = plan
        .counts
        .iter()
        .map(|(class, count)| {
            let (class, count) = (class_word(*class), count.to_string());
            say("summary.count", &[("class", &class), ("count", &count)])
        })
        .collect();
    let classes = classes.join(&say("summary.between", &[]));
    let mut lines = vec![say(
        "summary.all",
        &[("count", &total.to_string()), ("classes", &classes)],
    )];
    let limit = super::NOTES_MAX.to_string();
    for (sheet, count) in crowded {
        let params = [
            ("sheet", sheet.as_str()),
            ("count", &count.to_string()),
            ("limit", &limit),
        ];
        lines.push(say("summary.notes", &params));
    }
    if plan.unlisted > 0 {
        let count = plan.unlisted.to_string();
        lines.push(say("summary.unlisted", &[("count", &count)]));
    }
    lines.join(&say("summary.list_break", &[]))
}

/// The sheet's part.
pub(super) fn write(rows: &[Listed], summary: &str, looks: &ListLooks, namespace: &str) -> String {
    let last_column = column_letters(COLUMNS.len() - 1);
    let last_row = rows.len() + 2;
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"{namespace}\"><sheetPr><tabColor rgb=\"FFC00000\"/><pageSetUpPr fitToPage=\"1\"/></sheetPr><dimension ref=\"A1:{last_column}{last_row}\"/><sheetViews><sheetView showGridLines=\"0\" workbookViewId=\"0\"><pane ySplit=\"2\" topLeftCell=\"A3\" activePane=\"bottomLeft\" state=\"frozen\"/><selection pane=\"bottomLeft\" activeCell=\"A3\" sqref=\"A3\"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/><cols>"
    );
    for (at, (_, width)) in COLUMNS.iter().enumerate() {
        let n = at + 1;
        xml.push_str(&format!(
            "<col min=\"{n}\" max=\"{n}\" width=\"{width}\" customWidth=\"1\"/>"
        ));
    }
    xml.push_str("</cols><sheetData>");
    // A merged cell does not grow with its text: room is made for it.
    let whole = COLUMNS.iter().map(|(_, width)| width).sum();
    let height = lines(summary, whole) * LINE + 8;
    xml.push_str(&format!("<row r=\"1\" ht=\"{height}\" customHeight=\"1\">"));
    text(&mut xml, 0, 0, looks.summary, summary);
    for column in 1..COLUMNS.len() {
        text(&mut xml, 0, column, looks.summary, "");
    }
    xml.push_str("</row><row r=\"2\" ht=\"24\" customHeight=\"1\">");
    for (at, (key, _)) in COLUMNS.iter().enumerate() {
        text(
            &mut xml,
            1,
            at,
            looks.header,
            &say(&format!("column.{key}"), &[]),
        );
    }
    xml.push_str("</row>");
    for (at, listed) in rows.iter().enumerate() {
        row(&mut xml, at, listed, looks);
    }
    xml.push_str(&format!(
        "</sheetData><autoFilter ref=\"A2:{last_column}{last_row}\"/><mergeCells count=\"1\"><mergeCell ref=\"A1:{last_column}1\"/></mergeCells>"
    ));
    links(&mut xml, rows);
    xml.push_str("<pageMargins left=\"0.4\" right=\"0.4\" top=\"0.5\" bottom=\"0.5\" header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>");
    xml
}

/// How many lines a text takes in a column; a tenth is kept free, since fonts differ.
fn lines(text: &str, width: usize) -> usize {
    let lines = text.split('\n').map(|line| {
        let halves: usize = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        (halves * 10).div_ceil(width * 9).max(1)
    });
    lines.sum::<usize>().min(LINES_MAX)
}

fn row(xml: &mut String, at: usize, listed: &Listed, looks: &ListLooks) {
    let row = at + 2;
    // Not every program makes a row as tall as its text.
    let texts = [&listed.sheet, &listed.cells, &listed.said, &listed.next];
    let widths = [1, 2, 4, 5].map(|column| COLUMNS[column].1);
    let tall = texts
        .iter()
        .zip(widths)
        .map(|(text, width)| lines(text, width));
    xml.push_str(&format!(
        "<row r=\"{n}\" ht=\"{height}\" customHeight=\"1\"><c r=\"A{n}\" s=\"{style}\"><v>{no}</v></c>",
        n = row + 1,
        style = looks.number,
        no = at + 1,
        height = tall.max().unwrap_or(1) * LINE + 4
    ));
    let linked = listed.link.is_some() && at < LINKS_MAX;
    let cell_look = if linked { looks.link } else { looks.text };
    text(xml, row, 1, looks.text, &listed.sheet);
    text(xml, row, 2, cell_look, &listed.cells);
    let class = looks.classes.get(&listed.class).copied();
    text(
        xml,
        row,
        3,
        class.unwrap_or(looks.number),
        &class_word(listed.class),
    );
    text(xml, row, 4, looks.text, &listed.said);
    text(xml, row, 5, looks.text, &listed.next);
    xml.push_str("</row>");
}

fn text(xml: &mut String, row: usize, column: usize, look: u32, text: &str) {
    let cell = CellAt::of(row, column);
    if text.is_empty() {
        xml.push_str(&format!("<c r=\"{cell}\" s=\"{look}\"/>"));
        return;
    }
    let text: String = text.chars().take(TEXT_MAX).collect();
    xml.push_str(&format!(
        "<c r=\"{cell}\" s=\"{look}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
        escape(&text)
    ));
}

fn links(xml: &mut String, rows: &[Listed]) {
    let mut all = String::new();
    for (at, listed) in rows.iter().enumerate().take(LINKS_MAX) {
        if let Some((sheet, cell)) = &listed.link {
            let to = format!("'{}'!{cell}", sheet.replace('\'', "''"));
            all.push_str(&format!(
                "<hyperlink ref=\"C{}\" location=\"{}\" display=\"{}\"/>",
                at + 3,
                escape(&to),
                escape(&listed.cells)
            ));
        }
    }
    if !all.is_empty() {
        xml.push_str(&format!("<hyperlinks>{all}</hyperlinks>"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_free() {
        let list = say("sheet.name", &[]);
        assert_eq!(name(&["甲".to_owned()]), list);
        assert_eq!(name(std::slice::from_ref(&list)), format!("{list}2"));
        assert_eq!(
            name(&[list.clone(), format!("{list}2")]),
            format!("{list}3")
        );
    }
}
