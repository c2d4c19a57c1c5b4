//! One straight piece at constant acceleration.
//!
//! ```text
//!  speed   nominal _______
//!           /             \
//!          /               \ exit
//!  entry  /
//!         |<- accelerate ->|<- cruise ->|<- brake ->|
//! ```

/// Seconds for `length_d` mm from `entry_v` to `exit_v`, never above `nominal_v`
/// (mm/s), at `accel_a` mm/s².
///
/// From v² = u² + 2ad: the piece cruises when the two ramps are shorter than it;
/// otherwise it peaks at v² = ad + (entry² + exit²) / 2. The caller has made sure
/// that the exit can be reached.
#[must_use]
pub(super) fn seconds(
    length_d: f64,
    entry_v: f64,
    exit_v: f64,
    nominal_v: f64,
    accel_a: f64,
) -> f64 {
    let at_speed = |v: f64| v.to_bits() == nominal_v.to_bits();
    if at_speed(entry_v) && at_speed(exit_v) {
        // What comes out of the sums below, to the bit.
        return length_d / nominal_v;
    }
    let (entry_v2, exit_v2) = (entry_v * entry_v, exit_v * exit_v);
    let ramps_d = (2.0 * nominal_v * nominal_v - entry_v2 - exit_v2) / (2.0 * accel_a);
    if ramps_d <= length_d {
        return (2.0 * nominal_v - entry_v - exit_v) / accel_a + (length_d - ramps_d) / nominal_v;
    }
    let peak_v = (accel_a * length_d + 0.5 * (entry_v2 + exit_v2)).sqrt();
    // Rounding may put the peak a hair below the ends.
    let up = |from_v: f64| {
        if peak_v > from_v {
            peak_v - from_v
        } else {
            0.0
        }
    };
    (up(entry_v) + up(exit_v)) / accel_a
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn closed_forms() {
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        // Rest to rest, cruising: d/v + v/a.
        near(seconds(100.0, 0.0, 0.0, 50.0, 500.0), 2.0 + 0.1);
        // Rest to rest, a triangle: 2 sqrt(d/a).
        near(seconds(1.0, 0.0, 0.0, 1000.0, 400.0), 2.0 * 0.05);
        // A pure ramp from rest to v: v/a over v²/2a.
        near(seconds(10.0, 0.0, 100.0, 100.0, 500.0), 0.2);
        // At full speed throughout.
        near(seconds(10.0, 20.0, 20.0, 20.0, 500.0), 0.5);
    }
}
