//! Other words in the headers, other orders of columns, other levels.

use std::collections::BTreeMap;

use super::super::dice::Dice;
use super::super::model::{Cell, Column, Down, Folder, RowKind, Table};

/// Words that the pack lists.
pub(crate) fn listed(folder: &mut Folder, dice: &mut Dice) {
    renamed(folder, dice, |column| &column.listed);
}

/// Words that the pack does not list, in about a third of the columns: a town that changed every word
/// would not know its own sheets again.
pub(crate) fn unlisted(folder: &mut Folder, dice: &mut Dice) {
    let turn = dice.below(3);
    for table in folder.tables() {
        for (index, column) in table.columns.iter_mut().enumerate() {
            if index % 3 == turn
                && let Some(other) = dice.pick(&column.others)
            {
                column.path = split(other);
            }
        }
        alike(table);
    }
}

fn renamed(folder: &mut Folder, dice: &mut Dice, words: fn(&Column) -> &Vec<String>) {
    for table in folder.tables() {
        for column in &mut table.columns {
            // Every member of a group takes the word of the same position, so that the group stays one.
            let from = words(column);
            let chosen = match column.was.contains('>') {
                true => from.first(),
                false => dice.pick(from),
            };
            if let Some(other) = chosen.cloned() {
                column.path = split(&other);
            }
        }
        alike(table);
    }
}

fn split(path: &str) -> Vec<String> {
    path.split('>').map(str::to_owned).collect()
}

/// Where members of a group came to stand under several names, all take the first one's; and no two
/// columns may bear the same name.
fn alike(table: &mut Table) {
    let mut groups: BTreeMap<String, String> = BTreeMap::new();
    for column in &mut table.columns {
        let Some((was, _)) = column.was.split_once('>') else {
            continue;
        };
        if column.path.len() > 1 {
            let top = groups
                .entry(was.to_owned())
                .or_insert_with(|| column.path[0].clone());
            column.path[0].clone_from(top);
        }
    }
    let mut seen: Vec<Vec<String>> = Vec::new();
    for column in &mut table.columns {
        if seen.contains(&column.path) {
            column.path = split(&column.was);
        }
        seen.push(column.path.clone());
    }
}

/// Spaces and line breaks inside.
pub(crate) fn broken(folder: &mut Folder, dice: &mut Dice) {
    let breaks = ["\n", "　", " ", "  ", "\r\n", "\u{a0}"];
    for table in folder.tables() {
        for word in table.columns.iter_mut().flat_map(|column| &mut column.path) {
            let count = word.chars().count();
            if count < 2 {
                continue;
            }
            // Equal words of a group must break alike.
            let mut own = Dice::new(word.len() as u64 + word.chars().map(u64::from).sum::<u64>());
            let at = 1 + own.below(count - 1);
            let with = own.pick(&breaks).copied().unwrap_or_default();
            *word = word
                .chars()
                .enumerate()
                .flat_map(|(index, letter)| {
                    let with = if index == at { with } else { "" };
                    with.chars().chain([letter])
                })
                .collect();
        }
    }
    let _ = dice;
}

/// A unit or a hint in brackets behind the word.
pub(crate) fn with_units(folder: &mut Folder, _: &mut Dice) {
    for table in folder.tables() {
        for column in &mut table.columns {
            let hint = match column.is.as_deref() {
                Some("birth") => "（年月）",
                Some("sex") => "（男/女）",
                Some("total" | "number") => "（名）",
                Some("name") => "（必填）",
                Some("id_number") => "（18位）",
                Some("quota_admin" | "quota_support" | "quota_institution") => "（名）",
                Some("remark") => "（可不填）",
                _ => continue,
            };
            if let Some(last) = column.path.last_mut() {
                last.push_str(hint);
            }
        }
    }
}

