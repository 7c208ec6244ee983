//! What must stay as it was: every value, every part that has nothing to do with the marks.

use super::on;
use super::package::{obeys_excel, parts, raw};
use documents::mark::mark;
use documents::sheet::{Limits, column_letters, open};
use proptest::prelude::*;
use rust_xlsxwriter::{Chart, ChartType, Color, Format, FormatBorder, Formula, Note, Workbook};
use std::path::Path;
use vocabulary::FindingClass::{Contradictory, Duplicate, Rejected, Total};

/// A workbook of much that offices use: formats, formulas, merges, a filter, frozen panes, a chart, notes, a hidden
/// sheet, a protected one, names.
fn rich() -> Vec<u8> {
    let mut book = Workbook::new();
    let money = Format::new()
        .set_num_format("￥#,##0.00")
        .set_border(FormatBorder::Thin)
        .set_font_color(Color::Red);
    let head = Format::new().set_bold();
    let page = book.add_worksheet();
    page.set_name("花名册").expect("a name");
    page.merge_range(0, 0, 0, 3, "花名册", &head)
        .expect("a merge");
    for (column, text) in ["村", "姓名", "金额", "合计"].iter().enumerate() {
        page.write_with_format(1, u16::try_from(column).expect("few"), *text, &head)
            .expect("a cell");
    }
    page.merge_range(2, 0, 4, 0, "大石村", &head)
        .expect("a merge");
    for row in 2..5 {
        page.write(row, 1, "王芳").expect("a cell");
        page.write_with_format(row, 2, 12.5, &money)
            .expect("a cell");
        page.write_formula(row, 3, Formula::new("=C3*2").set_result("25"))
            .expect("a cell");
    }
    page.insert_note(2, 1, &Note::new("请核对").set_author("王主任"))
        .expect("a note");
    page.autofilter(1, 0, 4, 3).expect("a filter");
    page.set_freeze_panes(2, 0).expect("panes");
    page.protect();
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values("花名册!$C$3:$C$5");
    page.insert_chart(7, 1, &chart).expect("a chart");
    let hidden = book.add_worksheet();
    hidden.set_name("旧 表's").expect("a name").set_hidden(true);
    hidden.write(0, 0, "00012").expect("a cell");
    book.add_worksheet().set_name("空").expect("a name");
    book.define_name("全部", "=花名册!$A$1:$D$5")
        .expect("a name");
    book.save_to_buffer().expect("a workbook")
}

fn values(bytes: &[u8], sheets: usize) -> Vec<(String, Vec<Vec<String>>)> {
    let book = open(Path::new("a.xlsx"), bytes, &Limits::default()).expect("a workbook");
    book.sheets
        .iter()
        .take(sheets)
        .map(|sheet| {
            let rows = (0..sheet.rows()).map(|row| {
                sheet
                    .row(row)
                    .map(|cell| format!("{cell:?}"))
                    .collect::<Vec<_>>()
            });
            let mut rows: Vec<Vec<String>> = rows.collect();
            for row in &mut rows {
                while row.last().is_some_and(|cell| cell == "Empty") {
                    row.pop();
                }
            }
            (sheet.name.clone(), rows)
        })
        .collect()
}

#[test]
fn only_the_touched_parts_change() {
    let before = rich();
    let marks = [
        on("花名册", &["C4", "D9"], Rejected, "金额不对"),
        on("花名册", &["B3"], Duplicate, "同名"),
        on("花名册", &["A5"], Contradictory, "村名不一"),
        on("花名册", &["D5"], Total, "合计不对"),
        on("旧 表's", &["A1"], Rejected, "号码"),
    ];
    let marked = mark(Path::new("x/册.xlsx"), &before, &marks).expect("marked");
    assert_eq!(marked.ending, "xlsx");
    let again = mark(Path::new("x/册.xlsx"), &before, &marks).expect("marked");
    assert_eq!(marked, again, "the same input gives the same bytes");
    obeys_excel(&marked.bytes);
    assert_eq!(values(&before, 3), values(&marked.bytes, 3));

    let (was, is) = (raw(&before), raw(&marked.bytes));
    let changed: Vec<&str> = was
        .iter()
        .filter(|(name, bytes)| is.get(*name) != Some(bytes))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        changed,
        [
            "[Content_Types].xml",
            "xl/_rels/workbook.xml.rels",
            "xl/comments1.xml",
            "xl/drawings/vmlDrawing1.vml",
            "xl/styles.xml",
            "xl/workbook.xml",
            "xl/worksheets/sheet1.xml",
            "xl/worksheets/sheet2.xml",
        ]
    );
    let added: Vec<&String> = is.keys().filter(|name| !was.contains_key(*name)).collect();
    assert_eq!(
        added,
        [
            "xl/comments2.xml",
            "xl/drawings/vmlDrawing2.vml",
            "xl/worksheets/_rels/sheet2.xml.rels",
            "xl/worksheets/sheet4.xml"
        ]
    );
}

