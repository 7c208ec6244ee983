//! Where the two lines of a signature stand, and how wide text is in characters of the body.

use unicode_width::UnicodeWidthChar;

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
    if date > unit { (date + 8 - unit, 4) } else { (4, unit - date) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_begins_two_characters_right_of_the_unit() {
        let start = |indent: usize, text: &str| 56 - indent - columns(text);
        for (unit, date) in [("某某镇人民政府", "2022年12月31日"), ("某镇", "2022年1月1日")] {
            let (left, right) = signature_indents(unit, date);
            assert_eq!(start(right, date) - start(left, unit), 4, "{unit}");
        }
    }
}
