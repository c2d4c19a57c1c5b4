//! Curves to lines and arcs within a tolerance.
//!
//! The fit walks along the curve and takes each time the longest stretch that a
//! pair of arcs follows (a *biarc*: two arcs that share a tangent where they
//! meet, and share the curve's tangents at their ends), or a line where it reaches
//! half as far; it tries halving too, and keeps what has the fewest spans. A stretch is taken only
//! when its **measured** deviation from the true curve is within tolerance:
//! radial distances of samples along the curve, with a parabola through the
//! highest three to find the peak between them. Where one line or one arc will
//! do for the whole curve, it is one.
//!
//! The biarc is the one with equal tangent lengths (Bolton, *Biarc curves*,
//! Computer-Aided Design 7, 1975, doi:10.1016/0010-4485(75)90086-X). Its error
//! falls with the third power of the stretch, which guides the search.
//!
//! Circles are exact: arcs of at most a half turn each.
//!
//! Where only lines will do, each reaches as far as the tolerance lets it, with its
//! ends on the curve.
//!
//! # How many
//! At 0.01 mm, beside a plain bisection: halve the curve until a line or a biarc
//! fits each piece. A test counts both and fails where the fit needs more than it.
//! Lines are beside the fewest between 600 points of the curve, by search.
//!
//! | curve, mm | arcs | by bisection | lines | by search |
//! |---|---:|---:|---:|---:|
//! | circle, r 30 | 2 | 4 | 124 | 120 |
//! | corner of a rounded rectangle, r 5 | 1 | 2 | 13 | 13 |
//! | corner of a rounded rectangle, 8 by 3 | 6 | 8 | 12 | 12 |
//! | ellipse, 50 by 49.5 | 16 | 16 | 160 | 200 |
//! | ellipse, 50 by 33.3 | 36 | 56 | 144 | 164 |
//! | ellipse, 50 by 12.5 | 40 | 56 | 104 | 112 |
//! | ellipse, 50 by 5 | 48 | 64 | 72 | 76 |
//! | ellipse, 50 by 0.5 | 26 | 32 | 28 | 26 |
//! | ellipse, 50 by 20, turned 30° | 42 | 52 | 125 | 136 |
//! | `A 50 20 0 0 1 100 100` | 30 | 38 | 101 | 107 |
//! | 1,000 random cubics in a square of 100 | 19,415 | 26,826 | | |

mod biarc;
mod curve;
mod rational;
mod search;

use super::Point;
use curve::Cubic;
use rational::Rational;
use search::{arcs_along, lines_along};

/// An arc of an ellipse: the points `center + u cos a + v sin a` for `a` from
/// `start` over `sweep`. `u` and `v` are any conjugate half-diameters, so that an
/// affine map of the ellipse maps just these.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EllipseArc {
    /// Centre, mm.
    pub center: Point,
    /// Half-diameter at parameter 0, mm.
    pub u: Point,
    /// Half-diameter at parameter π/2, mm.
    pub v: Point,
    /// Parameter of the first point, radians.
    pub start: f64,
    /// Parameter run through, radians; negative is from `v` towards `u`.
    pub sweep: f64,
}

impl EllipseArc {
    /// The point at parameter `angle` (radians), in mm.
    #[must_use]
    pub fn at(&self, angle: f64) -> Point {
        let (s, c) = angle.sin_cos();
        self.center + self.u * c + self.v * s
    }

    /// Whether the half-diameters are those of a circle, to the rounding of `f64`.
    #[must_use]
    pub fn is_circle(&self) -> bool {
        let (uu, vv) = (self.u.dot(self.u), self.v.dot(self.v));
        // 1e-12 of the squared radius is 0.5 nm on a radius of 1 m.
        let rounding = 1e-12 * uu.max(vv);
        (uu - vv).abs() <= rounding && self.u.dot(self.v).abs() <= rounding
    }
}

