//! Which sheets stand in which files, and what else stands beside them.

use super::super::dice::Dice;
use super::super::model::{Beside, Cell, Down, Dress, File, Folder, Page, Row};

/// The small tables of a file on one sheet, one beside another.
pub(crate) fn side_by_side(folder: &mut Folder, _: &mut Dice) {
    joined(folder, Beside::Right);
}

/// The small tables of a file on one sheet, one under another.
pub(crate) fn stacked(folder: &mut Folder, _: &mut Dice) {
    joined(folder, Beside::Below);
}

/// The roster stays; what stands beside it is joined.
fn joined(folder: &mut Folder, beside: Beside) {
    for file in &mut folder.files {
        let (mut keep, join): (Vec<Page>, Vec<Page>) = file.pages.drain(..).partition(|page| {
            page.tables.iter().any(|table| {
                table.columns.len() > 13 || !table.wanted() || table.was.contains("上届")
            })
        });
        let name = join.first().map(|page| page.name.clone());
        let tables = join.into_iter().flat_map(|page| page.tables).collect();
        if let Some(name) = name {
            keep.push(page(&name, beside, tables));
        }
        file.pages = keep;
    }
}

fn page(name: &str, beside: Beside, tables: Vec<super::super::model::Table>) -> Page {
    Page {
        name: name.to_owned(),
        hidden: false,
        stale: false,
        beside,
        tables,
        loose: Vec::new(),
    }
}

/// An empty sheet, a pivot, a scribble.
pub(crate) fn idle_sheets(folder: &mut Folder, _: &mut Dice) {
    for file in &mut folder.files {
        file.pages
            .insert(0, page("Sheet1", Beside::Below, Vec::new()));
        let mut pivot = page("Sheet5", Beside::Below, Vec::new());
        for (row, line) in (2..).zip([
            ["行标签", "计数项:姓名"],
            ["大石村", "7"],
            ["青山村", "5"],
            ["总计", "12"],
        ]) {
            for (column, text) in (0..).zip(line) {
                pivot.loose.push((row, column, text.to_owned()));
            }
        }
        file.pages.push(pivot);
        let mut scribble = page("草稿", Beside::Below, Vec::new());
        scribble.loose.push((4, 2, "领导要的数，先别删".to_owned()));
        scribble.loose.push((7, 5, "13".to_owned()));
        file.pages.push(scribble);
    }
}

/// The rosters of a year before stand beside, named old and dated.
pub(crate) fn old_beside(folder: &mut Folder, _: &mut Dice) {
    for file in &mut folder.files {
        let mut old: Vec<Page> = Vec::new();
        for page in &file.pages {
            let mut copy = page.clone();
            let rosters = copy
                .tables
                .iter()
                .any(|table| table.serving("name").is_some());
            if !rosters || page.name.contains("上届") || page.name.contains("书记") {
                continue;
            }
            copy.name = format!("{}（旧）", copy.name.chars().take(20).collect::<String>());
            copy.stale = true;
            for table in &mut copy.tables {
                for line in &mut table.title {
                    *line = line.replace("2022年12月", "2021年12月");
                }
                // Three have come since.
                let cut = table.rows.len().saturating_sub(4).max(1);
                table.rows.remove(cut);
            }
            old.push(copy);
        }
        file.pages.extend(old);
    }
}

/// A hidden copy of each roster, in which somebody tried things out.
pub(crate) fn backup_hidden(folder: &mut Folder, _: &mut Dice) {
    for file in &mut folder.files {
        let mut copies: Vec<Page> = Vec::new();
        for page in &file.pages {
            let mut copy = page.clone();
            copy.name = format!("{}（备份）", copy.name.chars().take(20).collect::<String>());
            copy.hidden = true;
            copy.stale = true;
            for table in &mut copy.tables {
                let rows: &mut Vec<Row> = &mut table.rows;
                rows.truncate(rows.len() / 2 + 1);
                for row in rows.iter_mut().skip(1) {
                    if let Some(last) = row.cells.last_mut() {
                        *last = Cell::text("待核");
                    }
                }
            }
            copies.push(copy);
        }
        file.pages.extend(copies);
    }
}

/// All sheets in one workbook.
pub(crate) fn one_book(folder: &mut Folder, _: &mut Dice) {
    let mut all = File {
        name: "青禾镇各类台账汇总".to_owned(),
        dress: Dress::Xlsx,
        pages: Vec::new(),
    };
    for file in &mut folder.files {
        for mut page in file.pages.drain(..) {
            let same = |name: &str, pages: &[Page]| pages.iter().any(|page| page.name == name);
            if same(&page.name, &all.pages) {
                page.name = format!("{}{}", page.name, all.pages.len());
            }
            all.pages.push(page);
        }
    }
    folder.files = vec![all];
}

/// Every sheet in a workbook of its own.
pub(crate) fn book_a_sheet(folder: &mut Folder, _: &mut Dice) {
    let files = std::mem::take(&mut folder.files);
    for file in files {
        for page in file.pages {
            folder.files.push(File {
                name: format!("{}-{}", file.name, page.name),
                dress: file.dress,
                pages: vec![page],
            });
        }
    }
}

pub(crate) fn csv_utf8(folder: &mut Folder, _: &mut Dice) {
    dressed(folder, Dress::CsvUtf8Mark);
}

pub(crate) fn csv_gb18030(folder: &mut Folder, _: &mut Dice) {
    dressed(folder, Dress::CsvGb18030);
}

pub(crate) fn xls(folder: &mut Folder, _: &mut Dice) {
    dressed(folder, Dress::Xls);
}

fn dressed(folder: &mut Folder, dress: Dress) {
    folder.files.iter_mut().for_each(|file| file.dress = dress);
    if dress != Dress::Xls {
        folder.tables().for_each(|table| table.down = Down::Once);
    }
}
