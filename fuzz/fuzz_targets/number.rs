//! Numbers: what the standard library reads is read alike, and what is written is
//! read back as what it was, to half of its last decimal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trajet::gcode::number::{format, parse};

fuzz_target!(|input: (f64, u8, &[u8])| {
    let (value, decimals, text) = input;
    let decimals = usize::from(decimals % 12);
    if value.is_finite() {
        let mut out = Vec::new();
        format(&mut out, value, decimals);
        assert!(out.iter().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'-')));
        assert!(out != b"-0");
        let back = parse(&out, false).expect("a number");
        assert_eq!(back.used, out.len());
        let half = 0.5 * 10_f64.powi(-(decimals as i32));
        assert!((back.value - value).abs() <= half * 1.000_001 + value.abs() * 1e-15);
    }
    for blanks in [false, true] {
        let Some(n) = parse(text, blanks) else { continue };
        assert!(n.used <= text.len() && n.used > 0);
        let taken: Vec<u8> = text[..n.used]
            .iter()
            .copied()
            .filter(|b| !matches!(b, b' ' | b'\t'))
            .collect();
        let plain = std::str::from_utf8(&taken).expect("digits, a sign and a point");
        let expected: f64 = plain.parse().expect("a number of the standard library");
        assert_eq!(n.value.to_bits(), expected.to_bits(), "{plain}");
        assert_eq!(n.point, plain.contains('.'));
    }
});
