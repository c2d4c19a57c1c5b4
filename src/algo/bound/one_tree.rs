//! The least tree over strokes, with home joined to it twice: what any tour without
//! its strokes is at least as long as.
//!
//! A tour, home left out, is a way through all strokes, so its hops are a tree over
//! them; two more lead home. With a number on each end (paid by each hop there, given
//! back once, as each end has exactly one hop) and on some sets of ends (paid by each
//! hop that leaves one, given back as often as hops must do so), the least tree is
//! still a lower bound, and the numbers can be chosen such that it grows (Held & Karp
//! 1970, 1971).

use super::NONE;
use super::duals::{Duals, Family};
use super::groups;
use super::laminar::Laminar;
use super::places::{Hop, Places};
use crate::algo::sets::Sets;

/// A graph of strokes.
pub(super) struct OneTree {
    strokes: usize,
    hops: Vec<Hop>,
    /// For each hop the smallest set of each family that holds both ends.
    shared: Vec<[u32; 2]>,
    /// Reduced cost and index of each hop, in the order of the last evaluation.
    sorted: Vec<(f64, u32)>,
    /// For both ends of home the length of the hop to each end, and the sets that
    /// hold both.
    home: [Vec<(f64, [u32; 2])>; 2],
    /// The tree's hops of the last evaluation, shortest first.
    tree: Vec<(f64, u32)>,
}

/// How many hops of a tree there are too many, at each end and out of each set.
#[derive(Clone, Debug, Default)]
pub(super) struct Excess {
    pub(super) ends: Vec<f64>,
    pub(super) sets: [Vec<f64>; 2],
}

impl Excess {
    fn clear(&mut self, duals: &Duals) {
        self.ends.clear();
        self.ends.resize(duals.ends.len(), -1.0);
        for (counts, family) in self.sets.iter_mut().zip(&duals.families) {
            counts.clear();
            counts.resize(family.numbers.len(), 0.0);
        }
    }

    fn add(&mut self, duals: &Duals, ends: [u32; 2], shared: [u32; 2]) {
        for end in ends {
            self.ends[end as usize] += 1.0;
        }
        let families = duals.families.iter().zip(shared);
        for (counts, (family, shared)) in self.sets.iter_mut().zip(families) {
            for end in ends {
                let set = family.sets.within(end);
                if set != NONE {
                    counts[set as usize] += 1.0;
                }
            }
            if shared != NONE {
                counts[shared as usize] -= 2.0;
            }
        }
    }

    /// Hops out of inner sets were counted there only.
    fn finish(&mut self, duals: &Duals) {
        for (counts, family) in self.sets.iter_mut().zip(&duals.families) {
            for set in (0..counts.len()).rev() {
                let outer = family.sets.outer(set as u32);
                if outer != NONE {
                    counts[outer as usize] += counts[set];
                }
                counts[set] -= family.least;
            }
        }
    }
}

impl OneTree {
    /// The trees that these hops make.
    pub(super) fn new(places: &Places, hops: &[Hop], families: &[Family; 2]) -> Self {
        let shared = |a: u32, b: u32| {
            [0, 1].map(|f| {
                let sets = &families[f].sets;
                let place = sets.place(b);
                sets.covering(a, place, place)
            })
        };
        let n = places.strokes;
        let hops: Vec<Hop> = hops
            .iter()
            .filter(|h| h.0 / 2 < n && h.1 / 2 < n)
            .copied()
            .collect();
        let home = [2 * n, 2 * n + 1].map(|home| {
            let mut costs: Vec<_> = (0..2 * n)
                .map(|end| (f64::INFINITY, shared(home, end)))
                .collect();
            let at = places.sites.iter().find(|s| s.ends()[0] == home);
            for site in places.sites.iter().filter(|s| s.stroke() < n) {
                let length = at.map_or(0.0, |h| places.cost(h.at.distance(site.at)));
                for &end in site.ends() {
                    let cost = &mut costs[end as usize].0;
                    *cost = cost.min(length);
                }
            }
            costs
        });
        Self {
            strokes: n as usize,
            shared: hops.iter().map(|h| shared(h.0, h.1)).collect(),
            sorted: (0..hops.len() as u32).map(|i| (0.0, i)).collect(),
            hops,
            home,
            tree: Vec::new(),
        }
    }

    /// The value of the bound with these numbers, and by how much its tree differs
    /// from a tour.
    ///
    /// # Complexity
    /// O(hops · log hops).
    pub(super) fn value(&mut self, duals: &Duals, excess: &mut Excess) -> f64 {
        excess.clear(duals);
        let round = [0, 1].map(|f| duals.families[f].round());
        let sum_round = |sets: [u32; 2]| -> f64 {
            let of = |f: usize| match sets[f] {
                NONE => 0.0,
                set => round[f][set as usize],
            };
            of(0) + of(1)
        };
        let height: Vec<f64> = (0..duals.ends.len() as u32)
            .map(|end| {
                let within = [0, 1].map(|f| duals.families[f].sets.within(end));
                duals.ends[end as usize] + sum_round(within)
            })
            .collect();
        for (cost, hop) in &mut self.sorted {
            let (u, v, length) = self.hops[*hop as usize];
            let shared = sum_round(self.shared[*hop as usize]);
            *cost = length - height[u as usize] - height[v as usize] + 2.0 * shared;
        }
        // Nearly sorted from the last time, which a merging sort makes use of.
        self.sorted
            .sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        self.tree.clear();
        let mut joined = Sets::new(self.strokes);
        let mut sum = duals.sum();
        for &(cost, hop) in &self.sorted {
            let (u, v, _) = self.hops[hop as usize];
            if !joined.join(u / 2, v / 2) {
                continue;
            }
            excess.add(duals, [u, v], self.shared[hop as usize]);
            sum += cost;
            self.tree.push((cost, hop));
            if self.tree.len() + 1 == self.strokes {
                break;
            }
        }
        let first = 2 * self.strokes as u32;
        for (costs, home) in self.home.iter().zip(first..) {
            let reduced = |&end: &u32| {
                let (length, sets) = costs[end as usize];
                length - height[end as usize] - height[home as usize] + 2.0 * sum_round(sets)
            };
            if let Some(end) = (0..first).min_by(|a, b| reduced(a).total_cmp(&reduced(b))) {
                sum += reduced(&end);
                excess.add(duals, [home, end], costs[end as usize].1);
            }
        }
        excess.finish(duals);
        sum
    }

    /// The sets of strokes that the last tree's hops join one after another, with the
    /// reduced cost of the hop; home is one more stroke on its own.
    pub(super) fn parts(&self) -> Laminar {
        let joins = self.tree.iter().map(|&(cost, hop)| {
            let (u, v, _) = self.hops[hop as usize];
            (cost, [u / 2, v / 2])
        });
        let (within, sets) = groups::nested(self.strokes + 1, joins);
        Laminar::new(within, &sets)
    }
}
