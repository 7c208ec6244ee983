//! What a person then sees: notes with their reasons, the list in reading order, a csv that keeps its shape.

use super::on;
use super::package::{elements, obeys_excel, parts};
use documents::mark::{Mark, NOTES_MAX, mark};
use documents::sheet::{Limits, Sheet, open};
use rust_xlsxwriter::{Format, Workbook};
use std::path::Path;
use vocabulary::FindingClass::{self, Contradictory, Duplicate, Notice, Rejected};

fn book(rows: u32) -> Vec<u8> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name("甲").expect("a name");
    page.merge_range(0, 0, 2, 0, "合并", &Format::new())
        .expect("a merge");
    for row in 0..rows {
        page.write(row, 1, row).expect("a cell");
    }
    book.add_worksheet()
        .set_name("乙")
        .expect("a name")
        .write(0, 0, "x")
        .expect("a cell");
    book.save_to_buffer().expect("a workbook")
}

fn list(bytes: &[u8]) -> Sheet {
    let mut book = open(Path::new("a.xlsx"), bytes, &Limits::default()).expect("a workbook");
    book.sheets.pop().expect("the list")
}

fn rows(sheet: &Sheet) -> Vec<Vec<String>> {
    let text = |row| sheet.row(row).map(|cell| cell.shown().into_owned());
    (0..sheet.rows()).map(|row| text(row).collect()).collect()
}

#[test]
fn the_list_says_everything_in_reading_order() {
    let whole = |sheet: Option<&str>, class: FindingClass, said: &str| Mark {
        sheet: sheet.map(str::to_owned),
        cells: Vec::new(),
        elsewhere: Vec::new(),
        class,
        said: said.to_owned(),
        next: "看".to_owned(),
    };
    let mut pair = on("甲", &["B7"], Contradictory, "不一");
    pair.elsewhere.push("别的.xlsx!丙!C3".to_owned());
    let marks = [
        on("乙", &["A1"], Rejected, "乙一"),
        pair,
        on("甲", &["B2", "B9"], Duplicate, "重复"),
        whole(Some("乙"), Notice, "乙表放在一边"),
        whole(None, Rejected, "整个文件"),
        on("没有", &["A1"], Rejected, "找不到的表"),
    ];
    let marked = mark(Path::new("a.xlsx"), &book(9), &marks).expect("marked");
    obeys_excel(&marked.bytes);
    let list = list(&marked.bytes);
    assert_eq!(list.name, "问题清单");
    let rows = rows(&list);
    assert!(
        rows[0][0].contains("共 6 条：未录入 3 条，矛盾 1 条，重复 1 条，提示 1 条"),
        "{}",
        rows[0][0]
    );
    let head = ["序号", "工作表", "单元格", "类别", "问题", "怎么办"];
    assert_eq!(rows[1], head);
    let seen: Vec<(&str, &str, &str)> = rows[2..]
        .iter()
        .map(|row| (row[1].as_str(), row[2].as_str(), row[4].as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("", "", "整个文件"),
            ("没有", "A1", "找不到的表"),
            ("甲", "B2、B9", "重复"),
            ("甲", "B7、别的.xlsx!丙!C3", "不一"),
            ("乙", "", "乙表放在一边"),
            ("乙", "A1", "乙一"),
        ]
    );
    let xml = &parts(&marked.bytes)["xl/worksheets/sheet3.xml"];
    let links: Vec<String> = elements(xml)
        .into_iter()
        .filter(|(name, _)| name == "hyperlink")
        .map(|(_, attributes)| format!("{} {}", attributes["ref"], attributes["location"]))
        .collect();
    assert_eq!(links, ["C5 '甲'!B2", "C6 '甲'!B7", "C8 '乙'!A1"]);
    assert!(xml.contains("<autoFilter ref=\"A2:F8\"/>") && xml.contains("state=\"frozen\""));
}

