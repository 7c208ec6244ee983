//! What plain numbers of a column measure. Units of one kind turn into each other (500公斤 in a column of 吨);
//! a unit of another kind (38人 in a column of 户) is refused, because nobody can know which of the two is meant.

use super::{Amount, Reject};
use crate::sheet::lexicon::{LEXICON, Unit};
use vocabulary::Exact;

/// The unit in which a column's numbers are kept, and the one that its cells have unless they say another.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::sheet::value) struct Scale {
    /// The kind of unit, the factor of the kept one and that of a number without any.
    of: Option<(&'static [Unit], i64, i64)>,
    /// The word of the kept one.
    kept: &'static str,
}

impl Scale {
    /// `kept` is the field's own unit; `headed` the word in the header or over the table.
    pub(in crate::sheet::value) fn new(kept: Option<&str>, headed: Option<&str>) -> Scale {
        let Some((kind, word, factor)) = kept.and_then(kind_of) else {
            return Scale::default();
        };
        let headed = headed.and_then(|word| super::factor(kind, word));
        Scale {
            of: Some((kind, factor, headed.unwrap_or(factor))),
            kept: word,
        }
    }

    /// Whether a number without a unit is kept as it is.
    pub(super) fn is_plain(&self) -> bool {
        self.of.is_none_or(|(_, kept, bare)| kept == bare)
    }

    /// The amount in the kept unit; refused when its unit is of another kind.
    pub(super) fn scaled(&self, mut amount: Amount) -> Result<Amount, Reject> {
        let Some((kind, kept, bare)) = self.of else {
            return Ok(amount);
        };
        let factor = match super::factor(kind, &amount.unit) {
            Some(factor) => factor,
            None if kind_of(&amount.unit).is_some() => {
                return Err(Reject::offering("D200", self.kept));
            }
            None if amount.bare => bare,
            None => kept,
        };
        amount.exact *= Exact::new(factor.into(), kept.into());
        Ok(amount)
    }
}

/// Whether the word is a unit that turns into others.
pub(crate) fn is_scaled(word: &str) -> bool {
    kind_of(word).is_some()
}

/// The kind that a unit's word belongs to, the word as the lexicon has it, and its factor there.
fn kind_of(word: &str) -> Option<(&'static [Unit], &'static str, i64)> {
    LEXICON.scales.iter().find_map(|kind| {
        let (unit, factor) = kind.iter().find(|(unit, _)| unit == word)?;
        Some((kind.as_slice(), unit.as_str(), *factor))
    })
}
