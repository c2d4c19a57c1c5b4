//! The order, direction and start points of strokes with the least travel.
//!
//! # Words
//! - *stroke*: something to be drawn; open with two ends, or closed with a
//!   choice of start points, where it also ends.
//! - *hop*: the travel between the end of one stroke and the start of the next.
//! - *home*: the head's place at the start (and, if it is given, at the end).
//!
//! # How
//! 1. Strokes are numbered along a Hilbert curve.
//! 2. Near ends by a k-d tree: those at the nearest points, and one in each quadrant
//!    that these leave empty, which is what holds clusters together.
//! 3. A first tour by greedy matching of ends (Bentley 1992), improved as a matching
//!    and patched into one tour; or by the nearest end where strokes have a direction.
//! 4. A descent by alternating moves (Lin & Kernighan 1973) over the near ends, what
//!    is most open first, with a work queue.
//! 5. Kicks, each a local double bridge that is repaired and kept if the tour got
//!    shorter, or little longer as long as it is hot (Martin, Otto & Felten 1991;
//!    Applegate, Cook & Rohe 2003), in regions of the plane and in parallel.
//!
//! Start points of closed strokes are chosen in the search, whenever a hop beside one
//! is another, and along the whole order by dynamic programming after each round.
//!
//! Precedence is a constraint of every move, not a repair afterwards: the order that
//! need not keep it is made to, and is where a second search begins whose moves all do.
//! So are groups, which are drawn one after another: the search with them begins from a
//! tour over the groups, and its kicks move whole groups, or what is within one.
//!
#![doc = include_str!("../../_docs/ordering.md")]

pub mod anywhere;
mod chain;
mod closed;
mod constraint;
mod gates;
mod groups;
mod hops;
mod matching;
mod neighbours;
mod progress;
mod regions;
mod search;
mod start;
mod state;
mod ways;

use crate::algo::along_hilbert;
use crate::geom::Point;
pub use progress::Progress;

use constraint::Constraints;
use groups::Groups;
use hops::Hops;
use neighbours::Neighbours;
use search::Search;
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
    /// A number for each stroke, or none at all: strokes of one number are drawn one
    /// after another, with no other in between.
    pub groups: &'a [u32],
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

/// How hard to search, counted in what is tried and not in time: the result does not
/// depend on the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// A kick a stroke, 100,000 at most.
    Fast,
    /// Ten kicks a stroke, 150,000 at most.
    #[default]
    Normal,
    /// A hundred kicks a stroke, ten million at most, each repaired by longer moves.
    Best,
}

/// The parts of a search, each of which begins where that before it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Near ends are found; the strokes come back as given.
    Neighbours,
    /// A first tour, greedy, or by the nearest end where strokes have a direction.
    Start,
    /// That tour improved as a matching of ends, and patched.
    Matching,
    /// A descent by moves that help.
    Descent,
    /// Kicks: all of it.
    #[default]
    Kicks,
}

/// What a search looks at, and how often.
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
    /// Kicks in all, whatever the number of strokes. Default 150,000.
    pub most_kicks: usize,
    /// Most hops that a move takes away while a kick is repaired. Default 3.
    pub repair: usize,
    /// Least number of strokes in a region in which kicks are tried beside those in
    /// others: the more regions, the more threads have something to do, and the more
    /// borders there are. Default 2,500.
    pub region: usize,
    /// The last part of the search that is run, for those who measure its parts.
    /// Default all.
    pub stage: Stage,
}

impl Options {
    /// The same with another seed.
    #[must_use]
    pub const fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The same with an effort's kicks.
    #[must_use]
    pub const fn with_effort(mut self, effort: Effort) -> Self {
        (self.kicks, self.most_kicks, self.repair) = match effort {
            Effort::Fast => (1, 100_000, 3),
            Effort::Normal => (10, 150_000, 3),
            Effort::Best => (100, 10_000_000, 5),
        };
        self
    }

    /// Kicks in all for so many strokes.
    #[must_use]
    pub fn kicks_for(&self, strokes: usize) -> usize {
        if self.stage < Stage::Kicks {
            return 0;
        }
        let kicks = self.kicks.saturating_mul(strokes);
        kicks.min(self.most_kicks)
    }

    /// The same with another size of regions.
    #[must_use]
    pub const fn with_region(mut self, strokes: usize) -> Self {
        self.region = strokes;
        self
    }

