//! Whether a chain of lines and arcs stays beside another one.
//!
//! Both are walked once. A stretch of the first is compared with a segment of the
//! second, and the next few; where it stays near none of them all along, it is cut beside
//! the end of one, so that what comes before is near it, and what comes after near the
//! next one. Where that does not help it is halved, so often and no more. What passes stays
//! beside the other in its order and direction too, which is more than a Hausdorff distance
//! asks for: what is run again, or there and back, is not the same.
//!
//! What is compared is exact. The distance to a line is convex along a line. A line and
//! an arc over the same angles, seen from the centre of the arc, are apart by what the
//! line's distance to the centre differs from the radius; where one goes on past the
//! other's end, the distance to that is greatest at an end of what goes on. Two arcs are
//! compared by the chord of one, halved until that says it.

use crate::geom::{Point, Point3, arc_center, length, midpoint, point_at, sweep};
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
            // Beside one all along; or cut beside its end, so that what comes before is.
            let ahead = at..other.len().min(at + AHEAD);
            let found = ahead.into_iter().find_map(|k| {
                if s.is_beside(&other[k], within) {
                    return Some((k, None));
                }
                let share = s.of.share(other[k].to);
                let inside = share > s.begin && share < s.end;
                let [head, tail] = s.cut(share);
                (inside && head.is_beside(&other[k], within)).then_some((k, Some(tail)))
            });
            if let Some((k, tail)) = found {
                at = k;
                rest.extend(tail);
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

    /// Whether it is forward from one share to another.
    fn is_forward(&self, [a, b]: [f64; 2]) -> bool {
        b >= a || (a - b) * length(self.from, self.to, self.bulge) <= ROUNDING
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

    /// Whether each of its points is within `within` mm of `other`, forward along that.
    fn is_beside(&self, other: &'a Course, within: f64) -> bool {
        let chord = self.chord();
        let turn = sweep(self.of.bulge) * (self.end - self.begin);
        match (self.of.center, other.center) {
            (None, None) => chord.is_beside_line(other, within),
            (None, Some(center)) => chord.is_beside_arc(other, center, within, |on_arc| {
                chord.rise_over(on_arc, center)
            }),
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
                    other.is_forward(part)
                        && same_side(0, 0)
                        && same_side(1, 1)
                        && chord
                            .ends_apart(&line)
                            .max(line.off_ring(center, radius))
                            .hypot(line.rise_over(&chord, center))
                            <= within
                }
            }
            (Some(center), Some(about)) => {
                let sag = self.of.from.distance(center) * (1.0 - (turn / 2.0).cos());
                turn.abs() <= PI
                    && chord.is_beside_arc(other, about, within - sag, |on_arc| chord.rise(on_arc))
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
        let mut shares = [0.0; 2];
        let near = [0, 1].iter().all(|&i| {
            let p = lift(self.ends[i], self.heights[i]).to_array();
            let along: f64 = (0..3).map(|k| (p[k] - origin[k]) * d[k]).sum();
            let t = (along / length2.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
            let off2: f64 = (0..3).map(|k| (p[k] - origin[k] - d[k] * t).powi(2)).sum();
            shares[i] = t;
            off2.sqrt() <= within
        });
        near && other.is_forward(shares)
    }

    fn is_beside_arc(
        &self,
        arc: &Course,
        center: Point,
        within: f64,
        rise: impl Fn(&Self) -> f64,
    ) -> bool {
        let shares = self.ends.map(|p| arc.share(p).clamp(0.0, 1.0));
        let on_arc = Self {
            ends: shares.map(|t| arc.at(t)),
            heights: shares.map(|t| arc.height(t)),
        };
        let radius = arc.from.distance(center);
        // The way between the two that the line goes is that of the arc.
        arc.is_forward(shares)
            && ((shares[1] - shares[0]) * sweep(arc.bulge)).abs() < PI
            && (self.ends[0] - center).dot(on_arc.ends[0] - center) > 0.0
            && (self.ends[1] - center).dot(on_arc.ends[1] - center) > 0.0
            && self
                .ends_apart(&on_arc)
                .max(self.off_ring(center, radius))
                .hypot(rise(&on_arc))
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

    /// How far the heights over it, which go with its length, are from those over an arc
    /// round `center`, which go with the angle, at most: by as much as at the ends, and by
    /// what the two ways to get there differ by in between. With t the tangent of the angle
    /// from the foot of the line and a the angle from end to end, that is no more than
    /// a / 4 · t (1 + t²) of the rise, by the second derivative of the tangent.
    fn rise_over(&self, arc: &Self, center: Point) -> f64 {
        let [a, b] = [0, 1].map(|i| (self.heights[i] - arc.heights[i]).abs());
        let rise = (self.heights[1] - self.heights[0]).abs();
        if rise == 0.0 {
            return a.max(b);
        }
        let [p, q] = self.ends.map(|p| p - center);
        let d = q - p;
        let foot = p.cross(q).abs();
        let tan = p.dot(d).abs().max(q.dot(d).abs()) / foot;
        let angle = p.cross(q).atan2(p.dot(q)).abs();
        a.max(b) + rise * angle / 4.0 * tan * (1.0 + tan * tan)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::distance_to;
    use proptest::prelude::*;

    /// A chain from the origin through ends with bulges, at one height.
    fn chain(ends: &[(f64, f64, f64)]) -> Vec<Course> {
        let mut from = Point3::default();
        let course = |&(x, y, bulge): &(f64, f64, f64)| {
            let to = Point3::new(x, y, 0.0);
            let course = Course::of(Plane::Xy, from, to, bulge);
            from = to;
            course
        };
        ends.iter().map(course).collect()
    }

    /// The greatest distance of samples of one chain to another.
    fn measured(side: &[Course], other: &[Course]) -> f64 {
        let samples = side
            .iter()
            .flat_map(|c| (0..=200).map(|i| c.at(f64::from(i) / 200.0)));
        let off = |p: Point| {
            let all = other.iter().map(|c| distance_to(c.from, c.to, c.bulge, p));
            all.fold(f64::INFINITY, f64::min)
        };
        samples.map(off).fold(0.0, f64::max)
    }

    #[test]
    fn an_arc_is_beside_its_chords_by_as_much_as_it_is() {
        let n = 12;
        let on = |i: i32| {
            let (s, c) = (f64::from(i) * std::f64::consts::PI / f64::from(n)).sin_cos();
            (10.0 - 10.0 * c, 10.0 * s)
        };
        let chords: Vec<_> = (1..=n).map(|i| (on(i).0, on(i).1, 0.0)).collect();
        let (chords, arc) = (chain(&chords), chain(&[(20.0, 0.0, -1.0)]));
        let sag = 10.0 * (1.0 - (std::f64::consts::PI / 24.0).cos());
        for (within, is_beside) in [(sag, true), (sag * 0.999, false)] {
            assert_eq!(stays_beside(&chords, &arc, within), is_beside);
            assert_eq!(stays_beside(&arc, &chords, within), is_beside);
        }
        // Cut up in another way, as two arcs, and an arc beside arcs.
        let two = chain(&[
            (on(5).0, on(5).1, -f64::tan(5.0 * 0.065_449_847)),
            (20.0, 0.0, -f64::tan(7.0 * 0.065_449_847)),
        ]);
        assert!(stays_beside(&two, &chords, sag) && stays_beside(&chords, &two, sag));
        assert!(stays_beside(&two, &arc, 0.01) && stays_beside(&arc, &two, 0.01));
    }

    #[test]
    fn spikes_and_what_is_run_again_are_found() {
        let line = chain(&[(10.0, 0.0, 0.0)]);
        let spike = chain(&[
            (5.0, 0.0, 0.0),
            (5.0, 0.5, 0.0),
            (5.0, 0.0, 0.0),
            (10.0, 0.0, 0.0),
        ]);
        assert!(!stays_beside(&spike, &line, 0.4));
        let again = chain(&[(8.0, 0.0, 0.0), (2.0, 0.0, 0.0), (10.0, 0.0, 0.0)]);
        assert!(!stays_beside(&again, &line, 0.4));
        let bow = chain(&[(10.0, 0.0, 0.3)]);
        assert!(!stays_beside(&bow, &line, 1.0) && !stays_beside(&line, &bow, 1.0));
        // Round the other way.
        let (left, right) = (chain(&[(10.0, 0.0, 1.0)]), chain(&[(10.0, 0.0, -1.0)]));
        assert!(!stays_beside(&left, &right, 4.9));
    }

    #[test]
    fn heights_count() {
        let from = Point3::default();
        let to = Point3::new(10.0, 0.0, 1.0);
        let slope = [Course::of(Plane::Xy, from, to, 0.0)];
        let steps = [
            Course::of(Plane::Xy, from, Point3::new(5.0, 0.0, 0.4), 0.0),
            Course::of(Plane::Xy, Point3::new(5.0, 0.0, 0.4), to, 0.0),
        ];
        for (within, is_beside) in [(0.1, true), (0.09, false)] {
            assert_eq!(stays_beside(&slope, &steps, within), is_beside);
            assert_eq!(stays_beside(&steps, &slope, within), is_beside);
        }
        // A helix and its chords.
        let on = |i: i32| {
            let (s, c) = (f64::from(i) * 0.1).sin_cos();
            Point3::new(10.0 * c - 10.0, 10.0 * s, 0.05 * f64::from(i))
        };
        let chord = |i| Course::of(Plane::Xy, on(i), on(i + 1), 0.0);
        let chords: Vec<Course> = (0..20).map(chord).collect();
        let helix = [Course::of(Plane::Xy, on(0), on(20), 0.5_f64.tan())];
        let sag = 10.0 * (1.0 - 0.05_f64.cos());
        for (within, is_beside) in [(1.1 * sag, true), (0.9 * sag, false)] {
            assert_eq!(stays_beside(&chords, &helix, within), is_beside);
            assert_eq!(stays_beside(&helix, &chords, within), is_beside);
        }
        let flat = [Course::of(
            Plane::Xy,
            on(0),
            Point3::new(on(20).x, on(20).y, 0.0),
            0.5_f64.tan(),
        )];
        assert!(!stays_beside(&flat, &helix, 0.5));
    }

    proptest! {
        #[test]
        fn what_passes_is_as_near_as_samples_say(
            a in proptest::collection::vec((-3.0_f64..3.0, -3.0_f64..3.0, -0.8_f64..0.8), 1..6),
            b in proptest::collection::vec((-3.0_f64..3.0, -3.0_f64..3.0, -0.8_f64..0.8), 1..6),
            near in proptest::collection::vec((-0.2_f64..0.2, -0.2_f64..0.2, -0.1_f64..0.1), 5),
            within in 0.05_f64..3.0,
        ) {
            // One that has nothing to do with it, and one that is about the same.
            let moved: Vec<_> = a.iter().zip(&near)
                .map(|(p, d)| (p.0 + d.0, p.1 + d.1, p.2 + d.2))
                .collect();
            let a = chain(&a);
            for b in [chain(&b), chain(&moved)] {
                for (side, other) in [(&a, &b), (&b, &a)] {
                    if stays_beside(side, other, within) {
                        let off = measured(side, other);
                        prop_assert!(off <= within + 1e-6, "{off} for {within}");
                    }
                }
            }
        }
    }
}
