//! Periods: half-open spans of days, in the forms that people type.

use crate::Date;
use std::fmt;

/// A half-open span of days: `from` is in it, `to` is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
}

/// Why a text is no period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeriodError {
    /// No form that is known.
    Form,
    /// The end lies before the beginning.
    Backwards,
}

impl Period {
    /// A whole year.
    pub fn year(year: i32) -> Period {
        Period {
            from: Date::from_int(year * 10_000 + 101),
            to: Date::from_int((year + 1) * 10_000 + 101),
        }
    }

    /// Reads `2022`, `2022Q3`, `2022-05`, `2022-05-03` or `FROM..TO`, where FROM and TO are any of these
    /// and **both are inside** (a clerk who writes `2022-01-01..2022-12-31` means the whole year).
    pub fn parse(text: &str) -> Result<Period, PeriodError> {
        if let Some((from, to)) = text.split_once("..") {
            let (from, to) = (one(from.trim())?, one(to.trim())?);
            if to.to <= from.from {
                return Err(PeriodError::Backwards);
            }
            return Ok(Period {
                from: from.from,
                to: to.to,
            });
        }
        one(text.trim())
    }

    /// The period of equal length just before: of whole months so many months, else so many days.
    #[must_use]
    pub fn before(self) -> Period {
        let months = |day: Date| day.year() * 12 + i32::try_from(day.month()).unwrap_or(0);
        let from = if self.from.day() == 1 && self.to.day() == 1 {
            self.from.plus_months(months(self.from) - months(self.to))
        } else {
            self.from.plus_days(-self.to.days_since(self.from))
        };
        Period {
            from,
            to: self.from,
        }
    }

    /// The same days of the year before.
    #[must_use]
    pub fn year_before(self) -> Period {
        Period {
            from: self.from.plus_months(-12),
            to: self.to.plus_months(-12),
        }
    }

    /// Whether the day is in it.
    pub fn has(self, day: Date) -> bool {
        self.from <= day && day < self.to
    }
}

fn one(text: &str) -> Result<Period, PeriodError> {
    if let Some((year, quarter)) = text.split_once(['Q', 'q']) {
        let year: i32 = year.parse().map_err(|_| PeriodError::Form)?;
        let quarter: i32 = quarter.parse().map_err(|_| PeriodError::Form)?;
        if !(1..=4).contains(&quarter) || !(1000..=9998).contains(&year) {
            return Err(PeriodError::Form);
        }
        let from = Date::from_int(year * 10_000 + (quarter * 3 - 2) * 100 + 1);
        return Ok(Period {
            from,
            to: from.plus_months(3),
        });
    }
    let date = crate::PartialDate::parse_iso(text).ok_or(PeriodError::Form)?;
    Ok(Period {
        from: date.first(),
        to: date.end(),
    })
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from, self.to);
        let year = from.year();
        let starts_month = from.day() == 1;
        if *self == Period::year(year) {
            write!(f, "{year:04}")
        } else if starts_month && from.month() % 3 == 1 && to == from.plus_months(3) {
            write!(f, "{year:04}Q{}", from.month() / 3 + 1)
        } else if starts_month && to == from.plus_months(1) {
            write!(f, "{year:04}-{:02}", from.month())
        } else {
            write!(f, "{from}..{}", to.prev())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_reads_and_prints_back() {
        for text in ["2022", "2022Q3", "2022-05", "2021-03-01..2022-12-31"] {
            assert_eq!(Period::parse(text).expect(text).to_string(), text);
        }
        assert_eq!(Period::parse("2022-01..2022-12"), Ok(Period::year(2022)));
        assert_eq!(Period::parse("2022..2021"), Err(PeriodError::Backwards));
        for (text, before, year_before) in [
            ("2022", "2021", "2021"),
            ("2022Q1", "2021Q4", "2021Q1"),
            ("2022-03", "2022-02", "2021-03"),
            (
                "2022-01..2022-06",
                "2021-07-01..2021-12-31",
                "2021-01-01..2021-06-30",
            ),
            (
                "2022-03-11..2022-03-20",
                "2022-03-01..2022-03-10",
                "2021-03-11..2021-03-20",
            ),
        ] {
            let period = Period::parse(text).expect(text);
            assert_eq!(period.before().to_string(), before, "before {text}");
            assert_eq!(
                period.year_before().to_string(),
                year_before,
                "a year before {text}"
            );
        }
        assert_eq!(Period::parse("2022Q5"), Err(PeriodError::Form));
        assert_eq!(Period::parse("last year"), Err(PeriodError::Form));
    }
}
