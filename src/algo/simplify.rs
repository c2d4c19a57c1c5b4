//! Polylines with fewer vertices, none of them new.
//!
//! A line from vertex `i` to vertex `j` may stand for what lies between when each
//! vertex there is within the tolerance of it and the polyline never turns back
//! along it. Then the two run side by side: the Fréchet distance, and with it the
//! Hausdorff distance either way, is within the tolerance.
//!
//! For one `i` all such `j` are found in one walk: the directions that pass each
//! vertex so far by no more than the tolerance are a *wedge*, which only shrinks
//! (Chan and Chin, *Approximation of polygonal curves with minimum number of line
//! segments*, ISAAC 1992, doi:10.1007/3-540-56279-6_90). Which vertices to take is a
//! shortest path in the graph of those lines (Imai and Iri 1988). It is walked by
//! the number of lines, with the farthest few vertices of each number kept, so
//! that time stays near linear; taking only the farthest one would need up to some
//! per cent more lines.

use super::corner::corners;
use crate::geom::Point;
use std::f64::consts::FRAC_PI_2;

/// Vertices of one number of lines that are gone on from.
const KEPT: usize = 8;
/// A walk ends when it is so many vertices, or half as far again as it came, past
/// the last line that was found.
const PATIENCE: usize = 64;

/// The vertices of `points` that are kept, both ends among them, in order, so that
/// the polyline through them is within `tolerance` mm (finite, above 0) of the one
/// through all, and the reverse. Corners of more than `corner` rad are kept.
///
/// # Complexity
/// About O(n): each vertex is looked at once from each of a few vertices.
#[must_use]
pub fn simplify(points: &[Point], tolerance: f64, corner: f64) -> Vec<usize> {
    let last = points.len().saturating_sub(1);
    let mut kept: Vec<usize> = (0..points.len().min(1)).collect();
    let mut from = 0;
    let mut stops = corners(points, 2.0 * tolerance, corner);
    if last > 0 {
        stops.push(last);
    }
    for stop in stops {
        fewest(points, from, stop, tolerance, &mut kept);
        from = stop;
    }
    kept
}

/// A vertex that so many lines lead to, and the one before it on the way.
#[derive(Clone, Copy)]
struct Reached {
    vertex: usize,
    before: usize,
}

/// Appends the vertices after `from` up to `stop` that are kept.
fn fewest(points: &[Point], from: usize, stop: usize, tolerance: f64, kept: &mut Vec<usize>) {
    let mut all = vec![Reached {
        vertex: from,
        before: 0,
    }];
    let mut level = 0..1;
    while all[level.end - 1].vertex < stop {
        // The farthest ones, the farthest last.
        let mut next: Vec<Reached> = Vec::with_capacity(KEPT + 1);
        for before in level.clone() {
            lines_from(points, all[before].vertex, stop, tolerance, |vertex| {
                let at = next.partition_point(|r| r.vertex < vertex);
                let new = next.get(at).is_none_or(|r| r.vertex != vertex);
                if new && (next.len() < KEPT || at > 0) {
                    next.insert(at, Reached { vertex, before });
                    if next.len() > KEPT {
                        let _ = next.remove(0);
                    }
                }
            });
        }
        level = all.len()..all.len() + next.len();
        all.extend(next);
    }
    let first = kept.len();
    let mut at = level.end - 1;
    while all[at].vertex > from {
        kept.push(all[at].vertex);
        at = all[at].before;
    }
    kept[first..].reverse();
}

/// Calls `found` with the vertices up to `stop` that a line from `from` may lead
/// to, in order; the next one is always among them.
fn lines_from(
    points: &[Point],
    from: usize,
    stop: usize,
    tolerance: f64,
    mut found: impl FnMut(usize),
) {
    found(from + 1);
    let start = points[from];
    let Some(mut wedge) = Wedge::along(points[from + 1] - start) else {
        return;
    };
    let mut last = from + 1;
    for j in from + 2..=stop {
        let passed = points[j - 1];
        if !wedge.pass(passed - start, tolerance) || !wedge.go_along(points[j] - passed) {
            return;
        }
        if wedge.holds(points[j] - start) {
            found(j);
            last = j;
        } else if j - last > PATIENCE.max((last - from) / 2) {
            return;
        }
    }
}

/// Directions, as angles from the first chord and as unit vectors.
struct Wedge {
    /// The first chord.
    first: Point,
    low: (f64, Point),
    high: (f64, Point),
}

impl Wedge {
    /// All directions that go forward along a chord.
    fn along(first: Point) -> Option<Self> {
        let length = first.norm();
        let first = first * (1.0 / length);
        (length > 0.0).then_some(Self {
            first,
            low: (-FRAC_PI_2, -first.perp()),
            high: (FRAC_PI_2, first.perp()),
        })
    }

    fn angle(&self, q: Point) -> f64 {
        self.first.cross(q).atan2(self.first.dot(q))
    }

    /// Keeps the directions that go forward along a chord; whether there are any.
    fn go_along(&mut self, chord: Point) -> bool {
        if self.low.1.dot(chord) >= 0.0 && self.high.1.dot(chord) >= 0.0 {
            return true;
        }
        let angle = self.angle(chord);
        self.keep(angle - FRAC_PI_2, angle + FRAC_PI_2)
    }

