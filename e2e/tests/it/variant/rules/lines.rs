//! Lines over, between and under the rows: titles, notes, totals, sections, repeated headers.

use super::super::dates::han;
use super::super::dice::Dice;
use super::super::model::{Cell, Down, Folder, Row, RowKind, Table};

/// Rows to a printed page.
const PAGE: usize = 20;

fn wanted(folder: &mut Folder) -> impl Iterator<Item = &mut Table> {
    folder.tables().filter(|table| table.wanted())
}

/// The title is gone; the line with the date stays.
pub(crate) fn untitled(folder: &mut Folder, _: &mut Dice) {
    for table in folder.tables().filter(|table| table.title.len() > 1) {
        table.title.remove(0);
    }
}

/// An annex number, a seal, a unit.
pub(crate) fn more_lines(folder: &mut Folder, _: &mut Dice) {
    for table in wanted(folder) {
        table.title.insert(0, "附件2".to_owned());
        table
            .title
            .push("单位：人、名          （盖章）".to_owned());
        table.title.push(String::new());
    }
}

/// The line that says the date says only the month.
pub(crate) fn month_only(folder: &mut Folder, _: &mut Dice) {
    dated(folder, |year, month, _| format!("{year}年{month}月"));
}

/// The date in words: 二〇二二年十二月二十六日.
pub(crate) fn chinese_date(folder: &mut Folder, _: &mut Dice) {
    let number = |text: &str| match text.parse::<u32>().unwrap_or(0) {
        n @ 1..10 => han(n),
        10 => "十".to_owned(),
        n @ 11..20 => format!("十{}", han(n - 10)),
        20 => "二十".to_owned(),
        30 => "三十".to_owned(),
        31 => "三十一".to_owned(),
        n => format!("二十{}", han(n - 20)),
    };
    dated(folder, |year, month, day| {
        let year = han(year.parse().unwrap_or(0));
        format!("{year}年{}月{}日", number(month), number(day))
    });
}

/// Writes the dates of the lines under the title anew.
fn dated(folder: &mut Folder, write: impl Fn(&str, &str, &str) -> String) {
    for line in folder.tables().flat_map(|table| &mut table.title) {
        let Some((before, date)) = line.rsplit_once('：') else {
            continue;
        };
        let parts: Vec<&str> = date.split(['年', '月', '日']).collect();
        if let [year, month, day, ""] = parts[..] {
            *line = format!("{before}：{}", write(year, month, day));
        }
    }
}

/// No line says a date: the file's name does, or the sheet's.
pub(crate) fn date_in_file_name(folder: &mut Folder, _: &mut Dice) {
    for file in &mut folder.files {
        let said = file.pages.iter().flat_map(|page| &page.tables);
        let said = said
            .flat_map(|table| &table.title)
            .any(|line| line.contains("2022年12月"));
        if said && !file.name.contains("2022年12月") {
            file.name.push_str("2022年12月28日");
        }
    }
    for table in folder.tables() {
        for line in &mut table.title {
            let cut = line.find("填报日期").or_else(|| line.find("统计截止"));
            if let Some(cut) = cut {
                line.truncate(cut);
            }
        }
        table.title.retain(|line| !line.trim().is_empty());
    }
}

pub(crate) fn written_once(folder: &mut Folder, _: &mut Dice) {
    folder.tables().for_each(|table| table.down = Down::Once);
}

pub(crate) fn written_in_every_row(folder: &mut Folder, _: &mut Dice) {
    folder.tables().for_each(|table| table.down = Down::Every);
}

/// A line over the rows of each village or department instead of its column.
pub(crate) fn sections(folder: &mut Folder, _: &mut Dice) {
    for table in wanted(folder) {
        let section = table.section.clone();
        let Some(index) = section.and_then(|was| table.index(&was)) else {
            continue;
        };
        if !table.columns[index].down {
            continue;
        }
        let names = table.filled(index);
        let mut rows: Vec<Row> = Vec::new();
        let mut number = 0;
        for (at, (row, name)) in table.rows.iter().zip(&names).enumerate() {
            let first = at == 0 || names[at - 1] != *name;
            if first && row.kind == RowKind::Record {
                number += 1;
                let count = names.iter().filter(|other| *other == name).count();
                let place = table.place.is_some();
                let quota = if place { "核定" } else { "共" };
                let unit = if place { "职" } else { "人" };
                let line = format!(
                    "{}、{}（{quota}{count}{unit}）",
                    ordinal(number),
                    name.trim()
                );
                rows.push(Row::line(&line));
            }
            rows.push(row.clone());
        }
        table.rows = rows;
        table.drop_column(index);
    }
}

fn ordinal(number: u32) -> String {
    match number {
        1..10 => han(number),
        10 => "十".to_owned(),
        11..20 => format!("十{}", han(number - 10)),
        n if n.is_multiple_of(10) => format!("{}十", han(n / 10)),
        n => format!("{}十{}", han(n / 10), han(n % 10)),
    }
}

