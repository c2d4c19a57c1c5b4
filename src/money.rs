//! Integer money: no sum of a bill is ever a floating-point number.
//!
//! An [`Amount`] counts ten-thousandths of the currency's unit, so that rates
//! like 0.62 a minute or 0.0475 a gram are exact; lines of a bill are rounded to
//! the currency's smallest coin, half away from zero, and then only added.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};
use std::str::FromStr;

/// Parts of one unit of currency that an [`Amount`] counts.
const PARTS: i64 = 10_000;
/// Decimals that an [`Amount`] has.
const DECIMALS: usize = 4;

/// An amount of money in ten-thousandths of a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i64);

/// Why a text is no amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no amount: write digits with at most four decimals, like 12.50")]
pub struct NotAnAmount(String);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many ten-thousandths of a unit.
    #[must_use]
    pub const fn from_parts(parts: i64) -> Self {
        Self(parts)
    }

    /// The amount in ten-thousandths of a unit.
    #[must_use]
    pub const fn parts(self) -> i64 {
        self.0
    }

    /// The amount times `numerator / denominator`, rounded half away from zero to
    /// a ten-thousandth; saturates at the ends of the range.
    ///
    /// # Panics
    /// When `denominator` is 0.
    #[must_use]
    pub fn times(self, numerator: i64, denominator: i64) -> Self {
        let exact = i128::from(self.0) * i128::from(numerator);
        Self(clamp(divide(exact, i128::from(denominator))))
    }

    /// Rounded half away from zero to a multiple of `step` parts.
    #[must_use]
    pub fn rounded_to(self, step: Self) -> Self {
        if step.0 <= 0 {
            return self;
        }
        let count = divide(i128::from(self.0), i128::from(step.0));
        Self(clamp(count * i128::from(step.0)))
    }

    /// Rounded up to a multiple of `step`.
    #[must_use]
    pub fn rounded_up_to(self, step: Self) -> Self {
        if step.0 <= 0 {
            return self;
        }
        Self(
            self.0
                .div_euclid(step.0)
                .saturating_mul(step.0)
                .saturating_add(if self.0.rem_euclid(step.0) > 0 {
                    step.0
                } else {
                    0
                }),
        )
    }

    /// The amount with the given number of decimals, rounded half away from zero,
    /// with a point and nothing else: `-12.50`.
    #[must_use]
    pub fn to_decimal(self, decimals: usize) -> String {
        let decimals = decimals.min(DECIMALS);
        let unit = 10_i64.pow((DECIMALS - decimals) as u32);
        let v = self.rounded_to(Self(unit)).0;
        let sign = if v < 0 { "-" } else { "" };
        let (whole, part) = (
            v.unsigned_abs() / PARTS as u64,
            v.unsigned_abs() % PARTS as u64,
        );
        if decimals == 0 {
            return format!("{sign}{whole}");
        }
        let part = format!("{part:04}");
        format!("{sign}{whole}.{}", &part[..decimals])
    }
}

fn divide(a: i128, b: i128) -> i128 {
    let (a, b) = if b < 0 { (-a, -b) } else { (a, b) };
    if a >= 0 {
        (a + b / 2) / b
    } else {
        -((-a + b / 2) / b)
    }
}

fn clamp(v: i128) -> i64 {
    v.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

impl Add for Amount {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self(self.0.saturating_add(o.0))
    }
}

impl Sub for Amount {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self(self.0.saturating_sub(o.0))
    }
}

impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, |a, b| a + b)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_decimal(DECIMALS))
    }
}

impl FromStr for Amount {
    type Err = NotAnAmount;

    fn from_str(text: &str) -> Result<Self, NotAnAmount> {
        let wrong = || NotAnAmount(text.into());
        let plain = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > DECIMALS {
            return Err(wrong());
        }
        let number = format!("{whole}{part:0<4}");
        let v: i64 = number.parse().map_err(|_| wrong())?;
        Ok(Self(if plain.len() < text.len() { -v } else { v }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rounding_is_half_away_from_zero() {
        let cent = Amount::from_parts(100);
        for (text, want) in [("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01")] {
            let a: Amount = text.parse().unwrap();
            assert_eq!(a.rounded_to(cent).to_decimal(2), want);
        }
        let ten: Amount = "0.10".parse().unwrap();
        let up = |s: &str| {
            s.parse::<Amount>()
                .unwrap()
                .rounded_up_to(ten)
                .to_decimal(2)
        };
        assert_eq!([up("1.01"), up("1.10"), up("0")], ["1.10", "1.10", "0.00"]);
        assert_eq!(
            "0.62"
                .parse::<Amount>()
                .unwrap()
                .times(90, 60)
                .to_decimal(2),
            "0.93"
        );
        for wrong in [
            "",
            "-",
            "1,5",
            "1e3",
            ".5",
            "1.23456",
            "99999999999999999999",
        ] {
            assert!(wrong.parse::<Amount>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn text_and_back(parts in -10_000_000_000_i64..10_000_000_000) {
            let a = Amount::from_parts(parts);
            prop_assert_eq!(a.to_string().parse::<Amount>().unwrap(), a);
        }
    }
}
