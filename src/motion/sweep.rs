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
        let (sin, cos) = (self.angle / count).sin_cos();
        let [a, b, c] = self.axes;
        let mut out = self.out;
        (1..count as u32).map(move |k| {
            out = Point::new(out.x * cos - out.y * sin, out.x * sin + out.y * cos);
            let k = f64::from(k);
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
