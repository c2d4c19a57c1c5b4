//! Which ring lies inside which.
//!
//! A thing is *inside* a ring when none of its points is outside and at least
//! one is really inside, not on the line; so rings that cross are not nested,
//! and of two equal rings neither is inside the other. Of all rings around a
//! thing the one with the least area is given.
//!
//! Rings stand in a hierarchy of grids, each in the one whose cells are as large
//! as its box, so that it covers at most four cells and a point looks at one
//! cell a level.

use crate::geom::Point;
use crate::par;
use std::collections::BTreeMap;

/// More points than this of one thing are not looked at, but evenly many.
const SAMPLES: usize = 64;

/// So many rings whose boxes hold a thing are tried, smallest first; more only
/// occur where rings are drawn on top of each other.
const TRIES: usize = 256;

/// The innermost ring around each ring and each other item; indices of rings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nesting {
    /// For each ring, the one around it.
    pub rings: Vec<Option<u32>>,
    /// For each item, the ring around it.
    pub items: Vec<Option<u32>>,
}

/// Finds the innermost ring around each ring and item. Rings are closed from
/// their last point to their first; items are points on an open line. Points
/// nearer than `touch` mm to a ring are on it.
///
/// # Complexity
/// O(log n) cells and, for each ring whose box holds the thing's box, the ring's
/// points times at most 64; rings of growing area are tried until one fits.
#[must_use]
pub fn nest(rings: &[&[Point]], items: &[&[Point]], touch: f64) -> Nesting {
    let index = Index::new(rings);
    let around = |own: Option<u32>, points: &[Point]| index.around(own, points, touch);
    Nesting {
        rings: par::map(rings, |i, ring| around(Some(i as u32), ring)),
        items: par::map(items, |_, item| around(None, item)),
    }
}

#[derive(Clone, Copy)]
struct Box2 {
    min: Point,
    max: Point,
}

impl Box2 {
    fn of(points: &[Point]) -> Option<Self> {
        let first = *points.first()?;
        let mut b = Self {
            min: first,
            max: first,
        };
        for p in points {
            b.min = Point::new(b.min.x.min(p.x), b.min.y.min(p.y));
            b.max = Point::new(b.max.x.max(p.x), b.max.y.max(p.y));
        }
        (b.min.is_finite() && b.max.is_finite()).then_some(b)
    }

    fn holds(&self, other: &Self, slack: f64) -> bool {
        self.min.x <= other.min.x + slack
            && self.min.y <= other.min.y + slack
            && self.max.x >= other.max.x - slack
            && self.max.y >= other.max.y - slack
    }
}

struct Index<'a> {
    rings: &'a [&'a [Point]],
    boxes: Vec<Option<Box2>>,
    /// Rank by area, smallest first; equal areas by index.
    rank: Vec<u32>,
    levels: BTreeMap<i32, BTreeMap<(i64, i64), Vec<u32>>>,
}

impl<'a> Index<'a> {
    fn new(rings: &'a [&'a [Point]]) -> Self {
        let areas: Vec<f64> = rings.iter().map(|r| area(r).abs()).collect();
        let mut by_area: Vec<u32> = (0..rings.len() as u32).collect();
        by_area.sort_by(|&a, &b| {
            areas[a as usize]
                .total_cmp(&areas[b as usize])
                .then(a.cmp(&b))
        });
        let mut rank = vec![0; rings.len()];
        for (i, &r) in by_area.iter().enumerate() {
            rank[r as usize] = i as u32;
        }
        let mut index = Self {
            rings,
            boxes: rings.iter().map(|r| Box2::of(r)).collect(),
            rank,
            levels: BTreeMap::new(),
        };
        // In order of area, so that every cell lists small rings first.
        for &r in &by_area {
            index.insert(r);
        }
        index
    }

    fn insert(&mut self, ring: u32) {
        let Some(b) = self.boxes[ring as usize] else {
            return;
        };
        let size = (b.max.x - b.min.x).max(b.max.y - b.min.y);
        if size <= 0.0 {
            return;
        }
        let level = size.log2().ceil() as i32;
        let cells = self.levels.entry(level).or_default();
        let (low, high) = (cell(b.min, level), cell(b.max, level));
        for x in low.0..=high.0 {
            for y in low.1..=high.1 {
                cells.entry((x, y)).or_default().push(ring);
            }
        }
    }

    fn around(&self, own: Option<u32>, points: &[Point], touch: f64) -> Option<u32> {
        let b = Box2::of(points)?;
        let own_rank = own.map(|o| self.rank[o as usize]);
        let mut best: Option<u32> = None;
        let mut tries = TRIES;
        for (&level, cells) in &self.levels {
            let Some(list) = cells.get(&cell(b.min, level)) else {
                continue;
            };
            for &ring in list {
                let rank = self.rank[ring as usize];
                if best.is_some_and(|b| rank >= self.rank[b as usize]) {
                    break;
                }
                // What is around a ring is larger than it.
                let may_be = own_rank.is_none_or(|o| rank > o)
                    && self.boxes[ring as usize].is_some_and(|r| r.holds(&b, touch));
                if !may_be {
                    continue;
                }
                if inside(self.rings[ring as usize], points, touch) {
                    best = Some(ring);
                    break;
                }
                tries -= 1;
                if tries == 0 {
                    return best;
                }
            }
        }
        best
    }
}

