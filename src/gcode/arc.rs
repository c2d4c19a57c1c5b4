//! G2 and G3: from the words to a circle, with the firmware's checks.

use super::block::Refusal;
use crate::geom::{Point, Point3};
use crate::motion::{Arc, Plane};

/// Radii may differ by this much at the two ends, mm.
pub(crate) const RADIUS_SLACK_MM: f64 = 0.005;
/// A larger difference is never accepted, mm.
const RADIUS_LIMIT_MM: f64 = 0.5;
/// In between, this share of the radius is accepted.
const RADIUS_SHARE: f64 = 0.001;

/// How an arc's circle is given, in mm.
pub(crate) struct Form {
    /// The R word.
    pub(crate) radius: Option<f64>,
    /// The I, J and K words.
    pub(crate) offsets: [Option<f64>; 3],
    /// Whether the radii at both ends have to agree.
    pub(crate) exact: bool,
}

/// Whether the firmware takes an arc with these radii at its two ends, in mm.
#[must_use]
pub(crate) fn radii_agree(start: f64, end: f64) -> bool {
    let off = (start - end).abs();
    off <= RADIUS_SLACK_MM || (off <= RADIUS_LIMIT_MM && off <= RADIUS_SHARE * start)
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
        return by_radius(chord, r, clockwise).map(|offset| Arc {
            plane,
            offset,
            radius: r.abs(),
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
    if form.exact && !radii_agree(radius, (chord - offset).norm()) {
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
                offsets: [None; 3],
                exact: true,
            };
            let arc = resolve(Point3::default(), to, &form, Plane::Xy, clockwise).unwrap();
            assert!((arc.offset.x - 5.0).abs() < 1e-12);
            assert!((arc.offset.y - y * 375.0_f64.sqrt()).abs() < 1e-9);
        }
    }
}