#[test]
fn notes_say_why_and_what_to_do_at_the_cell_that_shows() {
    let marks = [
        on("甲", &["A3"], Duplicate, "村名重复"),
        on("甲", &["A2"], Rejected, "村名不对"),
        on("甲", &["A2"], Rejected, "村名不对"),
    ];
    let marked = mark(Path::new("a.xlsx"), &book(3), &marks).expect("marked");
    let parts = parts(&marked.bytes);
    let notes = &parts["xl/comments1.xml"];
    assert_eq!(
        notes.matches("<comment ").count(),
        1,
        "one anchor, one note"
    );
    assert!(notes.contains("ref=\"A1\""), "{notes}");
    let text = "【未录入】村名不对\n→ 改村名不对\n\n【重复】村名重复\n→ 改村名重复";
    assert!(notes.contains(text), "{notes}");
    let shapes = &parts["xl/drawings/vmlDrawing1.vml"];
    assert!(shapes.contains("<x:Row>0</x:Row><x:Column>0</x:Column>"));
}

#[test]
fn beyond_the_limit_cells_keep_their_colour_and_the_list_says_so() {
    let count = u32::try_from(NOTES_MAX + 500).expect("few");
    let marks: Vec<Mark> = (1..=count)
        .map(|row| on("甲", &[&format!("B{row}")], Rejected, "数"))
        .collect();
    let marked = mark(Path::new("a.xlsx"), &book(count), &marks).expect("marked");
    obeys_excel(&marked.bytes);
    let parts = parts(&marked.bytes);
    assert_eq!(
        parts["xl/comments1.xml"].matches("<comment ").count(),
        NOTES_MAX
    );
    let rows = rows(&list(&marked.bytes));
    assert_eq!(rows.len(), NOTES_MAX + 502);
    assert!(
        rows[0][0].contains("2500 格着色，只给前 2000 格写了批注"),
        "{}",
        rows[0][0]
    );
    let coloured = elements(&parts["xl/worksheets/sheet1.xml"])
        .iter()
        .filter(|(name, a)| {
            name == "c" && a.get("s").is_some_and(|s| s != "0") && a["r"].starts_with('B')
        })
        .count();
    assert_eq!(coloured, NOTES_MAX + 500);
}

#[test]
fn a_csv_becomes_a_workbook_of_its_text() {
    let text = "村,编号,号码\n\n大石村,00012,51172619890123300X\n小河村,3,511726198901233001\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    let marks = [on("常住:人口", &["C3"], Rejected, "号码不对")];
    let marked = mark(Path::new("x/常住:人口.csv"), &bytes, &marks).expect("marked");
    assert_eq!(marked.ending, "xlsx");
    obeys_excel(&marked.bytes);
    let again = mark(Path::new("x/常住:人口.csv"), &bytes, &marks).expect("marked");
    assert_eq!(marked, again, "no clock in the file");
    let book = open(Path::new("a.xlsx"), &marked.bytes, &Limits::default()).expect("a workbook");
    let sheet = &book.sheets[0];
    assert_eq!(sheet.name, "常住_人口");
    let cell = |row, column| format!("{:?}", sheet.cell(row, column));
    assert_eq!(cell(2, 1), "Text(\"00012\")");
    assert_eq!(cell(3, 1), "Text(\"3\")");
    assert_eq!(cell(3, 2), "Text(\"511726198901233001\")");
    assert_eq!(rows(&book.sheets[1])[2][2], "C3");
    let notes = &parts(&marked.bytes)["xl/comments1.xml"];
    assert!(notes.contains("ref=\"C3\"") && notes.contains("号码不对"));
}

#[test]
fn a_note_names_the_other_cells_and_the_sheet_that_speaks() {
    let mut pair = on("甲", &["B2"], Contradictory, "本表写 1");
    pair.cells
        .extend(on("乙", &["A1"], Contradictory, "").cells);
    pair.elsewhere.push("丙.xlsx!丁!C3".to_owned());
    let marked = mark(Path::new("a.xlsx"), &book(3), &[pair]).expect("marked");
    let parts = parts(&marked.bytes);
    let own = "【矛盾】本表写 1\n→ 改本表写 1\n相关单元格：乙!A1、丙.xlsx!丁!C3<";
    assert!(
        parts["xl/comments1.xml"].contains(own),
        "{}",
        parts["xl/comments1.xml"]
    );
    let other = "【矛盾】工作表“甲”：本表写 1\n→ 改本表写 1\n相关单元格：甲!B2、丙.xlsx!丁!C3<";
    assert!(
        parts["xl/comments2.xml"].contains(other),
        "{}",
        parts["xl/comments2.xml"]
    );
}
