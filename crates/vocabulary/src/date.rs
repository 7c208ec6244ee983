//! Dates as towns write them: a day, a month, or only a year.
//!
//! Both types are one integer `yyyymmdd`, so that a row in the database can be read by eye, compares
//! by `<`, and gives an age by one subtraction. A missing month or day is `00`.

use std::fmt;

/// How much of a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// The day.
    Day,
}

/// A calendar day as `yyyymmdd`. [`Date::BEGINNING`] stands for an unknown past and
/// [`Date::FOREVER`] for an open end; spans are half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// A date whose month or day may be unknown, as `yyyymmdd` with `00` for what is missing.
/// Ordered by its first day by [`PartialDate::first`]; the derived order is for collections only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate(i32);

impl Date {
    /// An unknown past: before every day.
    pub const BEGINNING: Date = Date(0);
    /// An open end: after every day.
    pub const FOREVER: Date = Date(99_991_231);

    /// The day, if the calendar has it.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Date> {
        if !(1..=9998).contains(&year) {
            return None;
        }
        let (year, month, day) = (
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        );
        jiff::civil::Date::new(year, month, day)
            .ok()
            .map(Date::from_civil)
    }

    /// The last day there is: what is true on it is true until followed.
    pub const LAST: Date = Date(99_991_230);

    /// From the stored integer. Trusts the ledger's own numbers; [`Date::new`] is for input.
    pub const fn from_int(yyyymmdd: i32) -> Date {
        Date(yyyymmdd)
    }

    /// The stored integer `yyyymmdd`.
    pub const fn int(self) -> i32 {
        self.0
    }

    /// Reads `2022-12-31`.
    pub fn parse_iso(text: &str) -> Option<Date> {
        let mut parts = text.split('-');
        let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || y.len() != 4 || m.len() != 2 || d.len() != 2 {
            return None;
        }
        Date::new(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)
    }

    /// The calendar year.
    pub const fn year(self) -> i32 {
        self.0 / 10_000
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u32 {
        (self.0 / 100 % 100) as u32
    }

    /// The day of the month.
    pub const fn day(self) -> u32 {
        (self.0 % 100) as u32
    }

    /// The next day. The two ends of time stay where they are.
    pub fn next(self) -> Date {
        self.plus_days(1)
    }

    /// The day before. The two ends of time stay where they are.
    pub fn prev(self) -> Date {
        self.plus_days(-1)
    }

    /// So many days later (or earlier).
    pub fn plus_days(self, days: i64) -> Date {
        if self == Date::BEGINNING || self == Date::FOREVER {
            return self;
        }
        match self.civil().checked_add(jiff::Span::new().days(days)) {
            Ok(date) => Date::from_civil(date),
            Err(_) => Date::FOREVER,
        }
    }

    /// So many months later (or earlier), clipped to the month's last day.
    pub fn plus_months(self, months: i32) -> Date {
        if self == Date::BEGINNING || self == Date::FOREVER {
            return self;
        }
        match self.civil().checked_add(jiff::Span::new().months(months)) {
            Ok(date) => Date::from_civil(date),
            Err(_) => Date::FOREVER,
        }
    }

    /// Days from `other` to `self`.
    pub fn days_since(self, other: Date) -> i64 {
        let span = self.civil().since(other.civil());
        span.map_or(0, |span| i64::from(span.get_days()))
    }

    fn civil(self) -> jiff::civil::Date {
        let month = i8::try_from(self.month()).unwrap_or(1).max(1);
        let day = i8::try_from(self.day()).unwrap_or(1).max(1);
        let year = i16::try_from(self.year()).unwrap_or(1).max(1);
        jiff::civil::Date::new(year, month, day).unwrap_or(jiff::civil::Date::MIN)
    }

    fn from_civil(date: jiff::civil::Date) -> Date {
        Date(
            i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day()),
        )
    }
}

impl PartialDate {
    /// A whole date.
    pub const fn day(date: Date) -> PartialDate {
        PartialDate(date.0)
    }

