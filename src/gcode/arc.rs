//! G2 and G3: from the words to a circle, with the firmware's checks.

use super::block::Refusal;
use crate::geom::{Point, Point3};
use crate::motion::{Arc, Plane};
use std::f64::consts::SQRT_2;

/// How far the radii of an arc at its two ends may differ: by `always_mm`, or by
/// `most_mm` where that is no more than `share` of the radius.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Radii {
    /// Accepted for any radius, mm: under G21, under G20.
    pub always_mm: [f64; 2],
    /// Never more than this, mm.
    pub most_mm: f64,
    /// Of the radius.
    pub share: f64,
}

impl Radii {
    /// GRBL's.
    pub const GRBL: Self = Self {
        always_mm: [0.005; 2],
        most_mm: 0.5,
        share: 0.001,
    };

    /// LinuxCNC's, found by trying: both ends may be off by one in the second decimal
    /// of a mm, or in the third of an inch, along both axes.
    pub const LINUXCNC: Self = Self {
        always_mm: [0.02 * SQRT_2, 0.0508 * SQRT_2],
        most_mm: f64::INFINITY,
        share: 0.001,
    };

    fn agree(&self, start: f64, end: f64, inches: bool) -> bool {
        let off = (start - end).abs();
        off <= self.always_mm[usize::from(inches)]
            || (off <= self.most_mm && off <= self.share * start)
    }
}

/// How an arc's circle is given, in mm.
pub(crate) struct Form {
    /// The R word.
    pub(crate) radius: Option<f64>,
    /// By how much R may be too small: then it is half the way.
    pub(crate) radius_slack: f64,
    /// The I, J and K words.
    pub(crate) offsets: [Option<f64>; 3],
    /// How far the radii at both ends have to agree, and whether under G20.
    pub(crate) radii: Option<(Radii, bool)>,
}

/// Whether GRBL takes an arc with these radii at its two ends, in mm.
#[must_use]
pub(crate) fn radii_agree(start: f64, end: f64) -> bool {
    Radii::GRBL.agree(start, end, false)
}

/// The circle of an arc between two points.
pub(crate) fn resolve(
    from: Point3,
    to: Point3,
    form: &Form,
    plane: Plane,
    clockwise: bool,
) -> Result<Arc, Refusal> {
    let [a, b, _] = plane.axes();
    let flat = |p: Point3| Point::new(p.to_array()[a], p.to_array()[b]);
    let chord = flat(to) - flat(from);
    if let Some(r) = form.radius {
        let half = chord.norm() / 2.0;
        let short = half - r.abs();
        let is_half = r != 0.0 && short > 0.0 && short <= form.radius_slack;
        let (offset, radius) = if is_half {
            (chord * 0.5, half)
        } else {
            (by_radius(chord, r, clockwise)?, r.abs())
        };
        return Ok(Arc {
            plane,
            offset,
            radius,
            clockwise,
        });
    }
    if form.offsets[a].is_none() && form.offsets[b].is_none() {
        return Err(Refusal::Missing("the arc's centre or radius"));
    }
    let offset = Point::new(
        form.offsets[a].unwrap_or(0.0),
        form.offsets[b].unwrap_or(0.0),
    );
    let radius = offset.norm();
    if let Some((radii, inches)) = form.radii
        && !radii.agree(radius, (chord - offset).norm(), inches)
    {
        return Err(Refusal::Arc("its radius differs at start and end"));
    }
    Ok(Arc {
        plane,
        offset,
        radius,
        clockwise,
    })
}

/// From the start to the centre of a circle of radius `r` through both ends of
/// `chord`: it lies on the chord's bisector; a negative radius asks for the long way.
fn by_radius(chord: Point, r: f64, clockwise: bool) -> Result<Point, Refusal> {
    let length2 = chord.dot(chord);
    if length2 == 0.0 {
        return Err(Refusal::Arc("it ends where it starts but is given by R"));
    }
    let height2 = 4.0 * r * r - length2;
    if height2 < 0.0 {
        return Err(Refusal::Arc("its radius is too small to reach the end"));
    }
    let side = if clockwise == (r < 0.0) { 0.5 } else { -0.5 };
    Ok(chord * 0.5 + chord.perp() * (side * (height2 / length2).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radius_form_finds_all_four_circles() {
        let to = Point3::new(10.0, 0.0, 0.0);
        for (r, clockwise, y) in [
            (20.0, false, 1.0),
            (20.0, true, -1.0),
            (-20.0, false, -1.0),
            (-20.0, true, 1.0),
        ] {
            let form = Form {
                radius: Some(r),
                radius_slack: 0.0,
                offsets: [None; 3],
                radii: None,
            };
            let arc = resolve(Point3::default(), to, &form, Plane::Xy, clockwise).unwrap();
            assert!((arc.offset.x - 5.0).abs() < 1e-12);
            assert!((arc.offset.y - y * 375.0_f64.sqrt()).abs() < 1e-9);
        }
    }
    #[test]
    fn a_radius_a_little_too_small_is_half_the_way() {
        let circle = |radius, radius_slack| {
            let form = Form {
                radius: Some(radius),
                radius_slack,
                offsets: [None; 3],
                radii: None,
            };
            let to = Point3::new(20.0, 0.0, 0.0);
            resolve(Point3::default(), to, &form, Plane::Xy, true)
        };
        let arc = circle(-9.999, 0.00127).unwrap();
        assert!((arc.radius - 10.0).abs() < 1e-12);
        assert!(arc.offset.distance(Point::new(10.0, 0.0)) < 1e-5);
        assert!(circle(9.999, 0.0).is_err() && circle(9.998, 0.00127).is_err());
    }

    #[test]
    fn radii_may_differ_by_the_rules_of_the_control() {
        let (grbl, emc) = (Radii::GRBL, Radii::LINUXCNC);
        assert!(!grbl.agree(1.0, 1.02, false) && emc.agree(1.0, 1.02, false));
        assert!(!emc.agree(1.0, 1.06, false) && emc.agree(1.0, 1.06, true));
        assert!(!grbl.agree(2000.0, 2001.0, false) && emc.agree(2000.0, 2001.0, false));
        assert!(grbl.agree(400.0, 400.3, false) && !grbl.agree(200.0, 200.3, false));
    }
}
