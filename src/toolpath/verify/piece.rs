//! A segment with all that matching needs.

use super::Difference;
use crate::geom::{Point, Point3, arc_center, distance_to, length, midpoint, point_at, sweep};
use crate::motion::Plane;
use crate::toolpath::{Segment, Toolpath};

/// One segment with all that matching needs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Piece {
    pub(super) from: Point3,
    pub(super) to: Point3,
    pub(super) bulge: f64,
    /// The plane of an arc; XY for lines.
    pub(super) plane: Plane,
    pub(super) line: u32,
}

impl Piece {
    /// A segment of `t` that starts at `from`.
    pub(super) fn of(t: &Toolpath, from: Point3, s: &Segment) -> Self {
        Self {
            from,
            to: s.end,
            bulge: s.bulge,
            plane: if s.bulge == 0.0 {
                Plane::Xy
            } else {
                t.attributes.get(s.attr).plane
            },
            line: s.line,
        }
    }

    /// The difference that it is burned no longer.
    pub(super) const fn missing(&self) -> Difference {
        Difference::Missing {
            from: self.from,
            to: self.to,
            line: self.line,
        }
    }

    /// The difference that it is burned for no reason.
    pub(super) const fn added(&self) -> Difference {
        Difference::Added {
            from: self.from,
            to: self.to,
            line: self.line,
        }
    }

    /// A part of it, from one share of its length to another.
    pub(super) fn part(&self, from: f64, to: f64) -> Self {
        Self {
            from: if from <= 0.0 {
                self.from
            } else {
                self.at(from)
            },
            to: if to >= 1.0 { self.to } else { self.at(to) },
            bulge: (sweep(self.bulge) * (to - from) / 4.0).tan(),
            ..*self
        }
    }

    /// Where on it `p` is nearest, as a share of its length; 0 or 1 past an end.
    pub(super) fn foot(&self, p: Point3) -> f64 {
        let ((a, _), (b, _)) = (self.flat(self.from), self.flat(self.to));
        let (q, _) = self.flat(p);
        let Some(center) = arc_center(a, b, self.bulge) else {
            let d = b - a;
            return ((q - a).dot(d) / d.dot(d).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
        };
        let (m, q) = (midpoint(a, b, self.bulge) - center, q - center);
        (m.cross(q).atan2(m.dot(q)) / sweep(self.bulge) + 0.5).clamp(0.0, 1.0)
    }

    /// A place as it lies in the piece's plane, and its height over that.
    pub(super) fn flat(&self, p: Point3) -> (Point, f64) {
        let ([i, j, k], p) = (self.plane.axes(), p.to_array());
        (Point::new(p[i], p[j]), p[k])
    }

    pub(super) fn at(&self, t: f64) -> Point3 {
        let ((a, low), (b, high)) = (self.flat(self.from), self.flat(self.to));
        let q = point_at(a, b, self.bulge, t);
        let ([i, j, k], mut p) = (self.plane.axes(), [0.0; 3]);
        (p[i], p[j], p[k]) = (q.x, q.y, low + (high - low) * t);
        p.into()
    }

    pub(super) fn middle(&self) -> Point3 {
        let ((a, low), (b, high)) = (self.flat(self.from), self.flat(self.to));
        let m = midpoint(a, b, self.bulge);
        let ([i, j, k], mut p) = (self.plane.axes(), [0.0; 3]);
        (p[i], p[j], p[k]) = (m.x, m.y, (low + high) / 2.0);
        p.into()
    }

    pub(super) fn length(&self) -> f64 {
        let ((a, low), (b, high)) = (self.flat(self.from), self.flat(self.to));
        length(a, b, self.bulge).hypot(high - low)
    }

    /// How far `p` is from it; infinite where its height is another.
    pub(super) fn distance_to(&self, p: Point3, tolerance: f64) -> f64 {
        let ((a, low), (b, high)) = (self.flat(self.from), self.flat(self.to));
        let (q, height) = self.flat(p);
        if height < low.min(high) - tolerance || height > low.max(high) + tolerance {
            return f64::INFINITY;
        }
        distance_to(a, b, self.bulge, q)
    }

    /// How far the ends of `other` are off, whichever way round.
    pub(super) fn ends_off(&self, other: &Self) -> f64 {
        let ends = |a: Point3, b: Point3| self.from.distance(a).max(self.to.distance(b));
        ends(other.from, other.to).min(ends(other.to, other.from))
    }
}

/// The segments of a toolpath, by the class of their attributes.
pub(super) fn split(t: &Toolpath, map: &[usize], classes: usize) -> Vec<Vec<Piece>> {
    let mut out = vec![Vec::new(); classes];
    for path in t.paths() {
        for (from, s) in t.with_starts(path) {
            out[map[s.attr as usize]].push(Piece::of(t, from, s));
        }
    }
    out
}
