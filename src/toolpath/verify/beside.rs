//! Whether a chain of lines and arcs stays beside another one.
//!
//! Both are walked once. A stretch of the first is compared with a segment of the
//! second, and the next few; where it stays near none of them all along, it is cut beside
//! the end of one, so that what comes before is near it, and what comes after near the
//! next one. Where that does not help it is halved, so often and no more. What passes stays
//! beside the other in its order too, which is more than a Hausdorff distance asks for.
//!
//! What is compared is exact. The distance to a line is convex along a line. A line and
//! an arc over the same angles, seen from the centre of the arc, are apart by what the
//! line's distance to the centre differs from the radius; where one goes on past the
//! other's end, the distance to that is greatest at an end of what goes on. Two arcs are
//! compared by the chord of one, halved until that says it.

use crate::geom::{Point, Point3, arc_center, midpoint, point_at, sweep};
use crate::motion::Plane;
use std::f64::consts::{FRAC_PI_2, PI};

/// What is this near is as near as that, but for the rounding of sums, mm.
const ROUNDING: f64 = 1e-8;

/// Stretches that are compared for each segment, at most, on average.
const MOST_STRETCHES: usize = 64;

/// So many segments of the other chain are compared with a stretch: those that are about
/// as short as the two may be apart are passed by.
const AHEAD: usize = 8;

/// A segment in the plane of its arcs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    from: Point,
    to: Point,
    /// Heights over the plane at both ends, mm.
    heights: [f64; 2],
    bulge: f64,
    center: Option<Point>,
}

/// A part of a course, between two shares of its length.
#[derive(Clone, Copy)]
struct Stretch<'a> {
    of: &'a Course,
    begin: f64,
    end: f64,
}

/// A straight line with the heights over it at both ends.
#[derive(Clone, Copy)]
struct Line {
    ends: [Point; 2],
    heights: [f64; 2],
}

/// Whether each point of `side` is within `within` mm of `other`, one after another.
///
/// # Complexity
/// O(segments of both).
pub(super) fn stays_beside(side: &[Course], other: &[Course], within: f64) -> bool {
    let within = within + ROUNDING;
    let mut left = MOST_STRETCHES * (side.len() + other.len());
    let mut at = 0;
    for course in side {
        let mut rest = vec![Stretch {
            of: course,
            begin: 0.0,
            end: 1.0,
        }];
        while let Some(s) = rest.pop() {
            if left == 0 {
                return false;
            }
            left -= 1;
            let ahead = at..other.len().min(at + AHEAD);
            if let Some(k) = ahead.clone().find(|k| s.is_beside(&other[*k], within)) {
                at = k;
                continue;
            }
            // Cut beside an end, so that what comes before is near what ends there.
            let cut = ahead.clone().find_map(|k| {
                let share = s.of.share(other[k].to);
                let inside = share > s.begin && share < s.end;
                let [head, tail] = s.cut(share);
                (inside && head.is_beside(&other[k], within)).then_some((k, tail))
            });
            if let Some((k, tail)) = cut {
                at = k;
                rest.push(tail);
            } else if at + 1 < other.len() && s.of.share(other[at].to) <= s.begin {
                at += 1;
                rest.push(s);
            } else {
                let [head, tail] = s.cut(f64::midpoint(s.begin, s.end));
                rest.extend([tail, head]);
            }
        }
    }
    true
}

impl Course {
    pub(super) fn of(plane: Plane, from: Point3, to: Point3, bulge: f64) -> Self {
        let [i, j, k] = plane.axes();
        let (a, b) = (from.to_array(), to.to_array());
        let (from, to) = (Point::new(a[i], a[j]), Point::new(b[i], b[j]));
        Self {
            from,
            to,
            heights: [a[k], b[k]],
            bulge,
            center: arc_center(from, to, bulge),
        }
    }

    /// Where on it `p` is seen, as a share of its length, below 0 and above 1 beyond its
    /// ends: square to a line, from the centre of an arc.
    fn share(&self, p: Point) -> f64 {
        let Some(center) = self.center else {
            let d = self.to - self.from;
            return (p - self.from).dot(d) / d.dot(d).max(f64::MIN_POSITIVE);
        };
        let m = midpoint(self.from, self.to, self.bulge) - center;
        let q = p - center;
        m.cross(q).atan2(m.dot(q)) / sweep(self.bulge) + 0.5
    }

    fn at(&self, share: f64) -> Point {
        if share <= 0.0 {
            self.from
        } else if share >= 1.0 {
            self.to
        } else {
            point_at(self.from, self.to, self.bulge, share)
        }
    }

    fn height(&self, share: f64) -> f64 {
        self.heights[0] + (self.heights[1] - self.heights[0]) * share
    }

