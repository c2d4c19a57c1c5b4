//! Groups: strokes of one are drawn one after another, before the next group begins.
//!
//! Home is a group of its own. A tour keeps its groups together when as many hops lead
//! from one group to another as there are groups. A move that puts in no more of such
//! hops than it takes away so keeps them, whatever else it does: that takes O(1) to
//! check, and is checked of every move.

use super::constraint::Adjacency;
use super::{Problem, Stroke};
use crate::geom::Point;

/// The groups of all nodes.
pub(super) struct Groups {
    /// The group of each node; that of home is the last one.
    of: Vec<u32>,
    /// How many nodes each group has.
    sizes: Vec<u32>,
    /// Whether nothing of its group must come before a node.
    may_begin: Vec<bool>,
    /// Whether nothing of its group must come after a node.
    may_end: Vec<bool>,
    /// Groups that must come before each.
    before: Adjacency,
}

impl Groups {
    /// `None` where the problem has no groups, or any order keeps them together.
    pub(super) fn new(problem: &Problem<'_>) -> Option<Self> {
        if problem.groups.is_empty() {
            return None;
        }
        // Numbered anew, from 0.
        let mut sorted: Vec<(u32, u32)> = (0..).zip(problem.groups).map(|(i, &g)| (g, i)).collect();
        sorted.sort_unstable();
        let mut of = vec![0; problem.strokes.len() + 1];
        let mut sizes = Vec::new();
        for group in sorted.chunk_by(|a, b| a.0 == b.0) {
            for &(_, stroke) in group {
                of[stroke as usize + 1] = sizes.len() as u32;
            }
            sizes.push(group.len() as u32);
        }
        if sizes.len() < 2 || sizes.iter().all(|s| *s == 1) {
            return None;
        }
        of[0] = sizes.len() as u32;
        sizes.push(1);
        let mut may_begin = vec![true; of.len()];
        let mut may_end = vec![true; of.len()];
        let mut pairs = Vec::new();
        for &(a, b) in problem.before {
            let (a, b) = (a as usize + 1, b as usize + 1);
            if of[a] == of[b] {
                may_end[a] = false;
                may_begin[b] = false;
            } else {
                pairs.push((of[b], of[a]));
            }
        }
        Some(Self {
            before: Adjacency::new(sizes.len(), pairs),
            of,
            sizes,
            may_begin,
            may_end,
        })
    }

    pub(super) fn of(&self, node: u32) -> u32 {
        self.of[node as usize]
    }

    /// How many nodes the group of a node has.
    pub(super) fn size(&self, node: u32) -> usize {
        self.sizes[self.of(node) as usize] as usize
    }

    /// How many groups there are, home's left out.
    pub(super) const fn count(&self) -> usize {
        self.sizes.len() - 1
    }

    /// Groups that must come before each.
    pub(super) const fn before(&self) -> &Adjacency {
        &self.before
    }

    /// Whether a hop between two ends leads from one group to another.
    pub(super) fn apart(&self, a: u32, b: u32) -> bool {
        self.of(a / 2) != self.of(b / 2)
    }

    pub(super) fn may_begin(&self, node: u32) -> bool {
        self.may_begin[node as usize]
    }

    pub(super) fn may_end(&self, node: u32) -> bool {
        self.may_end[node as usize]
    }

    /// Whether an exchange, see [`super::hops::Hops::exchange`], puts in no more hops
    /// between groups than it takes away.
    pub(super) fn keeps(&self, pairs: &[u32]) -> bool {
        let hops = |from: usize| {
            (from..pairs.len())
                .step_by(2)
                .filter(|&i| self.apart(pairs[i], pairs[(i + 1) % pairs.len()]))
                .count()
        };
        hops(1) <= hops(0)
    }

    /// Whether nodes in this order keep the groups together.
    pub(super) fn are_together(&self, nodes: impl Iterator<Item = u32>) -> bool {
        let mut seen = vec![false; self.sizes.len()];
        let mut last = self.of(0);
        for node in nodes {
            let group = self.of(node);
            if group != last && std::mem::replace(&mut seen[group as usize], true) {
                return false;
            }
            last = group;
        }
        true
    }

    /// The nodes of each group, group after group, home left out.
    fn members(&self) -> Vec<u32> {
        let mut nodes: Vec<u32> = (1..self.of.len() as u32).collect();
        nodes.sort_by_key(|&n| self.of(n));
        nodes
    }

    /// The groups as strokes: one of a single stroke is that, the others may be drawn
    /// from any of some points of theirs back to it. Their order is where the search
    /// for one of all strokes begins.
    pub(super) fn as_strokes(&self, problem: &Problem<'_>) -> (Vec<Stroke>, Vec<Point>) {
        let nodes = self.members();
        let mut starts = Vec::new();
        let strokes = nodes
            .chunk_by(|&a, &b| self.of(a) == self.of(b))
            .map(|group| {
                let begin = starts.len();
                if let [node] = group
                    && let open @ Stroke::Open { .. } = &problem.strokes[*node as usize - 1]
                {
                    return open.clone();
                }
                for &node in group {
                    match &problem.strokes[node as usize - 1] {
                        Stroke::Open { ends, .. } => starts.extend(ends),
                        Stroke::Closed { starts: own } => {
                            starts.extend(&problem.starts[own.start as usize..own.end as usize]);
                        }
                    }
                }
                thin_out(&mut starts, begin);
                Stroke::Closed {
                    starts: begin as u32..starts.len() as u32,
                }
            })
            .collect();
        (strokes, starts)
    }
}

/// Most points that a group is drawn from as one stroke.
const MOST_STARTS: usize = 64;

/// Leaves evenly many of the points from `begin` on.
fn thin_out(points: &mut Vec<Point>, begin: usize) {
    let step = (points.len() - begin).div_ceil(MOST_STARTS).max(1);
    let kept: Vec<Point> = points[begin..].iter().step_by(step).copied().collect();
    points.truncate(begin);
    points.extend(kept);
}
