//! Rings that touch other strokes become detours of these.
//!
//! Where a closed stroke, a *ring*, has a corner in common with another stroke, it can
//! be drawn from there when the other one comes by, and drawing goes on afterwards
//! (Hierholzer's way to find Euler's trails). No hop leads to the ring any more, and
//! strokes that hang together by rings take as few ways as can be.
//!
//! # Words
//! - *corner*: the end of a segment. Corner `i` of a stroke is where its segment `i`
//!   begins; the last one of an open stroke is where that ends.
//! - *way*: a stroke and the rings that are drawn on it, and on these in turn. It stands
//!   in the place of that stroke.

use super::graph;
use crate::geom::Point;
use std::collections::VecDeque;
use std::ops::Range;

/// Segments drawn one after another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stroke {
    /// Its corners, a range of points.
    pub corners: Range<u32>,
    /// Whether it ends at its first corner, which then is not said twice.
    pub closed: bool,
    /// Whether it may be drawn on another one, if it is closed.
    pub movable: bool,
    /// Strokes of different kinds are not joined.
    pub kind: u64,
}

impl Stroke {
    const fn segments(&self) -> usize {
        let corners = self.corners.end - self.corners.start;
        (if self.closed { corners } else { corners - 1 }) as usize
    }
}

/// A run of a stroke's segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The stroke.
    pub stroke: u32,
    /// Its segments, by number.
    pub segments: Range<usize>,
}

/// Strokes that are drawn in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The stroke in whose place the way stands.
    pub stroke: u32,
    /// What is drawn, all segments of all its strokes.
    pub parts: Vec<Part>,
}

/// More corners at a point are left alone.
const MOST_AT_A_POINT: usize = 128;

/// The ways of several strokes, in the order of the strokes that they stand for. Corners
/// that are no farther from each other than `touch` mm are one. `before` are pairs of
/// strokes of which the first comes before the second, which remains so.
///
/// # Complexity
/// O(n log n) in the number of corners.
#[must_use]
pub fn join(points: &[Point], strokes: &[Stroke], before: &[(u32, u32)], touch: f64) -> Vec<Way> {
    let mut forest = Forest::new(points, strokes, before, touch);
    // Open strokes can only be what others are drawn on. The last one is: what it holds
    // back is behind it then.
    for closed in [false, true] {
        for root in (0..strokes.len() as u32).rev() {
            if strokes[root as usize].closed == closed {
                forest.grow(root);
            }
        }
    }
    let roots = (0..strokes.len() as u32).filter(|s| !forest.is_drawn_on[*s as usize]);
    roots
        .filter(|root| !forest.rings[*root as usize].is_empty())
        .map(|root| forest.way(root))
        .collect()
}

/// A ring on a stroke: at which corner of that, which one, from which of its corners.
type Detour = (usize, u32, usize);

struct Forest<'a> {
    strokes: &'a [Stroke],
    /// The node of each corner; those of which not all touch each other have none.
    node: Vec<Option<u32>>,
    /// For each node its corners, with the strokes they are of.
    at: Vec<Vec<(u32, usize)>>,
    before: Vec<Vec<u32>>,
    after: Vec<Vec<u32>>,
    /// Where in the order each stroke is drawn.
    place: Vec<u32>,
    /// The rings on each stroke, by corner.
    rings: Vec<Vec<Detour>>,
    is_drawn_on: Vec<bool>,
    is_done: Vec<bool>,
}

