//! Numbers as an 8-bit processor has them: in single precision, made by the firmware's
//! reader out of digits without a point, times 0.01 and 0.1.
//!
//! How many digits the program had is not known here; the fewest that give the number are
//! taken. What came out of sums is the nearest number of single precision, where the
//! firmware's may be another.

use super::super::queue::Single;
use crate::machine::Machine;

/// Decimals that programs write, and how near a number of so many has to be.
const MOST_DECIMALS: i32 = 5;
const SAME: f64 = 1e-9;
const INCH: f64 = 25.4;
/// The least speed that is planned, mm/min.
const MIN_FEED: f32 = 1.0;
/// By more than this share single precision puts no two speeds in another order.
const CLOSE: f64 = 1e-6;

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

/// Settings of the machine, in mm and min.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    per_mm: [f32; 3],
    accel_a: [f32; 3],
    limit_v: [f32; 3],
}

impl Settings {
    pub(super) fn of(machine: &Machine) -> Self {
        Self {
            per_mm: machine.steps_per_mm.map(as_read),
            accel_a: machine.acceleration.map(|a| as_read(a) * 60.0 * 60.0),
            limit_v: machine.max_rate.map(|v| as_read(v * 60.0)),
        }
    }

    /// A block of so many steps that should run at `asked_v` mm/s, of which its limit of
    /// `limit_v` mm/s may leave less.
    pub(super) fn block(&self, steps: &[f64; 3], asked_v: f64, limit_v: f64) -> Single {
        let delta = [0, 1, 2].map(|i| steps[i] as f32 / self.per_mm[i]);
        let length_d = (delta[0] * delta[0] + delta[1] * delta[1] + delta[2] * delta[2]).sqrt();
        let per_d = 1.0 / length_d;
        let share = delta.map(|d| (d * per_d).abs());
        let along = |most: &[f32; 3]| {
            let over = |i: usize| match share[i] {
                share if share > 0.0 => most[i] / share,
                _ => f32::INFINITY,
            };
            over(0).min(over(1)).min(over(2))
        };
        let asked = (asked_v * 60.0) as f32;
        let nominal_v = if asked_v < limit_v * (1.0 - CLOSE) {
            asked
        } else if asked_v > limit_v * (1.0 + CLOSE) {
            along(&self.limit_v)
        } else {
            // A limit along an axis is a hair above what was set when the direction is one
            // a hair below 1; a rapid and a feed then differ.
            asked.min(along(&self.limit_v))
        };
        Single {
            length_d,
            accel_a: along(&self.accel_a),
            nominal_v: nominal_v.max(MIN_FEED),
        }
    }
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
    fn a_block_is_reckoned_in_the_firmwares_order() {
        let machine = Machine {
            steps_per_mm: [80.0, 26.667, 400.0],
            acceleration: [250.0, 500.0, 50.0],
            max_rate: [100.0, 50.0, 10.0],
            ..Machine::default()
        };
        let settings = Settings::of(&machine);
        // 3 and 4 mm: the share of Y is 0.8, its limit 60/0.8 · 50 mm/min, that of X 0.6.
        let b = settings.block(&[240.0, -106.668, 0.0], f64::INFINITY, 62.5);
        let near = |a: f32, b: f32| assert!((a / b - 1.0).abs() < 3e-7, "{a} {b}");
        near(b.length_d, 5.0);
        near(b.accel_a, 250.0 / 0.6 * 3600.0);
        near(b.nominal_v, 50.0 / 0.8 * 60.0);
        // A direction is a way taken by 1 over its length: 41 · (1/41) is less than 1, and
        // what is allowed along it more than what was set. A feed stays what it is.
        let share = 41.0_f32 * (1.0 / 41.0);
        assert!(share < 1.0);
        let rapid = settings.block(&[3280.0, 0.0, 0.0], f64::INFINITY, 100.0);
        assert_eq!(rapid.nominal_v.to_bits(), (6000.0 / share).to_bits());
        assert_eq!(rapid.accel_a.to_bits(), (900_000.0 / share).to_bits());
        let feed = settings.block(&[3280.0, 0.0, 0.0], 100.0, 100.0);
        assert_eq!(feed.nominal_v.to_bits(), 6000.0_f32.to_bits());
        // 26.667 is read in three steps.
        let y = settings.block(&[0.0, 26_667.0, 0.0], 1e-9, 50.0);
        let expected = 26_667.0_f32 / (26_667.0 * 0.01 * 0.1);
        near(y.length_d, expected);
        assert_eq!(y.nominal_v.to_bits(), 1.0_f32.to_bits());
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
