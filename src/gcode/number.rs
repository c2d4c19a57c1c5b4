//! Decimal numbers as G-code writes them: a sign, digits, one point, no exponent.
//!
//! `E` is a word letter in every dialect, so `X1E5` is `X1` and `E5`. Blanks
//! inside a number are skipped, as GRBL and LinuxCNC do (`X 1. 5` is 1.5).

/// Powers of ten that an `f64` holds exactly.
const POW10: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Mantissas up to here are exact in an `f64`.
const EXACT: u64 = 1 << 53;

/// Reads a number at the start of `input`; gives its value and how many bytes
/// it takes. `None` when there is no digit (a sign or a point alone).
///
/// # Complexity
/// O(length); no allocation unless the number has more than 15 digits or so.
#[must_use]
pub fn parse(input: &[u8]) -> Option<(f64, usize)> {
    let mut mantissa: u64 = 0;
    let mut fraction = 0_usize;
    let (mut point, mut digits, mut negative, mut exact) = (false, false, false, true);
    let mut end = 0;
    for (i, &b) in input.iter().enumerate() {
        match b {
            b'0'..=b'9' => {
                digits = true;
                match mantissa
                    .checked_mul(10)
                    .and_then(|m| m.checked_add(u64::from(b - b'0')))
                {
                    Some(m) => mantissa = m,
                    None => exact = false,
                }
                fraction += usize::from(point);
            }
            b'.' if !point => point = true,
            b'+' | b'-' if end == 0 => negative = b == b'-',
            b' ' | b'\t' => continue,
            _ => break,
        }
        end = i + 1;
    }
    if !digits {
        return None;
    }
    let value = if exact && mantissa <= EXACT && fraction < POW10.len() {
        mantissa as f64 / POW10[fraction]
    } else {
        long(&input[..end])
    };
    Some((if negative { -value } else { value }, end))
}

/// The magnitude of a number with more digits than the fast way can hold.
fn long(text: &[u8]) -> f64 {
    let plain: Vec<u8> = text
        .iter()
        .copied()
        .filter(|b| b.is_ascii_digit() || *b == b'.')
        .collect();
    // A digit string with at most one point is always a number; beyond the
    // range of f64 it is infinite, which the interpreter refuses.
    fast_float2::parse(&plain).unwrap_or(f64::INFINITY)
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
            let (value, used) = parse(s.as_bytes()).unwrap();
            assert_eq!((value.to_bits(), used), (v.to_bits(), n), "{s}");
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
        ok("123456.789", 123_456.789, 10);
        ok("99999999999999999999.5", 1e20, 22);
        ok("0.1234567890123456789012345", 0.123_456_789_012_345_68, 27);
        for none in ["", "-", ".", "+.", "--5", "X", "-X1"] {
            assert_eq!(parse(none.as_bytes()), None, "{none}");
        }
        assert!(parse("9".repeat(400).as_bytes()).unwrap().0.is_infinite());
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
            let (back, used) = parse(&out).unwrap();
            prop_assert_eq!(used, out.len());
            prop_assert!((back - v).abs() <= 0.5000001 * 10_f64.powi(-(d as i32)) + v.abs() * 1e-15);
        }

        #[test]
        fn agrees_with_std(s in "-?[0-9]{1,25}(\\.[0-9]{0,25})?") {
            let (v, used) = parse(s.as_bytes()).unwrap();
            prop_assert_eq!(used, s.len());
            prop_assert_eq!(v.to_bits(), s.parse::<f64>().unwrap().to_bits());
        }
    }
}
