//! Closed strokes started at any point of their lines and arcs.
//!
//! # Words
//! - *outline*: the edges of a closed stroke, lines and arcs, each beginning where the
//!   one before ends, the first where the last ends.
//! - *spot*: a point of an outline where the stroke may be started.
//!
//! # How
//! [`super::order`] knows a limited number of start points: [`spots`] gives it those
//! evenly spaced along an outline, so few that their number grows with that of the
//! strokes. [`settle`] then moves all starts of an order that was found, along their
//! outlines, to where the hops are shortest: by dynamic programming over the points
//! around each start, at steps that halve, the points nearest to where the head comes
//! from and goes to, and the best spots. All starts move at once, so that strokes which
//! are started where they touch stay together. It ends at a point that no such move
//! makes better, near the best of the order but not proved to be it.

use super::ways::Ways;
use crate::geom::{Point, arc_center, length, midpoint, point_at, sweep};

/// Spots of an outline, on average over all.
const SPOTS: f64 = 16.0;
/// The first step of a start along its outline is that of the spots; it is halved so
/// often: a ten-thousandth of it is left.
const HALVINGS: u32 = 14;
/// Rounds with a step at most. They end when one gains less than a share of the cost.
const ROUNDS: usize = 8;
/// Such a share is not worth another round.
const LEAST: f64 = 1e-5;
/// So many of the best spots are weighed in the first rounds.
const BEST: usize = 4;

/// A line or arc of an outline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Where it begins, mm.
    pub from: Point,
    /// Where it ends, mm.
    pub to: Point,
    /// `tan(sweep / 4)`: 0 is a line, above 0 counter-clockwise.
    pub bulge: f64,
    /// How far from its ends a stroke may be started on it, as a share of its length;
    /// from 0.5 on it may not be started on it but where it begins.
    pub margin: f64,
}

impl Edge {
    /// The point at a share of its length.
    #[must_use]
    pub fn at(&self, share: f64) -> Point {
        if share <= 0.0 {
            self.from
        } else {
            point_at(self.from, self.to, self.bulge, share)
        }
    }

    /// Its length, mm.
    #[must_use]
    pub fn length(&self) -> f64 {
        length(self.from, self.to, self.bulge)
    }

    /// The share of its length at which it is nearest to `p`, and how near, mm.
    fn foot(&self, p: Point) -> (f64, f64) {
        let share = match arc_center(self.from, self.to, self.bulge) {
            None => {
                let d = self.to - self.from;
                (p - self.from).dot(d) / d.dot(d).max(f64::MIN_POSITIVE)
            }
            Some(center) => {
                let (m, q) = (
                    midpoint(self.from, self.to, self.bulge) - center,
                    p - center,
                );
                m.cross(q).atan2(m.dot(q)) / sweep(self.bulge) + 0.5
            }
        };
        let inside = share.clamp(0.0, 1.0);
        let near = self.at(inside).distance(p);
        // Past an end of an arc the other end may be the nearer one.
        let ends = [(0.0, self.from.distance(p)), (1.0, self.to.distance(p))];
        ends.into_iter()
            .fold((inside, near), |a, b| if b.1 < a.1 { b } else { a })
    }
}

/// A point of an outline.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spot {
    /// The edge, by its number within the outline.
    pub edge: u32,
    /// How far along it, as a share of its length, below 1.
    pub share: f64,
}

/// The spacing of [`spots`], mm, for outlines of these lengths in all: some 16 an
/// outline on average, the more the longer it is.
#[must_use]
pub fn spacing(length: f64, outlines: usize) -> f64 {
    length / (SPOTS * outlines.max(1) as f64)
}

/// The corners of an outline, and points between them no more than `spacing` mm apart
/// where its edges allow starts; the first corner first. `spacing` is above 0.
///
/// # Complexity
/// O(edges + length of the outline / `spacing`).
pub fn spots(outline: &[Edge], spacing: f64) -> impl Iterator<Item = Spot> {
    outline.iter().zip(0_u32..).flat_map(move |(e, edge)| {
        let parts = if e.margin < 0.5 {
            (e.length() / spacing).ceil().max(1.0)
        } else {
            1.0
        };
        let spot = move |k: u32| Spot {
            edge,
            share: f64::from(k) / parts,
        };
        let margin = e.margin;
        (0..parts as u32)
            .map(spot)
            .filter(move |s| s.share == 0.0 || (margin..=1.0 - margin).contains(&s.share))
    })
}

