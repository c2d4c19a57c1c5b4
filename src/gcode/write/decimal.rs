//! Decimal numbers kept as they are written: sums of them do not drift.

/// Most decimals of a number that is kept.
const MOST_DECIMALS: usize = 9;
/// Most bytes of a number that is kept; sums of a billion of them still fit.
const MOST_BYTES: usize = 20;

/// `mantissa / 10^decimals`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Decimal {
    mantissa: i128,
    decimals: usize,
}

impl Decimal {
    pub(super) const fn new(mantissa: i64, decimals: usize) -> Self {
        Self {
            mantissa: mantissa as i128,
            decimals,
        }
    }

    /// A number as G-code has it; `None` for one that is too long.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            all => (false, all),
        };
        if digits.len() > MOST_BYTES {
            return None;
        }
        let (mut mantissa, mut decimals) = (0_i128, None);
        for b in digits {
            match b {
                b'0'..=b'9' => {
                    mantissa = mantissa * 10 + i128::from(b - b'0');
                    decimals = decimals.map(|d| d + 1);
                }
                b'.' if decimals.is_none() => decimals = Some(0),
                _ => return None,
            }
        }
        let decimals = decimals.unwrap_or(0);
        let any = digits.len() > usize::from(digits.contains(&b'.'));
        (any && decimals <= MOST_DECIMALS).then_some(Self {
            mantissa: if negative { -mantissa } else { mantissa },
            decimals,
        })
    }

    /// With how many decimals it is written.
    pub(super) const fn decimals(self) -> usize {
        self.decimals
    }

    pub(super) fn plus(self, other: Self) -> Self {
        let decimals = self.decimals.max(other.decimals);
        let scaled = |d: Self| d.mantissa * 10_i128.pow((decimals - d.decimals) as u32);
        Self {
            mantissa: scaled(self) + scaled(other),
            decimals,
        }
    }

    /// Writes it without zeros at the end; `bare` leaves out a zero before the point.
    pub(super) fn write(self, out: &mut Vec<u8>, bare: bool) {
        let (mut rest, mut decimals) = (self.mantissa.unsigned_abs(), self.decimals);
        while decimals > 0 && rest % 10 == 0 {
            (rest, decimals) = (rest / 10, decimals - 1);
        }
        if self.mantissa < 0 {
            out.push(b'-');
        }
        let start = out.len();
        let mut written = 0;
        while rest > 0 || written < decimals {
            out.push(b'0' + (rest % 10) as u8);
            rest /= 10;
            written += 1;
            if written == decimals {
                out.push(b'.');
            }
        }
        let whole = written > decimals;
        if !whole && (!bare || decimals == 0) {
            out.push(b'0');
        }
        out[start..].reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(d: Decimal, bare: bool) -> String {
        let mut out = Vec::new();
        d.write(&mut out, bare);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn forms() {
        for (from, full, bare) in [
            ("1.500", "1.5", "1.5"),
            ("-.25", "-0.25", "-.25"),
            ("+0.02728", "0.02728", ".02728"),
            ("10", "10", "10"),
            ("10.", "10", "10"),
            ("-0.000", "0", "0"),
            ("0", "0", "0"),
            ("100.010", "100.01", "100.01"),
        ] {
            let d = Decimal::parse(from.as_bytes()).unwrap();
            assert_eq!((&*text(d, false), &*text(d, true)), (full, bare), "{from}");
        }
        for none in [
            "",
            "-",
            ".",
            "1.2.3",
            "1 2",
            "1e5",
            "0.0000000001",
            "123456789012345678901",
        ] {
            assert_eq!(Decimal::parse(none.as_bytes()), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn sums_are_exact(parts in proptest::collection::vec((-1_000_000_i64..1_000_000, 0_usize..9), 1..50)) {
            let all = parts.iter().map(|(m, d)| Decimal::new(*m, *d));
            let sum = all.fold(Decimal::default(), Decimal::plus);
            let nano: i128 = parts.iter().map(|(m, d)| i128::from(*m) * 10_i128.pow(9 - *d as u32)).sum();
            for bare in [true, false] {
                let read = Decimal::parse(text(sum, bare).as_bytes()).unwrap();
                prop_assert_eq!(read.mantissa * 10_i128.pow(9 - read.decimals as u32), nano);
            }
        }
    }
}
