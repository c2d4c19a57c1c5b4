//! Hops: which end each end hops to, and what that costs.

use super::groups::Groups;
use super::{Problem, Stroke};
use crate::geom::Point;
use std::ops::Range;

/// Node 0 is home: its entry is where the head must end, its exit where it starts.
/// End `2 * node + side` is a node's end as given.
///
/// Costs are rounded to `f32`: gains are sums of the same rounded numbers, so no
/// search goes round in circles, and a hop takes eight bytes an end.
pub(super) struct Hops<'a, H> {
    /// Where each end is.
    points: Vec<Point>,
    mates: Vec<Mate>,
    ends_home: bool,
    cost: &'a H,
    choices: Choices<'a>,
    /// Groups that are to be kept together.
    groups: Option<&'a Groups>,
}

/// Where closed nodes may start.
#[derive(Clone, Debug, Default)]
pub(super) struct Choices<'a> {
    /// All start points.
    pub(super) starts: &'a [Point],
    /// Which of them are each node's; empty where no node has a choice.
    pub(super) of: Vec<Range<u32>>,
    /// Which of its own each node has now.
    pub(super) chosen: Vec<u32>,
    /// Whether a node has moved since its neighbours were found.
    pub(super) moved: Vec<bool>,
}

/// The other side of a hop.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mate {
    pub(super) end: u32,
    /// What the hop there costs.
    pub(super) cost: f32,
}

impl Choices<'_> {
    /// Whether there is anything to choose.
    pub(super) const fn any(&self) -> bool {
        !self.of.is_empty()
    }

    /// Those of some nodes; `None` is a node without.
    pub(super) fn of_some(&self, nodes: &[Option<u32>]) -> Self {
        if self.of.is_empty() {
            return Self::default();
        }
        let of = |node: &Option<u32>| node.map_or(0..0, |n| self.of[n as usize].clone());
        let chosen = |node: &Option<u32>| node.map_or(0, |n| self.chosen[n as usize]);
        Self {
            starts: self.starts,
            of: nodes.iter().map(of).collect(),
            chosen: nodes.iter().map(chosen).collect(),
            moved: vec![false; nodes.len()],
        }
    }
}

impl<'a, H: Fn(Point, Point) -> f64 + Sync> Hops<'a, H> {
    /// Hops between ends at `points`, none yet; without `ends_home` the head may end
    /// anywhere.
    pub(super) fn new(
        points: Vec<Point>,
        choices: Choices<'a>,
        ends_home: bool,
        cost: &'a H,
    ) -> Self {
        Self {
            choices,
            mates: vec![Mate::default(); points.len()],
            points,
            ends_home,
            cost,
            groups: None,
        }
    }

    /// Groups are to be kept together from now on.
    pub(super) const fn keep_together(&mut self, groups: &'a Groups) {
        self.groups = Some(groups);
    }

