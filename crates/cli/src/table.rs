//! Columns of text in which a Chinese character is two columns wide.

use unicode_width::UnicodeWidthStr;

/// Lines of columns; the last is not padded.
pub(crate) fn lines(rows: &[Vec<String>], right: &[bool]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|r| r.get(column))
            .map(|c| c.width())
            .max()
    };
    let widths: Vec<usize> = (0..columns)
        .map(|column| width(column).unwrap_or(0))
        .collect();
    rows.iter()
        .map(|row| {
            let cells = row.iter().enumerate().map(|(i, cell)| {
                let gap = " ".repeat(widths[i] - cell.width());
                match (right.get(i), i + 1 == row.len()) {
                    (Some(true), _) => format!("{gap}{cell}"),
                    (_, true) => cell.clone(),
                    _ => format!("{cell}{gap}"),
                }
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_are_two_columns() {
        let rows = [
            vec!["行政".to_owned(), "38".to_owned()],
            vec!["a".to_owned(), "3".to_owned()],
        ];
        assert_eq!(lines(&rows, &[false, true]), ["行政  38", "a      3"]);
    }
}
