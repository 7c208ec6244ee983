//! Dates as they are typed: with points, dashes, strokes or words, with or without a day, as Excel's day
//! numbers, full-width. What the calendar lacks is refused.

use super::{Note, Reading, Reject, is_null_word, without_ending};
use crate::sheet::Cell;
use crate::sheet::fold::{fold_plain, half_width};
use crate::sheet::lexicon::LEXICON;
use vocabulary::{Date, PartialDate, Precision};

/// Nobody whom a town keeps was born before, nothing that it keeps began before.
pub(super) const YEAR_MIN: i32 = 1850;
/// How far a plan may reach beyond the day of the table.
const YEARS_AHEAD: i32 = 50;
/// The end when the table has no day of its own.
const YEAR_MAX: i32 = 2150;
/// Two digits above this are a year of the last century even without a word; below it they may as well
/// be a month or a day, so they are refused.
const SHORT_YEAR_MIN: i32 = 32;
/// Two digits before the word for year: up to this they are of this century.
const SHORT_YEAR_NOW: i32 = 49;

/// What a column of dates is read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DateContext {
    /// The year that the table's title names, for cells that have none.
    pub year: Option<i32>,
    /// The day at which the table spoke.
    pub as_of: Option<Date>,
}

/// What stands after a number in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Year,
    Month,
    Day,
    Separator,
    End,
}

type Read = Result<(PartialDate, Option<Note>), &'static str>;

pub(super) fn read(cell: Cell<'_>, context: DateContext) -> Result<Reading, Reject> {
    let read = match cell {
        Cell::Date(date) => Ok((PartialDate::day(date), None)),
        Cell::Number(_) => {
            let text = cell.shown();
            match text.strip_suffix(".1") {
                Some(year) if year.len() == 4 => {
                    whole_year(year).map(|date| (date, Some(Note::LostZero)))
                }
                _ => parse(&text, context.year),
            }
        }
        Cell::Text(text) => {
            if is_null_word(&fold_plain(text)) {
                return Ok(Reading::NULL);
            }
            match parse(text, context.year) {
                // Only the span's beginning is the field's; what it ends with is another column.
                Err(code) => match range(text, context.year) {
                    Some((from, _)) => Ok((from, None)),
                    None => Err(code),
                },
                read => read,
            }
        }
        _ => Err("D104"),
    };
    let (date, note) = read.map_err(Reject::new)?;
    let last = context
        .as_of
        .map_or(YEAR_MAX, |day| day.year() + YEARS_AHEAD);
    if !(YEAR_MIN..=last).contains(&date.year()) {
        return Err(Reject::new("D106"));
    }
    Ok(Reading::noted(date, note))
}

/// Reads a span of dates: `2022.11—至今`, `2022.01-2022.06`. One date alone is no span; its end is
/// `None` when the span is open.
pub fn date_range(text: &str) -> Option<(PartialDate, Option<PartialDate>)> {
    range(text, None)
}

fn range(text: &str, year: Option<i32>) -> Option<(PartialDate, Option<PartialDate>)> {
    let folded = fold_plain(text);
    let words = &LEXICON.date;
    for open in &words.since {
        if let Some(from) = folded.strip_suffix(open.as_str()) {
            return parse(from, year).ok().map(|(from, _)| (from, None));
        }
    }
    for mark in &words.ranges {
        for (at, _) in folded.match_indices(mark.as_str()) {
            let (left, right) = (&folded[..at], &folded[at + mark.len()..]);
            // A mark may be written twice (`—至今`); the rest of it belongs to neither side.
            let right = words.ranges.iter().fold(right, |right, mark| {
                right
                    .strip_prefix(mark.as_str())
                    .filter(|rest| !rest.is_empty())
                    .unwrap_or(right)
            });
            let Ok((from, _)) = parse(left, year) else {
                continue;
            };
            if words.open.iter().any(|open| open == right) {
                // `2022-07-` is a month with a dash too many, not an open span.
                if right.is_empty() && mark == "-" {
                    continue;
                }
                return Some((from, None));
            }
            // The right side must stand on its own: `2022-07` is no span from 2022 to 07.
            if let Ok((to, _)) = parse(right, None)
                && to.first() >= from.first()
                && from.precision() >= Precision::Month
            {
                return Some((from, Some(to)));
            }
        }
    }
    None
}

