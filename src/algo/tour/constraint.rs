//! What an order must keep: precedence, and strokes that cannot be reversed.

use super::{Problem, Stroke, Visit};

/// Constraints by node (stroke + 1; home is 0).
pub(super) struct Constraints {
    n: usize,
    one_way: Vec<bool>,
    /// Whether any stroke is one-way.
    directed: bool,
    after: Adjacency,
    before: Adjacency,
    has_order: bool,
}

/// For each node a list of others.
struct Adjacency {
    first: Vec<u32>,
    list: Vec<u32>,
}

impl Adjacency {
    fn new(n: usize, mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut first = vec![0; n + 1];
        for (a, _) in &pairs {
            first[*a as usize + 1] += 1;
        }
        for i in 0..n {
            first[i + 1] += first[i];
        }
        Self {
            first,
            list: pairs.into_iter().map(|p| p.1).collect(),
        }
    }

    fn of(&self, node: u32) -> &[u32] {
        let i = node as usize;
        &self.list[self.first[i] as usize..self.first[i + 1] as usize]
    }
}

impl Constraints {
    /// `None` when the precedence contradicts itself.
    pub(super) fn new(problem: &Problem<'_>) -> Option<Self> {
        let n = problem.strokes.len() + 1;
        let mut one_way = vec![false; n];
        for (i, s) in problem.strokes.iter().enumerate() {
            one_way[i + 1] = matches!(
                s,
                Stroke::Open {
                    reversible: false,
                    ..
                }
            );
        }
        let pairs = |swap: bool| {
            problem
                .before
                .iter()
                .map(|&(a, b)| if swap { (b + 1, a + 1) } else { (a + 1, b + 1) })
                .collect()
        };
        let constraints = Self {
            n,
            directed: one_way.contains(&true),
            one_way,
            after: Adjacency::new(n, pairs(false)),
            before: Adjacency::new(n, pairs(true)),
            has_order: !problem.before.is_empty(),
        };
        constraints.is_acyclic().then_some(constraints)
    }

    /// Whether any stroke cannot be reversed.
    pub(super) const fn directed(&self) -> bool {
        self.directed
    }

    pub(super) fn one_way(&self, node: u32) -> bool {
        self.one_way[node as usize]
    }

    /// Nodes that must come after `node`.
    pub(super) fn after(&self, node: u32) -> &[u32] {
        self.after.of(node)
    }

    /// Nodes that must come before `node`.
    pub(super) fn before(&self, node: u32) -> &[u32] {
        self.before.of(node)
    }

    /// Whether the run of nodes at places `from..=to` may be turned round.
    pub(super) fn may_reverse(&self, order: &[u32], place: &[u32], from: usize, to: usize) -> bool {
        if !self.directed && !self.has_order {
            return true;
        }
        order[from..=to].iter().all(|&node| {
            !self.one_way(node)
                && self
                    .after(node)
                    .iter()
                    .all(|&b| place[b as usize] as usize > to)
        })
    }

    /// Whether the runs `from..=mid` and `mid + 1..=to` may change places.
    pub(super) fn may_swap(
        &self,
        order: &[u32],
        place: &[u32],
        (from, mid, to): (usize, usize, usize),
    ) -> bool {
        if !self.has_order {
            return true;
        }
        let beyond = |p: usize| p <= mid || p > to;
        // Asking the shorter run is enough.
        if mid - from <= to - mid {
            order[from..=mid].iter().all(|&node| {
                let after = self.after(node);
                after.iter().all(|&b| beyond(place[b as usize] as usize))
            })
        } else {
            order[mid + 1..=to].iter().all(|&node| {
                let within = |p: usize| from <= p && p <= mid;
                let before = self.before(node);
                !before.iter().any(|&a| within(place[a as usize] as usize))
            })
        }
    }

    /// Whether visits keep the precedence and directions.
    pub(super) fn allow(&self, visits: &[Visit]) -> bool {
        let mut place = vec![0_u32; self.n];
        for (i, v) in visits.iter().enumerate() {
            place[v.stroke as usize + 1] = i as u32;
        }
        visits.iter().all(|v| {
            let node = v.stroke + 1;
            let after = self.after(node);
            !(v.reversed && self.one_way(node))
                && after
                    .iter()
                    .all(|&b| place[b as usize] > place[node as usize])
        })
    }

    /// The same order, but each node is preceded by what must come before it:
    /// that is pulled forward to right before the first node that needs it.
    pub(super) fn repaired(&self, order: &[(u32, bool)]) -> Vec<(u32, bool)> {
        if !self.has_order {
            return order.to_vec();
        }
        let mut turn = vec![(0_u32, false); self.n];
        for (i, &(node, flipped)) in order.iter().enumerate() {
            turn[node as usize] = (i as u32, flipped);
        }
        let mut done = vec![false; self.n];
        let mut out = Vec::with_capacity(order.len());
        let mut stack = Vec::new();
        for &(node, _) in order {
            stack.push(node);
            while let Some(&top) = stack.last() {
                if done[top as usize] {
                    let _ = stack.pop();
                    continue;
                }
                let open = stack.len();
                let before = self.before(top);
                stack.extend(before.iter().copied().filter(|&b| !done[b as usize]));
                if stack.len() == open {
                    done[top as usize] = true;
                    out.push((top, turn[top as usize].1));
                    let _ = stack.pop();
                } else {
                    // The one whose turn is first is done first.
                    stack[open..].sort_by_key(|&b| std::cmp::Reverse(turn[b as usize].0));
                }
            }
        }
        out
    }

    fn is_acyclic(&self) -> bool {
        let mut waits: Vec<usize> = (0..self.n as u32).map(|i| self.before(i).len()).collect();
        let mut free: Vec<u32> = (0..self.n as u32)
            .filter(|&i| waits[i as usize] == 0)
            .collect();
        let mut seen = 0;
        while let Some(node) = free.pop() {
            seen += 1;
            for &b in self.after(node) {
                waits[b as usize] -= 1;
                if waits[b as usize] == 0 {
                    free.push(b);
                }
            }
        }
        seen == self.n
    }
}
