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

    /// The last moment that a text means: of a day, of a minute, of a second. Without a zone it is a time in China,
    /// as people there type it; with one it is that very moment.
    pub fn parse_last(text: &str) -> Option<Moment> {
        let text = text.trim();
        if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
            return Some(Moment(stamp.as_microsecond()));
        }
        let (civil, seconds) = match text.parse::<jiff::civil::Date>() {
            Ok(day) if !text.contains(':') => (day.into(), 86_400),
            _ => {
                let civil = text.parse::<jiff::civil::DateTime>().ok()?;
                let fraction = civil.subsec_nanosecond() != 0;
                let minutes = text.matches(':').count() == 1;
                (
                    civil,
                    if fraction {
                        0
                    } else if minutes {
                        60
                    } else {
                        1
                    },
                )
            }
        };
        let stamp = jiff::tz::Offset::constant(8).to_timestamp(civil).ok()?;
        let length = seconds * 1_000_000 - i64::from(seconds > 0);
        Some(Moment(stamp.as_microsecond() + length))
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
    fn the_last_moment_of_what_was_typed_in_china() {
        for (typed, last) in [
            ("2023-01-01", "2023-01-01T15:59:59.999999Z"),
            ("2023-01-01 01:00", "2022-12-31T17:00:59.999999Z"),
            ("2023-01-01 01:00:05", "2022-12-31T17:00:05.999999Z"),
            ("2023-01-01T01:00:05.25", "2022-12-31T17:00:05.250000Z"),
            ("2022-12-31T17:00:00Z", "2022-12-31T17:00:00.000000Z"),
        ] {
            let read = Moment::parse_last(typed).map(|moment| moment.to_string());
            assert_eq!(read.as_deref(), Some(last), "{typed}");
        }
        assert_eq!(Moment::parse_last("yesterday"), None);
    }

    #[test]
    fn the_day_is_the_chinese_day() {
        let late = Moment::parse("2022-12-31T17:00:00Z").expect("a moment");
        assert_eq!(late.day_in_china().to_string(), "2023-01-01");
        assert_eq!(late.in_china(), "2023-01-01 01:00");
        assert_eq!(late.to_string(), "2022-12-31T17:00:00.000000Z");
        assert_eq!(Moment::parse(&late.to_string()), Some(late));
    }
}