fn whole_year(text: &str) -> Result<PartialDate, &'static str> {
    let year = text.parse().map_err(|_| "D104")?;
    PartialDate::new(year, None, None).ok_or("D105")
}

/// Reads one date.
fn parse(text: &str, year: Option<i32>) -> Read {
    let text = without_time(text);
    let folded = if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        text.to_owned()
    } else {
        fold_plain(text)
    };
    let folded = without_ending(&folded, &LEXICON.date.endings);
    let mut parts: [(&str, Mark); 3] = [("", Mark::End); 3];
    let mut count = 0;
    let mut rest = folded;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        if end == 0 || count == parts.len() {
            return Err("D104");
        }
        let (digits, tail) = rest.split_at(end);
        let (mark, tail) = if tail.is_empty() {
            (Mark::End, tail)
        } else {
            mark(tail)?
        };
        parts[count] = (digits, mark);
        count += 1;
        rest = tail;
    }
    match &parts[..count] {
        [one] => single(*one, year),
        [first, second] => pair(*first, *second, year),
        [first, second, third] => {
            let year = year_of(*first)?;
            let date = PartialDate::new(year, Some(short(second.0)?), Some(short(third.0)?));
            date.map(|date| (date, None)).ok_or("D105")
        }
        _ => Err("D104"),
    }
}

/// Without a time of day at the end: `2022-07-03 14:30:00`, `2022-07-03T00:00:00`.
fn without_time(text: &str) -> &str {
    let text = text.trim();
    if !text.contains(':') {
        return text;
    }
    match text.find([' ', 'T', 't']) {
        Some(at) if text[at + 1..].starts_with(|c: char| c.is_ascii_digit()) => &text[..at],
        _ => text,
    }
}

fn mark(tail: &str) -> Result<(Mark, &str), &'static str> {
    let words = &LEXICON.date;
    let lists = [
        (Mark::Separator, &words.separators),
        (Mark::Year, &words.year),
        (Mark::Month, &words.month),
        (Mark::Day, &words.day),
    ];
    for (mark, list) in lists {
        if let Some(rest) = list
            .iter()
            .find_map(|word| tail.strip_prefix(word.as_str()))
        {
            return Ok((mark, rest));
        }
    }
    Err("D104")
}

fn single((digits, mark): (&str, Mark), year: Option<i32>) -> Read {
    let number = |range: std::ops::Range<usize>| digits[range].parse::<u32>().map_err(|_| "D104");
    let date = match (digits.len(), mark) {
        (8, Mark::End | Mark::Separator) => PartialDate::new(
            signed(number(0..4)?),
            Some(number(4..6)?),
            Some(number(6..8)?),
        ),
        (6, Mark::End | Mark::Separator) => {
            PartialDate::new(signed(number(0..4)?), Some(number(4..6)?), None)
        }
        (5, Mark::End) => return Ok((PartialDate::day(serial(number(0..5)?)), None)),
        (4, Mark::End | Mark::Separator | Mark::Year) => {
            PartialDate::new(signed(number(0..4)?), None, None)
        }
        (2, Mark::Year) => PartialDate::new(year_of((digits, mark))?, None, None),
        (1 | 2, Mark::Month) => {
            let year = year.ok_or("D117")?;
            let month = short(digits)?;
            let date = PartialDate::new(year, Some(month), None).ok_or("D105")?;
            return Ok((date, Some(Note::YearFromTitle)));
        }
        _ => return Err("D104"),
    };
    date.map(|date| (date, None)).ok_or("D105")
}