#[test]
fn what_stands_around_the_cells_stays_as_it_was() {
    let before = rich();
    let marks = [on("花名册", &["C4"], Rejected, "金额不对")];
    let marked = mark(Path::new("册.xlsx"), &before, &marks).expect("marked");
    let (was, is) = (parts(&before), parts(&marked.bytes));
    let sheet = |parts: &std::collections::BTreeMap<String, String>| {
        let xml = &parts["xl/worksheets/sheet1.xml"];
        let (head, rest) = xml.split_once("<sheetData>").expect("cells");
        let (_, tail) = rest.split_once("</sheetData>").expect("cells");
        (head.to_owned(), tail.to_owned())
    };
    assert_eq!(sheet(&was), sheet(&is));
    let names = |parts: &std::collections::BTreeMap<String, String>| {
        let xml = &parts["xl/workbook.xml"];
        xml[xml.find("<definedNames>").expect("names")..].to_owned()
    };
    assert_eq!(names(&was), names(&is));
    // The clone keeps what the cell was: number format, border, font.
    let cell = |xml: &str| {
        let tail = &xml[xml.find("r=\"C4\"").expect("the cell")..];
        let tail = &tail[tail.find("s=\"").expect("a look") + 3..];
        tail.split('"')
            .next()
            .expect("a number")
            .parse::<usize>()
            .expect("a number")
    };
    let look = |parts: &std::collections::BTreeMap<String, String>| {
        let styles = &parts["xl/styles.xml"];
        let looks = &styles[styles.find("<cellXfs").expect("looks")..];
        let number = cell(&parts["xl/worksheets/sheet1.xml"]);
        let look = looks.split("<xf ").nth(number + 1).expect("that look");
        look.split('>').next().expect("a tag").to_owned()
    };
    let (old, new) = (look(&was), look(&is));
    for kept in ["numFmtId", "fontId", "borderId"] {
        let of = |tag: &str| {
            tag.split(&format!("{kept}=\""))
                .nth(1)
                .map(|t| t.split('"').next().map(str::to_owned))
        };
        assert_eq!(of(&old), of(&new), "{kept}");
    }
    assert_ne!(old, new);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_marks_on_any_cells_keep_every_value(
        filled in proptest::collection::btree_map((0u32..30, 0u16..12), "[a-z0-9<&村 ]{1,6}", 0..60),
        merges in proptest::collection::vec((40u32..60, 0u16..6, 1u32..4, 1u16..4), 0..3),
        marks in proptest::collection::vec((0u32..70, 0u16..14, 0usize..6), 1..40),
    ) {
        let mut book = Workbook::new();
        let page = book.add_worksheet();
        for ((row, column), text) in &filled {
            page.write(*row, *column, text.as_str()).expect("a cell");
        }
        for (row, column, down, right) in merges {
            let _ = page.merge_range(row, column, row + down, column + right, "合", &Format::new());
        }
        let before = book.save_to_buffer().expect("a workbook");
        let classes = [
            Rejected, Contradictory, Duplicate, Total,
            vocabulary::FindingClass::Check, vocabulary::FindingClass::Notice,
        ];
        let marks: Vec<_> = marks
            .iter()
            .map(|(row, column, class)| {
                let cell = format!("{}{}", column_letters(usize::from(*column)), row + 1);
                on("Sheet1", &[&cell], classes[*class], "问题 <&> \"引\"")
            })
            .collect();
        let marked = mark(Path::new("a.xlsx"), &before, &marks).expect("marked");
        obeys_excel(&marked.bytes);
        // A workbook of nothing but spaces is refused as empty.
        if filled.values().any(|text| !text.trim().is_empty()) {
            prop_assert_eq!(values(&before, 1), values(&marked.bytes, 1));
        }
    }
}
