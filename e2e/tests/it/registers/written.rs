//! A workbook written from a declaration: a title, headers of as many levels as the names have, plausible rows; and
//! one spoilt cell a row.

use rust_xlsxwriter::{Format, Workbook, Worksheet};

use super::declared::{Column, Sheet};

/// Villages of the example that the rows name in turn.
const VILLAGES: [&str; 3] = ["大石村", "青山村", "白鹤村"];

/// What is spoilt in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// A month that does not exist.
    Date,
    /// An ID number that fails its check.
    Identity,
    /// A word where a number belongs.
    Number,
    /// A unit that the column's kind does not know.
    Unit,
    /// A code that is nearly a word of its list.
    Code,
    /// A village that the town does not have.
    Village,
    /// Nothing where a record needs something.
    Missing,
}

/// A spoilt cell.
#[derive(Debug, Clone)]
pub(crate) struct Spoilt {
    /// What is wrong.
    pub(crate) fault: Fault,
    /// Where.
    pub(crate) cell: String,
    /// The word that should be offered in its place.
    pub(crate) nearest: Option<String>,
    /// Whether its row cannot enter without it.
    pub(crate) needed: bool,
}

/// A written workbook.
#[derive(Debug)]
pub(crate) struct Written {
    /// The file.
    pub(crate) bytes: Vec<u8>,
    /// How many rows stand in it.
    pub(crate) rows: usize,
    /// Its spoilt cells.
    pub(crate) spoilt: Vec<Spoilt>,
}

/// A workbook of three good rows under the columns that the sheet needs.
pub(crate) fn least(sheet: &Sheet) -> Written {
    let mut sheet = sheet.clone();
    sheet.columns.retain(|column| column.required);
    write(&sheet, 3, &[])
}

/// A workbook of one good row and a row for every fault that the sheet can have.
pub(crate) fn spoilt(sheet: &Sheet) -> Written {
    let columns = ordered(sheet);
    let mut faults: Vec<(Fault, usize)> = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        for fault in possible(column) {
            if faults.iter().all(|(known, _)| *known != fault) {
                faults.push((fault, index));
            }
        }
    }
    write(sheet, 1, &faults)
}

fn possible(column: &Column) -> Vec<Fault> {
    let mut faults = match column.kind.split(':').next().unwrap_or_default() {
        "date" => vec![Fault::Date],
        "id_number" => vec![Fault::Identity],
        "int" => vec![Fault::Number],
        "money" | "area" => vec![Fault::Number, Fault::Unit],
        "decimal" if column.reads.is_empty() => vec![Fault::Number],
        "code" => vec![Fault::Code],
        "division" => vec![Fault::Village],
        _ => Vec::new(),
    };
    if column.needed && !column.fills && column.kind == "text" {
        faults.push(Fault::Missing);
    }
    faults
}

/// The columns with those under one merged header side by side.
fn ordered(sheet: &Sheet) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for column in &sheet.columns {
        let beside = columns
            .iter()
            .rposition(|other| other.header.len() > 1 && other.header[0] == column.header[0]);
        match beside {
            Some(at) if column.header.len() > 1 => columns.insert(at + 1, column.clone()),
            _ => columns.push(column.clone()),
        }
    }
    columns
}

fn write(sheet: &Sheet, good: usize, faults: &[(Fault, usize)]) -> Written {
    let columns = ordered(sheet);
    let wide = combinations(sheet);
    let mut headers: Vec<Vec<String>> =
        columns.iter().map(|column| column.header.clone()).collect();
    headers.extend(wide.iter().cloned());
    let depth = headers.iter().map(Vec::len).max().unwrap_or(1);
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let named: String = sheet
        .title
        .chars()
        .filter(|c| !"[]:*?/\\".contains(*c))
        .collect();
    page.set_name(named.chars().take(31).collect::<String>())
        .expect("a short name");
    string(page, 0, 0, &sheet.title);
    write_headers(page, &headers, depth);
    let first = depth + 1;
    let mut spoilt = Vec::new();
    for row in 0..good + faults.len() {
        let line = first + row;
        for (index, column) in columns.iter().enumerate() {
            let mut text = value(column, row);
            let fault = row.checked_sub(good).and_then(|at| faults.get(at));
            if let Some((fault, at)) = fault
                && *at == index
            {
                let (bad, nearest) = worse(*fault, column);
                text = bad;
                spoilt.push(Spoilt {
                    fault: *fault,
                    cell: format!("{}{}", letters(index), line + 1),
                    nearest,
                    needed: column.needed && !column.vacant,
                });
            }
            string(page, line, index, &text);
        }
        for index in columns.len()..headers.len() {
            string(page, line, index, &format!("{}", 10 + row));
        }
    }
    Written {
        bytes: book.save_to_buffer().expect("a workbook in memory"),
        rows: good + faults.len(),
        spoilt,
    }
}

