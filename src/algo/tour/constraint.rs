//! What an order must keep: precedence, and strokes that cannot be reversed.

use super::{Problem, Stroke};

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

    /// Nothing to keep.
    pub(super) fn none(n: usize) -> Self {
        Self {
            n,
            directed: false,
            one_way: vec![false; n],
            after: Adjacency::new(n, Vec::new()),
            before: Adjacency::new(n, Vec::new()),
            has_order: false,
        }
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

    /// Whether there is anything to keep.
    pub(super) const fn any(&self) -> bool {
        self.directed || self.has_order
    }

    pub(super) const fn has_order(&self) -> bool {
        self.has_order
    }

    /// Whether a node stands behind all that must come before it, and before all
    /// that must come after.
    pub(super) fn keeps(&self, place: &[u32], node: u32) -> bool {
        let at = |n: u32| place[n as usize];
        self.before(node).iter().all(|&b| at(b) < at(node))
            && self.after(node).iter().all(|&a| at(a) > at(node))
    }

    /// Whether strokes in this order, none reversed, keep the precedence.
    pub(super) fn allow(&self, strokes: impl Iterator<Item = u32>) -> bool {
        let mut place = vec![0_u32; self.n];
        for (i, stroke) in (1..).zip(strokes) {
            place[stroke as usize + 1] = i;
        }
        (1..self.n as u32).all(|node| self.keeps(&place, node))
    }

    /// The same order of entries, but each node is preceded by what must come before
    /// it: that is pulled forward to right before the first node that needs it.
    pub(super) fn repaired(&self, entries: &[u32]) -> Vec<u32> {
        if !self.has_order {
            return entries.to_vec();
        }
        // When each node's turn is, and where it is entered.
        let mut turn = vec![(0_u32, 0_u32); self.n];
        for (i, &entry) in entries.iter().enumerate() {
            turn[(entry / 2) as usize] = (i as u32, entry);
        }
        let mut done = vec![false; self.n];
        let mut out = Vec::with_capacity(entries.len());
        let mut stack = Vec::new();
        for &entry in entries {
            stack.push(entry / 2);
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
                    out.push(turn[top as usize].1);
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