    /// The same with another number of kicks a stroke.
    #[must_use]
    pub const fn with_kicks(mut self, kicks: usize) -> Self {
        self.kicks = kicks;
        self
    }

    /// The same with no part of the search after this one.
    #[must_use]
    pub const fn with_stage(mut self, last: Stage) -> Self {
        self.stage = last;
        self
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 0,
            neighbours: 8,
            kicks: 10,
            most_kicks: 150_000,
            repair: 3,
            region: 2_500,
            stage: Stage::Kicks,
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

/// Where a stroke begins and ends as it is visited.
pub(crate) fn ends_of(strokes: &[Stroke], starts: &[Point], visit: &Visit) -> [Point; 2] {
    match &strokes[visit.stroke as usize] {
        Stroke::Open { ends: [a, b], .. } if visit.reversed => [*b, *a],
        Stroke::Open { ends, .. } => *ends,
        Stroke::Closed { starts: of } => [starts[(of.start + visit.start) as usize]; 2],
    }
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
        let [from, to] = ends_of(problem.strokes, problem.starts, v);
        sum += hop(at, from);
        at = to;
    }
    sum + problem.end.map_or(0.0, |end| hop(at, end))
}

/// Searches for the order with the least cost. `hop` is the cost of going from
/// one point to another with the beam off: symmetric, not negative.
///
/// The result never costs more than the strokes as given, if that order keeps
/// the precedence and the groups. Where the precedence contradicts itself (a cycle), or
/// groups wait for each other, the strokes come back as given. The same input and seed
/// give the same result.
///
/// # Panics
/// When a closed stroke has no start point, or an index is out of range.
///
/// # Complexity
/// O(n log n) for neighbours and the first tour; less than 500 bytes a stroke; a move
/// rewrites all but the longest piece of the tour that it leaves whole, at most 50,000
/// strokes; a kick costs O(1) searching and O(region) rewriting.
#[must_use]
pub fn order(
    problem: &Problem<'_>,
    hop: &(impl Fn(Point, Point) -> f64 + Sync),
    options: &Options,
) -> Vec<Visit> {
    let go_on = |_| true;
    order_watched(problem, hop, options, &Progress::new(0, &go_on))
}

/// As [`order`], but `progress` is told how far the search is, and may stop it: then
/// the best that was found until then comes back. Kicks count twice where there is
/// precedence, once for the search without and once for that with it.
///
/// # Panics
/// As [`order`].
#[must_use]
pub fn order_watched(
    problem: &Problem<'_>,
    hop: &(impl Fn(Point, Point) -> f64 + Sync),
    options: &Options,
    progress: &Progress<'_>,
) -> Vec<Visit> {
    if problem.strokes.is_empty() {
        return Vec::new();
    }
    let along = along_hilbert(&hops::middles(problem));
    let mut number = vec![0; along.len()];
    for (i, &stroke) in along.iter().enumerate() {
        number[stroke as usize] = i as u32;
    }
    let strokes: Vec<Stroke> = along
        .iter()
        .map(|&i| problem.strokes[i as usize].clone())
        .collect();
    let before: Vec<(u32, u32)> = problem
        .before
        .iter()
        .map(|&(a, b)| (number[a as usize], number[b as usize]))
        .collect();
    let of_stroke = |&i: &u32| problem.groups.get(i as usize).copied();
    let groups: Vec<u32> = along.iter().filter_map(of_stroke).collect();
    let renumbered = Problem {
        strokes: &strokes,
        before: &before,
        groups: &groups,
        ..*problem
    };
    let Some(constraints) = Constraints::new(&renumbered) else {
        return as_given(problem);
    };
    let mut found = search(&renumbered, hop, &constraints, options, progress);
    for visit in &mut found {
        visit.stroke = along[visit.stroke as usize];
    }
    let given = as_given(problem);
    let keeps = constraints.allow(given.iter().map(|v| number[v.stroke as usize]));
    let is_as_good = || cost(problem, hop, &given) <= cost(problem, hop, &found);
    if options.stage == Stage::Neighbours || (keeps && is_as_good()) {
        given
    } else {
        found
    }
}

/// One search from the beginning.
fn search<H: Fn(Point, Point) -> f64 + Sync>(
    problem: &Problem<'_>,
    hop: &H,
    constraints: &Constraints,
    options: &Options,
    progress: &Progress<'_>,
) -> Vec<Visit> {
    let hops = Hops::new(
        hops::ends_of(problem),
        hops::choices_of(problem),
        problem.end.is_some(),
        hop,
    );
    let mut tour = Tour::new(hops);
    // They take more memory than anything else: one is held at a time.
    let mut near = neighbours::of_ends(&tour.hops, options.neighbours);
    if options.stage == Stage::Neighbours {
        return as_given(problem);
    }
    if constraints.directed() {
        tour.set_order(start::nearest(&tour.hops, constraints));
    } else {
        tour.set_order(start::greedy(&tour.hops, &near));
        if options.stage >= Stage::Matching {
            let entries = matching::by_matching(&mut tour.hops, &near, progress);
            tour.set_order(entries);
        }
        let free = Constraints::none(tour.len());
        near = improve(problem, &mut tour, near, &free, options, progress);
    }
    if constraints.any() {
        // The best order that need keep nothing is where the search for one that
        // does begins.
        let mut order = Vec::new();
        if let Some(groups) = constraints.groups() {
            order = in_turn(problem, hop, groups, options, progress);
            tour.hops.keep_together(groups);
            drop(near);
            near = neighbours::of_ends(&tour.hops, options.neighbours);
        }
        tour.set_order(constraints.repaired(tour.entries(), &order));
        drop(improve(
            problem,
            &mut tour,
            near,
            constraints,
            options,
            progress,
        ));
    }
    let strokes = tour
        .entries()
        .iter()
        .map(|&entry| (entry / 2 - 1, entry % 2));
    strokes
        .map(|(stroke, side)| {
            let open = matches!(problem.strokes[stroke as usize], Stroke::Open { .. });
            Visit {
                stroke,
                reversed: open && side == 1,
                start: tour.hops.start_of(stroke + 1),
            }
        })
        .collect()
}

/// The groups in an order of little travel, home's included.
fn in_turn<H: Fn(Point, Point) -> f64 + Sync>(
    problem: &Problem<'_>,
    hop: &H,
    groups: &Groups,
    options: &Options,
    progress: &Progress<'_>,
) -> Vec<u32> {
    let (strokes, starts) = groups.as_strokes(problem);
    let before: Vec<(u32, u32)> = groups.before().pairs().map(|(b, a)| (a, b)).collect();
    let one_each = Problem {
        strokes: &strokes,
        starts: &starts,
        before: &before,
        groups: &[],
        ..*problem
    };
    let order = Constraints::new(&one_each)
        .map(|none_together| search(&one_each, hop, &none_together, options, progress));
    let visits = order.unwrap_or_else(|| as_given(&one_each));
    let mut order: Vec<u32> = visits.into_iter().map(|v| v.stroke).collect();
    order.push(groups.count() as u32);
    order
}

/// Searches from the order there is, and leaves the tour settled. Neighbours are found
/// anew where strokes have been started elsewhere.
fn improve<H: Fn(Point, Point) -> f64 + Sync>(
    problem: &Problem<'_>,
    tour: &mut Tour<'_, H>,
    mut near: Neighbours,
    constraints: &Constraints,
    options: &Options,
    progress: &Progress<'_>,
) -> Neighbours {
    if options.stage < Stage::Descent {
        return near;
    }
    let has_choice = tour.hops.choices().any();
    let rounds = if has_choice { ROUNDS } else { 1 };
    let kicks = options.kicks_for(problem.strokes.len());
    for round in 0..rounds {
        if has_choice {
            tour.hops.settle_starts();
            drop(near);
            near = neighbours::of_ends(&tour.hops, options.neighbours);
        }
        Search::new(tour, &near, constraints, progress).descend();
        let share = kicks * (round + 1) / rounds - kicks * round / rounds;
        // No two rounds draw the same.
        let seed = options.seed ^ (round as u64) << 16;
        if constraints.any() {
            let mut search = Search::new(tour, &near, constraints, progress);
            search.kick(seed, share, options.repair);
            search.descend();
        } else {
            tour.settle();
            regions::kick(tour, &near, share, seed, options, progress);
        }
        tour.settle();
        if has_choice {
            closed::choose_starts(problem, tour);
        }
    }
    near
}

/// How often neighbours are found anew where strokes have been started elsewhere.
const ROUNDS: usize = 4;