/// Every way to take one word of each key that stands across.
fn combinations(sheet: &Sheet) -> Vec<Vec<String>> {
    if sheet.across.is_empty() {
        return Vec::new();
    }
    let mut all = vec![Vec::new()];
    for key in sheet.across.iter().filter(|key| !key.words.is_empty()) {
        all = all
            .iter()
            .flat_map(|path: &Vec<String>| {
                key.words.iter().map(|word| {
                    let mut longer = path.clone();
                    longer.push(word.clone());
                    longer
                })
            })
            .collect();
    }
    all
}

/// Headers of several levels: what stands alone is merged down, what repeats is merged across.
fn write_headers(page: &mut Worksheet, headers: &[Vec<String>], depth: usize) {
    for (index, header) in headers.iter().enumerate() {
        for (level, word) in header.iter().enumerate() {
            let same = |other: Option<&Vec<String>>| {
                other.is_some_and(|other| {
                    other.len() > level + 1
                        && header.len() > level + 1
                        && other[..=level] == header[..=level]
                })
            };
            if index > 0 && same(headers.get(index - 1)) {
                continue;
            }
            let run = headers[index..]
                .iter()
                .take_while(|other| same(Some(other)))
                .count()
                .max(1);
            let last = if level + 1 == header.len() {
                depth
            } else {
                level + 1
            };
            merge(page, (1 + level, index), (last, index + run - 1), word);
        }
    }
}

fn merge(page: &mut Worksheet, from: (usize, usize), to: (usize, usize), word: &str) {
    if from == to {
        string(page, from.0, from.1, word);
        return;
    }
    let (row, column) = at(from.0, from.1);
    let (last_row, last_column) = at(to.0, to.1);
    page.merge_range(row, column, last_row, last_column, word, &Format::new())
        .expect("inside the sheet");
}

fn string(page: &mut Worksheet, row: usize, column: usize, text: &str) {
    let (row, column) = at(row, column);
    page.write_string(row, column, text)
        .expect("inside the sheet");
}

fn at(row: usize, column: usize) -> (u32, u16) {
    (
        u32::try_from(row).expect("few rows"),
        u16::try_from(column).expect("few columns"),
    )
}

/// The letters of a column.
fn letters(index: usize) -> String {
    let letter = |at: usize| char::from(b'A' + u8::try_from(at % 26).expect("below 26"));
    match index / 26 {
        0 => letter(index).to_string(),
        many => format!("{}{}", letter(many - 1), letter(index)),
    }
}

/// A plausible value, another one for every row where the kind allows it.
fn value(column: &Column, row: usize) -> String {
    let last = column.header.last().map_or("", String::as_str);
    match column.kind.split(':').next().unwrap_or_default() {
        "date" if last.contains("年度") || last.contains("年份") => "2022年".to_owned(),
        "date" => format!("2022.03.{:02}", 10 + row),
        "id_number" => identity(row),
        "phone" => format!("1390000{:04}", 1000 + row),
        "bool" => "是".to_owned(),
        "division" => VILLAGES[row % VILLAGES.len()].to_owned(),
        "code" => column.words.first().cloned().unwrap_or_default(),
        "int" if last.contains('年') && !last.contains("月") => "2022".to_owned(),
        "decimal" if column.reads == "longitude" => format!("106.87{row:02}"),
        "decimal" if column.reads == "latitude" => format!("31.62{row:02}"),
        "int" | "money" | "area" | "decimal" => format!("{}", 5 + row),
        _ => format!("{}{}", ["赵", "钱", "孙", "李"][row % 4], ordinal(row)),
    }
}

/// A word for a row: 甲 for the first.
fn ordinal(row: usize) -> char {
    "甲乙丙丁戊己庚辛壬癸子丑寅卯"
        .chars()
        .nth(row)
        .unwrap_or('亥')
}

/// An ID number that passes its check, of somebody born in 1980.
fn identity(row: usize) -> String {
    let body = format!("51172919800{}15{:03}", 1 + row % 9, 100 + row);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body
        .chars()
        .zip(weights)
        .map(|(digit, weight)| digit.to_digit(10).unwrap_or(0) * weight)
        .sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize);
    format!("{body}{}", check.unwrap_or('0'))
}

/// What stands in a spoilt cell, and the word that should be offered.
fn worse(fault: Fault, column: &Column) -> (String, Option<String>) {
    match fault {
        Fault::Date => ("2022年13月30日".to_owned(), None),
        Fault::Identity => ("511729198001011234".to_owned(), None),
        Fault::Number => ("若干".to_owned(), None),
        Fault::Unit => ("12桶".to_owned(), None),
        Fault::Village => ("大石衬".to_owned(), Some("大石村".to_owned())),
        Fault::Missing => (String::new(), None),
        Fault::Code => {
            // The longest word, one character mistyped: near enough to be offered, when it is long enough.
            let plain = column
                .words
                .iter()
                .filter(|word| !word.contains(['、', '和', '”', '或']));
            let word = plain
                .max_by_key(|word| word.chars().count())
                .cloned()
                .unwrap_or_default();
            let kept: String = word
                .chars()
                .take(word.chars().count().saturating_sub(1))
                .collect();
            let near = word.chars().count() > 3;
            (format!("{kept}鑫"), near.then_some(word))
        }
    }
}
