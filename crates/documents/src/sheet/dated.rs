//! What stands over a table: its title, the date at which it spoke, the year it is about, its unit.

use crate::sheet::CellAt;
use crate::sheet::fold::{fold, half_width};
use crate::sheet::lexicon::LEXICON;
use crate::sheet::reading::{DateSource, TableDate};
use crate::sheet::value::{is_scaled, named_unit, scan_date as scan};
use crate::sheet::view::View;
use vocabulary::PartialDate;

/// The text over a table, and the names it lies under.
pub(crate) struct Heading<'a> {
    /// Each filled cell over the header.
    pub(crate) cells: Vec<(CellAt, String)>,
    pub(crate) sheet: &'a str,
    pub(crate) file: &'a str,
}

impl<'a> Heading<'a> {
    /// From the rows `from..to` of a sheet.
    pub(crate) fn of(sheet: View<'a>, file: &'a str, from: usize, to: usize) -> Heading<'a> {
        let mut cells = Vec::new();
        for row in from..to.min(sheet.rows()) {
            for (column, cell) in sheet.filled(row) {
                cells.push((CellAt::of(row, column), cell.shown().into_owned()));
            }
        }
        Heading {
            cells,
            sheet: &sheet.sheet.name,
            file,
        }
    }

    /// Adds what stands over several tables; the order stays that of the sheet.
    pub(crate) fn add(&mut self, shared: &[(CellAt, String)]) {
        self.cells.extend_from_slice(shared);
        self.cells.sort_by_key(|(at, _)| *at);
    }

    /// The heading as text, a line for each row.
    pub(crate) fn title(&self) -> String {
        let mut title = String::new();
        let mut row = None;
        for (at, text) in &self.cells {
            if let Some(row) = row {
                title.push(if row == at.row { ' ' } else { '\n' });
            }
            row = Some(at.row);
            title.push_str(text.trim());
        }
        title
    }

    /// Each line's text, the nearest to the table first, then the sheet's name and the file's.
    pub(crate) fn texts(&self) -> Vec<(String, Option<CellAt>)> {
        let lines = self
            .cells
            .iter()
            .rev()
            .map(|(at, text)| (text.clone(), Some(*at)));
        let names = [self.sheet, self.file].map(|name| (name.to_owned(), None));
        lines.chain(names).collect()
    }

    /// Title, lines and sheet's name, folded; and the file's name, folded.
    pub(crate) fn folded(&self) -> (String, String) {
        let near = format!("{}\n{}", self.sheet, self.title());
        (fold(&near).into_owned(), fold(self.file).into_owned())
    }

    /// The date at which the table spoke: in the title, in the lines under it by the best label, in a line
    /// at its foot by label, in the sheet's name, in the file's name.
    pub(crate) fn date(&self, foot: &[(CellAt, String)]) -> Option<TableDate> {
        let first = self.cells.first().map(|(at, _)| at.row);
        let (title, lines): (Vec<_>, Vec<_>) =
            self.cells.iter().partition(|(at, _)| Some(at.row) == first);
        let in_title = title
            .iter()
            .find_map(|(at, text)| Some((scan_date(text)?, *at)));
        if let Some((written, at)) = in_title {
            return Some(dated(written, DateSource::Title, Some(at)));
        }
        let in_line = labelled(lines.iter().copied()).or_else(|| {
            lines
                .iter()
                .find_map(|(at, text)| Some((scan_date(text)?, *at)))
        });
        if let Some((written, at)) = in_line {
            return Some(dated(written, DateSource::Line, Some(at)));
        }
        if let Some((written, at)) = labelled(foot.iter()) {
            return Some(dated(written, DateSource::Foot, Some(at)));
        }
        if let Some(written) = scan_date(self.sheet) {
            return Some(dated(written, DateSource::SheetName, None));
        }
        scan_date(self.file).map(|written| dated(written, DateSource::FileName, None))
    }

    /// The year that the title, the sheet's name or the file's name is about, for dates without one.
    pub(crate) fn year(&self) -> Option<i32> {
        let title = self.cells.first().map(|(_, text)| text.as_str());
        title
            .into_iter()
            .chain([self.sheet, self.file])
            .find_map(year_in)
    }

    /// The unit named over the table, as `万元`.
    pub(crate) fn unit(&self) -> Option<String> {
        self.cells
            .iter()
            .find_map(|(_, text)| labelled_unit(&fold_line(text)))
    }
}

/// The unit in the brackets of a header's levels, the last level first.
pub(crate) fn header_unit(path: &[String]) -> Option<String> {
    path.iter().rev().find_map(|level| {
        level.split('(').skip(1).find_map(|group| {
            let inner = group.split(')').next()?;
            if named_unit(inner) || is_scaled(inner) {
                Some(inner.to_owned())
            } else {
                labelled_unit(inner)
            }
        })
    })
}

/// The date behind the best label.
fn labelled<'t>(
    lines: impl Iterator<Item = &'t (CellAt, String)> + Clone,
) -> Option<(PartialDate, CellAt)> {
    LEXICON.date.labels.iter().find_map(|label| {
        lines.clone().find_map(|(at, text)| {
            let text = half_width(text);
            let after = &text[text.find(label.as_str())? + label.len()..];
            Some((scan_date(after)?, *at))
        })
    })
}

/// The first date in a text, its numbers in figures or in words.
fn scan_date(text: &str) -> Option<PartialDate> {
    let numerals = &LEXICON.date.numerals;
    if !text.chars().any(|c| numerals.contains(c)) {
        return scan(text);
    }
    scan(&in_figures(text))
}

