//! The tour as arrays: who stands where, which way round.

use super::{Problem, Stroke, Visit};
use crate::geom::Point;

/// Stroke `i` is node `i + 1`; node 0 is home, which stays in place 0. Home's
/// entry is where the head must end, its exit where it starts.
pub(super) struct Tour<'a, H> {
    /// Ends of each node, as given.
    pub(super) ends: Vec<[Point; 2]>,
    /// Nodes in order, home first.
    pub(super) order: Vec<u32>,
    /// Where each node stands in `order`.
    pub(super) place: Vec<u32>,
    /// Whether each node is drawn from its second end to its first.
    pub(super) flipped: Vec<bool>,
    /// The start point of each closed node, counted within its own range.
    pub(super) chosen: Vec<u32>,
    pub(super) closed: Vec<bool>,
    ends_home: bool,
    hop: &'a H,
}

impl<'a, H: Fn(Point, Point) -> f64 + Sync> Tour<'a, H> {
    pub(super) fn new(problem: &Problem<'_>, hop: &'a H) -> Self {
        let n = problem.strokes.len() + 1;
        let home = [problem.end.unwrap_or(problem.start), problem.start];
        let mut ends = Vec::with_capacity(n);
        let mut closed = vec![false; n];
        ends.push(home);
        for (i, stroke) in problem.strokes.iter().enumerate() {
            ends.push(match stroke {
                Stroke::Open { ends, .. } => *ends,
                Stroke::Closed { starts } => {
                    closed[i + 1] = true;
                    [problem.starts[starts.start as usize]; 2]
                }
            });
        }
        Self {
            ends,
            order: (0..n as u32).collect(),
            place: (0..n as u32).collect(),
            flipped: vec![false; n],
            chosen: vec![0; n],
            closed,
            ends_home: problem.end.is_some(),
            hop,
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether the tour's last hop counts.
    pub(super) const fn ends_home(&self) -> bool {
        self.ends_home
    }

    /// Takes over an order of nodes (home not named) with their directions.
    pub(super) fn set_order(&mut self, order: Vec<(u32, bool)>) {
        self.order.truncate(1);
        for (node, flipped) in order {
            self.flipped[node as usize] = flipped;
            self.place[node as usize] = self.order.len() as u32;
            self.order.push(node);
        }
    }

    pub(super) fn entry(&self, node: u32) -> Point {
        self.ends[node as usize][usize::from(self.flipped[node as usize])]
    }

    pub(super) fn exit(&self, node: u32) -> Point {
        self.ends[node as usize][usize::from(!self.flipped[node as usize])]
    }

    pub(super) fn hop(&self, a: Point, b: Point) -> f64 {
        (self.hop)(a, b)
    }

    /// The node at a place; home again behind the last.
    pub(super) fn at(&self, place: usize) -> u32 {
        self.order.get(place).copied().unwrap_or(0)
    }

    /// The cost of the hop into the node at `place`, counting from 1; the hop
    /// behind the last node goes home.
    pub(super) fn hop_into(&self, place: usize) -> f64 {
        self.between(self.at(place - 1), self.at(place))
    }

    /// The cost of the hop from the end of `a` to the start of `b`.
    pub(super) fn between(&self, a: u32, b: u32) -> f64 {
        self.link(a, self.exit(a), b, self.entry(b))
    }

    /// The cost of a hop between two points of two nodes; going home is free when
    /// the head may end anywhere.
    pub(super) fn link(&self, _a: u32, p: Point, b: u32, q: Point) -> f64 {
        if b == 0 && !self.ends_home {
            0.0
        } else {
            self.hop(p, q)
        }
    }

    /// Turns round the run of nodes at places `from..=to`.
    pub(super) fn reverse(&mut self, from: usize, to: usize) {
        let run = &mut self.order[from..=to];
        run.reverse();
        for (i, &node) in run.iter().enumerate() {
            self.place[node as usize] = (from + i) as u32;
            self.flipped[node as usize] ^= true;
        }
    }

    pub(super) fn visits(&self) -> Vec<Visit> {
        self.order[1..]
            .iter()
            .map(|&node| {
                let closed = self.closed[node as usize];
                Visit {
                    stroke: node - 1,
                    reversed: !closed && self.flipped[node as usize],
                    start: self.chosen[node as usize],
                }
            })
            .collect()
    }
}