/// Columns in another order; a group stays together.
pub(crate) fn shuffled(folder: &mut Folder, dice: &mut Dice) {
    for table in folder.tables() {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (index, column) in table.columns.iter().enumerate() {
            let joins = index > 0
                && column.path.len() > 1
                && table.columns[index - 1].path.len() > 1
                && table.columns[index - 1].path[0] == column.path[0];
            match groups.last_mut() {
                Some(group) if joins => group.push(index),
                _ => groups.push(vec![index]),
            }
        }
        dice.shuffle(&mut groups);
        let order: Vec<usize> = groups.concat();
        table.columns = order
            .iter()
            .map(|index| table.columns[*index].clone())
            .collect();
        for row in &mut table.rows {
            if row.kind != RowKind::Line && row.cells.len() == order.len() {
                let moved = order.iter().map(|index| row.cells[*index].clone());
                row.cells = moved.collect();
                // A total's word stands in the first cell.
                if row.kind == RowKind::Total
                    && let Some(at) = row.cells.iter().position(|c| c.shown() == "合计")
                {
                    row.cells[at] = Cell::Empty;
                    let first = row.cells.iter().position(|cell| *cell == Cell::Empty);
                    row.cells[first.unwrap_or(at)] = Cell::text("合计");
                }
            }
        }
    }
}

/// A level more: a word over each half of the table.
pub(crate) fn super_level(folder: &mut Folder, _: &mut Dice) {
    for table in folder.tables() {
        let half = table.columns.len() / 2;
        let group = |path: &[String]| (path.len() > 1).then(|| path[0].clone());
        for index in 0..table.columns.len() {
            // A group is not cut in two.
            let own = group(&table.columns[index].path);
            let first = (0..index)
                .find(|before| own.is_some() && group(&table.columns[*before].path) == own)
                .unwrap_or(index);
            let over = if first < half {
                "基本情况"
            } else {
                "其他情况"
            };
            if index > 0 && table.columns[index].path.len() < 4 {
                table.columns[index].path.insert(0, over.to_owned());
            }
        }
    }
}

/// Columns that nobody asked for, between the others.
pub(crate) fn strange_columns(folder: &mut Folder, dice: &mut Dice) {
    for table in folder.tables().filter(|table| table.wanted()) {
        for (name, text) in [
            ("核对人签字", ""),
            ("填表日期", "2022-12-26"),
            ("列1", "3"),
            ("照片", ""),
        ] {
            let at = 1 + dice.below(table.columns.len());
            // Not inside a group.
            let inside = table.columns.get(at).is_some_and(|column| {
                column.path.len() > 1 && column.path[0] == table.columns[at - 1].path[0]
            });
            if inside {
                continue;
            }
            let column = Column {
                was: name.to_owned(),
                path: vec![name.to_owned()],
                is: None,
                listed: Vec::new(),
                others: Vec::new(),
                down: false,
                hidden: false,
            };
            table.columns.insert(at, column);
            for row in &mut table.rows {
                if row.kind == RowKind::Record {
                    row.cells.insert(at, Cell::text(text));
                } else if row.kind == RowKind::Total {
                    row.cells.insert(at, Cell::Empty);
                }
            }
        }
    }
}

/// The sex is not written where an ID number says it; where the number is broken nothing says it.
pub(crate) fn no_sex(folder: &mut Folder, _: &mut Dice) {
    for table in folder.tables() {
        if let (Some(sex), Some(number)) = (table.serving("sex"), table.serving("id_number")) {
            for row in table.records() {
                if is_whole(&row.cells[number].shown()) {
                    row.cells[sex] = Cell::Empty;
                }
            }
        }
    }
}

/// Whether an ID number of 18 places passes its check.
fn is_whole(number: &str) -> bool {
    let number: Vec<char> = number.trim().chars().collect();
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = number.iter().filter_map(|letter| letter.to_digit(10));
    let sum: u32 = digits
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    let last = "10X98765432".chars().nth((sum % 11) as usize);
    number.len() == 18
        && number[..17].iter().all(char::is_ascii_digit)
        && number.last().map(char::to_ascii_uppercase) == last
}

/// The committee's ID numbers are not written: the residents' list has them.
pub(crate) fn no_id_numbers(folder: &mut Folder, _: &mut Dice) {
    for table in folder.tables() {
        if table.place.is_some()
            && let Some(number) = table.serving("id_number")
        {
            table.drop_column(number);
        }
    }
}

/// Some columns are hidden: shown or not, they are read.
pub(crate) fn hidden(folder: &mut Folder, _: &mut Dice) {
    for table in folder.tables() {
        for column in &mut table.columns {
            if matches!(
                column.is.as_deref(),
                Some("id_number" | "since" | "ethnicity")
            ) {
                column.hidden = true;
            }
        }
        table.down = Down::Merged;
    }
}