/// Sums of the columns of numbers over some rows, with a word in the first cell.
fn total(table: &Table, rows: &[Row], word: &str) -> Row {
    let sum = |index: usize| -> Option<Cell> {
        let is = table.columns[index].is.as_deref()?;
        if !matches!(is, "total" | "standing" | "number" | "reported")
            && !is.starts_with("quota_")
            && !is.starts_with("report_")
        {
            return None;
        }
        let sum = rows
            .iter()
            .filter_map(|row| row.cells[index].shown().parse::<f64>().ok());
        Some(Cell::Number(sum.sum()))
    };
    let mut cells: Vec<Cell> = (0..table.columns.len())
        .map(|index| sum(index).unwrap_or_default())
        .collect();
    let first = cells.iter().position(|cell| *cell == Cell::Empty);
    cells[first.unwrap_or(0)] = Cell::text(word);
    Row {
        kind: RowKind::Total,
        cells,
        hidden: false,
    }
}

/// The totals stand first.
pub(crate) fn totals_first(folder: &mut Folder, dice: &mut Dice) {
    totals_added(folder, dice);
    for table in folder.tables() {
        let (totals, rest): (Vec<Row>, Vec<Row>) = table
            .rows
            .drain(..)
            .partition(|row| row.kind == RowKind::Total);
        table.rows = totals.into_iter().chain(rest).collect();
    }
}

/// Every table has a total.
pub(crate) fn totals_added(folder: &mut Folder, _: &mut Dice) {
    for table in wanted(folder) {
        let records: Vec<Row> = table.records().map(|row| row.clone()).collect();
        if !table.rows.iter().any(|row| row.kind == RowKind::Total) {
            let mut row = total(table, &records, "合  计");
            // A roster says how many.
            if table.serving("name").is_some()
                && let Some(free) = row.cells.iter().skip(1).position(|c| *c == Cell::Empty)
            {
                row.cells[free + 1] = Cell::text(format!("{}条", records.len()));
            }
            table.rows.push(row);
        }
    }
}

/// After every village (or every seventh row) a sub-total.
pub(crate) fn sub_totals(folder: &mut Folder, _: &mut Dice) {
    let areas = ["东片区小计", "河西片区小计", "小计", "小  计", "山上片小计"];
    for table in wanted(folder) {
        let group = table.columns.iter().position(|column| column.down);
        let mut rows: Vec<Row> = Vec::new();
        let mut part: Vec<Row> = Vec::new();
        let mut closed = 0;
        for row in table.rows.clone() {
            let begins = match group {
                Some(index) => row
                    .cells
                    .get(index)
                    .is_some_and(|cell| *cell != Cell::Empty),
                None => part.len() == 7,
            };
            let ends = row.kind == RowKind::Total || begins && row.kind == RowKind::Record;
            if ends && !part.is_empty() {
                rows.push(total(table, &part, areas[closed % areas.len()]));
                closed += 1;
                part.clear();
            }
            if row.kind == RowKind::Record {
                part.push(row.clone());
            }
            rows.push(row);
        }
        if !part.is_empty() {
            rows.push(total(table, &part, "小计"));
        }
        table.rows = rows;
    }
}

/// Every so many rows, between villages where the table has any.
fn between(table: &mut Table, every: usize, mut put: impl FnMut(&mut Vec<Row>, usize)) {
    let group = table.columns.iter().position(|column| column.down);
    let mut rows: Vec<Row> = Vec::new();
    let mut since = 0;
    let mut times = 0;
    for row in table.rows.drain(..) {
        let free = group.is_none_or(|index| {
            row.cells
                .get(index)
                .is_some_and(|cell| *cell != Cell::Empty)
        });
        if since >= every && free && row.kind == RowKind::Record {
            put(&mut rows, times);
            since = 0;
            times += 1;
        }
        since += 1;
        rows.push(row);
    }
    table.rows = rows;
}

/// Notes between the rows.
pub(crate) fn notes_between(folder: &mut Folder, _: &mut Dice) {
    let notes = [
        "注：以下各行由驻村干部核对。",
        "备注：本页数据截至12月底",
        "说明：空缺职数待补选后补报",
    ];
    for table in wanted(folder) {
        between(table, 9, |rows, times| {
            rows.push(Row::line(notes[times % notes.len()]))
        });
    }
}

/// Blank rows between the rows.
pub(crate) fn blank_rows(folder: &mut Folder, _: &mut Dice) {
    for table in wanted(folder) {
        between(table, 8, |rows, _| rows.push(Row::line("")));
    }
}

/// The header again every so many rows, even in the middle of a village.
pub(crate) fn headers_repeated(folder: &mut Folder, _: &mut Dice) {
    repeated(folder, false);
}

/// Title and header again on every page.
pub(crate) fn pages_repeated(folder: &mut Folder, _: &mut Dice) {
    repeated(folder, true);
}

fn repeated(folder: &mut Folder, titles: bool) {
    for table in wanted(folder) {
        let header = Row {
            kind: if titles {
                RowKind::Page
            } else {
                RowKind::Header
            },
            cells: Vec::new(),
            hidden: false,
        };
        between(table, PAGE, |rows, _| rows.push(header.clone()));
    }
}

/// Some rows are hidden: they count.
pub(crate) fn rows_hidden(folder: &mut Folder, _: &mut Dice) {
    for table in folder.tables() {
        for row in table.records().skip(2).step_by(5) {
            row.hidden = true;
        }
    }
}
