//! Alternating moves: hops are taken away and others put in, one after the other
//! (Lin & Kernighan 1973).
//!
//! From an end whose hop is taken away to a near one, whose own hop goes too, and so
//! on, as long as more is taken than given. As each end has one hop, only what is
//! put in has to be chosen, which makes ten hops deep cheap. Nothing is changed
//! before a move is known to help.

use super::neighbours::Neighbours;
use std::collections::VecDeque;

/// Most hops that a move takes away.
pub(super) const DEPTH: usize = 10;

/// Gains below this share of what is taken away may be rounding, and would let moves
/// go round in circles.
const ROUNDING: f64 = 1e-9;

/// What hops there are, and what they cost.
pub(super) trait Hops {
    /// The end at the other side of the hop at `end`.
    fn partner(&self, end: u32) -> u32;
    /// The cost of a hop between two ends.
    fn link(&self, a: u32, b: u32) -> f64;
    /// Whether both ends of a node are one point.
    fn is_point(&self, node: u32) -> bool;
    /// Takes the hops between the ends of each pair away, and joins the second of
    /// each pair to the first of the next, round the end; `false`, and nothing is
    /// changed, where that is not allowed.
    fn exchange(&mut self, pairs: &[u32]) -> bool;
}

/// How wide a search is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Width {
    /// How many near ends are tried at each depth, eight at most.
    pub(super) breadth: [usize; DEPTH],
    /// Least gain of a move, as a share of the first hop taken away.
    pub(super) least: f64,
}

/// Nodes whose ends are still to be looked at, each once.
pub(super) struct Queue {
    queue: VecDeque<u32>,
    queued: Vec<bool>,
    /// Ends of the hops taken away, in pairs.
    chain: Vec<u32>,
}

impl Queue {
    pub(super) fn new(nodes: usize) -> Self {
        Self {
            queue: VecDeque::new(),
            queued: vec![false; nodes],
            chain: Vec::with_capacity(2 * DEPTH),
        }
    }

    pub(super) fn push(&mut self, node: u32) {
        if !std::mem::replace(&mut self.queued[node as usize], true) {
            self.queue.push_back(node);
        }
    }

    /// Makes moves until none that begins at a queued node helps; gives what was
    /// gained.
    pub(super) fn drain(&mut self, hops: &mut impl Hops, near: &Neighbours, width: &Width) -> f64 {
        let mut gained = 0.0;
        while let Some(node) = self.queue.pop_front() {
            self.queued[node as usize] = false;
            for side in 0..2 {
                while let Some(gain) = self.improve(2 * node + side, hops, near, width) {
                    gained += gain;
                }
            }
        }
        gained
    }

    /// Takes away the hop at `end` if that leads to something shorter; gives the gain.
    fn improve(
        &mut self,
        end: u32,
        hops: &mut impl Hops,
        near: &Neighbours,
        width: &Width,
    ) -> Option<f64> {
        let other = hops.partner(end);
        let old = hops.link(end, other);
        if old <= 0.0 {
            return None;
        }
        self.chain.clear();
        self.chain.extend([end, other]);
        let gain = self.extend([old, old], width.least * old, hops, near, width)?;
        for i in 0..self.chain.len() {
            self.push(self.chain[i] / 2);
        }
        Some(gain)
    }

    /// Goes on from the last end of the chain; `open` is what has been taken away
    /// less what has been put in, `taken` the former alone. At most [`DEPTH`] calls
    /// deep.
    fn extend(
        &mut self,
        [open, taken]: [f64; 2],
        least: f64,
        hops: &mut impl Hops,
        near: &Neighbours,
        width: &Width,
    ) -> Option<f64> {
        let depth = self.chain.len() / 2;
        let (first, last) = (self.chain[0], self.chain[2 * depth - 1]);
        let breadth = width.breadth[depth - 1];
        let mut best = [(0.0, 0, 0); 8];
        let mut found = 0;
        for &end in near.of(last) {
            let added = hops.link(last, end);
            if added >= open {
                continue;
            }
            let ends = if hops.is_point(end / 2) { 2 } else { 1 };
            for end in [end, end ^ 1].into_iter().take(ends) {
                if self.chain.contains(&end) {
                    continue;
                }
                let next = hops.partner(end);
                let rest = open - added + hops.link(end, next);
                // The best few, the best first.
                let at = best[..found].partition_point(|b| b.0 >= rest);
                if at < breadth {
                    found = (found + 1).min(breadth);
                    best[at..found].rotate_right(1);
                    best[at] = (rest, end, next);
                }
            }
        }
        for &(rest, end, next) in &best[..found] {
            self.chain.extend([end, next]);
            let taken = taken + hops.link(end, next);
            let gain = rest - hops.link(next, first);
            if gain > least.max(ROUNDING * taken) && hops.exchange(&self.chain) {
                return Some(gain);
            }
            if depth + 1 < DEPTH
                && let Some(gain) = self.extend([rest, taken], least, hops, near, width)
            {
                return Some(gain);
            }
            self.chain.truncate(2 * depth);
        }
        None
    }
}
