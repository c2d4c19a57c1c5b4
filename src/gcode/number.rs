//! Decimal numbers as G-code writes them: a sign, digits, one point, no exponent.
//!
//! `E` is a word letter in every dialect, so `X1E5` is `X1` and `E5`. Where the
//! dialect passes over blanks, they may stand inside a number (`X 1. 5` is 1.5).

/// Powers of ten that an `f64` holds exactly.
const POW10: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Mantissas up to here are exact in an `f64`.
const EXACT: u64 = 1 << 53;

/// So many digits always fit into a `u64`.
const FIT: usize = 19;

/// A number that was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// Its value; infinite beyond the range of `f64`.
    pub value: f64,
    /// How many bytes it takes.
    pub used: usize,
    /// Whether it has a decimal point.
    pub point: bool,
}

/// Reads a number at the start of `input`. `blanks` says whether blanks inside it
/// are passed over. `None` when there is no digit (a sign or a point alone).
///
/// # Complexity
/// O(length); no allocation unless the number has more than 15 digits or so.
#[must_use]
#[inline]
pub fn parse(input: &[u8], blanks: bool) -> Option<Number> {
    let sign = usize::from(matches!(input.first(), Some(b'-' | b'+')));
    let (mantissa, whole) = digits(0, &input[sign..]);
    let mut used = sign + whole;
    let mut fraction = 0;
    let point = input.get(used) == Some(&b'.');
    let mut mantissa = mantissa;
    if point {
        (mantissa, fraction) = digits(mantissa, &input[used + 1..]);
        used += 1 + fraction;
    }
    if blanks && matches!(input.get(used), Some(b' ' | b'\t')) && goes_on(input, used, point) {
        return spaced(input);
    }
    let count = whole + fraction;
    if count == 0 {
        return None;
    }
    let value = if count <= FIT && mantissa <= EXACT {
        mantissa as f64 / POW10[fraction]
    } else {
        long(&input[sign..used])
    };
    let value = if input[0] == b'-' { -value } else { value };
    Some(Number { value, used, point })
}

/// Digits at the start of `text`, behind those of `mantissa`; wraps when there
/// are too many, which their count tells.
#[inline]
fn digits(mut mantissa: u64, text: &[u8]) -> (u64, usize) {
    let mut count = 0;
    for &b in text {
        let d = b.wrapping_sub(b'0');
        if d > 9 {
            break;
        }
        mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(d));
        count += 1;
    }
    (mantissa, count)
}

/// Whether the number goes on behind blanks at `at`.
#[inline]
fn goes_on(input: &[u8], at: usize, point: bool) -> bool {
    let next = input[at..].iter().find(|b| !matches!(b, b' ' | b'\t'));
    let sign = at == 0 && matches!(next, Some(b'-' | b'+'));
    sign || matches!(next, Some(b'0'..=b'9')) || !point && next == Some(&b'.')
}

/// A number with blanks in it.
#[cold]
fn spaced(input: &[u8]) -> Option<Number> {
    let mut plain = Vec::new();
    let (mut point, mut used) = (false, 0);
    for (i, &b) in input.iter().enumerate() {
        match b {
            b' ' | b'\t' => continue,
            b'0'..=b'9' => {}
            b'.' if !point => point = true,
            b'+' | b'-' if plain.is_empty() => {}
            _ => break,
        }
        plain.push(b);
        used = i + 1;
    }
    Some(Number {
        used,
        ..parse(&plain, false)?
    })
}

/// The magnitude of a number with more digits than the fast way can hold.
#[cold]
fn long(text: &[u8]) -> f64 {
    // A digit string with at most one point is always a number; beyond the
    // range of f64 it is infinite, which the interpreter refuses.
    fast_float2::parse(text).unwrap_or(f64::INFINITY)
}

/// Writes `value` with at most `decimals` decimals, without an exponent,
/// trailing zeros, or a negative zero.
pub fn format(out: &mut Vec<u8>, value: f64, decimals: usize) {
    let start = out.len();
    let text = format!("{value:.decimals$}");
    out.extend_from_slice(text.as_bytes());
    if decimals > 0 {
        while out.last() == Some(&b'0') {
            let _ = out.pop();
        }
        if out.last() == Some(&b'.') {
            let _ = out.pop();
        }
    }
    if &out[start..] == b"-0" {
        out.truncate(start);
        out.push(b'0');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_form() {
        let ok = |s: &str, v: f64, n: usize| {
            let got = parse(s.as_bytes(), true).unwrap();
            assert_eq!((got.value.to_bits(), got.used), (v.to_bits(), n), "{s}");
        };
        ok("12", 12.0, 2);
        ok("+5", 5.0, 2);
        ok(".5X", 0.5, 2);
        ok("-.5", -0.5, 3);
        ok("5.", 5.0, 2);
        ok("1.2.3", 1.2, 3);
        ok(" 1. 5Y", 1.5, 5);
        ok("1E5", 1.0, 1);
        ok("1 ", 1.0, 1);
        ok("1 2", 12.0, 3);
        ok("- 1 .5 X", -1.5, 6);
        assert_eq!(parse(b"1 2", false).unwrap().used, 1);
        ok("123456.789", 123_456.789, 10);
        ok("99999999999999999999.5", 1e20, 22);
        ok("0.1234567890123456789012345", 0.123_456_789_012_345_68, 27);
        for none in ["", "-", ".", "+.", "--5", "X", "-X1"] {
            assert_eq!(parse(none.as_bytes(), true), None, "{none}");
        }
        assert!(
            parse("9".repeat(400).as_bytes(), true)
                .unwrap()
                .value
                .is_infinite()
        );
    }

    #[test]
    fn format_is_plain() {
        let f = |v, d| {
            let mut out = Vec::new();
            format(&mut out, v, d);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(f(1.5, 3), "1.5");
        assert_eq!(f(-0.0001, 3), "0");
        assert_eq!(f(100.0, 3), "100");
        assert_eq!(f(100.0, 0), "100");
        assert_eq!(f(1e20, 1), "100000000000000000000");
    }

    proptest! {
        #[test]
        fn format_then_parse(v in -1e9_f64..1e9, d in 0_usize..7) {
            let mut out = Vec::new();
            format(&mut out, v, d);
            let back = parse(&out, false).unwrap();
            prop_assert_eq!(back.used, out.len());
            prop_assert!((back.value - v).abs() <= 0.5000001 * 10_f64.powi(-(d as i32)) + v.abs() * 1e-15);
        }

        #[test]
        fn agrees_with_std(s in "-?[0-9]{1,25}(\\.[0-9]{0,25})?") {
            let got = parse(s.as_bytes(), true).unwrap();
            prop_assert_eq!(got.used, s.len());
            prop_assert_eq!(got.value.to_bits(), s.parse::<f64>().unwrap().to_bits());
        }
    }
}