/// A stroke of an order that was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop<'a> {
    /// It is entered and left at these points, mm.
    Fixed([Point; 2]),
    /// It is started somewhere on its outline, which has an edge at least.
    Outline(&'a [Edge], Spot),
}

impl Stop<'_> {
    /// Where it is entered and left, mm.
    #[must_use]
    pub fn ends(&self) -> [Point; 2] {
        match self {
            Self::Fixed(ends) => *ends,
            Self::Outline(edges, spot) => [point(edges, *spot); 2],
        }
    }
}

/// Moves the starts of closed strokes along their outlines such that the hops of the
/// order, from `start` and to `end` if that is given, cost less; never more.
/// `spacing` is that of the spots, mm.
///
/// # Complexity
/// O(edges) a round; some 50 rounds.
pub fn settle(
    stops: &mut [Stop<'_>],
    (start, end): (Point, Option<Point>),
    spacing: f64,
    hop: &impl Fn(Point, Point) -> f64,
) {
    if !stops.iter().any(|s| matches!(s, Stop::Outline(..))) {
        return;
    }
    let mut cost = cost(stops, (start, end), hop);
    let mut step = spacing;
    for halving in 0..=HALVINGS {
        for _ in 0..ROUNDS {
            let was = stops.to_vec();
            let spots = (halving == 0).then_some(spacing);
            let now = round(stops, (start, end), (step, spots), hop);
            // Rounding only: the way through all current starts is one that was weighed.
            if now > cost {
                stops.clone_from_slice(&was);
                break;
            }
            let gain = cost - now;
            cost = now;
            if gain <= LEAST * cost {
                break;
            }
        }
        step /= 2.0;
    }
}

fn cost(
    stops: &[Stop<'_>],
    (start, end): (Point, Option<Point>),
    hop: &impl Fn(Point, Point) -> f64,
) -> f64 {
    let mut at = start;
    let mut sum = 0.0;
    for stop in stops {
        let [entry, exit] = stop.ends();
        sum += hop(at, entry);
        at = exit;
    }
    sum + end.map_or(0.0, |end| hop(at, end))
}

/// Moves all starts once; gives what the order costs then.
fn round(
    stops: &mut [Stop<'_>],
    (start, end): (Point, Option<Point>),
    (step, spots): (f64, Option<f64>),
    hop: &impl Fn(Point, Point) -> f64,
) -> f64 {
    let mut ways = Ways::from(start);
    let mut all: Vec<Spot> = Vec::new();
    let mut before = start;
    for (i, stop) in stops.iter().enumerate() {
        let ends = stop.ends();
        if let Stop::Outline(edges, spot) = stop {
            let after = stops.get(i + 1).map_or(end, |s| Some(s.ends()[0]));
            let first = all.len();
            around(edges, *spot, step, &mut all);
            for to in [Some(before), after].into_iter().flatten() {
                all.push(nearest(edges, to));
            }
            if let Some(spacing) = spots {
                best(edges, spacing, &mut all, |p| {
                    hop(before, p) + after.map_or(0.0, |after| hop(p, after))
                });
            }
            let points = all[first..].iter().map(|s| [point(edges, *s); 2]);
            ways.to(points, hop);
        } else {
            all.push(Spot::default());
            ways.to(std::iter::once(ends), hop);
        }
        before = ends[1];
    }
    for (stop, chosen) in stops.iter_mut().zip(ways.shortest(end, hop)) {
        if let Stop::Outline(_, spot) = stop {
            *spot = all[chosen];
        }
    }
    cost(stops, (start, end), hop)
}

fn point(edges: &[Edge], spot: Spot) -> Point {
    edges[spot.edge as usize].at(spot.share)
}

/// A spot, the points a step before and behind it, and the corners it lies between.
fn around(edges: &[Edge], spot: Spot, step: f64, out: &mut Vec<Spot>) {
    out.push(spot);
    let edge = &edges[spot.edge as usize];
    let next = (spot.edge + 1) % edges.len() as u32;
    for edge in [spot.edge, next] {
        out.push(Spot { edge, share: 0.0 });
    }
    let length = edge.length();
    let along = spot.share * length;
    out.push(moved(edges, spot.edge, along + step));
    out.push(moved(edges, spot.edge, along - step));
}

/// The spot so far from where an edge begins, mm, along the outline; past a corner on
/// the edge behind it, and no farther than that.
fn moved(edges: &[Edge], edge: u32, along: f64) -> Spot {
    let n = edges.len() as u32;
    let length = edges[edge as usize].length();
    let (edge, along) = if along < 0.0 {
        let before = (edge + n - 1) % n;
        (before, edges[before as usize].length() + along)
    } else if along > length {
        ((edge + 1) % n, along - length)
    } else {
        (edge, along)
    };
    let length = edges[edge as usize].length();
    allowed(edges, edge, along / length.max(f64::MIN_POSITIVE))
}

/// The spot nearest to a share of an edge that is allowed.
fn allowed(edges: &[Edge], edge: u32, share: f64) -> Spot {
    let margin = edges[edge as usize].margin.min(0.5);
    let next = (edge + 1) % edges.len() as u32;
    if share < margin / 2.0 {
        Spot { edge, share: 0.0 }
    } else if share >= 1.0 - margin / 2.0 {
        Spot {
            edge: next,
            share: 0.0,
        }
    } else if margin < 0.5 {
        Spot {
            edge,
            share: share.clamp(margin, 1.0 - margin),
        }
    } else {
        let edge = if share < 0.5 { edge } else { next };
        Spot { edge, share: 0.0 }
    }
}

/// The spot that is nearest to `p`.
fn nearest(edges: &[Edge], p: Point) -> Spot {
    let feet = edges.iter().zip(0_u32..).map(|(e, i)| (e.foot(p), i));
    let best = feet.min_by(|((_, a), _), ((_, b), _)| a.total_cmp(b));
    best.map_or_else(Spot::default, |((share, _), edge)| {
        allowed(edges, edge, share)
    })
}

/// Adds the few spots with the least `key`.
fn best(edges: &[Edge], spacing: f64, out: &mut Vec<Spot>, key: impl Fn(Point) -> f64) {
    let mut few: Vec<(f64, Spot)> = Vec::with_capacity(BEST + 1);
    for spot in spots(edges, spacing) {
        let costs = key(point(edges, spot));
        if few.len() == BEST && few[BEST - 1].0 <= costs {
            continue;
        }
        let at = few.partition_point(|f| f.0 <= costs);
        few.insert(at, (costs, spot));
        few.truncate(BEST);
    }
    out.extend(few.iter().map(|f| f.1));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(corners: &[(f64, f64, f64)]) -> Vec<Edge> {
        let point = |i: usize| Point::new(corners[i].0, corners[i].1);
        (0..corners.len())
            .map(|i| Edge {
                from: point(i),
                to: point((i + 1) % corners.len()),
                bulge: corners[i].2,
                margin: 0.0,
            })
            .collect()
    }

    fn circle(x: f64, y: f64, r: f64) -> Vec<Edge> {
        outline(&[(x + r, y, 1.0), (x - r, y, 1.0)])
    }

    fn hop(a: Point, b: Point) -> f64 {
        a.distance(b)
    }

    /// What an order costs once it is settled, from the corners that come first.
    fn settled(outlines: &[Vec<Edge>], end: Option<Point>) -> f64 {
        let mut stops: Vec<Stop<'_>> = outlines
            .iter()
            .map(|o| Stop::Outline(o, Spot::default()))
            .collect();
        let home = (Point::default(), end);
        let before = cost(&stops, home, &hop);
        settle(&mut stops, home, 1.0, &hop);
        let after = cost(&stops, home, &hop);
        assert!(after <= before);
        after
    }

    /// The least cost over very many spots of each outline.
    fn least(outlines: &[Vec<Edge>], end: Option<Point>) -> f64 {
        let mut reached = vec![(0.0, Point::default())];
        let last = end.map(|end| vec![end]);
        let all = outlines.iter().map(|o| {
            let fine = spots(o, 0.05).map(|s| point(o, s));
            fine.collect::<Vec<_>>()
        });
        for points in all.chain(last) {
            let way = |p: Point| {
                let ways = reached.iter().map(|(c, q)| c + hop(*q, p));
                (ways.fold(f64::INFINITY, f64::min), p)
            };
            reached = points.into_iter().map(way).collect();
        }
        reached.iter().map(|r| r.0).fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn settled_orders_are_as_short_as_those_of_very_many_starts() {
        let square = outline(&[
            (30.0, 5.0, 0.0),
            (45.0, 6.0, 0.0),
            (45.0, 19.0, 0.0),
            (28.0, 20.0, 0.0),
        ]);
        let slot = outline(&[
            (5.0, 30.0, 0.0),
            (20.0, 30.0, 1.0),
            (20.0, 38.0, 0.0),
            (5.0, 38.0, 1.0),
        ]);
        let lens = outline(&[(60.0, 40.0, 0.5), (50.0, 60.0, 0.4)]);
        let all = [circle(15.0, 9.0, 6.0), square, slot, lens];
        let home = Some(Point::new(3.0, 70.0));
        for order in [[0, 1, 2, 3], [2, 0, 1, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
            let outlines = order.map(|i: usize| all[i].clone());
            for end in [None, home] {
                let (got, best) = (settled(&outlines, end), least(&outlines, end));
                assert!(got <= best + 1e-3, "{got} {best} {order:?}");
                assert!(got >= best - 0.05, "{got} {best} {order:?}");
            }
        }
    }

    #[test]
    fn strokes_that_are_started_where_they_touch_move_together() {
        // They share the line from (20, -10) to (20, 10).
        let left = outline(&[
            (20.0, 10.0, 0.0),
            (5.0, 10.0, 0.0),
            (5.0, -10.0, 0.0),
            (20.0, -10.0, 0.0),
        ]);
        let right = outline(&[
            (20.0, 10.0, 0.0),
            (20.0, -10.0, 0.0),
            (40.0, -10.0, 0.0),
            (40.0, 10.0, 0.0),
        ]);
        let long = settled(&[left, right], Some(Point::new(60.0, 0.0)));
        assert!((long - 60.0).abs() < 1e-3, "{long}");
    }

    #[test]
    fn spots_are_apart_by_no_more_than_asked_and_stay_off_corners() {
        let mut edges = outline(&[(0.0, 0.0, 0.0), (10.0, 0.0, 0.0), (10.0, 1.0, 0.0)]);
        let all = |edges: &[Edge]| spots(edges, 3.0).collect::<Vec<_>>();
        // 10 mm in four parts, 1 mm in one, a little more than 10 mm in four.
        assert_eq!(all(&edges).len(), 9);
        edges[0].margin = 0.3;
        edges[2].margin = 1.0;
        let left = all(&edges);
        assert_eq!(left.len(), 4);
        assert!((left[1].share - 0.5).abs() < 1e-12);
        assert!(left.iter().all(|s| s.share < 1.0));
    }

    #[test]
    fn what_is_not_allowed_is_never_chosen() {
        let mut edges = outline(&[
            (20.0, 30.0, 0.0),
            (20.0, -30.0, 0.0),
            (50.0, -30.0, 0.0),
            (50.0, 30.0, 0.0),
        ]);
        for (margin, share) in [(0.0, 0.5), (0.45, 0.5), (0.5, 0.0), (1.0, 0.0)] {
            edges[0].margin = margin;
            edges[2].margin = 1.0;
            let mut stops = [Stop::Outline(&edges, Spot::default())];
            settle(&mut stops, (Point::default(), None), 7.0, &hop);
            let Stop::Outline(_, spot) = stops[0] else {
                unreachable!("it stays an outline");
            };
            assert!((spot.share - share).abs() < 1e-9, "{spot:?}");
        }
    }
}
