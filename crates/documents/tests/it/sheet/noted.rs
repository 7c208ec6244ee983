//! What is said of cells that were read, and of those that were not: as a clerk reads it.

use super::forms::{column, form, read, values};
use documents::sheet::{FormColumn, Reads};
use vocabulary::{FieldType, FindingClass, masked};

fn one(kind: FieldType, header: &str, cells: &[&str]) -> documents::sheet::Table {
    reading(column("value!", kind, &[header]), header, cells)
}

fn reading(value: FormColumn, header: &str, cells: &[&str]) -> documents::sheet::Table {
    let form = form(
        "f",
        &[],
        vec![column("number!", FieldType::Text, &["编号"]), value],
    );
    let numbers: Vec<String> = (1..=cells.len()).map(|n| n.to_string()).collect();
    let mut rows = vec![vec!["某镇2022年台账"], vec!["编号", header]];
    rows.extend(
        numbers
            .iter()
            .zip(cells)
            .map(|(n, cell)| vec![n.as_str(), *cell]),
    );
    read(form, &rows)
}

/// Code, cell, sentence and next step of each finding.
fn said(table: &documents::sheet::Table) -> Vec<(String, String, String, String)> {
    let findings = table.findings.iter().map(|f| {
        let cell = f.cell.clone().unwrap_or_default();
        (f.code.clone(), cell, f.said.clone(), f.next.clone())
    });
    findings.collect()
}

fn line(code: &str, cell: &str, said: &str, next: &str) -> (String, String, String, String) {
    (code.into(), cell.into(), said.into(), next.into())
}

#[test]
fn a_note_shows_the_cell_and_what_it_was_read_as() {
    let table = one(FieldType::Money, "金额（元）", &["约1.5万元"]);
    assert_eq!(
        said(&table),
        [line(
            "D161",
            "B3",
            "“约1.5万元”是约数，按 15000元 计",
            "有确数时更正"
        )]
    );
    assert_eq!(table.findings[0].class, FindingClass::Notice);
    let table = one(FieldType::Date, "时间", &["3月19日"]);
    assert_eq!(
        said(&table)[0].2,
        "“3月19日”没有写年份，按表题的年份读作 2022-03-19"
    );
    let name = FormColumn {
        reads: Some(Reads::PersonName),
        ..column("name!", FieldType::Text, &["姓名"])
    };
    let table = reading(name, "姓名", &["张三（女）"]);
    assert_eq!(values(&table, 1), ["张三"]);
    assert_eq!(
        said(&table)[0].2,
        "“张三（女）”读作“张三”，括号里的话没有记"
    );
}

#[test]
fn many_notes_of_a_kind_become_one() {
    let cells = ["约1", "约2", "约3", "约4", "约5", "约6"];
    let table = one(FieldType::Int, "人数", &cells);
    let all = said(&table);
    assert_eq!(all.len(), 4, "{all:?}");
    assert_eq!(
        all[3],
        line(
            "D174",
            "B6",
            "“人数”另有 3 处同样的情况，例如 B6：“约4”是约数，按 4 计",
            "见所列的单元格"
        )
    );
    assert_eq!(table.findings[3].cells, ["B6", "B7", "B8"]);
    // One alone is said itself; what lost something is said of every cell.
    assert_eq!(said(&one(FieldType::Int, "人数", &cells[..4]))[3].0, "D161");
}

#[test]
fn a_unit_that_nobody_names_is_said_once() {
    let cells = ["3.2", "5分", "4"];
    let table = one(FieldType::Area, "面积", &cells);
    assert_eq!(
        said(&table),
        [line(
            "D173",
            "B2",
            "“面积”没有写单位，按“亩”计",
            "不对时在表头写明单位，例如 面积（亩），再导入"
        )]
    );
    for header in ["面积（亩）", "面积/亩", "面积（公顷）"] {
        let table = one(FieldType::Area, header, &cells);
        assert_eq!(said(&table), [], "{header}");
    }
    let each_has_its_own = one(FieldType::Area, "面积", &["3.2亩", "5分"]);
    assert_eq!(said(&each_has_its_own), []);
    let declared = FormColumn {
        unit: Some("万元".to_owned()),
        ..column("value!", FieldType::Money, &["金额"])
    };
    let table = reading(declared, "金额", &["1.5", "20000元"]);
    assert_eq!(values(&table, 1), ["1500000", "2000000"]);
    assert_eq!(said(&table), []);
}

#[test]
fn a_refusal_says_what_to_write() {
    for (kind, cell, code, next) in [
        (
            FieldType::Date,
            "07/03/1985",
            "D140",
            "是 1985-07-03 还是 1985-03-07？照日期写成 1985-07-03 或 1985-07 这样的写法",
        ),
        (
            FieldType::Int,
            "12户38人",
            "D145",
            "一格只写一个数：本列要的是 12户 还是 38人？",
        ),
        (
            FieldType::Int,
            "5+3",
            "D144",
            "填写算好的数；如果是相加，就是 8",
        ),
        (
            FieldType::IdNumber,
            "11010519491231002",
            "D148",
            "照身份证逐位核对后更正",
        ),
    ] {
        let table = one(kind, "数据", &[cell]);
        let all = said(&table);
        assert_eq!(
            (all[0].0.as_str(), all[0].3.as_str()),
            (code, next),
            "{cell}"
        );
        assert!(
            all[0].2.contains(&*masked(cell)) && !all[0].2.contains('{'),
            "{}",
            all[0].2
        );
        assert_eq!(table.findings[0].class, FindingClass::Rejected);
    }
}

#[test]
fn a_header_says_which_number_of_several() {
    let table = one(FieldType::Int, "转移户数", &["12户38人"]);
    assert_eq!(values(&table, 1), ["12"]);
    assert_eq!(said(&table)[0].2, "“12户38人”里有几个数，按表头取 12");
}

#[test]
fn degrees_are_read_where_the_form_asks_for_them() {
    let degrees = |reads| FormColumn {
        reads: Some(reads),
        ..column("value!", FieldType::Decimal(6), &["坐标"])
    };
    let table = reading(degrees(Reads::Longitude), "坐标", &["104°30′15″", "31.2"]);
    assert_eq!(values(&table, 1), ["104504167", ""]);
    assert_eq!(said(&table)[0].2, "“31.2”不在本列的范围内，经纬度可能填反");
    let table = reading(degrees(Reads::Latitude), "坐标", &["104.5,31.2"]);
    assert_eq!(values(&table, 1), ["31200000"]);
    assert_eq!(said(&table)[0].2, "“104.5,31.2”里有几个数，按表头取 31.2");
}
