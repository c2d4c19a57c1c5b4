//! An arc as the firmware of printers sees it: a turn about a centre, and a rise.

use super::Arc;
use crate::geom::{Point, Point3};
use std::f64::consts::TAU;

/// Ends that are no further apart are the same, mm: a full circle.
const SAME_D: f64 = 1e-6;

/// An arc from where the head is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sweep {
    /// Its plane's axes, and the one across.
    pub(super) axes: [usize; 3],
    pub(super) radius: f64,
    /// How far it turns, rad, less than 0 clockwise.
    pub(super) angle: f64,
    /// Its length in the plane, mm.
    pub(super) flat_d: f64,
    /// How far it goes across the plane, mm.
    rise_d: f64,
    center: Point,
    /// From the centre to where it begins.
    out: Point,
    from_c: f64,
}

impl Sweep {
    pub(super) fn new(from: Point3, to: Point3, arc: &Arc) -> Self {
        let axes @ [a, b, c] = arc.plane.axes();
        let (from, to) = (from.to_array(), to.to_array());
        let out = Point::new(-arc.offset.x, -arc.offset.y);
        let center = Point::new(from[a] - out.x, from[b] - out.y);
        let radius = out.norm();
        let full = (to[a] - from[a]).abs() <= SAME_D && (to[b] - from[b]).abs() <= SAME_D;
        let angle = angle(out, Point::new(to[a], to[b]) - center, arc.clockwise, full);
        Self {
            axes,
            radius,
            angle,
            flat_d: radius * angle.abs(),
            rise_d: to[c] - from[c],
            center,
            out,
            from_c: from[c],
        }
    }

    /// Its length, mm.
    pub(super) fn length_d(&self) -> f64 {
        self.flat_d.hypot(self.rise_d)
    }

    /// Where its chords end, but for the last, each with its number from 1; `count` is
    /// how many chords there are.
    pub(super) fn chords(self, count: f64) -> impl Iterator<Item = (f64, Point3)> {
        self.chords_by(count, (self.angle / count).sin_cos(), u32::MAX)
    }

    /// The same where each chord turns from the one before by a sine and cosine of the
    /// firmware's own, and each one whose number `exact` divides is told exactly.
    pub(super) fn chords_by(
        self,
        count: f64,
        turn: (f64, f64),
        exact: u32,
    ) -> impl Iterator<Item = (f64, Point3)> {
        let [a, b, c] = self.axes;
        let mut out = self.out;
        (1..count as u32).map(move |k| {
            let is_exact = k % exact == 0;
            let k = f64::from(k);
            let (from, (sin, cos)) = if is_exact {
                (self.out, (self.angle * k / count).sin_cos())
            } else {
                (out, turn)
            };
            out = Point::new(from.x * cos - from.y * sin, from.x * sin + from.y * cos);
            let mut p = [0.0; 3];
            (p[a], p[b]) = (self.center.x + out.x, self.center.y + out.y);
            p[c] = self.from_c + self.rise_d * k / count;
            (k, Point3::from(p))
        })
    }
}

/// From one radius to the other, rad, less than 0 clockwise.
fn angle(out: Point, end: Point, clockwise: bool, full: bool) -> f64 {
    if full {
        return if clockwise { -TAU } else { TAU };
    }
    let angle = out.cross(end).atan2(out.dot(end));
    match (angle < 0.0, clockwise) {
        (false, true) => angle - TAU,
        (true, false) => angle + TAU,
        _ => angle,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::motion::Plane;

    /// A turn by s and c instead of a sine and a cosine makes the radius √(s² + c²)
    /// times as long, so that k of them make it that to the power of k.
    #[test]
    fn chords_by_a_false_turn_shrink_until_one_is_exact() {
        let at = Point3::new(3.0, 0.0, 0.0);
        let arc = Arc {
            plane: Plane::Xy,
            offset: Point::new(-3.0, 0.0),
            radius: 3.0,
            clockwise: false,
        };
        let (s, c): (f64, f64) = (0.5, 0.86);
        let share = (s * s + c * c).sqrt();
        let chords: Vec<_> = Sweep::new(at, at, &arc)
            .chords_by(12.0, (s, c), 5)
            .collect();
        assert_eq!(chords.len(), 11);
        for (k, p) in chords {
            let radius = 3.0 * share.powf(k % 5.0);
            assert!((p.xy().norm() - radius).abs() < 1e-12, "{k} {p:?}");
        }
    }
}