fn pair(first: (&str, Mark), second: (&str, Mark), year: Option<i32>) -> Read {
    if first.1 == Mark::Month {
        let (month, day) = (short(first.0)?, short(second.0)?);
        let year = year.ok_or("D117")?;
        let date = PartialDate::new(year, Some(month), Some(day)).ok_or("D105")?;
        return Ok((date, Some(Note::YearFromTitle)));
    }
    let date = match (first.0.len(), second.0.len()) {
        // A day number with a time of day.
        (5, _) if first.1 == Mark::Separator => {
            return first
                .0
                .parse()
                .map(|days| (PartialDate::day(serial(days)), None))
                .map_err(|_| "D104");
        }
        // 1985.0703
        (4, 4) => PartialDate::new(
            year_of(first)?,
            Some(short(&second.0[..2])?),
            Some(short(&second.0[2..])?),
        ),
        _ => PartialDate::new(year_of(first)?, Some(short(second.0)?), None),
    };
    date.map(|date| (date, None)).ok_or("D105")
}

/// The day of an Excel day number of five digits: 1927 to 2173.
fn serial(days: u32) -> Date {
    Date::from_int(18_991_230).plus_days(i64::from(days))
}

fn year_of((digits, mark): (&str, Mark)) -> Result<i32, &'static str> {
    let number: i32 = digits.parse().map_err(|_| "D104")?;
    match (digits.len(), mark) {
        (4, _) => Ok(number),
        (2, Mark::Year) if number <= SHORT_YEAR_NOW => Ok(2000 + number),
        (2, _) if number >= SHORT_YEAR_MIN => Ok(1900 + number),
        _ => Err("D104"),
    }
}

fn short(digits: &str) -> Result<u32, &'static str> {
    if digits.len() > 2 {
        return Err("D104");
    }
    digits.parse().map_err(|_| "D104")
}

fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(0)
}

