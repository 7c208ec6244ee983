//! The same value in another spelling.

use super::super::dates::{Day, SPELLINGS};
use super::super::dice::Dice;
use super::super::model::{Cell, Folder, Table};

/// Half-width to full-width: digits, letters and the point.
pub(crate) fn wide(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '0'..='9' | 'A'..='Z' | 'a'..='z' | '.' | '-' => {
                char::from_u32(u32::from(letter) + 0xFEE0).unwrap_or(letter)
            }
            other => other,
        })
        .collect()
}

/// Changes the cells of the records in columns that serve one of `which`.
fn each(folder: &mut Folder, which: &[&str], mut change: impl FnMut(&str, &Cell) -> Option<Cell>) {
    for table in folder.tables() {
        for column in which {
            let Some(index) = table.serving(column) else {
                continue;
            };
            for row in table.records() {
                if let Some(cell) = change(column, &row.cells[index]) {
                    row.cells[index] = cell;
                }
            }
        }
    }
}

/// Dates in eight spellings.
pub(crate) fn dates(folder: &mut Folder, dice: &mut Dice) {
    each(folder, &["birth", "since", "work_start"], |column, cell| {
        let day = Day::of(cell)?;
        Some(day.spelt(dice.below(SPELLINGS), column == "birth"))
    });
}

/// Full-width digits and letters.
pub(crate) fn full_width(folder: &mut Folder, _: &mut Dice) {
    let columns = [
        "birth",
        "id_number",
        "quota_admin",
        "total",
        "number",
        "phone",
    ];
    each(folder, &columns, |column, cell| match cell {
        Cell::Text(text) => Some(Cell::text(wide(text))),
        Cell::Number(number) if column != "birth" && number.abs() < 1e9 => {
            Some(Cell::text(wide(&number.to_string())))
        }
        _ => None,
    });
}

/// Names of two letters are spread, others get a space behind.
pub(crate) fn spaced_names(folder: &mut Folder, dice: &mut Dice) {
    let between = ["　", "  ", " ", "\u{a0}"];
    each(folder, &["name"], |_, cell| {
        let name: String = cell.shown().split_whitespace().collect();
        let letters: Vec<char> = name.chars().collect();
        let space = dice.pick(&between)?;
        match letters.as_slice() {
            [] => None,
            [first, last] if name != "空缺" => Some(Cell::text(format!("{first}{space}{last}"))),
            _ => Some(Cell::text(format!("{name}{space}"))),
        }
    });
}

/// Ticks in other signs.
pub(crate) fn ticks(folder: &mut Folder, dice: &mut Dice) {
    let signs = ["是", "1", "✓", "有", "√", "✔", "Y"];
    let which = ["standing_tick", "other_tick", "standing_flag", "lent"];
    each(folder, &which, |_, cell| {
        let said = cell.shown();
        let yes = ["√", "是", "1", "✓"].contains(&said.trim());
        let sign = dice.pick(&signs)?;
        yes.then(|| match *sign {
            "1" => Cell::Number(1.0),
            sign => Cell::text(sign),
        })
    });
}

/// A unit behind the number.
pub(crate) fn units(folder: &mut Folder, dice: &mut Dice) {
    let which = [
        "quota_admin",
        "quota_support",
        "quota_institution",
        "number",
        "total",
        "standing",
    ];
    let words = ["名", "人", "个", " 名"];
    each(folder, &which, |_, cell| match cell {
        Cell::Number(number) => {
            let word = dice.pick(&words)?;
            Some(Cell::text(format!("{number}{word}")))
        }
        _ => None,
    });
}

/// A village by its full name, or by its short one.
pub(crate) fn full_villages(folder: &mut Folder, dice: &mut Dice) {
    each(folder, &["village"], |_, cell| {
        let name: String = cell.shown().split_whitespace().collect();
        let short = name.strip_suffix('村')?;
        Some(Cell::text(match dice.below(4) {
            0 => format!("{short}村村民委员会"),
            1 => format!("{short}村委会"),
            2 => format!("青禾镇{name}"),
            _ => format!(" {short} 村"),
        }))
    });
}

/// Numbers given by formulas, with what they gave.
pub(crate) fn formulas(folder: &mut Folder, _: &mut Dice) {
    let which = [
        "quota_admin",
        "quota_institution",
        "number",
        "total",
        "standing",
    ];
    each(folder, &which, |_, cell| match cell {
        Cell::Number(number) => {
            let formula = format!("={}+1", number - 1.0);
            Some(Cell::Formula(formula, number.to_string()))
        }
        _ => None,
    });
}

/// Formulas that went wrong, in columns that nobody reads.
pub(crate) fn formula_errors(folder: &mut Folder, _: &mut Dice) {
    for table in folder.tables() {
        let unread: Vec<usize> = unread(table);
        for row in table.records() {
            for index in &unread {
                row.cells[*index] = Cell::Formula("=1/0".to_owned(), "#DIV/0!".to_owned());
            }
        }
    }
}

/// Columns that nothing is read from; the first one numbers the rows and stays.
fn unread(table: &Table) -> Vec<usize> {
    let columns = table.columns.iter().enumerate().skip(1);
    columns
        .filter(|(_, column)| column.is.is_none() && table.wanted())
        .map(|(index, _)| index)
        .collect()
}