    /// Keeps the directions that pass `q` within the tolerance.
    fn pass(&mut self, q: Point, tolerance: f64) -> bool {
        let near = |d: Point| d.cross(q).abs() <= tolerance;
        let distance = q.norm();
        if near(self.low.1) && near(self.high.1) || distance <= tolerance {
            return true;
        }
        let (angle, half) = (self.angle(q), (tolerance / distance).asin());
        self.keep(angle - half, angle + half)
    }

    fn keep(&mut self, low: f64, high: f64) -> bool {
        let vector = |angle: f64| {
            let (s, c) = angle.sin_cos();
            self.first * c + self.first.perp() * s
        };
        if low > self.low.0 {
            self.low = (low, vector(low));
        }
        if high < self.high.0 {
            self.high = (high, vector(high));
        }
        self.low.0 <= self.high.0
    }

    fn holds(&self, q: Point) -> bool {
        self.low.1.cross(q) >= 0.0 && q.cross(self.high.1) >= 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::distance_to;
    use proptest::prelude::*;

    const CORNER: f64 = 0.7;

    fn p(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    /// Whether a line may stand for a stretch, looked at point by point.
    fn fits(points: &[Point], tolerance: f64) -> bool {
        let (a, b) = (points[0], points[points.len() - 1]);
        let forward = |w: &[Point]| (w[1] - w[0]).dot(b - a) >= 0.0;
        let near = |q: &Point| distance_to(a, b, 0.0, *q) <= tolerance;
        points.len() == 2 || points.iter().all(near) && points.windows(2).all(forward)
    }

    fn fewest(points: &[Point], tolerance: f64) -> usize {
        let stops = corners(points, 2.0 * tolerance, CORNER);
        let mut least = vec![usize::MAX; points.len()];
        least[0] = 0;
        for i in 0..points.len() {
            for j in i + 1..points.len() {
                if fits(&points[i..=j], tolerance) {
                    least[j] = least[j].min(least[i] + 1);
                }
                if stops.contains(&j) {
                    break;
                }
            }
        }
        least[points.len() - 1]
    }

    fn check(points: &[Point], tolerance: f64) -> usize {
        let kept = simplify(points, tolerance, CORNER);
        assert_eq!((kept[0], kept[kept.len() - 1]), (0, points.len() - 1));
        let stops = corners(points, 2.0 * tolerance, CORNER);
        assert!(stops.iter().all(|s| kept.contains(s)));
        for w in kept.windows(2) {
            let stretch = &points[w[0]..=w[1]];
            assert!(fits(stretch, tolerance * (1.0 + 1e-9)), "{stretch:?}");
            // The line is near the polyline too.
            for i in 0..=20 {
                let q = points[w[0]].lerp(points[w[1]], f64::from(i) / 20.0);
                let each = stretch.windows(2).map(|c| distance_to(c[0], c[1], 0.0, q));
                assert!(each.fold(f64::INFINITY, f64::min) <= tolerance * (1.0 + 1e-9));
            }
        }
        kept.len() - 1
    }

    /// A noisy curve.
    fn wavy(seed: u64, n: usize, noise: f64) -> Vec<Point> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
        };
        (0..n)
            .map(|i| {
                let x = i as f64 * 0.1;
                p(x + noise * next(), (0.3 * x).sin() * 4.0 + noise * next())
            })
            .collect()
    }

    #[test]
    fn straight_runs_become_lines() {
        let line: Vec<Point> = (0..2000).map(|i| p(f64::from(i), 0.5)).collect();
        assert_eq!(simplify(&line, 0.01, CORNER), [0, 1999]);
        let back = [p(0.0, 0.0), p(3.0, 0.0), p(1.0, 0.0), p(2.0, 0.0)];
        assert_eq!(simplify(&back, 0.01, CORNER), [0, 1, 2, 3]);
        assert_eq!(simplify(&line[..1], 0.01, CORNER), [0]);
        assert!(simplify(&[], 0.01, CORNER).is_empty());
    }

    #[test]
    fn within_one_per_cent_of_the_fewest() {
        let (mut ours, mut least) = (0, 0);
        for (seed, noise) in (0..12).zip([0.0, 0.01, 0.05].into_iter().cycle()) {
            let points = wavy(seed, 150, noise);
            for tolerance in [0.003, 0.02, 0.1] {
                ours += check(&points, tolerance);
                least += fewest(&points, tolerance);
            }
        }
        println!("{ours} lines, {least} at least");
        assert!(100 * ours <= 101 * least, "{ours} lines, {least} would do");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_polyline_is_kept_within_tolerance(
            v in proptest::collection::vec((-1.0_f64..1.0, -1.0_f64..1.0), 2..60),
            tolerance in prop_oneof![Just(0.01), Just(0.1), Just(1.0)],
        ) {
            let points: Vec<Point> = v.into_iter().map(|(x, y)| p(x, y)).collect();
            let _ = check(&points, tolerance);
        }

        #[test]
        fn turned_and_moved_it_keeps_the_same(seed: u64, turn in 0.0_f64..6.0) {
            let points = wavy(seed, 120, 0.03);
            let (s, c) = turn.sin_cos();
            let moved: Vec<Point> = points
                .iter()
                .map(|q| p(40.0 + q.x * c - q.y * s, q.x * s + q.y * c - 7.0))
                .collect();
            let (a, b) = (simplify(&points, 0.02, CORNER), simplify(&moved, 0.02, CORNER));
            prop_assert_eq!(a, b);
        }
    }
}
