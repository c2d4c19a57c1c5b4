//! A closed polyline that is one circle.

use super::{Fit, Limits};
use crate::geom::Point;
use std::f64::consts::TAU;

/// Fewer chords are a polygon that somebody meant, whatever its size.
const LEAST_CHORDS: usize = 6;

/// The circle through the first vertex that stands for a closed polyline, if there
/// is one: the one with the least squares of the powers of the other vertices.
pub(super) fn circle(points: &[Point], limits: &Limits) -> Option<Fit> {
    let start = *points.first()?;
    if points.len() <= LEAST_CHORDS || points.last() != Some(&start) {
        return None;
    }
    // A point q from the start is on the circle round c when 2 q·c = q·q.
    let (mut xx, mut xy, mut yy, mut xs, mut ys) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for p in points {
        let q = *p - start;
        let square = 0.5 * q.dot(q);
        xx += q.x * q.x;
        xy += q.x * q.y;
        yy += q.y * q.y;
        xs += q.x * square;
        ys += q.y * square;
    }
    let det = xx * yy - xy * xy;
    let offset = Point::new(xs * yy - ys * xy, ys * xx - xs * xy) * (1.0 / det);
    let (center, radius) = (start + offset, offset.norm());
    let usable = radius > 0.0 && radius <= limits.greatest_radius && limits.greatest_sweep >= TAU;
    if !center.is_finite() || !usable {
        return None;
    }
    let ccw = (points[1] - start).cross(offset) > 0.0;
    let side = if ccw { 1.0 } else { -1.0 };
    let (mut worst, mut turned) = (0.0_f64, 0.0);
    for w in points.windows(2) {
        let (p, q) = (w[0] - center, w[1] - center);
        let step = p.cross(q).atan2(p.dot(q)) * side;
        if step < 0.0 {
            return None;
        }
        turned += step;
        let d = q - p;
        let foot = -p.dot(d) / d.dot(d);
        worst = worst.max((q.norm() - radius).abs());
        if foot > 0.0 && foot < 1.0 {
            worst = worst.max(radius - (p + d * foot).norm());
        }
    }
    let once = (turned - TAU).abs() < 1e-6;
    let long = radius * TAU >= limits.least_length;
    (once && long && worst <= limits.tolerance).then(|| Fit::Circle {
        opposite: start + offset * 2.0,
        ccw,
        deviation: worst,
    })
}