fn cell(p: Point, level: i32) -> (i64, i64) {
    let size = f64::from(level).exp2();
    ((p.x / size).floor() as i64, (p.y / size).floor() as i64)
}

/// Twice the signed area (shoelace).
fn area(ring: &[Point]) -> f64 {
    let Some(&last) = ring.last() else {
        return 0.0;
    };
    let mut before = last;
    let mut sum = 0.0;
    for &p in ring {
        sum += (before - ring[0]).cross(p - ring[0]);
        before = p;
    }
    sum
}

fn inside(ring: &[Point], points: &[Point], touch: f64) -> bool {
    let step = points.len().div_ceil(SAMPLES).max(1);
    let mut within = false;
    let mut last = None;
    for &p in points.iter().step_by(step) {
        match side(ring, p, touch) {
            Side::Out => return false,
            Side::In => within = true,
            Side::On => {
                // Corners may all lie on the ring where the line between is inside.
                if step == 1
                    && let Some(q) = last
                {
                    let middle = p.lerp(q, 0.5);
                    match side(ring, middle, touch) {
                        Side::Out => return false,
                        Side::In => within = true,
                        Side::On => {}
                    }
                }
            }
        }
        last = Some(p);
    }
    within
}

enum Side {
    In,
    On,
    Out,
}

/// Even-odd by a ray to the right; a point within `touch` of an edge is on it.
fn side(ring: &[Point], p: Point, touch: f64) -> Side {
    let Some(&last) = ring.last() else {
        return Side::Out;
    };
    let mut a = last;
    let mut odd = false;
    for &b in ring {
        let low = a.y.min(b.y) - touch <= p.y && p.y <= a.y.max(b.y) + touch;
        let near = low && a.x.min(b.x) - touch <= p.x && p.x <= a.x.max(b.x) + touch;
        if near && crate::geom::distance_to(a, b, 0.0, p) <= touch {
            return Side::On;
        }
        if (a.y <= p.y) != (b.y <= p.y) {
            let x = a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x);
            odd ^= x > p.x;
        }
        a = b;
    }
    if odd { Side::In } else { Side::Out }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn square(x: f64, y: f64, w: f64) -> Vec<Point> {
        vec![
            Point::new(x, y),
            Point::new(x + w, y),
            Point::new(x + w, y + w),
            Point::new(x, y + w),
        ]
    }

    fn run(rings: &[Vec<Point>], items: &[Vec<Point>]) -> Nesting {
        let r: Vec<&[Point]> = rings.iter().map(Vec::as_slice).collect();
        let i: Vec<&[Point]> = items.iter().map(Vec::as_slice).collect();
        nest(&r, &i, 0.01)
    }

    #[test]
    fn nested_equal_crossing_and_touching() {
        let rings = [
            square(0.0, 0.0, 100.0),
            square(10.0, 10.0, 10.0),
            square(12.0, 12.0, 2.0),
            square(10.0, 10.0, 10.0), // equal to 1
            square(95.0, 95.0, 10.0), // crosses 0
            square(0.0, 50.0, 10.0),  // shares an edge with 0
            square(100.0, 0.0, 10.0), // beside 0
        ];
        let items = [vec![Point::new(13.0, 13.0)], vec![Point::new(200.0, 0.0)]];
        let n = run(&rings, &items);
        assert_eq!(
            n.rings[..1]
                .iter()
                .chain(&n.rings[4..])
                .copied()
                .collect::<Vec<_>>(),
            [None, None, Some(0), None]
        );
        assert_eq!((n.rings[1], n.rings[3]), (Some(0), Some(0)));
        assert!(matches!(n.rings[2], Some(1 | 3)));
        assert_eq!(n.items, [Some(2), None]);
    }

    proptest! {
        #[test]
        fn agrees_with_trying_all(
            squares in prop::collection::vec((0_i32..40, 0_i32..40, 1_i32..30), 1..40),
        ) {
            let rings: Vec<Vec<Point>> = squares
                .iter()
                .map(|&(x, y, w)| square(f64::from(x), f64::from(y), f64::from(w)))
                .collect();
            let got = run(&rings, &[]).rings;
            for (i, &(x, y, w)) in squares.iter().enumerate() {
                let holds = |&(a, b, v): &(i32, i32, i32)| {
                    a <= x && b <= y && a + v >= x + w && b + v >= y + w && v > w
                };
                let least = squares.iter().filter(|s| holds(s)).map(|s| s.2).min();
                prop_assert_eq!(got[i].map(|r| squares[r as usize].2), least);
            }
        }
    }
}
