//! A perfect matching of least cost, with the duals that prove it.
//!
//! Edmonds' blossom method (1965), one tree at a time: each vertex that is left
//! without a partner by a greedy start grows a tree of tight edges until it meets
//! another, and what is to happen next is taken from a heap (Galil, Micali & Gabow
//! 1986; Cook & Rohe 1999). The duals stay feasible all the time: whatever is left
//! out or rounded costs tightness, never validity.
//!
//! In the dual, each vertex has a number and each blossom (an odd set of vertices)
//! a number that is not negative; for each edge, the numbers of its ends and of the
//! odd sets that it leaves add up to no more than its cost. Their sum is a lower
//! bound on every perfect matching, as each leaves every odd set at least once.

mod regions;
mod search;

use super::NONE;
use regions::Regions;

use search::Search;

/// Edges by vertex.
pub(super) struct Graph {
    first: Vec<u32>,
    edges: Vec<(u32, f64)>,
}

impl Graph {
    /// Edges given once each; at most one between two vertices.
    pub(super) fn new(vertices: usize, edges: &[(u32, u32, f64)]) -> Self {
        let mut first = vec![0_u32; vertices + 1];
        for &(u, v, _) in edges {
            first[u as usize + 1] += 1;
            first[v as usize + 1] += 1;
        }
        for i in 0..vertices {
            first[i + 1] += first[i];
        }
        let mut next = first.clone();
        let mut by_vertex = vec![(0, 0.0); 2 * edges.len()];
        for &(u, v, cost) in edges {
            for (u, v) in [(u, v), (v, u)] {
                by_vertex[next[u as usize] as usize] = (v, cost);
                next[u as usize] += 1;
            }
        }
        for v in 0..vertices {
            by_vertex[first[v] as usize..first[v + 1] as usize].sort_unstable_by_key(|e| e.0);
        }
        Self {
            first,
            edges: by_vertex,
        }
    }

    fn of(&self, v: u32) -> &[(u32, f64)] {
        let v = v as usize;
        &self.edges[self.first[v] as usize..self.first[v + 1] as usize]
    }

    /// The cost of an edge that there is.
    fn cost(&self, u: u32, v: u32) -> f64 {
        let edges = self.of(u);
        let at = edges.partition_point(|e| e.0 < v);
        edges[at].1
    }
}

/// A dual solution.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dual {
    /// Of each vertex; may be negative.
    pub(super) vertex: Vec<f64>,
    /// The innermost odd set that holds each vertex, or [`NONE`].
    pub(super) within: Vec<u32>,
    /// Of each odd set the next one round it, or [`NONE`], and its number, not
    /// negative. Outer sets come first.
    pub(super) odd_sets: Vec<(u32, f64)>,
}

/// Duals of a perfect matching of least cost. `vertex` is where they begin, such
/// that no edge costs less than its two ends. Where the graph has no perfect
/// matching, they are feasible all the same. `slack` is the length below which
/// numbers count as equal.
///
/// # Complexity
/// O(n m log n) at most; on neighbour graphs of points in the plane about n^1.3.
pub(super) fn solve(graph: &Graph, vertex: Vec<f64>, slack: f64) -> Dual {
    let regions = grown(graph, vertex, slack);
    let (within, mut odd_sets) = regions.nested();
    for set in &mut odd_sets {
        set.1 = set.1.max(0.0);
    }
    Dual {
        vertex: (0..regions.len() as u32)
            .map(|v| regions.get(v).dual)
            .collect(),
        within,
        odd_sets,
    }
}

/// A perfect matching, if there is one, with its regions.
fn grown(graph: &Graph, mut vertex: Vec<f64>, slack: f64) -> Regions {
    let pairs = greedy(graph, &mut vertex, slack);
    let mut regions = Regions::new(&vertex);
    for (v, &mate) in pairs.iter().enumerate() {
        regions.set_mate(v as u32, mate);
    }
    let mut search = Search::new(graph, regions, slack);
    for root in 0..pairs.len() as u32 {
        if search.regions.mate(root) == NONE && !search.stage(root) {
            break;
        }
    }
    search.regions
}