/// Numbers in words before a year, a month or a day become figures.
fn in_figures(text: &str) -> String {
    let dates = &LEXICON.date;
    let digits: Vec<char> = dates.numerals.chars().collect();
    let digit = |c: char| {
        digits
            .iter()
            .position(|known| *known == c)
            .map(|at| if at > 9 { 0 } else { at })
    };
    let ten = |c: char| c == dates.ten;
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c| digit(c).is_some() || ten(c)) {
        out.push_str(&rest[..at]);
        let run = &rest[at..];
        let end = run
            .find(|c| digit(c).is_none() && !ten(c))
            .unwrap_or(run.len());
        let (word, after) = run.split_at(end);
        let dated = [&dates.year, &dates.month, &dates.day]
            .iter()
            .any(|words| words.iter().any(|word| after.starts_with(word.as_str())));
        match word.split_once(dates.ten) {
            _ if !dated => out.push_str(word),
            Some((tens, ones)) => {
                let value = |part: &str, none| part.chars().next().map_or(Some(none), digit);
                match (value(tens, 1), value(ones, 0)) {
                    (Some(tens), Some(ones)) => out.push_str(&(tens * 10 + ones).to_string()),
                    _ => out.push_str(word),
                }
            }
            None => out.extend(
                word.chars()
                    .filter_map(digit)
                    .map(|digit| digit.to_string()),
            ),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Whether a line says a date or a unit, as lines under a title do.
pub(crate) fn is_dated_line(text: &str) -> bool {
    let folded = fold_line(text);
    LEXICON
        .date
        .labels
        .iter()
        .any(|label| folded.contains(label.as_str()))
        || labelled_unit(&folded).is_some()
}

fn dated(written: PartialDate, source: DateSource, cell: Option<CellAt>) -> TableDate {
    TableDate {
        date: written.first(),
        written,
        source,
        cell,
    }
}

fn year_in(text: &str) -> Option<i32> {
    let text = half_width(text);
    LEXICON.date.year.iter().find_map(|word| {
        text.match_indices(word.as_str()).find_map(|(at, _)| {
            let digits = text[..at].trim_end().as_bytes();
            let year = digits.get(digits.len().checked_sub(4)?..)?;
            let year: i32 = std::str::from_utf8(year).ok()?.parse().ok()?;
            (1949..=2150).contains(&year).then_some(year)
        })
    })
}

/// Half-width, spaces kept: they end a word in a line of several.
fn fold_line(text: &str) -> String {
    half_width(text).to_lowercase()
}

/// What follows `单位:` when it is a unit (it may be an office).
fn labelled_unit(text: &str) -> Option<String> {
    LEXICON.rows.unit_labels.iter().find_map(|label| {
        text.match_indices(label.as_str()).find_map(|(at, _)| {
            let after = text[at + label.len()..].trim_start();
            let after = after.strip_prefix(':')?.trim_start();
            let end = after.find(|c: char| c.is_whitespace() || (!c.is_alphanumeric() && c != '.'));
            let word = &after[..end.unwrap_or(after.len())];
            named_unit(word).then(|| word.to_owned())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Sheet;

    #[test]
    fn the_order_of_dates() {
        let heading = |rows: &[Vec<&str>], name: &str, file: &str| {
            let sheet = Sheet::from_rows(name, rows);
            Heading::of(View::whole(&sheet), file, 0, rows.len())
                .date(&[])
                .map(|d| (d.written.to_string(), d.source))
        };
        let line = vec!["填报单位：某办  填报日期：2022年12月26日  截至2022年11月30日"];
        let named = ("上届（2020年12月）", "名册（2021年1月）.xlsx");
        let title = vec![vec!["名册（2022年10月）"], line.clone()];
        let found = |d: &str, s| Some((d.to_owned(), s));
        assert_eq!(
            heading(&title, named.0, named.1),
            found("2022-10", DateSource::Title)
        );
        let lines = vec![vec!["2022年名册"], line];
        assert_eq!(
            heading(&lines, named.0, named.1),
            found("2022-11-30", DateSource::Line)
        );
        assert_eq!(
            heading(&[], named.0, named.1),
            found("2020-12", DateSource::SheetName)
        );
        assert_eq!(
            heading(&[], "Sheet1", named.1),
            found("2021-01", DateSource::FileName)
        );
        assert_eq!(heading(&[], "Sheet1", "名册.xlsx"), None);
    }

    #[test]
    fn numbers_in_words_are_figures() {
        for (text, date) in [
            ("二〇二二年十二月二十六日", "2022-12-26"),
            ("截至二零二二年十月", "2022-10"),
            ("二○二二年五月十日制", "2022-05-10"),
            ("某镇（2022.12）", "2022-12"),
        ] {
            let found = scan_date(text).map(|date| date.to_string());
            assert_eq!(found.as_deref(), Some(date), "{text}");
        }
        for text in ["二〇二二年度", "(2022年度)", "三岔村二组", "十里坡"] {
            assert_eq!(scan_date(text), None, "{text}");
        }
    }

    #[test]
    fn units_and_years() {
        let sheet = Sheet::from_rows(
            "s",
            &[
                vec!["某镇2022年收入表"],
                vec!["填报单位：某办   填报日期：2022年12月26日  单位：万元"],
            ],
        );
        let heading = Heading::of(View::whole(&sheet), "f", 0, 2);
        assert_eq!(heading.unit().as_deref(), Some("万元"));
        assert_eq!(heading.year(), Some(2022));
        let path = ["2022年(万元)".to_owned(), "合计".to_owned()];
        assert_eq!(header_unit(&path).as_deref(), Some("万元"));
        assert_eq!(header_unit(&["备注(选填)".to_owned()]), None);
    }
}