impl<'a> Forest<'a> {
    fn new(points: &[Point], strokes: &'a [Stroke], before: &[(u32, u32)], touch: f64) -> Self {
        let doubled: Vec<[Point; 2]> = points.iter().map(|p| [*p, *p]).collect();
        let (of, count) = graph::nodes(&doubled, touch);
        let mut corners: Vec<Vec<u32>> = vec![Vec::new(); count];
        for (point, [node, _]) in of.iter().enumerate() {
            corners[*node as usize].push(point as u32);
        }
        let is_tight = |corners: &[u32]| {
            let p = |i: &u32| points[*i as usize];
            (2..=MOST_AT_A_POINT).contains(&corners.len())
                && (corners.iter().enumerate())
                    .all(|(k, a)| corners[..k].iter().all(|b| p(a).distance(p(b)) <= touch))
        };
        let tight: Vec<bool> = corners.iter().map(|c| is_tight(c)).collect();
        let mut at = vec![Vec::new(); count];
        let mut node = vec![None; points.len()];
        for (i, stroke) in strokes.iter().enumerate() {
            for (corner, point) in stroke.corners.clone().enumerate() {
                let [of, _] = of[point as usize];
                if tight[of as usize] {
                    node[point as usize] = Some(of);
                    at[of as usize].push((i as u32, corner));
                }
            }
        }
        let n = strokes.len();
        let mut forest = Self {
            strokes,
            node,
            at,
            before: vec![Vec::new(); n],
            after: vec![Vec::new(); n],
            place: (0..n as u32).collect(),
            rings: vec![Vec::new(); n],
            is_drawn_on: vec![false; n],
            is_done: vec![false; n],
        };
        for &(first, then) in before {
            forest.before[then as usize].push(first);
            forest.after[first as usize].push(then);
        }
        forest
    }

    /// Draws all rings on a stroke that can be.
    fn grow(&mut self, root: u32) {
        if std::mem::replace(&mut self.is_done[root as usize], true) {
            return;
        }
        let place = self.place[root as usize];
        let mut hosts = VecDeque::from([root]);
        while let Some(host) = hosts.pop_front() {
            let stroke = &self.strokes[host as usize];
            for (corner, point) in stroke.corners.clone().enumerate() {
                let Some(node) = self.node[point as usize] else {
                    continue;
                };
                for k in 0..self.at[node as usize].len() {
                    let (ring, from) = self.at[node as usize][k];
                    if self.may_move(ring, place) && self.strokes[ring as usize].kind == stroke.kind
                    {
                        self.is_done[ring as usize] = true;
                        self.is_drawn_on[ring as usize] = true;
                        self.place[ring as usize] = place;
                        self.rings[host as usize].push((corner, ring, from));
                        hosts.push_back(ring);
                    }
                }
            }
        }
    }

    /// Whether a ring may be drawn at another place in the order.
    fn may_move(&self, ring: u32, place: u32) -> bool {
        let i = ring as usize;
        let at = |s: &u32| self.place[*s as usize];
        !self.is_done[i]
            && self.strokes[i].closed
            && self.strokes[i].movable
            && self.before[i].iter().all(|s| at(s) < place)
            && self.after[i].iter().all(|s| at(s) > place)
    }

    /// What is drawn with a stroke.
    fn way(&self, root: u32) -> Way {
        let mut parts: Vec<Part> = Vec::new();
        let first = if self.strokes[root as usize].closed {
            // Those at the first corner are drawn when it is come back to.
            0..0
        } else {
            self.rings_at(root, 0)
        };
        let mut open = vec![Drawn::new(root, 0, first)];
        while let Some(drawn) = open.last_mut() {
            let i = drawn.stroke as usize;
            if let Some(k) = drawn.rings.next() {
                let (_, ring, from) = self.rings[i][k];
                open.push(Drawn::new(ring, from, 0..0));
                continue;
            }
            let segments = self.strokes[i].segments();
            if drawn.done == segments {
                let _ = open.pop();
                continue;
            }
            let at = |done: usize| {
                if self.strokes[i].closed {
                    (drawn.from + done) % segments
                } else {
                    done
                }
            };
            let segment = at(drawn.done);
            match parts.last_mut() {
                Some(p) if p.stroke == drawn.stroke && p.segments.end == segment => {
                    p.segments.end += 1;
                }
                _ => parts.push(Part {
                    stroke: drawn.stroke,
                    segments: segment..segment + 1,
                }),
            }
            let corner = at(drawn.done + 1);
            drawn.done += 1;
            drawn.rings = self.rings_at(drawn.stroke, corner);
        }
        Way {
            stroke: root,
            parts,
        }
    }

    /// The rings on a stroke at one of its corners.
    fn rings_at(&self, stroke: u32, corner: usize) -> Range<usize> {
        let all = &self.rings[stroke as usize];
        let below = |end: usize| all.partition_point(|(at, ..)| *at < end);
        below(corner)..below(corner + 1)
    }
}

