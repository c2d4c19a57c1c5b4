//! Numbers as an 8-bit processor has them: in single precision, made by the firmware's
//! reader out of digits without a point, times 0.01 and 0.1.
//!
//! How many digits the program had is not known here; the fewest that give the number are
//! taken. What came out of sums is the nearest number of single precision, where the
//! firmware's may be another.

/// Decimals that programs write, and how near a number of so many has to be.
const MOST_DECIMALS: i32 = 5;
const SAME: f64 = 1e-9;
const INCH: f64 = 25.4;

/// A length in mm that was read as mm.
pub(super) fn as_read(mm: f64) -> f32 {
    read(mm).unwrap_or(mm as f32)
}

/// Lengths in mm; read as inches, if all may have been.
pub(super) fn all_as_read<const N: usize>(mm: [f64; N]) -> [f32; N] {
    let inches = mm.map(|v| read(v / INCH));
    if inches.iter().all(Option::is_some) {
        inches.map(|v| v.unwrap_or_default() * INCH as f32)
    } else {
        mm.map(as_read)
    }
}

/// What the reader makes of the shortest text of a number; `None` when it has none of a
/// few decimals.
fn read(v: f64) -> Option<f32> {
    let (decimals, digits) = (0..=MOST_DECIMALS)
        .map(|n| (n, v * 10_f64.powi(n)))
        .find(|(n, scaled)| (scaled - scaled.round()).abs() < SAME * 10_f64.powi(*n))?;
    let mut single = digits.round() as f32;
    for _ in 0..decimals / 2 {
        single *= 0.01;
    }
    if decimals % 2 == 1 {
        single *= 0.1;
    }
    Some(single)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_three_steps() {
        // 8.003: 8003 · 0.01 is rounded before it is taken by 0.1.
        let expected = 8003.0_f32 * 0.01 * 0.1;
        assert_eq!(as_read(8.003).to_bits(), expected.to_bits());
        assert_eq!(as_read(-2.5).to_bits(), (-25.0_f32 * 0.1).to_bits());
        // No short number: the nearest.
        assert_eq!(as_read(1.0 / 3.0).to_bits(), (1.0_f32 / 3.0).to_bits());
    }

    #[test]
    fn inches_are_scaled_after_they_were_read() {
        let inch = |v: f64| as_read(v) * 25.4_f32;
        let all = all_as_read([1.2345 * 25.4, -0.07 * 25.4]);
        assert_eq!(
            all.map(f32::to_bits),
            [inch(1.2345), inch(-0.07)].map(f32::to_bits)
        );
        // One that is none makes them all mm.
        let all = all_as_read([12.7, 0.01]);
        assert_eq!(
            all.map(f32::to_bits),
            [as_read(12.7), as_read(0.01)].map(f32::to_bits)
        );
    }
}