    /// A year, a month of it if known, a day of it if known; `None` when the calendar lacks it.
    pub fn new(year: i32, month: Option<u32>, day: Option<u32>) -> Option<PartialDate> {
        let first = Date::new(year, month.unwrap_or(1), day.unwrap_or(1))?;
        match (month, day) {
            (None, Some(_)) => None,
            (None, None) => Some(PartialDate(first.year() * 10_000)),
            (Some(_), None) => Some(PartialDate(first.0 / 100 * 100)),
            (Some(_), Some(_)) => Some(PartialDate(first.0)),
        }
    }

    /// From the stored integer.
    pub const fn from_int(yyyymmdd: i32) -> PartialDate {
        PartialDate(yyyymmdd)
    }

    /// The stored integer.
    pub const fn int(self) -> i32 {
        self.0
    }

    /// Reads `2022`, `2022-12` or `2022-12-31`.
    pub fn parse_iso(text: &str) -> Option<PartialDate> {
        match text.len() {
            4 => PartialDate::new(text.parse().ok()?, None, None),
            7 => {
                let (y, m) = text.split_once('-')?;
                PartialDate::new(y.parse().ok()?, Some(m.parse().ok()?), None)
            }
            _ => Date::parse_iso(text).map(PartialDate::day),
        }
    }

    /// What of it is known.
    pub const fn precision(self) -> Precision {
        if self.0 / 100 % 100 == 0 {
            Precision::Year
        } else if self.0 % 100 == 0 {
            Precision::Month
        } else {
            Precision::Day
        }
    }

    /// The first day it may be: what dates compare by.
    pub fn first(self) -> Date {
        Date(match self.precision() {
            Precision::Year => self.0 + 101,
            Precision::Month => self.0 + 1,
            Precision::Day => self.0,
        })
    }

    /// The first day after the last it may be.
    pub fn end(self) -> Date {
        match self.precision() {
            Precision::Year => Date((self.0 / 10_000 + 1) * 10_000 + 101),
            Precision::Month => self.first().plus_months(1),
            Precision::Day => self.first().next(),
        }
    }

    /// Whether both may be the same day: `1985-07` agrees with `1985-07-03`.
    pub fn agrees(self, other: PartialDate) -> bool {
        self.first() < other.end() && other.first() < self.end()
    }

    /// The calendar year.
    pub const fn year(self) -> i32 {
        self.0 / 10_000
    }

    /// Completed years at `at`, counted from the first day it may be; negative before it.
    pub fn age_at(self, at: Date) -> i32 {
        (at.0 - self.first().0).div_euclid(10_000)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02}",
            self.year(),
            self.month(),
            self.day()
        )
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = (self.0 / 10_000, self.0 / 100 % 100, self.0 % 100);
        match self.precision() {
            Precision::Year => write!(f, "{y:04}"),
            Precision::Month => write!(f, "{y:04}-{m:02}"),
            Precision::Day => write!(f, "{y:04}-{m:02}-{d:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_compares_by_its_first_day_and_keeps_its_precision() {
        let month = PartialDate::parse_iso("1985-07").expect("a month");
        assert_eq!(month.first(), Date::new(1985, 7, 1).expect("a day"));
        assert_eq!(month.end(), Date::new(1985, 8, 1).expect("a day"));
        assert_eq!(month.to_string(), "1985-07");
        assert!(month.agrees(PartialDate::parse_iso("1985-07-31").expect("a day")));
        assert!(!month.agrees(PartialDate::parse_iso("1985-08-01").expect("a day")));
    }

    #[test]
    fn an_age_is_completed_years() {
        let born = PartialDate::parse_iso("1980-12-31").expect("a day");
        assert_eq!(born.age_at(Date::from_int(20221230)), 41);
        assert_eq!(born.age_at(Date::from_int(20221231)), 42);
        let leap = PartialDate::parse_iso("2000-02-29").expect("a day");
        assert_eq!(leap.age_at(Date::from_int(20010228)), 0);
        assert_eq!(leap.age_at(Date::from_int(20010301)), 1);
    }

    #[test]
    fn the_calendar_refuses_what_it_lacks() {
        assert!(Date::new(1985, 13, 1).is_none());
        assert!(Date::new(2021, 2, 29).is_none());
        assert!(PartialDate::new(1985, None, Some(3)).is_none());
        assert_eq!(Date::from_int(20201231).next(), Date::from_int(20210101));
        assert_eq!(Date::FOREVER.next(), Date::FOREVER);
    }
}
