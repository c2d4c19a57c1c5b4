//! How fast Marlin takes a corner.

use super::Axes;

/// Below this a chord may be part of a curve, mm.
const SMALL_D: f64 = 1.0;
/// Beyond this cosine the turn is less than 45°.
const SMALL_TURN_COS: f64 = -std::f64::consts::FRAC_1_SQRT_2;
/// Beyond these cosines two blocks are in line, or the reverse of each other.
const IN_LINE_COS: f64 = 0.999_999;
/// The firmware's angles at the cosines 0, 1/2, 3/4, 7/8 and so on, and at the last
/// cosine before 1, rad. Between them it goes straight. All but the ends are 0.75 %
/// too great, so that the error lies on both sides.
const ANGLES: [f64; 17] = [
    std::f64::consts::FRAC_PI_2,
    1.055_067_188,
    0.728_165_560,
    0.509_158_269,
    0.358_092_174,
    0.252_539_327,
    0.178_337_890,
    0.126_021_505,
    0.089_081_596,
    0.062_979_938,
    0.044_529_915,
    0.031_486_123,
    0.022_263_598,
    0.015_742_581,
    0.011_131_629,
    0.007_871_231,
    0.001_414_214,
];

/// A block as corners see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leg {
    /// Speed of X, Y, Z, E at its full speed, mm/s.
    pub(super) speed: Axes,
    /// Its direction, by junction deviation.
    pub(super) unit: Axes,
    /// Its full speed, mm/s.
    pub(super) nominal_v: f64,
    /// The speed from which it may stop at once, by jerk, mm/s.
    pub(super) safe_v: f64,
}

/// The speed from which a block may stop at once: that at which no axis is faster
/// than its jerk, mm/s.
pub(super) fn safe_v(speed: &Axes, nominal_v: f64, jerk: &Axes) -> f64 {
    let mut safe_v = nominal_v;
    for (speed, jerk) in speed.iter().zip(jerk) {
        // Without a branch for 0: it is never above its jerk.
        if speed.abs() > *jerk {
            safe_v = safe_v.min(nominal_v * jerk / speed.abs());
        }
    }
    safe_v
}

/// The speed of the corner between two blocks under classic jerk, mm/s.
///
/// Both blocks are scaled to the lesser of their full speeds; from there the speed is
/// lowered, axis after axis, until none changes by more than its jerk. An axis that
/// turns back counts by the greater of its two speeds, not by their sum. Where both
/// blocks might as well stop at once at that speed or above, the corner is entered at
/// the later block's safe speed.
///
/// Two peculiarities of the firmware: the later block's speeds are not scaled where the
/// earlier block is the slower, and each axis sees the speeds as the axes before it
/// have lowered them, so that the order of the axes matters.
pub(super) fn jerk_v(before: &Leg, leg: &Leg, jerk: &Axes) -> f64 {
    let (mut corner_v, scale) = if leg.nominal_v < before.nominal_v {
        (leg.nominal_v, leg.nominal_v / before.nominal_v)
    } else {
        (before.nominal_v, 1.0)
    };
    let mut factor = 1.0;
    for (i, jerk) in jerk.iter().enumerate() {
        let exit_v = before.speed[i] * scale * factor;
        let entry_v = leg.speed[i] * factor;
        let turns_back = exit_v * entry_v < 0.0;
        let change_v = if turns_back {
            exit_v.abs().max(entry_v.abs())
        } else {
            (exit_v - entry_v).abs()
        };
        if change_v > *jerk {
            factor *= jerk / change_v;
        }
    }
    corner_v *= factor;
    let nearly_v = 0.99 * corner_v;
    if before.safe_v > nearly_v && leg.safe_v > nearly_v {
        leg.safe_v
    } else {
        corner_v
    }
}

/// What junction deviation goes by beside the directions.
pub(super) struct Junction<'a> {
    /// Length of the later block, mm, and its acceleration, mm/s².
    pub(super) length_d: f64,
    pub(super) accel_a: f64,
    /// The greatest accelerations of X, Y, Z, E, mm/s².
    pub(super) limits_a: &'a Axes,
    /// How far the corner may be cut, mm.
    pub(super) deviation: f64,
    /// The radius of the arc that both blocks are chords of, mm.
    pub(super) radius: Option<f64>,
}

/// Square of the speed of the corner between two directions under junction deviation,
/// mm²/s²: the circle that leaves the corner by the deviation is run at the
/// acceleration that the axes have across it (S. Jeon, "Improving Grbl: Cornering
/// Algorithm", 2011), at most that of the later
/// block.
///
/// A chord of less than 1 mm at a turn of less than 45° is taken for part of a curve:
/// the speed is no more than that of a circle which turns by this angle over the
/// chord's length. A chord of an arc has the speed of that arc instead.
pub(super) fn deviation_v2(before: &Axes, unit: &Axes, at: &Junction) -> f64 {
    let mut cos = 0.0;
    let mut across = [0.0; 4];
    for i in 0..4 {
        cos -= before[i] * unit[i];
        across[i] = unit[i] - before[i];
    }
    if cos > IN_LINE_COS {
        return super::lookahead::REST_V.powi(2);
    }
    let norm = norm(&across);
    let mut corner_a = at.accel_a;
    for (across, limit_a) in across.iter().zip(at.limits_a) {
        let share = across.abs() / norm;
        if corner_a * share > *limit_a {
            corner_a = limit_a / share;
        }
    }
    if let Some(radius) = at.radius {
        return corner_a * radius;
    }
    let cos = cos.max(-IN_LINE_COS);
    let sin_half = (0.5 * (1.0 - cos)).sqrt();
    let corner_v2 = corner_a * at.deviation * sin_half / (1.0 - sin_half);
    if at.length_d < SMALL_D && cos < SMALL_TURN_COS {
        return corner_v2.min(at.length_d * corner_a / turn(-cos));
    }
    corner_v2
}

/// The turn between two directions whose cosine is `cos`, from 0 to 1, rad, as the
/// firmware has it. It is never 0.
pub(super) fn turn(cos: f64) -> f64 {
    let last = ANGLES.len() - 2;
    let mut i = 0;
    let mut gap = 0.5;
    while i < last && 1.0 - cos < gap {
        gap /= 2.0;
        i += 1;
    }
    // From 1 - 2 gap to 1 - gap.
    let end = if i == last { IN_LINE_COS } else { 1.0 - gap };
    let share = (cos - (1.0 - 2.0 * gap)) / (end - (1.0 - 2.0 * gap));
    ANGLES[i] + (ANGLES[i + 1] - ANGLES[i]) * share
}

/// Length of a vector of X, Y, Z, E.
pub(super) fn norm(v: &Axes) -> f64 {
    (v[0] * v[0] + v[1] * v[1] + v[2] * v[2] + v[3] * v[3]).sqrt()
}

#[cfg(test)]
mod tests {
    use super::turn;

    #[test]
    fn the_turn_is_near_the_true_one() {
        for k in 1..=1000 {
            let angle = f64::from(k) * std::f64::consts::FRAC_PI_2 / 1000.0;
            let error = turn(angle.cos().min(super::IN_LINE_COS)) - angle;
            assert!(error.abs() < 0.0105, "{angle} {error}");
        }
        assert!(turn(super::IN_LINE_COS) > 0.001);
    }
}