    pub(super) const fn groups(&self) -> Option<&'a Groups> {
        self.groups
    }

    /// How many hops between groups a hop is: 0 or 1.
    pub(super) fn between(&self, a: u32, b: u32) -> i16 {
        self.groups.map_or(0, |g| i16::from(g.apart(a, b)))
    }

    /// How many nodes there are, home included.
    pub(super) const fn nodes(&self) -> usize {
        self.points.len() / 2
    }

    /// Whether the hop home counts.
    pub(super) const fn ends_home(&self) -> bool {
        self.ends_home
    }

    pub(super) const fn cost(&self) -> &'a H {
        self.cost
    }

    pub(super) fn point(&self, end: u32) -> Point {
        self.points[end as usize]
    }

    pub(super) fn mates(&self) -> impl Iterator<Item = u32> {
        self.mates.iter().map(|m| m.end)
    }

    pub(super) fn mate(&self, end: u32) -> Mate {
        self.mates[end as usize]
    }

    /// The cost of a hop between two ends, be there one or not.
    pub(super) fn link(&self, a: u32, b: u32) -> f32 {
        if (a == 0 || b == 0) && !self.ends_home {
            0.0
        } else {
            rounded((self.cost)(self.point(a), self.point(b)))
        }
    }

    /// `a` and `b` hop to each other from now on.
    pub(super) fn join(&mut self, a: u32, b: u32) {
        let cost = self.link(a, b);
        self.mates[a as usize] = Mate { end: b, cost };
        self.mates[b as usize] = Mate { end: a, cost };
    }

    /// The hops between the ends of each pair are taken away, and the second of each
    /// pair is joined to the first of the next, round the end.
    pub(super) fn exchange(&mut self, pairs: &[u32]) {
        for i in (1..pairs.len()).step_by(2) {
            self.join(pairs[i], pairs[(i + 1) % pairs.len()]);
        }
    }

    /// Whether the neighbours of a node may not be those of where it is now.
    pub(super) fn has_moved(&self, node: u32) -> bool {
        self.choices.moved.get(node as usize).is_some_and(|m| *m)
    }

    /// Neighbours have been found for where all nodes are now.
    pub(super) fn settle_starts(&mut self) {
        self.choices.moved.fill(false);
    }

    pub(super) const fn choices(&self) -> &Choices<'a> {
        &self.choices
    }

    /// Where a node may start; fewer than two are no choice.
    pub(super) fn starts_of(&self, node: u32) -> &'a [Point] {
        match self.choices.of.get(node as usize) {
            Some(range) => &self.choices.starts[range.start as usize..range.end as usize],
            None => &[],
        }
    }

    /// Which of its starts a node has.
    pub(super) fn start_of(&self, node: u32) -> u32 {
        self.choices.chosen.get(node as usize).copied().unwrap_or(0)
    }

    /// Starts a closed node, whose hops are made, elsewhere.
    pub(super) fn start_at(&mut self, node: u32, choice: u32) {
        let point = self.starts_of(node)[choice as usize];
        self.choices.chosen[node as usize] = choice;
        self.choices.moved[node as usize] = true;
        let ends = [2 * node, 2 * node + 1];
        for end in ends {
            self.points[end as usize] = point;
        }
        for end in ends {
            self.join(end, self.mate(end).end);
        }
    }

    /// The start of a closed node that is best where it stands, with what that gains.
    pub(super) fn better_start(&self, node: u32) -> Option<(u32, f64)> {
        let starts = self.starts_of(node);
        if starts.len() < 2 {
            return None;
        }
        let [a, b] = [2 * node, 2 * node + 1].map(|end| self.mate(end));
        if a.end / 2 == node || f64::from(a.cost + b.cost) <= 0.0 {
            return None;
        }
        let around = [a.end, b.end].map(|end| {
            let free = end == 0 && !self.ends_home;
            (!free).then(|| self.point(end))
        });
        let cost = |i: usize| {
            let hops = around.into_iter().flatten();
            hops.map(|p| rounded((self.cost)(p, starts[i])))
                .sum::<f32>()
        };
        // Every so many, then from the best of them on along the contour.
        let stride = starts.len().div_ceil(COARSE);
        let at = (0..starts.len())
            .step_by(stride)
            .chain([self.start_of(node) as usize]);
        let (mut least, mut best) = (f32::INFINITY, 0);
        for i in at {
            let c = cost(i);
            if c < least {
                (least, best) = (c, i);
            }
        }
        if stride > 1 {
            let n = starts.len();
            let middle = best;
            for i in (n + middle - stride)..(n + middle + stride) {
                let i = i % n;
                let c = cost(i);
                if c < least {
                    (least, best) = (c, i);
                }
            }
        }
        let gain = f64::from(a.cost) + f64::from(b.cost) - f64::from(least);
        (gain > 1e-6 * f64::from(a.cost + b.cost)).then_some((best as u32, gain))
    }
}

/// No hop costs more: sums of some are far from the end of `f32`, and no difference of
/// two is infinite or none.
const MOST: f64 = 1e30;

/// A cost as it is kept.
pub(super) const fn rounded(cost: f64) -> f32 {
    cost.min(MOST) as f32
}

/// So many starts of a contour are tried, and then those around the best of them.
const COARSE: usize = 24;

/// The ends of home and of the strokes; closed ones at the first of their starts.
pub(super) fn ends_of(problem: &Problem<'_>) -> Vec<Point> {
    let home = [problem.end.unwrap_or(problem.start), problem.start];
    let of_strokes = problem.strokes.iter().map(|stroke| match stroke {
        Stroke::Open { ends, .. } => *ends,
        Stroke::Closed { starts } => [problem.starts[starts.start as usize]; 2],
    });
    std::iter::once(home).chain(of_strokes).flatten().collect()
}

/// A point of each stroke.
pub(super) fn middles(problem: &Problem<'_>) -> Vec<Point> {
    let middle = |stroke: &Stroke| match stroke {
        Stroke::Open { ends: [a, b], .. } => a.lerp(*b, 0.5),
        Stroke::Closed { starts } => problem.starts[starts.start as usize],
    };
    problem.strokes.iter().map(middle).collect()
}

/// What the strokes let one choose.
pub(super) fn choices_of<'a>(problem: &Problem<'a>) -> Choices<'a> {
    let range = |stroke: &Stroke| match stroke {
        Stroke::Closed { starts } => starts.clone(),
        Stroke::Open { .. } => 0..0,
    };
    if !problem.strokes.iter().any(|s| range(s).len() > 1) {
        return Choices::default();
    }
    let of: Vec<Range<u32>> = std::iter::once(0..0)
        .chain(problem.strokes.iter().map(range))
        .collect();
    Choices {
        starts: problem.starts,
        chosen: vec![0; of.len()],
        moved: vec![false; of.len()],
        of,
    }
}
