//! Tables: column widths from what stands in them, a header row that repeats, rows that stay whole.

use super::body::Body;
use super::twips;
use crate::report::{Align, Run, Table, column_shares, page};

pub(super) fn write(body: &mut Body<'_>, table: &Table) {
    if !table.caption.is_empty() {
        body.text("Caption", &table.caption);
    }
    let widths = share(&column_shares(table));
    frame(body, &widths, |body| {
        row(body, &widths, true, |body, column| {
            body.runs("TableHead", cell(&table.header, column));
        });
        for cells in &table.rows {
            row(body, &widths, false, |body, column| {
                let align = table.alignments.get(column).copied().unwrap_or_default();
                aligned(body, "TableText", align, cell(cells, column));
            });
        }
    });
}

fn cell(row: &[Vec<Run>], column: usize) -> &[Run] {
    row.get(column).map_or(&[], Vec::as_slice)
}

fn aligned(body: &mut Body<'_>, style: &'static str, align: Align, runs: &[Run]) {
    let jc = match align {
        Align::Centre => return body.runs(style, runs),
        Align::Left => "left",
        Align::Right => "right",
    };
    body.aligned(style, jc, runs);
}

/// The type area's width, shared in proportion.
pub(super) fn share(parts: &[usize]) -> Vec<i64> {
    let whole = twips(page::TYPE_AREA_MM.0);
    let sum: usize = parts.iter().sum::<usize>().max(1);
    parts
        .iter()
        .map(|part| whole * *part as i64 / sum as i64)
        .collect()
}

/// A table's frame; `rows` writes what is in it.
pub(super) fn frame(body: &mut Body<'_>, widths: &[i64], rows: impl FnOnce(&mut Body<'_>)) {
    let whole: i64 = widths.iter().sum();
    body.xml.open("w:tbl", &[]);
    body.xml.within("w:tblPr", &[], |xml| {
        xml.val("w:tblStyle", "TableGrid");
        xml.empty("w:tblW", &[("w:w", &whole.to_string()), ("w:type", "dxa")]);
        xml.val("w:jc", "center");
        xml.empty("w:tblLayout", &[("w:type", "fixed")]);
    });
    body.xml.within("w:tblGrid", &[], |xml| {
        for width in widths {
            xml.empty("w:gridCol", &[("w:w", &width.to_string())]);
        }
    });
    rows(body);
    body.xml.close();
}

/// One row; `fill` writes each cell's paragraphs.
pub(super) fn row(
    body: &mut Body<'_>,
    widths: &[i64],
    header: bool,
    mut fill: impl FnMut(&mut Body<'_>, usize),
) {
    body.xml.open("w:tr", &[]);
    body.xml.within("w:trPr", &[], |xml| {
        xml.empty("w:cantSplit", &[]);
        if header {
            xml.empty("w:tblHeader", &[]);
        }
    });
    for (column, width) in widths.iter().enumerate() {
        body.xml.open("w:tc", &[]);
        body.xml.within("w:tcPr", &[], |xml| {
            xml.empty("w:tcW", &[("w:w", &width.to_string()), ("w:type", "dxa")]);
            xml.val("w:vAlign", "center");
        });
        fill(body, column);
        body.xml.close();
    }
    body.xml.close();
}