/// Raises each vertex until an edge is tight, and pairs ends of tight edges that
/// have no partner yet.
fn greedy(graph: &Graph, vertex: &mut [f64], slack: f64) -> Vec<u32> {
    let mut mate = vec![NONE; vertex.len()];
    for v in 0..vertex.len() {
        if mate[v] != NONE {
            continue;
        }
        let mut least = f64::INFINITY;
        let mut partner = NONE;
        for &(w, cost) in graph.of(v as u32) {
            let room = cost - vertex[v] - vertex[w as usize];
            if room < least - slack {
                (least, partner) = (room, NONE);
            }
            if room <= least + slack && mate[w as usize] == NONE {
                partner = w;
            }
            least = least.min(room);
        }
        if least.is_finite() {
            vertex[v] += least;
        }
        if partner != NONE {
            mate[v] = partner;
            mate[partner as usize] = v as u32;
        }
    }
    mate
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The least cost of pairing all vertices, tried one by one.
    fn by_trying(n: usize, cost: &dyn Fn(usize, usize) -> f64, paired: &mut Vec<bool>) -> f64 {
        let Some(a) = (0..n).find(|&i| !paired[i]) else {
            return 0.0;
        };
        paired[a] = true;
        let mut best = f64::INFINITY;
        for b in a + 1..n {
            if !paired[b] {
                paired[b] = true;
                best = best.min(cost(a, b) + by_trying(n, cost, paired));
                paired[b] = false;
            }
        }
        paired[a] = false;
        best
    }

    fn holds(dual: &Dual, v: u32) -> Vec<u32> {
        let mut sets = Vec::new();
        let mut at = dual.within[v as usize];
        while at != NONE {
            sets.push(at);
            at = dual.odd_sets[at as usize].0;
        }
        sets
    }

    proptest! {
        #[test]
        fn duals_are_feasible_and_prove_the_least_matching(
            half in 1_usize..6,
            costs in prop::collection::vec(0_u8..30, 100),
            same in any::<bool>(),
        ) {
            let n = 2 * half;
            let cost = |a: usize, b: usize| {
                let c = f64::from(costs[(a.min(b) * 10 + a.max(b)) % 100]);
                if same { (c / 6.0).floor() } else { c }
            };
            let mut edges = Vec::new();
            for a in 0..n {
                for b in a + 1..n {
                    edges.push((a as u32, b as u32, cost(a, b)));
                }
            }
            let dual = solve(&Graph::new(n, &edges), vec![0.0; n], 1e-9);
            for &(a, b, cost) in &edges {
                let (of_a, of_b) = (holds(&dual, a), holds(&dual, b));
                let one_of = |x: &[u32], y: &[u32]| -> f64 {
                    let only = x.iter().filter(|s| !y.contains(s));
                    only.map(|&s| dual.odd_sets[s as usize].1).sum()
                };
                let sum = dual.vertex[a as usize] + dual.vertex[b as usize]
                    + one_of(&of_a, &of_b) + one_of(&of_b, &of_a);
                prop_assert!(sum <= cost + 1e-6, "{sum} {cost}");
            }
            let mut size = vec![0; dual.odd_sets.len()];
            for v in 0..n as u32 {
                for s in holds(&dual, v) {
                    size[s as usize] += 1;
                }
            }
            prop_assert!(size.iter().all(|s| s % 2 == 1));
            let sum: f64 = dual.vertex.iter().sum::<f64>()
                + dual.odd_sets.iter().map(|s| s.1).sum::<f64>();
            let least = by_trying(n, &cost, &mut vec![false; n]);
            prop_assert!((sum - least).abs() < 1e-6, "{sum} {least}");
        }
    }

    /// Ends on a grid: many edges are as long, and blossoms nest.
    #[test]
    fn the_matching_costs_what_its_duals_prove() {
        for (n, side) in [(60_u64, 6_u64), (150, 12), (150, 1000)] {
            let at = |i: u64, salt: u64| ((i + 1) * (i + 7 + salt) * 7919 / 13 % side) as f64;
            let mut edges = Vec::new();
            for a in 0..n {
                for b in a + 1..n {
                    let (x, y) = (at(a, 0) - at(b, 0), at(a, 5) - at(b, 5));
                    edges.push((a as u32, b as u32, x.hypot(y)));
                }
            }
            let graph = Graph::new(n as usize, &edges);
            let regions = grown(&graph, vec![0.0; n as usize], 1e-9);
            let pairs = (0..n as u32).map(|v| (v, regions.mate(v)));
            let cost: f64 = pairs
                .map(|(v, mate)| {
                    assert!(mate != NONE && regions.mate(mate) == v);
                    graph.cost(v, mate) / 2.0
                })
                .sum();
            let dual = solve(&graph, vec![0.0; n as usize], 1e-9);
            let sum =
                dual.vertex.iter().sum::<f64>() + dual.odd_sets.iter().map(|s| s.1).sum::<f64>();
            assert!((cost - sum).abs() < 1e-6, "{cost} {sum}");
        }
    }
}
