//! A first tour by way of a matching: which end hops to which, whatever tour that
//! makes, and then the cycles patched into one.
//!
//! Every exchange of a matching is allowed, so a search on it sees what no search on
//! tours does; where gaps are long and clusters dense, its cycles are nearer to a
//! good tour than a greedy one is.

use super::chain::{Hops, Queue};
use super::neighbours::Neighbours;
use super::search::DESCENT;
use super::start::Fragments;
use super::state::Tour;
use crate::geom::Point;

/// Rounds of patching at most; each leaves less than half of the cycles that have
/// a near neighbour.
const ROUNDS: usize = 32;

/// Improves the hops of a tour as a matching; gives the nodes in the order that the
/// patched cycles have, with their directions.
///
/// # Complexity
/// O(1) for each exchange; O(n log n) for the patches.
pub(super) fn by_matching<H: Fn(Point, Point) -> f64 + Sync>(
    tour: &Tour<'_, H>,
    near: &Neighbours,
) -> Vec<(u32, bool)> {
    let mut matching = Matching {
        mate: (0..2 * tour.len() as u32)
            .map(|e| tour.partner(e))
            .collect(),
        tour,
    };
    let mut queue = Queue::new(tour.len());
    for i in 0..tour.len() {
        queue.push(tour.at(i));
    }
    let _ = queue.drain(&mut matching, near, &DESCENT);
    let mut cycles = matching.cycles();
    for _ in 0..ROUNDS {
        if !matching.patch(near, &mut cycles) {
            break;
        }
    }
    matching.opened(&mut cycles).joined(tour)
}

struct Matching<'t, 'a, H> {
    tour: &'t Tour<'a, H>,
    /// The end that each end hops to.
    mate: Vec<u32>,
}

impl<H: Fn(Point, Point) -> f64 + Sync> Hops for Matching<'_, '_, H> {
    fn partner(&self, end: u32) -> u32 {
        self.mate[end as usize]
    }

    fn link(&self, a: u32, b: u32) -> f64 {
        self.tour.link(a, b)
    }

    fn is_point(&self, node: u32) -> bool {
        self.tour.closed[node as usize]
    }

    fn exchange(&mut self, pairs: &[u32]) -> bool {
        let n = pairs.len();
        let joined = |i: usize| (pairs[i], pairs[(i + 1) % n]);
        // A stroke does not hop to itself.
        if (1..n).step_by(2).map(joined).any(|(a, b)| a ^ b == 1) {
            return false;
        }
        for (a, b) in (1..n).step_by(2).map(joined) {
            self.mate[a as usize] = b;
            self.mate[b as usize] = a;
        }
        true
    }
}

impl<H: Fn(Point, Point) -> f64 + Sync> Matching<'_, '_, H> {
    /// Joins cycles by the cheapest exchanges of two hops; whether there were any.
    fn patch(&mut self, near: &Neighbours, cycles: &mut Union) -> bool {
        let mut found = Vec::new();
        for a in 0..self.mate.len() as u32 {
            let b = self.mate[a as usize];
            for &c in near.of(a) {
                if cycles.root(a / 2) == cycles.root(c / 2) {
                    continue;
                }
                let d = self.mate[c as usize];
                let costs = self.link(a, c) + self.link(b, d) - self.link(a, b) - self.link(c, d);
                found.push((costs, [a, b, c, d]));
            }
        }
        found.sort_unstable_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
        let any = !found.is_empty();
        for (_, [a, b, c, d]) in found {
            let as_it_was = self.mate[a as usize] == b && self.mate[c as usize] == d;
            if as_it_was && cycles.unite(a / 2, c / 2) {
                // b is joined to d, and c to a.
                let _ = self.exchange(&[a, b, d, c]);
            }
        }
        any
    }

    fn cycles(&self) -> Union {
        let mut cycles = Union::new(self.mate.len() / 2);
        for (a, &b) in self.mate.iter().enumerate() {
            let _ = cycles.unite(a as u32 / 2, b / 2);
        }
        cycles
    }

    /// The cycles, each opened at its longest hop, that of home where it is entered.
    fn opened(&self, cycles: &mut Union) -> Fragments {
        let n = self.mate.len() / 2;
        // The longest hop of each cycle, by its root.
        let mut longest = vec![(f64::NEG_INFINITY, 0_u32); n];
        for (a, &b) in self.mate.iter().enumerate() {
            let root = cycles.root(a as u32 / 2) as usize;
            let costs = match a {
                0 => f64::INFINITY,
                _ => self.link(a as u32, b),
            };
            if costs > longest[root].0 {
                longest[root] = (costs, a as u32);
            }
        }
        let mut fragments = Fragments::new(n);
        for (a, &b) in self.mate.iter().enumerate() {
            let a = a as u32;
            let opened = longest[cycles.root(a / 2) as usize].1;
            if a < b && opened != a && opened != b {
                fragments.join(a, b);
            }
        }
        fragments
    }
}

/// Disjoint sets of nodes.
struct Union {
    parent: Vec<u32>,
}

impl Union {
    fn new(n: usize) -> Self {
        Self {
            parent: (0..n as u32).collect(),
        }
    }

    fn root(&mut self, mut node: u32) -> u32 {
        while self.parent[node as usize] != node {
            let up = self.parent[self.parent[node as usize] as usize];
            self.parent[node as usize] = up;
            node = up;
        }
        node
    }

    /// Whether they were apart.
    fn unite(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b) as usize] = a.min(b);
        a != b
    }
}
