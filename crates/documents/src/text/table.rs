//! A table in plain text: columns as wide as their widest cell.

use crate::report::{Align, Run, Table, columns, plain};

pub(super) fn write(table: &Table) -> String {
    let rows: Vec<Vec<String>> = [&table.header]
        .into_iter()
        .chain(&table.rows)
        .map(|row| texts(row))
        .collect();
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
    let widths: Vec<usize> = (0..count)
        .map(|column| {
            rows.iter()
                .map(|row| columns(&cell(row, column)))
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut out = String::new();
    for (i, row) in rows.iter().enumerate() {
        let cells: Vec<String> = (0..count)
            .map(|column| {
                let align = table.alignments.get(column).copied().unwrap_or_default();
                pad(&cell(row, column), widths[column], align)
            })
            .collect();
        out.push_str(cells.join("  ").trim_end());
        out.push('\n');
        if i == 0 {
            out.push_str(&"-".repeat(widths.iter().sum::<usize>() + 2 * count.saturating_sub(1)));
            out.push('\n');
        }
    }
    out
}

fn texts(row: &[Vec<Run>]) -> Vec<String> {
    row.iter()
        .map(|runs| plain(runs).replace('\n', " "))
        .collect()
}

fn pad(text: &str, width: usize, align: Align) -> String {
    let room = width.saturating_sub(columns(text));
    let left = match align {
        Align::Left => 0,
        Align::Centre => room / 2,
        Align::Right => room,
    };
    format!("{}{text}{}", " ".repeat(left), " ".repeat(room - left))
}