/// A stroke that is being drawn.
struct Drawn {
    stroke: u32,
    /// The corner that it is drawn from.
    from: usize,
    /// How many of its segments are drawn.
    done: usize,
    /// The rings that come before the next one.
    rings: Range<usize>,
}

impl Drawn {
    const fn new(stroke: u32, from: usize, rings: Range<usize>) -> Self {
        Self {
            stroke,
            from,
            done: 0,
            rings,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Squares of side 10 with these lower left corners, then open lines.
    fn drawing(squares: &[(f64, f64)], lines: &[&[(f64, f64)]]) -> (Vec<Point>, Vec<Stroke>) {
        let (mut points, mut strokes) = (Vec::new(), Vec::new());
        let mut add = |all: Vec<Point>, closed| {
            let first = points.len() as u32;
            points.extend(all);
            strokes.push(Stroke {
                corners: first..points.len() as u32,
                closed,
                movable: true,
                kind: 0,
            });
        };
        for &(x, y) in squares {
            let corner = |(dx, dy)| Point::new(x + dx, y + dy);
            let corners = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)];
            add(corners.map(corner).to_vec(), true);
        }
        for line in lines {
            add(line.iter().map(|&(x, y)| Point::new(x, y)).collect(), false);
        }
        (points, strokes)
    }

    fn part(stroke: u32, segments: Range<usize>) -> Part {
        Part { stroke, segments }
    }

    #[test]
    fn rings_are_detours_at_the_corners_they_share() {
        let (points, strokes) = drawing(&[(0.0, 0.0), (10.0, 10.004), (90.0, 0.0)], &[]);
        let ways = join(&points, &strokes, &[], 0.005);
        let parts = vec![part(1, 0..4), part(0, 2..4), part(0, 0..2)];
        assert_eq!(ways, [Way { stroke: 1, parts }]);
        assert_eq!(join(&points, &strokes, &[], 0.003), []);
        // On a line in the middle, at its beginning, and at its end.
        let line: &[(f64, f64)] = &[(0.0, 0.0), (20.0, 0.0), (50.0, 0.0)];
        let (points, strokes) = drawing(&[(20.0, 0.0), (-10.0, 0.0), (50.0, 0.0)], &[line]);
        let parts = vec![
            part(1, 1..4),
            part(1, 0..1),
            part(3, 0..1),
            part(0, 0..4),
            part(3, 1..2),
            part(2, 0..4),
        ];
        assert_eq!(
            join(&points, &strokes, &[], 0.005),
            [Way { stroke: 3, parts }]
        );
    }

    #[test]
    fn a_grid_of_squares_is_one_way_that_hangs_together() {
        let places: Vec<(f64, f64)> = (0..49)
            .map(|i| (f64::from(i % 7) * 10.0, f64::from(i / 7) * 10.0))
            .collect();
        let (points, strokes) = drawing(&places, &[]);
        let ways = join(&points, &strokes, &[], 0.005);
        assert_eq!(ways.len(), 1);
        let mut drawn = vec![0; 4 * 49];
        let mut at: Option<Point> = None;
        for part in &ways[0].parts {
            let first = strokes[part.stroke as usize].corners.start as usize;
            for s in part.segments.clone() {
                drawn[first + s] += 1;
                assert!(at.is_none_or(|p| p == points[first + s]));
                at = Some(points[first + (s + 1) % 4]);
            }
        }
        assert!(drawn.iter().all(|n| *n == 1));
    }

    #[test]
    fn what_comes_before_what_remains() {
        // Two that touch, and one far off.
        let (points, mut strokes) = drawing(&[(0.0, 0.0), (50.0, 0.0), (10.0, 0.0)], &[]);
        let count = |before: &[(u32, u32)]| join(&points, &strokes, before, 0.005).len();
        assert_eq!(count(&[]), 1);
        assert_eq!(count(&[(0, 1)]), 0, "it would come after what it is before");
        assert_eq!(count(&[(1, 0)]), 1);
        assert_eq!(
            count(&[(0, 2)]),
            0,
            "a detour is done sooner than what it is on"
        );
        strokes[0].kind = 1;
        assert_eq!(join(&points, &strokes, &[], 0.005), []);
        strokes[0].kind = 0;
        strokes[0].movable = false;
        assert_eq!(join(&points, &strokes, &[], 0.005), []);
    }
}
