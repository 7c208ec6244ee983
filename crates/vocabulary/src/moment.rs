//! Record time: UTC in microseconds.

use std::fmt;

/// A moment in UTC, microseconds since 1970. Handed in by the office's clock; nothing below asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// Reads RFC 3339 (`2022-12-31T08:00:00Z`), a day, or a day and time without zone (taken as UTC).
    pub fn parse(text: &str) -> Option<Moment> {
        if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
            return Some(Moment(stamp.as_microsecond()));
        }
        let civil = text.parse::<jiff::civil::DateTime>().ok();
        let civil = civil.or_else(|| text.parse::<jiff::civil::Date>().ok().map(Into::into))?;
        let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(Moment(zoned.timestamp().as_microsecond()))
    }

    /// The calendar day in Asia/Shanghai (UTC+8, no summer time since 1991).
    pub fn day_in_china(self) -> crate::Date {
        let offset = jiff::tz::Offset::constant(8);
        let stamp =
            jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let date = offset.to_datetime(stamp).date();
        crate::Date::new(
            date.year().into(),
            date.month().unsigned_abs().into(),
            date.day().unsigned_abs().into(),
        )
        .unwrap_or(crate::Date::BEGINNING)
    }
}

impl Moment {
    /// Day and time in Asia/Shanghai to the minute, as `2023-01-01 01:00`.
    pub fn in_china(self) -> String {
        let offset = jiff::tz::Offset::constant(8);
        let stamp =
            jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        offset
            .to_datetime(stamp)
            .strftime("%Y-%m-%d %H:%M")
            .to_string()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(stamp) => write!(f, "{stamp:.6}"),
            Err(_) => write!(f, "{}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_the_chinese_day() {
        let late = Moment::parse("2022-12-31T17:00:00Z").expect("a moment");
        assert_eq!(late.day_in_china().to_string(), "2023-01-01");
        assert_eq!(late.in_china(), "2023-01-01 01:00");
        assert_eq!(late.to_string(), "2022-12-31T17:00:00.000000Z");
        assert_eq!(Moment::parse(&late.to_string()), Some(late));
    }
}
