//! One date as numbers and the marks between them.

use super::{DateContext, Read, YEAR_MIN, ambiguous};
use crate::sheet::fold::fold_plain;
use crate::sheet::lexicon::LEXICON;
use crate::sheet::value::{Note, Reject, without_ending};
use vocabulary::{Date, PartialDate};

/// Two digits above this are a year even without a word: no month has and no day has them.
const SHORT_YEAR_MIN: i32 = 32;
/// Plans reach so many years beyond the table's day; two digits between may be either century's.
const PLANS_AHEAD: i32 = 10;
/// Where no day is known: up to the first they are of this century, from the second of the last.
const SHORT_YEAR_NOW: i32 = 29;
const SHORT_YEAR_THEN: i32 = 40;

/// What stands after a number in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Year,
    Month,
    Day,
    Separator,
    End,
}

type Part<'t> = (&'t str, Mark);

fn fault() -> Reject {
    Reject::new("D104")
}

fn no_such_day() -> Reject {
    Reject::new("D105")
}

/// Reads one date.
pub(super) fn parse(text: &str, context: DateContext) -> Read {
    of_text(text, context, true)
}

/// Reads the text of a number: five digits are a day number, whatever else they could be.
pub(super) fn of_number(text: &str, context: DateContext) -> Read {
    of_text(text, context, false)
}

