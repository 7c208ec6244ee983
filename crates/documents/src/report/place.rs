//! Where the two lines of a signature stand, how wide text is, and how columns share a line.

use unicode_width::UnicodeWidthChar;

use super::{Table, plain};

/// Columns narrower than this many half-width columns look broken.
const NARROWEST: usize = 6;
/// Wider ones wrap.
const WIDEST: usize = 30;

/// Half-width columns that a text takes; ambiguous characters count as Chinese fonts draw them.
pub fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width_cjk().unwrap_or(0)).sum()
}

/// Right indents of unit and date, in half characters.
///
/// The date begins two characters right of the unit; a longer date stands two characters in, and
/// the unit gives way (GB/T 9704-2012, 7.3.5.2).
pub fn signature_indents(unit: &str, date: &str) -> (usize, usize) {
    let (unit, date) = (columns(unit), columns(date));
    if date > unit {
        (date + 8 - unit, 4)
    } else {
        (4, unit - date)
    }
}

/// The share of the width that each column of a table asks for, from what stands in it.
pub fn column_shares(table: &Table) -> Vec<usize> {
    let rows = || table.rows.iter().chain([&table.header]);
    let count = rows().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        rows()
            .filter_map(|row| row.get(column))
            .map(|cell| columns(&plain(cell)))
            .max()
    };
    (0..count)
        .map(|column| widest(column).unwrap_or(0).clamp(NARROWEST, WIDEST))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_begins_two_characters_right_of_the_unit() {
        let start = |indent: usize, text: &str| 56 - indent - columns(text);
        for (unit, date) in [
            ("某某镇人民政府", "2022年12月31日"),
            ("某镇", "2022年1月1日"),
        ] {
            let (left, right) = signature_indents(unit, date);
            assert_eq!(start(right, date) - start(left, unit), 4, "{unit}");
        }
    }
}