/// Appends the lines and arcs that follow a cubic Bézier from `points[0]` as
/// (end point, bulge); the last end point is `points[3]` itself. Gives their
/// greatest deviation from the curve as measured, mm.
///
/// `tolerance` is the greatest deviation in mm, finite and above 0.
///
/// # Complexity
/// O(n) for n spans, about (size / tolerance)^(1/3).
pub fn fit_cubic(points: [Point; 4], tolerance: f64, out: &mut Vec<(Point, f64)>) -> f64 {
    arcs_along(&Cubic::new(points), tolerance, out)
}

/// As [`fit_cubic`], for a quadratic Bézier.
pub fn fit_quadratic(points: [Point; 3], tolerance: f64, out: &mut Vec<(Point, f64)>) -> f64 {
    fit_cubic(raise(points), tolerance, out)
}

/// Appends the lines and arcs that follow a rational Bézier curve as (end point,
/// bulge). `points` are its control points, each with its weight, as many as the
/// degree and one; the last end point is the last of them itself.
///
/// Weights are above 0 and finite. `tolerance` is the greatest deviation in mm,
/// finite and above 0. Nothing is appended for less than two points.
///
/// # Complexity
/// O(n d) for n spans, about (size / tolerance)^(1/3), and degree d.
pub fn fit_rational(points: &[(Point, f64)], tolerance: f64, out: &mut Vec<(Point, f64)>) {
    if let Some(curve) = Rational::new(points) {
        let _ = arcs_along(&curve, tolerance, out);
    }
}

/// Appends the arcs that follow an elliptical arc as (end point, bulge); `end` is
/// the last end point, as written in the source of the arc. A circle is exact.
/// Gives their greatest deviation from the curve as measured, mm.
///
/// `tolerance` is the greatest deviation in mm, finite and above 0.
pub fn fit_ellipse(
    arc: &EllipseArc,
    end: Point,
    tolerance: f64,
    out: &mut Vec<(Point, f64)>,
) -> f64 {
    if arc.is_circle() {
        circle(arc, end, out);
        0.0
    } else {
        arcs_along(&curve::Ellipse::new(arc, end), tolerance, out)
    }
}

/// Appends the end points of the lines that follow a cubic Bézier from `points[0]`.
/// Gives their greatest deviation from the curve as measured, mm.
///
/// `tolerance` is the greatest deviation in mm, finite and above 0.
pub fn flatten_cubic(points: [Point; 4], tolerance: f64, out: &mut Vec<Point>) -> f64 {
    lines_along(&Cubic::new(points), tolerance, out)
}

/// As [`flatten_cubic`], for a quadratic Bézier.
pub fn flatten_quadratic(points: [Point; 3], tolerance: f64, out: &mut Vec<Point>) -> f64 {
    flatten_cubic(raise(points), tolerance, out)
}

/// As [`flatten_cubic`], for an elliptical arc that ends at `end`.
pub fn flatten_ellipse(arc: &EllipseArc, end: Point, tolerance: f64, out: &mut Vec<Point>) -> f64 {
    lines_along(&curve::Ellipse::new(arc, end), tolerance, out)
}

/// The cubic that is the same curve as a quadratic.
fn raise([a, b, c]: [Point; 3]) -> [Point; 4] {
    [a, a.lerp(b, 2.0 / 3.0), c.lerp(b, 2.0 / 3.0), c]
}

fn circle(arc: &EllipseArc, end: Point, out: &mut Vec<(Point, f64)>) {
    // A half turn computed from end points may be a rounding above π.
    let parts = (arc.sweep.abs() / std::f64::consts::PI - 1e-9)
        .ceil()
        .max(1.0);
    let bulge = (arc.sweep / parts / 4.0).tan() * arc.u.cross(arc.v).signum();
    for i in 1..parts as usize {
        out.push((arc.at(arc.start + arc.sweep * i as f64 / parts), bulge));
    }
    out.push((end, bulge));
}

#[cfg(test)]
mod counts;
#[cfg(test)]
mod tests;
