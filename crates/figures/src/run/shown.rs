//! Exact numbers as they are printed: rounded half up at the very end, without trailing zeros.

use vocabulary::{Decimal, Exact, round_half_up};

/// Decimals within which a number that ends is shown in full when its figure declares no rounding.
const FULL: u32 = 12;
/// Decimals of a number that does not end, when its figure declares no rounding.
const ENDLESS: u32 = 2;

/// The number as printed.
pub(crate) fn shown(exact: Exact, round: Option<u32>) -> Decimal {
    if let Some(decimals) = round {
        return round_half_up(exact, decimals).trimmed();
    }
    let mut power = 1_i128;
    for decimals in 0..=FULL {
        if power % exact.denom() == 0 {
            return round_half_up(exact, decimals).trimmed();
        }
        power *= 10;
    }
    round_half_up(exact, ENDLESS).trimmed()
}

/// The number with all its decimals, as many as are kept: amounts of a trace are added up by their readers.
pub(crate) fn full(exact: Exact) -> Decimal {
    round_half_up(exact, FULL).trimmed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_ends_is_shown_in_full() {
        assert_eq!(shown(Exact::new(382, 10), None).to_string(), "38.2");
        assert_eq!(shown(Exact::new(1, 10_000), None).to_string(), "0.0001");
        assert_eq!(shown(Exact::new(1, 3), None).to_string(), "0.33");
        assert_eq!(shown(Exact::new(3700, 85), Some(1)).to_string(), "43.5");
        assert_eq!(shown(Exact::new(4000, 100), Some(1)).to_string(), "40");
    }
}
