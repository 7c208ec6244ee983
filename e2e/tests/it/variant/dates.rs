//! Days as offices spell them. Knows when two spellings say the same; refuses to read what is no date.

use super::model::Cell;

/// A day or a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) year: u32,
    pub(crate) month: u32,
    pub(crate) day: Option<u32>,
}

/// Spellings of a day that [`Day::spelt`] knows.
pub(crate) const SPELLINGS: usize = 8;

impl Day {
    /// Reads the spellings of the example.
    pub(crate) fn of(cell: &Cell) -> Option<Day> {
        if let Cell::Day(number) = cell {
            return Some(Day::of_serial(*number));
        }
        let text = cell.shown();
        let text = text.trim();
        let whole = |part: &str| part.parse::<u32>().ok();
        let digits = text.chars().all(|c| c.is_ascii_digit());
        let parts: Vec<u32> = if digits && text.len() == 6 {
            vec![whole(&text[..4])?, whole(&text[4..])?]
        } else if digits && text.len() == 8 {
            vec![whole(&text[..4])?, whole(&text[4..6])?, whole(&text[6..])?]
        } else if digits
            || !text
                .chars()
                .all(|c| c.is_ascii_digit() || ".-/年月日".contains(c))
        {
            return None;
        } else {
            // A number that lost its last zero is not for us to spell out.
            if matches!(cell, Cell::Number(_)) {
                return None;
            }
            let parts = text.split(['.', '-', '/', '年', '月', '日']);
            let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
            parts.into_iter().map(whole).collect::<Option<_>>()?
        };
        let (&year, &month) = (parts.first()?, parts.get(1)?);
        let day = parts.get(2).copied();
        let fits = (1900..2100).contains(&year)
            && (1..=12).contains(&month)
            && day.is_none_or(|day| (1..=28).contains(&day))
            && parts.len() < 4;
        fits.then_some(Day { year, month, day })
    }

    /// From Excel's count of days.
    pub(crate) fn of_serial(number: f64) -> Day {
        // Civil from days, counted from the first of March of the year 0.
        let days = number.trunc() as i64 - 25_569 + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let (month, carry) = if month < 10 {
            (month + 3, 0)
        } else {
            (month - 9, 1)
        };
        let small = |number: i64| u32::try_from(number).expect("a date of our time");
        Day {
            year: small(year + era * 400 + carry),
            month: small(month),
            day: Some(small(day)),
        }
    }

    /// Excel's count of days.
    pub(crate) fn serial(self) -> f64 {
        let from = (1..80_000).map(f64::from);
        let mut from = from.filter(|n| {
            let of = Day::of_serial(*n);
            of.year == self.year && of.month == self.month && of.day == self.day.or(Some(1))
        });
        from.next().expect("a date of our time")
    }

    /// `1985.07` or `1985.07.03`.
    pub(crate) fn dotted(self) -> String {
        match self.day {
            Some(day) => format!("{}.{:02}.{day:02}", self.year, self.month),
            None => format!("{}.{:02}", self.year, self.month),
        }
    }

    /// One of the spellings. `short` says whether the century may be left out.
    pub(crate) fn spelt(self, spelling: usize, short: bool) -> Cell {
        let Day { year, month, day } = self;
        let joined = |year: String, by: &str| match day {
            Some(day) => format!("{year}{by}{month}{by}{day}"),
            None => format!("{year}{by}{month:02}"),
        };
        let text = match spelling % SPELLINGS {
            0 => match day {
                Some(day) => format!("{year}年{month}月{day}日"),
                None => format!("{year}年{month}月"),
            },
            1 => match day {
                Some(day) => format!("{year}{month:02}{day:02}"),
                None => format!("{year}{month:02}"),
            },
            2 if short && year < 2000 => joined(format!("{:02}", year - 1900), "."),
            2 => joined(year.to_string(), "."),
            3 => joined(year.to_string(), "/"),
            4 => match day {
                Some(_) => return Cell::Number(self.serial()),
                None => joined(year.to_string(), "-"),
            },
            5 => super::rules::wide(&self.dotted()),
            6 => {
                let number = |n: u32| match n {
                    10 => "十".to_owned(),
                    11..20 => format!("十{}", han(n - 10)),
                    20 => "二十".to_owned(),
                    30 => "三十".to_owned(),
                    21..30 => format!("二十{}", han(n - 20)),
                    31 => "三十一".to_owned(),
                    _ => han(n),
                };
                let day = day.map(|day| format!("{}日", number(day)));
                format!(
                    "{}年{}月{}",
                    han(year),
                    number(month),
                    day.unwrap_or_default()
                )
            }
            _ => format!(" {} ", joined(year.to_string(), " . ")),
        };
        Cell::text(text)
    }
}

/// Digits one by one, as years are written: 二〇二二.
pub(crate) fn han(number: u32) -> String {
    let digit = |c: char| {
        "〇一二三四五六七八九"
            .chars()
            .nth(c as usize - '0' as usize)
    };
    number.to_string().chars().filter_map(digit).collect()
}
