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
    let n = match short(eight(&input[sign..])) {
        Some(n) => n,
        None => any(&input[sign..]),
    };
    let used = sign + n.used;
    if blanks && matches!(input.get(used), Some(b' ' | b'\t')) && goes_on(input, used, n.point) {
        return spaced(input);
    }
    if n.used == usize::from(n.point) {
        return None;
    }
    let value = if input[0] == b'-' { -n.value } else { n.value };
    Some(Number { value, used, ..n })
}

/// The number at `line[at..]` when it is a short one, which most are, and nothing
/// suggests that it goes on behind a blank; [`parse`] tells about the others.
///
/// Bytes before the number are read too: so the last number of a line is no other
/// case than those before it, which a processor could not foresee.
#[inline(always)]
pub(super) fn plain(line: &[u8], at: usize, blanks: bool) -> Option<Number> {
    let negative = line.get(at) == Some(&b'-');
    let from = at + usize::from(negative);
    let eight = if let Some(eight) = line.get(from..)?.first_chunk::<8>() {
        u64::from_le_bytes(*eight)
    } else {
        let missing = from + 8 - line.len();
        u64::from_le_bytes(*line.last_chunk::<8>()?)
            .checked_shr(8 * missing as u32)
            .unwrap_or(0)
    };
    let n = short(eight)?;
    if n.used == usize::from(n.point) {
        return None;
    }
    let end = from + n.used;
    if blanks
        && let Some(&[b' ' | b'\t', next]) = line[end..].first_chunk()
        && !matches!(next, b'A'..=b'Z' | b'a'..=b'z' | b';' | b'(' | b'\n' | b'\r')
    {
        return None;
    }
    Some(Number {
        value: if negative { -n.value } else { n.value },
        used: end - at,
        ..n
    })
}

/// The first eight bytes, the first the lowest; those behind the end are 0.
#[inline]
fn eight(input: &[u8]) -> u64 {
    if let Some(eight) = input.first_chunk::<8>() {
        return u64::from_le_bytes(*eight);
    }
    // Near the end: two loads that overlap.
    if let (Some(first), Some(last)) = (input.first_chunk::<4>(), input.last_chunk::<4>()) {
        let last = u64::from(u32::from_le_bytes(*last));
        return u64::from(u32::from_le_bytes(*first)) | last << (8 * input.len() - 32);
    }
    let byte = |i: usize| input.get(i).map_or(0, |b| u64::from(*b));
    byte(0) | byte(1) << 8 | byte(2) << 16
}

/// One byte in each of eight.
const fn each(b: u8) -> u64 {
    u64::from_le_bytes([b; 8])
}

/// A number without a sign that ends within eight bytes. All are looked at at
/// once: where most numbers end cannot be foreseen, and a loop over digits
/// stumbles over each end.
#[inline(always)]
fn short(eight: u64) -> Option<Number> {
    // The high bit of each byte that is no digit.
    let digits = eight ^ each(b'0');
    let others = (((digits & each(0x7f)) + each(0x76)) | digits) & each(0x80);
    if others == 0 {
        return None;
    }
    let whole = others.trailing_zeros() & 0x78;
    if (digits >> whole) & 0xff != u64::from(b'.' ^ b'0') {
        let mantissa = join(digits << 1 << (63 - whole));
        return Some(Number {
            value: mantissa as f64,
            used: (whole / 8) as usize,
            point: false,
        });
    }
    let others = others & (others - 1);
    if others == 0 {
        return None;
    }
    let end = others.trailing_zeros() & 0x78;
    let low = digits & ((1 << whole) - 1);
    let high = digits >> whole >> 8 << whole;
    let mantissa = join((low | high) << 8 << (64 - end));
    Some(Number {
        value: mantissa as f64 / POW10[((end - whole) / 8 - 1) as usize],
        used: (end / 8) as usize,
        point: true,
    })
}

/// The number of eight digits, the first in the lowest byte. Neighbours are joined
/// to pairs, these to fours, and so on (D. Lemire, "Quickly parsing eight digits", 2018).
#[inline(always)]
const fn join(digits: u64) -> u64 {
    let pairs = (digits.wrapping_mul(1 + (10 << 8)) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(1 + (100 << 16)) >> 16) & 0x0000_ffff_0000_ffff;
    fours.wrapping_mul(1 + (10_000 << 32)) >> 32
}