/// The first date with at least a month in a running text, as titles and names have them.
pub(crate) fn scan(text: &str) -> Option<PartialDate> {
    let text = half_width(text);
    let mut rest = text.as_ref();
    let is_part = |c: char| {
        c.is_ascii_digit()
            || c == ' '
            || [
                &LEXICON.date.separators,
                &LEXICON.date.year,
                &LEXICON.date.month,
                &LEXICON.date.day,
            ]
            .iter()
            .any(|list| list.iter().any(|word| word.starts_with(c)))
    };
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let run = &rest[at..];
        let end = run.find(|c: char| !is_part(c)).unwrap_or(run.len());
        // Words after the date may begin with a sign that a date may hold; shorter and shorter is tried.
        let mut candidate = run[..end].trim_end();
        while candidate.chars().filter(char::is_ascii_digit).count() >= 5 {
            if let Ok((date, None)) = parse(candidate, None)
                && date.precision() >= Precision::Month
                && (1949..=YEAR_MAX).contains(&date.year())
                // Five digits are a day number in a cell, anything in a name.
                && candidate.find(|c: char| !c.is_ascii_digit()).unwrap_or(candidate.len()) != 5
            {
                return Some(date);
            }
            let cut = candidate.trim_end_matches(|c: char| c.is_ascii_digit());
            let mut chars = cut.chars();
            if cut.len() == candidate.len() {
                chars.next_back();
            }
            candidate = chars.as_str();
        }
        rest = &run[end..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Value;

    fn context() -> DateContext {
        DateContext {
            year: Some(2022),
            as_of: Date::new(2022, 12, 31),
        }
    }

    fn shown(cell: Cell<'_>) -> Result<String, &'static str> {
        let value = read(cell, context()).map_err(|reject| reject.code)?.value;
        let int = value.as_int().unwrap_or(0);
        Ok(PartialDate::from_int(i32::try_from(int).expect("a date")).to_string())
    }

    #[test]
    fn every_way_of_writing_a_date() {
        for (typed, date) in [
            ("1985.07", "1985-07"),
            ("198507", "1985-07"),
            ("19850703", "1985-07-03"),
            ("1985-07-03", "1985-07-03"),
            ("1985/7/3", "1985-07-03"),
            ("1985年7月3日", "1985-07-03"),
            ("1985 年 7 月", "1985-07"),
            ("１９８５．０４", "1985-04"),
            ("2020-07-", "2020-07"),
            ("1980.05 ", "1980-05"),
            ("85.7", "1985-07"),
            ("05年7月", "2005-07"),
            ("1985", "1985"),
            ("1985年", "1985"),
            ("2022-07-03 14:30:00", "2022-07-03"),
            ("2022-07-03T00:00:00", "2022-07-03"),
            ("44755", "2022-07-13"),
            ("3月19日", "2022-03-19"),
            ("2022.01—至今", "2022-01"),
            ("2022.11-2022.12", "2022-11"),
            ("1985.0703", "1985-07-03"),
        ] {
            assert_eq!(shown(Cell::Text(typed)).as_deref(), Ok(date), "{typed}");
        }
    }

    #[test]
    fn numbers_and_day_numbers() {
        for (number, date) in [
            (198_507.0, "1985-07"),
            (19_850_703.0, "1985-07-03"),
            (1976.01, "1976-01"),
            (1993.12, "1993-12"),
            (1993.2, "1993-02"),
            (1993.1, "1993"),
            (44_075.0, "2020-09-01"),
            (44_075.5, "2020-09-01"),
            (1993.0, "1993"),
        ] {
            assert_eq!(shown(Cell::Number(number)).as_deref(), Ok(date), "{number}");
        }
        let lost = read(Cell::Number(1993.1), context()).expect("a year");
        assert_eq!(
            lost,
            Reading::noted(Value::Int(19_930_000), Some(Note::LostZero))
        );
    }

    #[test]
    fn what_the_calendar_lacks() {
        for (typed, code) in [
            ("2022.2.30", "D105"),
            ("2022年13月30日", "D105"),
            ("1985.00", "D105"),
            ("198513", "D105"),
            ("1785.07", "D106"),
            ("2099.01", "D106"),
            ("长期坚持", "D104"),
            ("12.7", "D104"),
            ("6月底前", "D104"),
            ("1985.7.3.1", "D104"),
        ] {
            assert_eq!(shown(Cell::Text(typed)), Err(code), "{typed}");
        }
        let bare = DateContext::default();
        let yearless = read(Cell::Text("3月19日"), bare);
        assert_eq!(yearless.map_err(|r| r.code), Err("D117"));
        assert_eq!(read(Cell::Text("—"), bare), Ok(Reading::NULL));
    }

    #[test]
    fn spans() {
        let day = |text: &str| PartialDate::parse_iso(text).expect("a date");
        for (typed, span) in [
            ("2022.11—至今", Some(("2022-11", None))),
            ("2022.11至今", Some(("2022-11", None))),
            ("2022.01-2022.06", Some(("2022-01", Some("2022-06")))),
            (
                "2022-01-05至2022-06-30",
                Some(("2022-01-05", Some("2022-06-30"))),
            ),
            ("2022年3月起", Some(("2022-03", None))),
            ("2022-07", None),
            ("2022-07-03", None),
            ("2022-07-", None),
            ("无", None),
        ] {
            let expected = span.map(|(from, to)| (day(from), to.map(day)));
            assert_eq!(date_range(typed), expected, "{typed}");
        }
    }

    #[test]
    fn dates_in_titles() {
        for (text, date) in [
            ("干部花名册（2022年12月更新）", Some("2022-12")),
            ("监测对象台账2022.12", Some("2022-12")),
            ("统计截止：2020年12月31日", Some("2020-12-31")),
            ("收入统计表（2021-2022）", None),
            ("2022年会议台账", None),
            ("名单6月", None),
            ("填报日期：2022年12月28日  单位：亩", Some("2022-12-28")),
        ] {
            assert_eq!(scan(text).map(|d| d.to_string()).as_deref(), date, "{text}");
        }
    }
}
