//! Numbers written in characters, the capital ones of cheques too. Strict: what has two readings, as a digit
//! after a thousand that may be hundreds or units, is no number.

use crate::sheet::lexicon::LEXICON;

/// Whether the character can begin a number in characters.
pub(super) fn begins(c: char) -> bool {
    digit(c).is_some() || ten(c) == Some(10)
}

/// Whether the character can stand in one.
pub(super) fn is_part(c: char) -> bool {
    digit(c).is_some() || ten(c).is_some() || section(c).is_some()
}

pub(super) fn digit(c: char) -> Option<i64> {
    find(&LEXICON.number.digits, c)
}

fn ten(c: char) -> Option<i64> {
    find(&LEXICON.number.tens, c)
}

fn section(c: char) -> Option<i64> {
    find(&LEXICON.number.sections, c)
}

fn find(list: &[(char, i64)], c: char) -> Option<i64> {
    list.iter().find(|(word, _)| *word == c).map(|(_, n)| *n)
}

/// The number that the whole text is.
pub(super) fn read(text: &str) -> Option<i64> {
    let mut chars = text.chars();
    if let (Some(only), None) = (chars.next(), chars.next())
        && let Some(digit) = digit(only)
    {
        return Some(digit);
    }
    let mut sum = Sum::default();
    for c in text.chars() {
        sum.take(c)?;
    }
    sum.end()
}

/// The digits of a text that holds nothing else, as years are written: `二〇二二`.
pub(super) fn digit_by_digit(text: &str) -> Option<String> {
    let digits = text.chars().map(|c| {
        let digit = u32::try_from(digit(c)?).ok()?;
        char::from_digit(digit, 10)
    });
    digits.collect()
}

/// A number being read, from great to small.
#[derive(Default)]
struct Sum {
    /// What the sections that have ended add up to.
    total: i64,
    /// The last section word, as 10,000.
    last_section: Option<i64>,
    section: i64,
    /// The last of ten, hundred, thousand within the section.
    last_ten: Option<i64>,
    digit: Option<i64>,
    zero: bool,
}

impl Sum {
    fn take(&mut self, c: char) -> Option<()> {
        if let Some(digit) = digit(c) {
            if digit == 0 {
                // Nought holds a place; it follows a ten or a section, never a digit.
                if self.digit.is_some() || self.zero {
                    return None;
                }
                self.zero = true;
                return Some(());
            }
            if self.digit.is_some() {
                return None;
            }
            self.digit = Some(digit);
            return Some(());
        }
        if let Some(ten) = ten(c) {
            let bare_ten = ten == 10 && self.section == 0;
            let digit = self.digit.take().or(bare_ten.then_some(1))?;
            if self.last_ten.is_some_and(|last| ten >= last) {
                return None;
            }
            (self.last_ten, self.zero) = (Some(ten), false);
            self.section += digit * ten;
            return Some(());
        }
        let section = section(c)?;
        self.close_section()?;
        if self.last_section.is_some_and(|last| section >= last) || self.section == 0 {
            return None;
        }
        self.total = self.total.checked_add(self.section.checked_mul(section)?)?;
        (self.section, self.last_ten, self.zero) = (0, None, false);
        self.last_section = Some(section);
        Some(())
    }

    /// Adds the digit at a section's end. It counts units only after a ten or after nought.
    fn close_section(&mut self) -> Option<()> {
        if let Some(digit) = self.digit.take() {
            let begins = self.section == 0 && self.last_section.is_none();
            if !(begins || self.zero || self.last_ten == Some(10)) {
                return None;
            }
            self.section += digit;
        }
        Some(())
    }

    fn end(mut self) -> Option<i64> {
        self.close_section()?;
        let number = self.total.checked_add(self.section)?;
        (number > 0).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_numbers_when_they_have_one_reading() {
        for (typed, number) in [
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("三十一", 31),
            ("两", 2),
            ("一百零五", 105),
            ("一百一十二", 112),
            ("一千二百", 1_200),
            ("叁仟贰佰", 3_200),
            ("两万三千", 23_000),
            ("一万零二", 10_002),
            ("一亿二千万", 120_000_000),
            ("壹拾贰万叁仟肆佰伍拾陆", 123_456),
            ("零", 0),
        ] {
            assert_eq!(read(typed), Some(number), "{typed}");
        }
        for typed in [
            "三百五",
            "一万二",
            "二三",
            "十几",
            "百",
            "万",
            "一万二亿",
            "二十十",
            "",
        ] {
            assert_eq!(read(typed), None, "{typed}");
        }
        assert_eq!(digit_by_digit("二〇二二").as_deref(), Some("2022"));
        assert_eq!(digit_by_digit("十二"), None);
    }
}