    /// Where the line that it is meets the ray from `center` through `p`, as a share
    /// from 0 to 1: its nearer end where it does not.
    fn on_ray(&self, center: Point, p: Point) -> f64 {
        let (f, d, ray) = (self.from - center, self.to - self.from, p - center);
        let det = d.cross(ray);
        let share = -f.cross(ray) / det;
        if share.is_finite() {
            share.clamp(0.0, 1.0)
        } else {
            self.share(p).clamp(0.0, 1.0)
        }
    }
}

impl<'a> Stretch<'a> {
    fn cut(&self, share: f64) -> [Self; 2] {
        let [mut head, mut tail] = [*self; 2];
        (head.end, tail.begin) = (share, share);
        [head, tail]
    }

    /// The line between its ends.
    fn chord(&self) -> Line {
        let both = [self.begin, self.end];
        Line {
            ends: both.map(|t| self.of.at(t)),
            heights: both.map(|t| self.of.height(t)),
        }
    }

    /// Whether each of its points is within `within` mm of `other`.
    fn is_beside(&self, other: &'a Course, within: f64) -> bool {
        let chord = self.chord();
        let turn = sweep(self.of.bulge) * (self.end - self.begin);
        match (self.of.center, other.center) {
            (None, None) => chord.is_beside_line(other, within),
            (None, Some(center)) => chord.is_beside_arc(other, center, within),
            (Some(center), None) => {
                // Less than a quarter turn, so that all is on one side of the centre.
                turn.abs() <= FRAC_PI_2 && {
                    let part = chord.ends.map(|p| other.on_ray(center, p));
                    let line = Line {
                        ends: part.map(|t| other.at(t)),
                        heights: part.map(|t| other.height(t)),
                    };
                    let radius = self.of.from.distance(center);
                    let same_side = |i: usize, j: usize| {
                        (chord.ends[i] - center).dot(line.ends[j] - center) > 0.0
                    };
                    same_side(0, 0)
                        && same_side(1, 1)
                        && chord
                            .ends_apart(&line)
                            .max(line.off_ring(center, radius))
                            .hypot(chord.rise(&line))
                            <= within
                }
            }
            (Some(center), Some(about)) => {
                let sag = self.of.from.distance(center) * (1.0 - (turn / 2.0).cos());
                turn.abs() <= PI && chord.is_beside_arc(other, about, within - sag)
            }
        }
    }
}

impl Line {
    fn is_beside_line(&self, other: &Course, within: f64) -> bool {
        let lift = |p: Point, z: f64| Point3::new(p.x, p.y, z);
        let [low, high] = other.heights;
        let (a, b) = (lift(other.from, low), lift(other.to, high));
        let (d, origin) = (b.to_array(), a.to_array());
        let d = [0, 1, 2].map(|i| d[i] - origin[i]);
        let length2: f64 = d.iter().map(|v| v * v).sum();
        [0, 1].iter().all(|&i| {
            let p = lift(self.ends[i], self.heights[i]).to_array();
            let along: f64 = (0..3).map(|k| (p[k] - origin[k]) * d[k]).sum();
            let t = (along / length2.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
            let off2: f64 = (0..3).map(|k| (p[k] - origin[k] - d[k] * t).powi(2)).sum();
            off2.sqrt() <= within
        })
    }

    fn is_beside_arc(&self, arc: &Course, center: Point, within: f64) -> bool {
        let shares = self.ends.map(|p| arc.share(p).clamp(0.0, 1.0));
        let on_arc = Self {
            ends: shares.map(|t| arc.at(t)),
            heights: shares.map(|t| arc.height(t)),
        };
        let radius = arc.from.distance(center);
        // The way between the two that the line goes is that of the arc.
        ((shares[1] - shares[0]) * sweep(arc.bulge)).abs() < PI
            && (self.ends[0] - center).dot(on_arc.ends[0] - center) > 0.0
            && (self.ends[1] - center).dot(on_arc.ends[1] - center) > 0.0
            && self
                .ends_apart(&on_arc)
                .max(self.off_ring(center, radius))
                .hypot(self.rise(&on_arc))
                <= within
    }

    /// How far its ends are from those of another, heights left out, mm.
    fn ends_apart(&self, other: &Self) -> f64 {
        let [a, b] = [0, 1].map(|i| self.ends[i].distance(other.ends[i]));
        a.max(b)
    }

    /// How much the distances of its points to `center` differ from `radius`, mm.
    fn off_ring(&self, center: Point, radius: f64) -> f64 {
        let [p, q] = self.ends.map(|p| p - center);
        let d = q - p;
        let foot = (-p.dot(d) / d.dot(d).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
        let all = [p, q, p + d * foot];
        all.iter()
            .map(|p| (p.norm() - radius).abs())
            .fold(0.0, f64::max)
    }

    /// How far the heights over it are from those over another at most, mm, whichever
    /// points are compared.
    fn rise(&self, other: &Self) -> f64 {
        let pairs = [(0, 0), (0, 1), (1, 0), (1, 1)];
        let apart = pairs
            .iter()
            .map(|&(i, j)| (self.heights[i] - other.heights[j]).abs());
        apart.fold(0.0, f64::max)
    }
}
