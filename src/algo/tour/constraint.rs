//! What an order must keep: precedence, groups, and strokes that cannot be reversed.

use super::groups::Groups;
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
    groups: Option<Groups>,
}

/// For each node a list of others.
pub(super) struct Adjacency {
    first: Vec<u32>,
    list: Vec<u32>,
}

impl Adjacency {
    pub(super) fn new(n: usize, mut pairs: Vec<(u32, u32)>) -> Self {
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

    /// The pairs, as they were given.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        let nodes = 0..self.first.len() as u32 - 1;
        nodes.flat_map(|a| self.of(a).iter().map(move |&b| (a, b)))
    }

    /// Nodes in the order that they have, but each preceded by those that its list
    /// names: they are pulled forward to right before the first that needs them.
    /// `None` when lists go round.
    pub(super) fn repaired(&self, order: &[u32]) -> Option<Vec<u32>> {
        let n = self.first.len() - 1;
        let mut turn = vec![0_u32; n];
        for (i, &node) in (0..).zip(order) {
            turn[node as usize] = i;
        }
        let mut state = vec![State::Waits; n];
        let mut out = Vec::with_capacity(order.len());
        let mut stack = Vec::new();
        for &node in order {
            stack.push(node);
            while let Some(&top) = stack.last() {
                let was = std::mem::replace(&mut state[top as usize], State::Open);
                match was {
                    State::Done => {
                        state[top as usize] = State::Done;
                        let _ = stack.pop();
                    }
                    State::Open => {
                        state[top as usize] = State::Done;
                        out.push(top);
                        let _ = stack.pop();
                    }
                    State::Waits => {
                        let open = stack.len();
                        for &b in self.of(top) {
                            match state[b as usize] {
                                State::Waits => stack.push(b),
                                State::Open => return None,
                                State::Done => {}
                            }
                        }
                        // The one whose turn is first is done first.
                        stack[open..].sort_by_key(|&b| std::cmp::Reverse(turn[b as usize]));
                    }
                }
            }
        }
        Some(out)
    }
}

/// How far a node is while an order is repaired.
#[derive(Clone, Copy)]
enum State {
    Waits,
    /// What it needs is on the stack above it.
    Open,
    Done,
}

impl Constraints {
    /// `None` when the precedence contradicts itself, or groups wait for each other.
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
            groups: Groups::new(problem),
        };
        let all: Vec<u32> = (0..n as u32).collect();
        let _ = constraints.before.repaired(&all)?;
        if let Some(groups) = &constraints.groups {
            let all: Vec<u32> = (0..=groups.count() as u32).collect();
            let _ = groups.before().repaired(&all)?;
        }
        Some(constraints)
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
            groups: None,
        }
    }

    pub(super) const fn groups(&self) -> Option<&Groups> {
        self.groups.as_ref()
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
        self.directed || self.has_order || self.groups.is_some()
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

    /// Whether strokes in this order, none reversed, keep the precedence and the groups.
    pub(super) fn allow(&self, strokes: impl Iterator<Item = u32> + Clone) -> bool {
        let mut place = vec![0_u32; self.n];
        for (i, stroke) in (1..).zip(strokes.clone()) {
            place[stroke as usize + 1] = i;
        }
        let together = |g: &Groups| g.are_together(strokes.map(|s| s + 1));
        (1..self.n as u32).all(|node| self.keeps(&place, node))
            && self.groups.as_ref().is_none_or(together)
    }

    /// Whether an exchange leaves the groups together.
    pub(super) fn keeps_groups(&self, pairs: &[u32]) -> bool {
        self.groups.as_ref().is_none_or(|g| g.keeps(pairs))
    }

    /// The same order of entries, but with the groups together and in the order that
    /// `groups` has, and each node preceded by what must come before it: that is pulled
    /// forward to right before the first node that needs it.
    pub(super) fn repaired(&self, entries: &[u32], groups: &[u32]) -> Vec<u32> {
        let mut nodes: Vec<u32> = entries.iter().map(|e| e / 2).collect();
        if let Some(all) = &self.groups {
            let order = all.before().repaired(groups);
            let mut turn = vec![0; all.count() + 1];
            for (i, &group) in (0..).zip(order.as_deref().unwrap_or(groups)) {
                turn[group as usize] = i;
            }
            nodes.sort_by_key(|&n| turn[all.of(n) as usize]);
        }
        if self.has_order {
            nodes = self.before.repaired(&nodes).unwrap_or(nodes);
        }
        let mut entry = vec![0_u32; self.n];
        for &e in entries {
            entry[(e / 2) as usize] = e;
        }
        nodes.into_iter().map(|n| entry[n as usize]).collect()
    }
}