/// A number without a sign, of any length; one without a digit is of no use.
#[inline(never)]
fn any(text: &[u8]) -> Number {
    let (mantissa, whole) = digits(0, text);
    let point = text.get(whole) == Some(&b'.');
    let (mantissa, fraction) = if point {
        digits(mantissa, &text[whole + 1..])
    } else {
        (mantissa, 0)
    };
    let used = whole + usize::from(point) + fraction;
    let value = if whole + fraction <= FIT && mantissa <= EXACT {
        mantissa as f64 / POW10[fraction]
    } else {
        long(&text[..used])
    };
    Number { value, used, point }
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
    // Nearly always the next word begins behind one blank.
    if at > 0 && input.get(at + 1).is_some_and(u8::is_ascii_alphabetic) {
        return false;
    }
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

/// Writes `value` with at most `decimals` decimals, without an exponent, trailing
/// zeros, or a negative zero. Of what is not finite nothing is written: a letter
/// without a number is refused wherever it is read.
pub fn format(out: &mut Vec<u8>, value: f64, decimals: usize) {
    if !value.is_finite() {
        return;
    }
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

/// The number that `value` is when it is written with so many decimals.
#[must_use]
pub(super) fn rounded(value: f64, decimals: usize) -> f64 {
    let scaled = POW10.get(decimals).map_or(f64::INFINITY, |p| value * p);
    if scaled.abs() < EXACT as f64 {
        scaled.round() / POW10[decimals]
    } else {
        // It has no more decimals than that.
        value
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
        fn format_is_plain_for_every_number(bits in proptest::num::u64::ANY, d in 0_usize..9) {
            let v = f64::from_bits(bits);
            let mut out = Vec::new();
            format(&mut out, v, d);
            let text = String::from_utf8(out).unwrap();
            if !v.is_finite() {
                prop_assert_eq!(text, "");
                return Ok(());
            }
            let (whole, fraction) = text.split_once('.').unwrap_or((&text, "1"));
            let digits = whole.strip_prefix('-').unwrap_or(whole);
            prop_assert!(digits.bytes().all(|b| b.is_ascii_digit()), "{}", text);
            prop_assert!(digits == "0" || !digits.starts_with('0') && !digits.is_empty());
            prop_assert!(fraction.bytes().all(|b| b.is_ascii_digit()) && !fraction.ends_with('0'));
            prop_assert!(text != "-0" && fraction.len() <= d.max(1));
            let back = parse(text.as_bytes(), false).unwrap();
            prop_assert_eq!(back.used, text.len());
            prop_assert!((back.value - v).abs() <= 0.5000001 * 10_f64.powi(-(d as i32)) + v.abs() * 1e-15);
        }

        #[test]
        fn rounded_is_what_is_written(v in -1e7_f64..1e7, d in 0_usize..8) {
            let r = rounded(v, d);
            let mut out = Vec::new();
            format(&mut out, r, d);
            let back = parse(&out, false).unwrap().value;
            // A zero has no sign when it is written.
            prop_assert_eq!((back + 0.0).to_bits(), (r + 0.0).to_bits());
        }

        #[test]
        fn plain_is_what_parse_is(
            line in "[-+0-9.]{0,12}[ \tX.0-9;\n]{0,4}[-0-9. X\n]{0,9}",
            blanks: bool,
        ) {
            for at in 0..=line.len() {
                if let Some(n) = plain(line.as_bytes(), at, blanks) {
                    prop_assert_eq!(Some(n), parse(&line.as_bytes()[at..], blanks));
                }
            }
        }

        #[test]
        fn plain_takes_what_is_usual(v in -99_999_i32..99_999, end in "( Y|Y|\n| \n| ;)") {
            let line = format!("G1 X{}{end}", f64::from(v) / 1000.0);
            let taken = plain(line.as_bytes(), 4, true);
            prop_assert_eq!(taken.is_some(), line.len() >= 8, "{}", line);
        }

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
