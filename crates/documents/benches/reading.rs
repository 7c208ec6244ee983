//! How fast a workbook is read and how much memory it takes. Speed: 100,000 rows of 20 cells by calamine alone
//! and by this room (cells, and cells with their values), in turns in one run. Memory: a list of a million
//! residents as .xlsx and .csv, each in a process of its own. `cargo bench -p documents`.

#![expect(clippy::print_stdout, reason = "a benchmark prints its numbers")]

use calamine::{Data, Reader, Xlsx};
use documents::sheet::{ColumnChoices, Form, FormColumn, Limits, match_tables, open};
use rust_xlsxwriter::Workbook;
use std::fmt::Write as _;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use vocabulary::FieldType;

const ROWS: u32 = 100_000;
const COLUMNS: u16 = 20;
const RUNS: usize = 5;
const MANY: u32 = 1_000_000;

fn main() {
    if let Some(file) = std::env::var_os("READING_FILE") {
        return one(&PathBuf::from(file));
    }
    speed();
    memory();
}

fn speed() {
    let bytes = workbook(ROWS, COLUMNS);
    let form = form(usize::from(COLUMNS));
    let (mut alone, mut cells, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let start = Instant::now();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).expect("a workbook");
        let range = book.worksheet_range_at(0).expect("a sheet").expect("cells");
        let filled = range.used_cells().filter(|c| *c.2 != Data::Empty).count();
        assert_eq!(filled, (ROWS + 1) as usize * usize::from(COLUMNS));
        drop((range, book));
        alone.push(start.elapsed().as_secs_f64());

        let start = Instant::now();
        let book = open(Path::new("t.xlsx"), &bytes, &Limits::default()).expect("a workbook");
        cells.push(start.elapsed().as_secs_f64());
        let reading = match_tables(
            &book.sheets[0],
            std::slice::from_ref(&form),
            "t.xlsx",
            &ColumnChoices::default(),
        );
        assert_eq!(reading.tables[0].rows.len(), ROWS as usize);
        drop((reading, book));
        values.push(start.elapsed().as_secs_f64());
    }
    let (alone, cells, values) = (median(alone), median(cells), median(values));
    println!("{ROWS} rows of {COLUMNS} cells, median of {RUNS}:");
    println!("  calamine alone              {:.0} ms", alone * 1e3);
    println!(
        "  cells                       {:.0} ms, {:.0} % of calamine's speed",
        cells * 1e3,
        100.0 * alone / cells
    );
    println!(
        "  cells, header, every value  {:.0} ms, {:.0} % of calamine's speed",
        values * 1e3,
        100.0 * alone / values
    );
}

/// Each file is read by this program again, so that its peak is its own.
fn memory() {
    let folder = std::env::temp_dir().join("reading-bench");
    std::fs::create_dir_all(&folder).expect("a folder");
    let (xlsx, csv) = (folder.join("many.xlsx"), folder.join("many.csv"));
    std::fs::write(&xlsx, workbook(MANY, 9)).expect("written");
    std::fs::write(&csv, residents()).expect("written");
    let me = std::env::current_exe().expect("this program");
    for file in [&csv, &xlsx] {
        let output = Command::new(&me)
            .env("READING_FILE", file)
            .output()
            .expect("run");
        print!("{}", String::from_utf8_lossy(&output.stdout));
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}

/// Reads one file and says how long it took and how much memory it needed at most.
fn one(file: &Path) {
    let start = Instant::now();
    let bytes = std::fs::read(file).expect("the file");
    let size = bytes.len() as f64 / 1_048_576.0;
    let book = open(file, &bytes, &Limits::default()).expect("a workbook");
    drop(bytes);
    let opened = start.elapsed().as_secs_f64();
    let form = form(9);
    let reading = match_tables(&book.sheets[0], &[form], "many", &ColumnChoices::default());
    println!(
        "{MANY} rows of 9 cells, {} of {size:.0} MB: {:.2} s ({opened:.2} s to its cells), {} rows, {} MB at most",
        file.extension().unwrap_or_default().display(),
        start.elapsed().as_secs_f64(),
        reading.tables[0].rows.len(),
        peak() / 1024
    );
}

/// The most memory this process has held, in kB, as Linux tells it.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

const HEADERS: [&str; 9] = [
    "村",
    "户编号",
    "姓名",
    "性别",
    "身份证号",
    "出生日期",
    "民族",
    "电话",
    "住址",
];

fn form(columns: usize) -> Form {
    let kinds = [
        FieldType::Division,
        FieldType::Text,
        FieldType::Text,
        FieldType::Code("sex".to_owned()),
        FieldType::IdNumber,
        FieldType::Date,
        FieldType::Text,
        FieldType::Phone,
        FieldType::Text,
    ];
    let column = |n: usize| FormColumn {
        name: format!("c{n}"),
        headers: vec![header(n)],
        kind: kinds.get(n).cloned().unwrap_or(FieldType::Int),
        required: n < 3,
        codes: vec![
            ("男".to_owned(), "1".to_owned()),
            ("女".to_owned(), "2".to_owned()),
        ],
        ..FormColumn::default()
    };
    Form {
        id: "residents".to_owned(),
        title: "常住人口".to_owned(),
        columns: (0..columns).map(column).collect(),
        ..Form::default()
    }
}

fn header(column: usize) -> String {
    HEADERS
        .get(column)
        .map_or_else(|| format!("数{column}"), |h| (*h).to_owned())
}

/// The text of a resident's cell; people differ, places and words repeat.
fn cell(row: u32, column: u16) -> String {
    let year = 1930 + row % 90;
    let (month, day) = (1 + row % 12, 1 + row % 28);
    match column {
        0 => format!("石桥{}村", row % 22),
        1 => format!("{:09}", row / 3),
        2 => format!(
            "王{}",
            ["芳", "建国", "秀英", "志强", "小明"][row as usize % 5]
        ),
        3 => ["男", "女"][row as usize % 2].to_owned(),
        4 => id_number(year, month, day, row),
        5 => format!("{year}-{month:02}-{day:02}"),
        6 => "汉族".to_owned(),
        7 => format!("138****{:04}", row % 10_000),
        _ => format!("石桥{}村{}组", row % 22, row % 9),
    }
}

fn id_number(year: u32, month: u32, day: u32, row: u32) -> String {
    let body = format!("511799{year:04}{month:02}{day:02}{:03}", row % 1000);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body
        .bytes()
        .zip(weights)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!(
        "{body}{}",
        ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum as usize % 11]
    )
}

fn workbook(rows: u32, columns: u16) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for column in 0..columns {
        sheet
            .write(0, column, header(usize::from(column)))
            .expect("a cell");
    }
    for row in 1..=rows {
        for column in 0..columns {
            if column < 9 {
                sheet.write(row, column, cell(row, column)).expect("a cell");
            } else {
                sheet
                    .write(row, column, row * 7 + u32::from(column))
                    .expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn residents() -> String {
    let mut text = HEADERS.join(",");
    for row in 1..=MANY {
        text.push('\n');
        for column in 0..9 {
            let _ = write!(
                text,
                "{}{}",
                if column > 0 { "," } else { "" },
                cell(row, column)
            );
        }
    }
    text
}
