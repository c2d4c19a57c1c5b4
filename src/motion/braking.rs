//! Blocks that a planner of GRBL's kind holds, and the speeds at which they may be entered: planned
//! backwards from standstill behind the last one.
//!
//! A block may be entered at its cap, or at what it can brake from to the entry of the
//! block behind it, whichever is less. The firmware looks at all blocks for each one
//! that comes; here only those are looked at that can still change what is asked for,
//! with the same result to the bit. Three things make that possible. Sums and minima of
//! `f64` keep order, so an entry never falls as blocks are added. Hence one at its cap
//! stays, and so do all before it (they are *settled*). And an old entry is a lower
//! bound: one that is more than the block before can speed up to decides nothing.
//!
//! Squares of speeds throughout: v² = u² + 2ad.

/// Blocks that have run are let go of in batches of so many or more.
const BATCH: usize = 64;

/// A block with what bounds the speed at which it is entered.
#[derive(Clone, Copy, Debug)]
struct Held<B> {
    block: B,
    /// The most at its entry, mm²/s².
    cap_v2: f64,
    /// By how much the square of the speed may change along it, mm²/s².
    ramp_v2: f64,
    /// The planned entry; a lower bound of it where it is not settled.
    entry_v2: f64,
}

/// The blocks in order.
///
/// # Complexity
/// A block out costs O(1) where caps bind, as at corners and at a steady feed, and
/// O(blocks held) at worst; twice the most blocks ever held are kept, or a few.
#[derive(Clone, Debug)]
pub(super) struct LookAhead<B> {
    held: Vec<Held<B>>,
    /// Where the first block stands that has not run.
    first: usize,
    /// Entries before this place change no more.
    settled: usize,
}

impl<B: Copy> LookAhead<B> {
    pub(super) const fn new() -> Self {
        Self {
            held: Vec::new(),
            first: 0,
            settled: 0,
        }
    }

    /// How many blocks have not run.
    pub(super) const fn len(&self) -> usize {
        self.held.len() - self.first
    }

    /// Adds a block behind the others.
    pub(super) fn push(&mut self, block: B, cap_v2: f64, ramp_v2: f64) {
        self.held.push(Held {
            block,
            cap_v2,
            ramp_v2,
            entry_v2: lesser(cap_v2, ramp_v2),
        });
    }

    /// Takes the first block out, which is entered at `entry_v2`; gives it with the
    /// square of its exit speed.
    pub(super) fn pop(&mut self, entry_v2: f64) -> Option<(B, f64)> {
        let Held { block, ramp_v2, .. } = *self.held.get(self.first)?;
        let reach_v2 = entry_v2 + ramp_v2;
        let next = self.first + 1;
        let exit_v2 = match self.held.get(next) {
            None => 0.0,
            Some(b) if next < self.settled || b.entry_v2 >= reach_v2 => b.entry_v2,
            Some(_) => self.plan(next),
        };
        self.first = next;
        self.let_go();
        Some((block, lesser(exit_v2, reach_v2)))
    }

    /// Says that all blocks run before another is added.
    pub(super) fn settle(&mut self) {
        let next = self.first + 1;
        if next.max(self.settled) < self.held.len() {
            let _ = self.plan(next.max(self.settled));
        }
        self.settled = self.held.len();
    }

    /// Plans from the last block back to the one at `from`, and gives its entry.
    fn plan(&mut self, from: usize) -> f64 {
        let mut exit_v2 = 0.0_f64;
        let (mut at, mut capped) = (self.held.len(), 0);
        for b in self.held[from..].iter_mut().rev() {
            let brake_v2 = exit_v2 + b.ramp_v2;
            if b.cap_v2 <= brake_v2 && capped == 0 {
                capped = at;
            }
            at -= 1;
            exit_v2 = lesser(b.cap_v2, brake_v2);
            b.entry_v2 = exit_v2;
        }
        self.settled = self.settled.max(capped);
        exit_v2
    }

    /// Forgets blocks that have run when they are as many as those that have not.
    fn let_go(&mut self) {
        if self.first == self.held.len() || self.first >= BATCH.max(self.len()) {
            let _ = self.held.drain(..self.first);
            self.settled = self.settled.saturating_sub(self.first);
            self.first = 0;
        }
    }
}

/// The lesser of two numbers. A comparison, as `min` has to mind those that are none.
const fn lesser(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The exit of the first block, all others looked at.
    fn plain(blocks: &[(f64, f64)], entry_v2: f64) -> f64 {
        let back = |exit_v2: f64, (cap_v2, ramp_v2): &(f64, f64)| cap_v2.min(exit_v2 + ramp_v2);
        let exit_v2 = blocks[1..].iter().rev().fold(0.0, back);
        exit_v2.min(entry_v2 + blocks[0].1)
    }

    fn block() -> impl Strategy<Value = (f64, f64)> {
        let cap = prop_oneof![
            3 => Just(400.0),
            2 => 0.0..400.0_f64,
            1 => Just(0.0),
            1 => Just(f64::INFINITY),
        ];
        let ramp = prop_oneof![3 => 1.0..60.0_f64, 1 => Just(30.0), 1 => 0.01..2000.0_f64];
        (cap, ramp)
    }

    proptest! {
        #[test]
        fn exits_are_those_of_the_plain_way(
            // A block, and whether all stop behind it.
            blocks in prop::collection::vec((block(), prop::bool::weighted(0.02)), 1..400),
            depth in 1_usize..40,
        ) {
            let mut ahead = LookAhead::new();
            let mut all = std::collections::VecDeque::new();
            let mut entry_v2 = 0.0;
            let mut run = |ahead: &mut LookAhead<usize>, all: &mut std::collections::VecDeque<_>| {
                let expected = plain(all.make_contiguous(), entry_v2);
                let (_, exit_v2) = ahead.pop(entry_v2).unwrap();
                let _ = all.pop_front();
                entry_v2 = exit_v2;
                (exit_v2.to_bits(), expected.to_bits())
            };
            for (i, (b, stop)) in blocks.into_iter().enumerate() {
                ahead.push(i, b.0, b.1);
                all.push_back(b);
                if stop {
                    ahead.settle();
                }
                while !all.is_empty() && (stop || all.len() >= depth) {
                    let (got, expected) = run(&mut ahead, &mut all);
                    prop_assert_eq!(got, expected);
                }
                prop_assert_eq!(ahead.len(), all.len());
                prop_assert!(ahead.held.len() <= 2 * depth + BATCH);
            }
        }
    }

    #[test]
    fn at_a_steady_feed_nothing_is_planned_again() {
        let mut ahead = LookAhead::new();
        let mut entry_v2 = 400.0;
        let mut planned = 0;
        for i in 0..1000 {
            ahead.push(i, 400.0, 100.0);
            if ahead.len() >= 15 {
                let settled = ahead.settled - ahead.first.min(ahead.settled);
                let (_, exit_v2) = ahead.pop(entry_v2).unwrap();
                planned += usize::from(settled < 2);
                entry_v2 = exit_v2;
            }
        }
        assert!(planned < 1000 / 8, "{planned}");
    }
}
