//! Exact numbers: division, shares and rounding on fractions of integers.

use num_traits::{Signed, Zero};
use std::fmt;

/// An exact fraction. Every figure is one until it is printed.
pub type Exact = num_rational::Ratio<i128>;

/// A number rounded to a fixed count of decimals, ready to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// The number times ten to the power of `decimals`.
    pub scaled: i128,
    /// Decimals shown; trailing zeros are kept unless trimmed by [`Decimal::trimmed`].
    pub decimals: u32,
}

/// Rounds half away from zero (四舍五入) to `decimals`.
pub fn round_half_up(number: Exact, decimals: u32) -> Decimal {
    let shifted = number * Exact::from_integer(10_i128.pow(decimals));
    let half = Exact::new(1, 2);
    let scaled = if shifted.is_negative() {
        -((-shifted + half).floor().to_integer())
    } else {
        (shifted + half).floor().to_integer()
    };
    Decimal { scaled, decimals }
}

impl Decimal {
    /// Without trailing zeros: `38.20` becomes `38.2`, `4656.00` becomes `4656`.
    pub fn trimmed(mut self) -> Decimal {
        while self.decimals > 0 && self.scaled % 10 == 0 {
            self.scaled /= 10;
            self.decimals -= 1;
        }
        self
    }

    /// A number written with digits and at most one point, as `10` or `0.1`; none for anything else, and for more
    /// digits than are kept.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = !whole.is_empty() && whole.len() + part.len() <= 18;
        if !fits || !digits(whole) || !digits(part) || (part.is_empty() && text.contains('.')) {
            return None;
        }
        Some(Decimal {
            scaled: format!("{whole}{part}").parse().ok()?,
            decimals: u32::try_from(part.len()).ok()?,
        })
    }

    /// As a fraction again.
    pub fn exact(self) -> Exact {
        Exact::new(self.scaled, 10_i128.pow(self.decimals))
    }

    /// Whether nothing is left after rounding.
    pub fn is_zero(self) -> bool {
        self.scaled.is_zero()
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.scaled < 0 { "-" } else { "" };
        let digits = self.scaled.unsigned_abs();
        let unit = 10_u128.pow(self.decimals);
        if self.decimals == 0 {
            return write!(f, "{sign}{digits}");
        }
        let width = self.decimals as usize;
        write!(f, "{sign}{}.{:0width$}", digits / unit, digits % unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        for (n, d, decimals, shown) in [
            (87, 2, 0, "44"),
            (-87, 2, 0, "-44"),
            (3700, 85, 1, "43.5"),
            (1, 3, 2, "0.33"),
            (401, 4000, 1, "0.1"),
        ] {
            assert_eq!(round_half_up(Exact::new(n, d), decimals).to_string(), shown);
        }
        assert_eq!(
            round_half_up(Exact::new(4656, 1), 2).trimmed().to_string(),
            "4656"
        );
        assert_eq!(round_half_up(Exact::new(-1, 10), 1).to_string(), "-0.1");
    }

    #[test]
    fn what_is_written_is_read_exactly() {
        let number = |scaled, decimals| Some(Decimal { scaled, decimals });
        for (text, wanted) in [
            ("10", number(10, 0)),
            ("0.1", number(1, 1)),
            ("007.50", number(750, 2)),
            ("", None),
            (".5", None),
            ("5.", None),
            ("1e3", None),
            ("-1", None),
            ("1234567890123456789", None),
        ] {
            assert_eq!(Decimal::parse(text), wanted, "{text}");
        }
    }
}
