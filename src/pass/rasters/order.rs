//! The order of islands, and at which end each begins.

use super::super::Context;
use super::write::end_of;
use crate::algo::tour::{self, Problem, Stroke};
use crate::geom::{Point, Point3};
use crate::toolpath::Rerun;

/// Rows that are run one after another, each in its own direction.
#[derive(Debug)]
pub(super) struct Island {
    pub(super) rows: Vec<Vec<Rerun>>,
}

impl Island {
    /// Where it begins and ends when its rows are run in sequence, or from the last.
    fn ends(&self, from_last: bool) -> Option<[Point; 2]> {
        let (mut first, mut last) = (self.rows.first()?, self.rows.last()?);
        if from_last {
            std::mem::swap(&mut first, &mut last);
        }
        Some([first.first()?.start.xy(), end_of(last.last()?).xy()])
    }
}

/// The order of islands with the least travel that was found, and whether each is run from
/// its last row rather than its first.
///
/// # Complexity
/// That of [`tour::order`].
pub(super) fn order(
    islands: &[Island],
    from: Point3,
    to: Option<Point3>,
    context: &Context,
) -> Vec<(usize, bool)> {
    let ends: Vec<[[Point; 2]; 2]> = islands
        .iter()
        .filter_map(|i| Some([i.ends(false)?, i.ends(true)?]))
        .collect();
    assert_eq!(ends.len(), islands.len(), "no island is empty");
    // From its last row it begins about where it ends from its first.
    let strokes: Vec<Stroke> = ends
        .iter()
        .map(|[forward, _]| Stroke::Open {
            ends: *forward,
            reversible: true,
        })
        .collect();
    let problem = Problem {
        strokes: &strokes,
        starts: &[],
        start: from.xy(),
        end: to.map(Point3::xy),
        before: &[],
        groups: &[],
    };
    let options = tour::Options::default()
        .with_effort(context.effort)
        .with_seed(context.seed);
    let hop = |a, b| context.objective.hop(a, b);
    let visits = tour::order(&problem, &hop, &options);
    let order: Vec<usize> = visits.iter().map(|v| v.stroke as usize).collect();
    let begins = from_which_end(&ends, &order, problem.start, problem.end, &hop);
    order.into_iter().zip(begins).collect()
}

/// The runs of islands in an order; each row as it is.
pub(super) fn runs(islands: Vec<Island>, order: &[(usize, bool)]) -> Vec<Rerun> {
    let mut islands: Vec<Vec<Vec<Rerun>>> = islands.into_iter().map(|i| i.rows).collect();
    let mut runs = Vec::new();
    for &(i, from_last) in order {
        let mut rows = std::mem::take(&mut islands[i]);
        if from_last {
            rows.reverse();
        }
        runs.extend(rows.into_iter().flatten());
    }
    runs
}

/// For each island of an order whether it begins with its last row, for the least cost of
/// all hops, by dynamic programming.
fn from_which_end(
    ends: &[[[Point; 2]; 2]],
    order: &[usize],
    start: Point,
    end: Option<Point>,
    hop: &impl Fn(Point, Point) -> f64,
) -> Vec<bool> {
    // The least cost up to the end of each, and how the one before ran then.
    let mut costs = [0.0; 2];
    let mut before: Vec<[bool; 2]> = Vec::with_capacity(order.len());
    let mut at = [start; 2];
    for &i in order {
        let mut next = [(0.0, false); 2];
        for (way, [from, _]) in ends[i].iter().enumerate() {
            let [a, b] = [0, 1].map(|w| costs[w] + hop(at[w], *from));
            next[way] = if b < a { (b, true) } else { (a, false) };
        }
        before.push(next.map(|n| n.1));
        costs = next.map(|n| n.0);
        at = [ends[i][0][1], ends[i][1][1]];
    }
    if let Some(end) = end {
        costs = [0, 1].map(|w| costs[w] + hop(at[w], end));
    }
    let mut way = costs[1] < costs[0];
    let mut out: Vec<bool> = Vec::with_capacity(order.len());
    for choice in before.iter().rev() {
        out.push(way);
        way = choice[usize::from(way)];
    }
    out.reverse();
    out
}
