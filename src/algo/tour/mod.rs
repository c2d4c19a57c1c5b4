//! The order, direction and start points of strokes with the least travel.
//!
//! # Words
//! - *stroke*: something to be drawn; open with two ends, or closed with a
//!   choice of start points, where it also ends.
//! - *hop*: the travel between the end of one stroke and the start of the next.
//! - *home*: the head's place at the start (and, if it is given, at the end).
//!
//! # How
//! Nearest neighbours of all ends by a k-d tree; a first tour by greedy matching
//! of ends (Bentley 1992), or by the nearest end where strokes have a direction;
//! then 2-opt and Or-opt over neighbour lists with a work queue; then kicks, each
//! a local double bridge that is repaired and kept if the tour got shorter
//! (Martin, Otto & Felten 1991; Applegate, Cook & Rohe 2003). Start points of
//! closed strokes are chosen along the order by dynamic programming, in
//! alternation with the search.
//!
//! Precedence is a constraint of every move, not a repair afterwards.

mod closed;
mod constraint;
mod neighbours;
mod search;
mod start;
mod state;

use crate::geom::Point;
use constraint::Constraints;
use state::Tour;
use std::ops::Range;

/// Something to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Stroke {
    /// From one end to the other.
    Open {
        /// The ends, mm; the first is where it begins unless it is reversed.
        ends: [Point; 2],
        /// Whether it may be drawn from its second end to its first.
        reversible: bool,
    },
    /// From a start point back to it.
    Closed {
        /// The points where it may start, a range of [`Problem::starts`].
        starts: Range<u32>,
    },
}

/// What is to be ordered.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// The strokes.
    pub strokes: &'a [Stroke],
    /// Start points of closed strokes, mm.
    pub starts: &'a [Point],
    /// Where the head is, mm.
    pub start: Point,
    /// Where the head must be at the end, mm; the hop there counts.
    pub end: Option<Point>,
    /// Pairs of strokes of which the first must come before the second.
    pub before: &'a [(u32, u32)],
}

/// One stroke in its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// Its index.
    pub stroke: u32,
    /// Whether it is drawn from its second end to its first.
    pub reversed: bool,
    /// For a closed one, which of its start points; 0 for an open one.
    pub start: u32,
}

/// How hard to search.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Where random choices begin.
    pub seed: u64,
    /// Nearest ends that are tried from each end. Default 8; up to four more,
    /// one a quadrant, are added where the nearest leave one empty.
    pub neighbours: usize,
    /// Kicks a stroke. Default 10.
    pub kicks: usize,
    /// Kicks in all, whatever the number of strokes. Default 400,000.
    pub most_kicks: usize,
}

impl Options {
    /// The same with another seed.
    #[must_use]
    pub const fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The same with another number of kicks a stroke.
    #[must_use]
    pub const fn with_kicks(mut self, kicks: usize) -> Self {
        self.kicks = kicks;
        self
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 0,
            neighbours: 8,
            kicks: 10,
            most_kicks: 400_000,
        }
    }
}

/// The strokes as they are given.
#[must_use]
pub fn as_given(problem: &Problem<'_>) -> Vec<Visit> {
    (0..problem.strokes.len() as u32)
        .map(|stroke| Visit {
            stroke,
            ..Visit::default()
        })
        .collect()
}

/// The cost of all hops of an order, home included.
#[must_use]
pub fn cost(
    problem: &Problem<'_>,
    hop: &(impl Fn(Point, Point) -> f64 + Sync),
    visits: &[Visit],
) -> f64 {
    let mut at = problem.start;
    let mut sum = 0.0;
    for v in visits {
        let (from, to) = match &problem.strokes[v.stroke as usize] {
            Stroke::Open { ends: [a, b], .. } if v.reversed => (*b, *a),
            Stroke::Open { ends: [a, b], .. } => (*a, *b),
            Stroke::Closed { starts } => {
                let p = problem.starts[(starts.start + v.start) as usize];
                (p, p)
            }
        };
        sum += hop(at, from);
        at = to;
    }
    sum + problem.end.map_or(0.0, |end| hop(at, end))
}

/// Searches for the order with the least cost. `hop` is the cost of going from
/// one point to another with the beam off: symmetric, not negative.
///
/// The result never costs more than the strokes as given, if that order keeps
/// the precedence. Where the precedence contradicts itself (a cycle), the
/// strokes come back as given. The same input and seed give the same result.
///
/// # Panics
/// When a closed stroke has no start point, or an index is out of range.
///
/// # Complexity
/// O(n log n) for neighbours and the first tour; moves rewrite the shorter part
/// of what they turn, at most 50,000 strokes; kicks cost O(1) on average.
#[must_use]
pub fn order(
    problem: &Problem<'_>,
    hop: &(impl Fn(Point, Point) -> f64 + Sync),
    options: &Options,
) -> Vec<Visit> {
    let given = as_given(problem);
    if problem.strokes.is_empty() {
        return given;
    }
    let Some(constraints) = Constraints::new(problem) else {
        return given;
    };
    let mut tour = Tour::new(problem, hop);
    const ROUNDS: usize = 3;
    let has_choice = problem
        .strokes
        .iter()
        .any(|s| matches!(s, Stroke::Closed { starts } if starts.len() > 1));
    let rounds = if has_choice { ROUNDS } else { 1 };
    for round in 0..rounds {
        let near = neighbours::of_ends(&tour, options.neighbours);
        if round == 0 {
            let first = if constraints.directed() {
                start::nearest(&tour, &constraints)
            } else {
                start::greedy(&tour, &near)
            };
            tour.set_order(constraints.repaired(&first));
        }
        let mut search = search::Search::new(&mut tour, &near, &constraints);
        search.descend();
        if round + 1 == rounds {
            search.kick(options);
        }
        closed::choose_starts(problem, &mut tour);
    }
    let found = tour.visits();
    if constraints.allow(&given) && cost(problem, hop, &given) <= cost(problem, hop, &found) {
        given
    } else {
        found
    }
}
