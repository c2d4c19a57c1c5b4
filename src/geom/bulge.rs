use super::{Bounds, Point, Point3};
use std::f64::consts::{FRAC_PI_2, TAU};

/// Angle swept from `start` to `end`, in radians, positive counter-clockwise.
#[must_use]
pub fn sweep(bulge: f64) -> f64 {
    4.0 * bulge.atan()
}

/// Length of the segment, in mm.
#[must_use]
pub fn length(start: Point, end: Point, bulge: f64) -> f64 {
    let chord = start.distance(end);
    if bulge == 0.0 {
        return chord;
    }
    let half = 2.0 * bulge.abs().atan();
    chord * half / half.sin()
}

/// The flattest arc that is told from a line: its rise is half of this share of its
/// chord. Flatter, the centre is so far that distances to it are rounding noise.
const FLATTEST: f64 = 1e-9;

/// Centre of the arc, in mm. `None` for a line, also one bent by no more than
/// rounding, and for a chord of no length.
#[must_use]
pub fn arc_center(start: Point, end: Point, bulge: f64) -> Option<Point> {
    if bulge.abs() < FLATTEST || start == end {
        return None;
    }
    // The distance from the chord's middle to the centre is c(1-b²)/(4b).
    let k = (1.0 - bulge * bulge) / (4.0 * bulge);
    Some(start.lerp(end, 0.5) + (end - start).perp() * k)
}

/// The bulges that go from `start` round `center` to `end`: one, or two halves
/// with the point between them where the sweep is more than a half circle (a
/// start equal to the end is a full circle).
///
/// The radius at `start` rules; `end` is taken as it is.
#[must_use]
pub fn arc_from_center(
    start: Point,
    end: Point,
    center: Point,
    clockwise: bool,
) -> (Option<(Point, f64)>, f64) {
    let (a, b) = (start - center, end - center);
    let mut angle = a.cross(b).atan2(a.dot(b));
    if clockwise && angle >= -5e-7 {
        angle -= TAU;
    } else if !clockwise && angle <= 5e-7 {
        angle += TAU;
    }
    if angle.abs() <= 2.0 * FRAC_PI_2 {
        return (None, (angle / 4.0).tan());
    }
    let (s, c) = (angle / 2.0).sin_cos();
    let middle = center + Point::new(a.x * c - a.y * s, a.x * s + a.y * c);
    let half = (angle / 8.0).tan();
    (Some((middle, half)), half)
}

/// The point at fraction `t` of the segment's length.
#[must_use]
pub fn point_at(start: Point, end: Point, bulge: f64, t: f64) -> Point {
    match arc_center(start, end, bulge) {
        None => start.lerp(end, t),
        Some(center) => {
            let (s, c) = (sweep(bulge) * t).sin_cos();
            let a = start - center;
            center + Point::new(a.x * c - a.y * s, a.x * s + a.y * c)
        }
    }
}

/// The point half way along the segment. Exact also for nearly straight arcs.
#[must_use]
pub fn midpoint(start: Point, end: Point, bulge: f64) -> Point {
    start.lerp(end, 0.5) - (end - start).perp() * (bulge / 2.0)
}

/// Distance from `p` to the segment, in mm.
#[must_use]
pub fn distance_to(start: Point, end: Point, bulge: f64, p: Point) -> f64 {
    let Some(center) = arc_center(start, end, bulge) else {
        let d = end - start;
        let t = (p - start).dot(d) / d.dot(d).max(f64::MIN_POSITIVE);
        return start.lerp(end, t.clamp(0.0, 1.0)).distance(p);
    };
    // `p` faces the arc when it lies within half the sweep of its middle.
    let (m, q) = (midpoint(start, end, bulge) - center, p - center);
    let off = m.cross(q).atan2(m.dot(q)).abs();
    if off <= sweep(bulge).abs() / 2.0 {
        (q.norm() - start.distance(center)).abs()
    } else {
        p.distance(start).min(p.distance(end))
    }
}

/// The box around the segment, at z = 0.
#[must_use]
pub fn bounds_of(start: Point, end: Point, bulge: f64) -> Bounds {
    let mut b = Bounds::EMPTY;
    b.add(Point3::new(start.x, start.y, 0.0));
    b.add(Point3::new(end.x, end.y, 0.0));
    if let Some(center) = arc_center(start, end, bulge) {
        let r = start.distance(center);
        let m = midpoint(start, end, bulge) - center;
        for axis in [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)] {
            let q = Point::new(axis.0, axis.1);
            if m.cross(q).atan2(m.dot(q)).abs() <= sweep(bulge).abs() / 2.0 {
                let p = center + q * r;
                b.add(Point3::new(p.x, p.y, 0.0));
            }
        }
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn an_arc_bent_by_rounding_is_a_line() {
        let (a, b) = (Point::new(0.0, 0.0), Point::new(10.0, 0.0));
        for bulge in [1e-300, 1e-17, -1e-12, 1e-9, 1e-8] {
            let off = distance_to(a, b, bulge, Point::new(5.0, 3.0));
            assert!((off - 3.0).abs() < 1e-6, "{off} at {bulge}");
        }
    }

    #[test]
    fn half_circle() {
        let (a, b) = (Point::new(1.0, 0.0), Point::new(-1.0, 0.0));
        assert!(near(length(a, b, 1.0), PI));
        assert!(arc_center(a, b, 1.0).unwrap().norm() < 1e-12);
        assert!(midpoint(a, b, 1.0).distance(Point::new(0.0, 1.0)) < 1e-12);
        assert!(point_at(a, b, -1.0, 0.5).distance(Point::new(0.0, -1.0)) < 1e-12);
        assert!(near(bounds_of(a, b, 1.0).max.y, 1.0));
        assert!(near(bounds_of(a, b, 1.0).min.y, 0.0));
        assert!(near(distance_to(a, b, 1.0, Point::new(0.0, 3.0)), 2.0));
        assert!(near(distance_to(a, b, 1.0, Point::new(1.0, -3.0)), 3.0));
    }

    #[test]
    fn arc_from_center_is_inverse_of_center() {
        let (a, c) = (Point::new(3.0, 1.0), Point::new(1.0, 1.0));
        for deg in [10.0_f64, 90.0, 179.0] {
            let (s, k) = deg.to_radians().sin_cos();
            let b = c + Point::new(2.0 * k, 2.0 * s);
            let (half, bulge) = arc_from_center(a, b, c, false);
            assert!(half.is_none());
            assert!(near(sweep(bulge), deg.to_radians()));
            assert!(arc_center(a, b, bulge).unwrap().distance(c) < 1e-9);
        }
        let (half, bulge) = arc_from_center(a, a, c, true);
        let (middle, first) = half.unwrap();
        assert!(near(first, -1.0) && near(bulge, -1.0));
        assert!(middle.distance(Point::new(-1.0, 1.0)) < 1e-9);
    }
}
