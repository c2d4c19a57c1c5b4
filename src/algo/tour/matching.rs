//! A first tour by way of a matching: which end hops to which, whatever tour that
//! makes, and then the cycles patched into one.
//!
//! Every exchange of a matching is allowed, so a search on it sees what no search on
//! tours does; where gaps are long and clusters dense, its cycles are nearer to a
//! good tour than a greedy one is.

use super::chain::{DEPTH, Moves, Queue, Width};
use super::hops::Hops;
use super::neighbours::{Link, Neighbours};
use super::progress::Progress;
use super::start::Fragments;
use crate::algo::sets::Sets;
use crate::geom::Point;

/// Rounds of patching at most; each leaves less than half of the cycles that have
/// a near neighbour.
const ROUNDS: usize = 32;

/// Every move of a matching is allowed, so that long ones are worth their search.
const WIDTH: Width = Width {
    depth: DEPTH,
    tries: 200,
    eager: false,
    least: 0.0,
};

/// Improves hops as a matching; gives the ends where nodes are entered in the order
/// that the patched cycles have.
///
/// # Complexity
/// O(1) for each exchange; O(n log n) for the patches.
pub(super) fn by_matching<H: Fn(Point, Point) -> f64 + Sync>(
    hops: &mut Hops<'_, H>,
    near: &Neighbours,
    progress: &Progress<'_>,
) -> Vec<u32> {
    let mut matching = Matching { hops };
    let mut queue = Queue::new(matching.hops.nodes(), progress);
    for end in matching.ends() {
        queue.push(end);
    }
    let _ = queue.drain(&mut matching, near, &WIDTH);
    patched(hops, near)
}

/// The ends where nodes are entered in the order that hops make, once their cycles
/// are patched into one.
pub(super) fn patched<H: Fn(Point, Point) -> f64 + Sync>(
    hops: &mut Hops<'_, H>,
    near: &Neighbours,
) -> Vec<u32> {
    let mut matching = Matching { hops };
    let mut cycles = matching.cycles();
    for _ in 0..ROUNDS {
        if !matching.patch(near, &mut cycles) {
            break;
        }
    }
    matching.opened(&mut cycles).joined(hops)
}

struct Matching<'m, 'a, H> {
    hops: &'m mut Hops<'a, H>,
}

impl<'a, H: Fn(Point, Point) -> f64 + Sync> Moves<'a, H> for Matching<'_, 'a, H> {
    fn hops(&self) -> &Hops<'a, H> {
        self.hops
    }

    fn exchange(&mut self, pairs: &[u32]) -> bool {
        let n = pairs.len();
        // A stroke does not hop to itself.
        let joined = |i: usize| (pairs[i], pairs[(i + 1) % n]);
        if (1..n).step_by(2).map(joined).any(|(a, b)| a ^ b == 1) {
            return false;
        }
        self.hops.exchange(pairs);
        true
    }

    fn start_at(&mut self, node: u32, choice: u32) {
        self.hops.start_at(node, choice);
    }
}

impl<H: Fn(Point, Point) -> f64 + Sync> Matching<'_, '_, H> {
    fn ends(&self) -> impl Iterator<Item = u32> + use<H> {
        0..2 * self.hops.nodes() as u32
    }

    /// Joins cycles by the cheapest exchanges of two hops; whether there were any.
    fn patch(&mut self, near: &Neighbours, cycles: &mut Sets) -> bool {
        // The cheapest of each end: keeping all would take more memory than anything else.
        let mut found = Vec::new();
        for a in self.ends() {
            let b = self.hops.mate(a);
            let root = cycles.root(a / 2);
            let to_another = near
                .of(a)
                .iter()
                .map(|link| (link, link.end()))
                .filter(|(_, c)| cycles.root(c / 2) != root);
            let exchange = |(link, c): (&Link, u32)| {
                let d = self.hops.mate(c);
                let costs = link.cost + self.hops.link(b.end, d.end) - b.cost - d.cost;
                (costs, [a, b.end, c, d.end])
            };
            found.extend(to_another.map(exchange).min_by(|x, y| x.0.total_cmp(&y.0)));
        }
        found.sort_unstable_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
        let any = !found.is_empty();
        for (_, [a, b, c, d]) in found {
            let as_it_was = self.hops.mate(a).end == b && self.hops.mate(c).end == d;
            if as_it_was && cycles.join(a / 2, c / 2) {
                // b is joined to d, and c to a.
                let _ = self.exchange(&[a, b, d, c]);
            }
        }
        any
    }

    fn cycles(&self) -> Sets {
        let mut cycles = Sets::new(self.hops.nodes());
        for a in self.ends() {
            let _ = cycles.join(a / 2, self.hops.mate(a).end / 2);
        }
        cycles
    }

    /// The cycles, each opened at its longest hop, that of home where it is entered.
    fn opened(&self, cycles: &mut Sets) -> Fragments {
        let n = self.hops.nodes();
        // The longest hop of each cycle, by its root.
        let mut longest = vec![(f32::NEG_INFINITY, 0_u32); n];
        for a in self.ends() {
            let root = cycles.root(a / 2) as usize;
            let costs = match a {
                0 => f32::INFINITY,
                _ => self.hops.mate(a).cost,
            };
            if costs > longest[root].0 {
                longest[root] = (costs, a);
            }
        }
        let mut fragments = Fragments::new(n);
        for a in self.ends() {
            let b = self.hops.mate(a).end;
            let opened = longest[cycles.root(a / 2) as usize].1;
            if a < b && opened != a && opened != b {
                fragments.join(a, b);
            }
        }
        fragments
    }
}
