//! Dates as they are typed: with points, dashes, strokes or words, with or without a day, as Excel's day
//! numbers, full-width, in characters. What the calendar lacks is refused; what has two readings is refused
//! with both; a part of a month or a year keeps the precision that it has.

mod dressed; // dates among words
mod parts; // the numbers of one date
mod range; // two dates
mod scan; // a date in a running text
#[cfg(test)]
mod tests;

pub use range::date_range;
pub(crate) use scan::scan;

use super::{Note, Reading, Reject};
use crate::sheet::Cell;
use parts::parse;
use vocabulary::{Date, PartialDate, Precision};

/// Nobody whom a town keeps was born before, nothing that it keeps began before.
pub(super) const YEAR_MIN: i32 = 1850;
/// How far a plan may reach beyond the day of the table.
const YEARS_AHEAD: i32 = 50;
/// The end when the table has no day of its own.
const YEAR_MAX: i32 = 2150;

/// What a column of dates is read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DateContext {
    /// The year that the table's title names, for cells that have none.
    pub year: Option<i32>,
    /// The day at which the table spoke.
    pub as_of: Option<Date>,
}

/// One date and what to know of it.
type Read = Result<(PartialDate, Option<Note>), Reject>;

impl DateContext {
    /// The year from which two digits are told to be of this century or the last.
    fn pivot(self) -> Option<i32> {
        self.as_of.map(Date::year).or(self.year)
    }
}

pub(super) fn read(cell: Cell<'_>, context: DateContext) -> Result<Reading, Reject> {
    let (date, note) = match cell {
        Cell::Date(date) => (PartialDate::day(date), None),
        Cell::Number(_) => number(&cell.shown(), context)?,
        Cell::Text(text) => match parse(text, context) {
            Ok(read) => read,
            Err(fault) => match dressed::read(text, context, fault)? {
                Some(read) => read,
                None => return Ok(Reading::NULL),
            },
        },
        _ => return Err(Reject::new("D104")),
    };
    let last = context
        .as_of
        .map_or(YEAR_MAX, |day| day.year() + YEARS_AHEAD);
    if !(YEAR_MIN..=last).contains(&date.year()) {
        return Err(Reject::new("D106"));
    }
    Ok(Reading::noted(date, note))
}

/// A number in a cell. A number loses its last nought: 1985.1 may have been typed as January or October.
fn number(text: &str, context: DateContext) -> Read {
    let Some((left, right)) = text.split_once('.') else {
        return parts::of_number(text, context);
    };
    match (left.len(), right) {
        (4, "1") => whole_year(left).map(|date| (date, Some(Note::LostZero))),
        (2, "1") if left >= "32" => {
            let (year, _) = parse(&format!("{left}.01"), context)?;
            whole_year(&year.year().to_string()).map(|date| (date, Some(Note::LostZero)))
        }
        // 3.1, 3.2 and 3.3 may have been the 10th, the 20th and the 30th.
        (1 | 2, "1" | "2" | "3") if left <= "12" || left.len() == 1 => {
            let year = context.year.ok_or_else(|| Reject::new("D117"))?;
            let month: u32 = left.parse().map_err(|_| Reject::new("D104"))?;
            let day: u32 = right.parse().map_err(|_| Reject::new("D104"))?;
            let days = [day, day * 10].map(|day| PartialDate::new(year, Some(month), Some(day)));
            Err(ambiguous(days.into_iter().flatten()))
        }
        _ => parts::of_number(text, context),
    }
}

fn whole_year(text: &str) -> Result<PartialDate, Reject> {
    let year = text.parse().map_err(|_| Reject::new("D104"))?;
    PartialDate::new(year, None, None).ok_or(Reject::new("D105"))
}

/// Refuses with the readings that there are.
fn ambiguous(readings: impl IntoIterator<Item = PartialDate>) -> Reject {
    let mut shown: Vec<String> = readings.into_iter().map(|date| date.to_string()).collect();
    shown.dedup();
    if shown.is_empty() {
        return Reject::new("D140");
    }
    Reject::offering("D140", shown.join(&super::or()))
}
