//! What a person should know of a cell that was read: it is not quite what was typed.

use crate::sheet::finding::WORDS;
use vocabulary::{Decimal, FieldType, PartialDate, Value};

/// Why a value is not quite what the cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Note {
    /// A number such as 1993.1 lost its last zero: January or October; only the year is taken.
    LostZero,
    /// The cell has no year; the table's title has.
    YearFromTitle,
    /// The cell says “about”.
    About,
    /// An ID number of 15 digits in its form of 18.
    Widened,
    /// More decimals than the field keeps; rounded half up.
    Rounded,
    /// A span of dates; its beginning is taken.
    RangeStart,
    /// A part of a year; only the year is taken.
    OnlyYear,
    /// A part of a month; the month is taken.
    OnlyMonth,
    /// Words in brackets after the value are not kept.
    Remark,
    /// Several numbers; the header says which one.
    Part,
    /// Digits of an ID number are hidden: it is not known.
    Masked,
    /// Characters that only one computer's font has.
    OwnCharacters,
    /// Words in brackets that count as part of a name.
    NameInBrackets,
    /// Below one in a column of percent: perhaps the fraction that a cell shown as percent holds.
    PerhapsShare,
    /// An ID number, a mobile phone or a bank card in a text: all but its last four digits are not kept.
    NumberInText,
}

impl Note {
    /// The code of its sentences.
    pub fn code(self) -> &'static str {
        match self {
            Note::LostZero => "D107",
            Note::YearFromTitle => "D160",
            Note::About => "D161",
            Note::Widened => "D162",
            Note::Rounded => "D163",
            Note::RangeStart => "D164",
            Note::OnlyYear => "D165",
            Note::OnlyMonth => "D166",
            Note::Remark => "D167",
            Note::Part => "D168",
            Note::Masked => "D169",
            Note::OwnCharacters => "D170",
            Note::NameInBrackets => "D171",
            Note::PerhapsShare => "D172",
            Note::NumberInText => "D175",
        }
    }

    /// Whether each cell is named however many there are, because something of it is lost.
    pub fn names_every_cell(self) -> bool {
        self == Note::LostZero
    }
}

/// A value as a person writes it, with the unit in which it is shown.
pub fn shown(value: &Value, kind: &FieldType) -> String {
    let Some(int) = value.as_int() else {
        return value.to_string();
    };
    let decimal = Decimal {
        scaled: int.into(),
        decimals: kind.scale().ilog10(),
    };
    let decimal = || decimal.trimmed().to_string();
    let unit = |key| WORDS.get(key).unwrap_or_default();
    match kind {
        FieldType::Date => i32::try_from(int)
            .map(|int| PartialDate::from_int(int).to_string())
            .unwrap_or_default(),
        FieldType::Money => decimal() + unit("unit.money"),
        FieldType::Area => decimal() + unit("unit.area"),
        FieldType::Decimal(_) => decimal(),
        FieldType::Bool => {
            let word = if int == 1 { "unit.yes" } else { "unit.no" };
            unit(word).to_owned()
        }
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_in_their_units() {
        for (int, kind, text) in [
            (19_850_700, FieldType::Date, "1985-07"),
            (1_500_000, FieldType::Money, "15000元"),
            (23_000, FieldType::Area, "2.3亩"),
            (125, FieldType::Decimal(1), "12.5"),
            (1, FieldType::Bool, "是"),
            (38, FieldType::Int, "38"),
        ] {
            assert_eq!(shown(&Value::Int(int), &kind), text);
        }
    }

    #[test]
    fn every_note_has_its_sentences() {
        for note in [
            Note::LostZero,
            Note::YearFromTitle,
            Note::About,
            Note::Widened,
            Note::Rounded,
            Note::RangeStart,
            Note::OnlyYear,
            Note::OnlyMonth,
            Note::Remark,
            Note::Part,
            Note::Masked,
            Note::OwnCharacters,
            Note::NameInBrackets,
            Note::PerhapsShare,
            Note::NumberInText,
        ] {
            for part in ["said", "next"] {
                let key = format!("{}.{part}", note.code());
                assert!(WORDS.get(&key).is_some(), "{key}");
            }
        }
    }
}