fn of_text(text: &str, context: DateContext, typed: bool) -> Read {
    let text = without_time(text);
    let owned;
    let folded = if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        text
    } else {
        owned = fold_plain(text);
        &owned
    };
    let folded = without_ending(folded, &LEXICON.date.endings);
    let mut parts: [Part<'_>; 3] = [("", Mark::End); 3];
    let mut count = 0;
    let mut rest = folded;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        if end == 0 || count == parts.len() {
            return Err(fault());
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
        [one] => single(*one, context, typed),
        [first, second] => pair(*first, *second, context),
        [first, second, third] => triple(*first, *second, *third, context),
        _ => Err(fault()),
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

fn mark(tail: &str) -> Result<(Mark, &str), Reject> {
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
    Err(fault())
}

fn single((digits, mark): Part<'_>, context: DateContext, typed: bool) -> Read {
    let number = |range: std::ops::Range<usize>| digits[range].parse::<u32>().map_err(|_| fault());
    let date = match (digits.len(), mark) {
        (8, Mark::End | Mark::Separator) => PartialDate::new(
            signed(number(0..4)?),
            Some(number(4..6)?),
            Some(number(6..8)?),
        ),
        (6, Mark::End | Mark::Separator) => {
            let date = PartialDate::new(signed(number(0..4)?), Some(number(4..6)?), None);
            if date.is_none_or(|date| !(YEAR_MIN..=super::YEAR_MAX).contains(&date.year())) {
                // 850703 is no month, and may be a day; it is offered, not taken.
                let year = signed(number(0..2)?);
                if year >= SHORT_YEAR_MIN
                    && let Some(day) =
                        PartialDate::new(1900 + year, Some(number(2..4)?), Some(number(4..6)?))
                {
                    return Err(ambiguous([day]));
                }
            }
            date
        }
        (5, Mark::End) => return day_number(number(0..5)?, typed),
        (4, Mark::End | Mark::Separator | Mark::Year) => {
            PartialDate::new(signed(number(0..4)?), None, None)
        }
        (2, Mark::Year) => PartialDate::new(year_of((digits, mark), context)?, None, None),
        (1 | 2, Mark::Month) => {
            let month = short(digits)?;
            return of_title(context, |year| PartialDate::new(year, Some(month), None));
        }
        _ => return Err(fault()),
    };
    date.map(|date| (date, None)).ok_or_else(no_such_day)
}

/// Five digits: a day number. Typed as text they may also be a month without its nought, as 19857.
fn day_number(days: u32, typed: bool) -> Read {
    let day = PartialDate::day(serial(days));
    let (year, month) = (signed(days / 10), days % 10);
    if typed && (1949..=2049).contains(&year) && month > 0 {
        let month = PartialDate::new(year, Some(month), None);
        return Err(ambiguous([Some(day), month].into_iter().flatten()));
    }
    Ok((day, None))
}

/// A date whose year only the title names.
fn of_title(context: DateContext, date: impl Fn(i32) -> Option<PartialDate>) -> Read {
    // A month or a day that no year has is wrong whatever the year.
    date(2000).ok_or_else(no_such_day)?;
    let year = context.year.ok_or_else(|| Reject::new("D117"))?;
    let date = date(year).ok_or_else(no_such_day)?;
    Ok((date, Some(Note::YearFromTitle)))
}

fn pair(first: Part<'_>, second: Part<'_>, context: DateContext) -> Read {
    if first.1 == Mark::Month {
        let (month, day) = (short(first.0)?, short(second.0)?);
        return of_title(context, |year| {
            PartialDate::new(year, Some(month), Some(day))
        });
    }
    // A month's or a day's word on the second number of three is read there; `3.19日` is a day of a month.
    if second.1 == Mark::Day && first.1 == Mark::Separator {
        let (month, day) = (short(first.0)?, short(second.0)?);
        return of_title(context, |year| {
            PartialDate::new(year, Some(month), Some(day))
        });
    }
    let date = match (first.0.len(), second.0.len()) {
        // A day number with a time of day.
        (5, _) if first.1 == Mark::Separator => {
            let days = first.0.parse().map_err(|_| fault())?;
            return Ok((PartialDate::day(serial(days)), None));
        }
        // 1985.0703
        (4, 4) => PartialDate::new(
            year_of(first, context)?,
            Some(short(&second.0[..2])?),
            Some(short(&second.0[2..])?),
        ),
        (1 | 2, 1 | 2) if first.1 == Mark::Separator && second.1 != Mark::Month => {
            return two_short(first, second, context);
        }
        _ => PartialDate::new(year_of(first, context)?, Some(short(second.0)?), None),
    };
    date.map(|date| (date, None)).ok_or_else(no_such_day)
}

/// `85.7`, `3.19`, `12.7`: a year and its month, or a month and its day.
fn two_short(first: Part<'_>, second: Part<'_>, context: DateContext) -> Read {
    let (left, right) = (short(first.0)?, short(second.0)?);
    let of_year = || {
        let year = year_of((first.0, Mark::Year), context).ok()?;
        PartialDate::new(year, Some(right), None)
    };
    if first.0.len() == 2 && left > 12 {
        let date = PartialDate::new(year_of(first, context)?, Some(right), None);
        return date.map(|date| (date, None)).ok_or_else(no_such_day);
    }
    let in_title = |year| PartialDate::new(year, Some(left), Some(right));
    match of_year().filter(|_| first.0.len() == 2) {
        Some(month) => {
            let day = context.year.and_then(in_title);
            Err(ambiguous([Some(month), day].into_iter().flatten()))
        }
        None => of_title(context, in_title),
    }
}

fn triple(first: Part<'_>, second: Part<'_>, third: Part<'_>, context: DateContext) -> Read {
    let last: i32 = third.0.parse().map_err(|_| fault())?;
    let year_last = first.0.len() <= 2 && first.1 == Mark::Separator && third.1 == Mark::End;
    if year_last && third.0.len() == 4 {
        return day_and_month(first, second, last);
    }
    if year_last && third.0.len() == 2 && last >= SHORT_YEAR_MIN {
        return day_and_month(first, second, year_of(third, context)?);
    }
    let (month, day) = (Some(short(second.0)?), Some(short(third.0)?));
    let year = if first.0.len() == 2 && first.1 != Mark::Year && short(first.0)? <= 12 {
        // 05.07.03: the year may stand at either end.
        let year = year_of((first.0, Mark::Year), context)?;
        return Err(ambiguous(PartialDate::new(year, month, day)));
    } else {
        year_of(first, context)?
    };
    let date = PartialDate::new(year, month, day);
    date.map(|date| (date, None)).ok_or_else(no_such_day)
}

/// A date whose year stands last: which of the others is the month must be plain.
fn day_and_month(first: Part<'_>, second: Part<'_>, year: i32) -> Read {
    let (left, right) = (short(first.0)?, short(second.0)?);
    let month_first = PartialDate::new(year, Some(left), Some(right));
    let day_first = PartialDate::new(year, Some(right), Some(left));
    match (month_first, day_first) {
        (Some(one), Some(other)) if one != other => Err(ambiguous([one, other])),
        (Some(date), _) | (None, Some(date)) => Ok((date, None)),
        (None, None) => Err(no_such_day()),
    }
}

/// The day of an Excel day number of five digits: 1927 to 2173.
fn serial(days: u32) -> Date {
    Date::from_int(18_991_230).plus_days(i64::from(days))
}

/// The year that the digits are. Two digits are of this century up to the table's year, of the last when they
/// lie beyond any plan; between, nobody can tell.
fn year_of((digits, mark): Part<'_>, context: DateContext) -> Result<i32, Reject> {
    let number: i32 = digits.parse().map_err(|_| fault())?;
    if digits.len() == 4 {
        return Ok(number);
    }
    let plain = mark == Mark::Year || number >= SHORT_YEAR_MIN;
    if digits.len() != 2 || (!plain && number <= 12) {
        return Err(fault());
    }
    let (now, then) = (2000 + number, 1900 + number);
    let both = || {
        let years = [now, then].map(|year| PartialDate::new(year, None, None));
        ambiguous(years.into_iter().flatten())
    };
    match context.pivot() {
        Some(pivot) if now <= pivot => Ok(now),
        Some(pivot) if now > pivot + PLANS_AHEAD => Ok(then),
        None if plain && number <= SHORT_YEAR_NOW => Ok(now),
        None if number >= SHORT_YEAR_THEN => Ok(then),
        _ => Err(both()),
    }
}

fn short(digits: &str) -> Result<u32, Reject> {
    if digits.len() > 2 {
        return Err(fault());
    }
    digits.parse().map_err(|_| fault())
}

fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(0)
}
