//! Local search: 2-opt and Or-opt moves over neighbour lists, and kicks.
//!
//! Every move is a few reversals of runs in the array, so that undoing one is
//! reversing again. A move is priced before anything is rewritten.

use super::Options;
use super::constraint::Constraints;
use super::neighbours::Neighbours;
use super::state::Tour;
use crate::geom::Point;
use std::collections::VecDeque;

/// Gains below this share of the hops that a move takes away may be rounding, and
/// would let moves go round in circles.
const LEAST_GAIN: f64 = 1e-9;
/// Longer runs are not rewritten in the descent.
const LONGEST_RUN: usize = 50_000;
/// Nor are these while a kick is being repaired.
const LONGEST_KICK_RUN: usize = 1_000;
/// Longest run that Or-opt moves.
const OR_LENGTH: usize = 3;
/// Longest run that a kick moves.
const KICK_LENGTH: u64 = 50;

/// One local search over a tour.
pub(super) struct Search<'t, 'a, H> {
    tour: &'t mut Tour<'a, H>,
    near: &'t Neighbours,
    constraints: &'t Constraints,
    queue: VecDeque<u32>,
    queued: Vec<bool>,
    undo: Vec<(u32, u32)>,
    longest: usize,
}

/// A move that was found: what it gains and which runs it turns, in order.
struct Move {
    gain: f64,
    turns: [(usize, usize); 3],
}

const NO_TURN: (usize, usize) = (1, 0);

impl<'t, 'a, H: Fn(Point, Point) -> f64 + Sync> Search<'t, 'a, H> {
    pub(super) fn new(
        tour: &'t mut Tour<'a, H>,
        near: &'t Neighbours,
        constraints: &'t Constraints,
    ) -> Self {
        let n = tour.len();
        Self {
            tour,
            near,
            constraints,
            queue: VecDeque::new(),
            queued: vec![false; n],
            undo: Vec::new(),
            longest: LONGEST_RUN,
        }
    }

    /// Improves until no move helps any more.
    pub(super) fn descend(&mut self) {
        self.longest = LONGEST_RUN;
        for i in 0..self.tour.len() {
            self.push(self.tour.order[i]);
        }
        let _ = self.drain();
        self.undo.clear();
    }

    /// Kicks: two neighbouring runs change places, the damage is repaired, and
    /// the result is kept when it is shorter.
    pub(super) fn kick(&mut self, options: &Options) {
        let n = self.tour.len();
        if n < 5 {
            return;
        }
        self.longest = LONGEST_KICK_RUN;
        // The generator must not start at 0.
        let mut random = Random((options.seed ^ 0x9e37_79b9_7f4a_7c15).max(1));
        let kicks = options.kicks.saturating_mul(n).min(options.most_kicks);
        for _ in 0..kicks {
            let from = 1 + random.below(n as u64 - 2) as usize;
            let room = (n - from) as u64;
            let first = 1 + random.below(KICK_LENGTH.min(room - 1)) as usize;
            let room = (n - from - first) as u64;
            let second = 1 + random.below(KICK_LENGTH.min(room)) as usize;
            let (mid, to) = (from + first - 1, from + first + second - 1);
            let Some(swap) = self.swap(from, mid, to) else {
                continue;
            };
            self.undo.clear();
            let mut gain = swap.gain;
            self.carry_out(&swap);
            gain += self.drain();
            if gain <= LEAST_GAIN {
                while let Some((from, to)) = self.undo.pop() {
                    self.tour.reverse(from as usize, to as usize);
                }
            }
        }
        self.undo.clear();
    }

    /// The runs `from..=mid` and `mid + 1..=to` change places.
    fn swap(&self, from: usize, mid: usize, to: usize) -> Option<Move> {
        let t = &*self.tour;
        if !self
            .constraints
            .may_swap(&t.order, &t.place, (from, mid, to))
        {
            return None;
        }
        let (a, b, c) = (t.at(from - 1), t.at(from), t.at(mid));
        let (d, e, f) = (t.at(mid + 1), t.at(to), t.at(to + 1));
        let old = t.between(a, b) + t.between(c, d) + t.between(e, f);
        let new = t.between(a, d) + t.between(e, b) + t.between(c, f);
        let second = to - mid;
        Some(Move {
            gain: old - new,
            turns: [(from, to), (from, from + second - 1), (from + second, to)],
        })
    }

    /// Works off the queue; gives what was gained.
    fn drain(&mut self) -> f64 {
        let mut gained = 0.0;
        while let Some(node) = self.queue.pop_front() {
            self.queued[node as usize] = false;
            while let Some(found) = self.improve(node) {
                gained += found.gain;
                self.carry_out(&found);
            }
        }
        gained
    }

    fn push(&mut self, node: u32) {
        if !std::mem::replace(&mut self.queued[node as usize], true) {
            self.queue.push_back(node);
        }
    }

    fn carry_out(&mut self, found: &Move) {
        for (from, to) in found.turns {
            if from < to {
                self.tour.reverse(from, to);
                self.undo.push((from as u32, to as u32));
            } else if from == to {
                self.tour.reverse(from, from);
                self.undo.push((from as u32, from as u32));
            }
            if from <= to {
                for place in [from - 1, from, to, to + 1] {
                    self.push(self.tour.at(place));
                }
            }
        }
    }

    /// The best move that gives `node` a nearer neighbour.
    fn improve(&self, node: u32) -> Option<Move> {
        let mut best: Option<Move> = None;
        for side in 0..2 {
            self.improve_end(node, side, &mut best);
        }
        best
    }

    /// Tries to join one end of `node` to each of its neighbours.
    fn improve_end(&self, node: u32, side: u32, best: &mut Option<Move>) {
        let t = &*self.tour;
        let is_exit = (side == 1) != t.flipped[node as usize];
        // Home is left by its exit only, and its entry stays the last place.
        if node == 0 && side == 0 {
            return;
        }
        let i = t.place[node as usize] as usize;
        let old = t.hop_into(if is_exit { i + 1 } else { i });
        let p = t.ends[node as usize][side as usize];
        for &end in self.near.of(2 * node + side) {
            let (other, other_side) = (end / 2, end % 2);
            let q = t.ends[other as usize][other_side as usize];
            let new = t.hop(p, q);
            if new >= old {
                continue;
            }
            let j = t.place[other as usize] as usize;
            let other_exit = (other_side == 1) != t.flipped[other as usize];
            // Both ends of a closed stroke are at its start.
            let both = t.closed[other as usize];
            if other_exit == is_exit || both {
                self.two_opt(i, j, is_exit, best);
            }
            if i != 0 {
                self.or_opt(i, is_exit, j, other_exit, best);
                if both {
                    self.or_opt(i, is_exit, j, !other_exit, best);
                }
            }
        }
    }

    /// Joins the exits, or the entries, of the nodes at two places by turning
    /// round what lies between.
    fn two_opt(&self, i: usize, j: usize, exits: bool, best: &mut Option<Move>) {
        let t = &*self.tour;
        let (i, j) = (i.min(j), i.max(j));
        let (from, to) = if exits { (i + 1, j) } else { (i, j - 1) };
        if i == j || from == 0 || to < from || to - from >= self.longest {
            return;
        }
        let (a, b, c, d) = (t.at(from - 1), t.at(from), t.at(to), t.at(to + 1));
        // After the turn, `a` meets the exit of `c`, and `d` the entry of `b`.
        let old = t.between(a, b) + t.between(c, d);
        let new = t.link(a, t.exit(a), c, t.exit(c)) + t.link(b, t.entry(b), d, t.entry(d));
        let gain = old - new;
        if best.as_ref().is_none_or(|m| gain > m.gain)
            && gain > LEAST_GAIN * old
            && self.constraints.may_reverse(&t.order, &t.place, from, to)
        {
            *best = Some(Move {
                gain,
                turns: [(from, to), NO_TURN, NO_TURN],
            });
        }
    }

    /// Moves a run of up to three nodes that ends (or begins) at place `i` such
    /// that this end meets the given end of the node at place `j`.
    fn or_opt(&self, i: usize, is_exit: bool, j: usize, other_exit: bool, best: &mut Option<Move>) {
        let t = &*self.tour;
        // The gap where the run goes: between places `gap` and `gap + 1`.
        let gap = if other_exit { j } else { j.wrapping_sub(1) };
        if gap >= t.len() {
            return;
        }
        for length in 1..=OR_LENGTH {
            let (from, to) = if is_exit {
                if i < length {
                    break;
                }
                (i + 1 - length, i)
            } else {
                (i, i + length - 1)
            };
            if from == 0 || to >= t.len() {
                break;
            }
            if gap + 1 >= from && gap <= to {
                // The gap is at the run itself.
                break;
            }
            let (prev, first) = (t.at(from - 1), t.at(from));
            let (last, next) = (t.at(to), t.at(to + 1));
            let (left, right) = (t.at(gap), t.at(gap + 1));
            // Unturned, the run's exit meets an entry, or its entry an exit.
            let turned = is_exit == other_exit;
            let old = t.between(prev, first) + t.between(last, next) + t.between(left, right);
            let (enter, leave) = if turned {
                (t.exit(last), t.entry(first))
            } else {
                (t.entry(first), t.exit(last))
            };
            let new = t.between(prev, next)
                + t.link(left, t.exit(left), first, enter)
                + t.link(last, leave, right, t.entry(right));
            let gain = old - new;
            if gain <= LEAST_GAIN * old || best.as_ref().is_some_and(|m| gain <= m.gain) {
                continue;
            }
            if let Some(turns) = self.or_turns(from, to, gap, turned) {
                *best = Some(Move { gain, turns });
            }
        }
    }

    /// The reversals that bring the run `from..=to` into the gap, if allowed.
    fn or_turns(
        &self,
        from: usize,
        to: usize,
        gap: usize,
        turned: bool,
    ) -> Option<[(usize, usize); 3]> {
        let t = &*self.tour;
        let length = to - from + 1;
        let (low, mid, high) = if gap > to {
            (from, to, gap)
        } else {
            (gap + 1, from - 1, to)
        };
        if high - low >= self.longest
            || !self
                .constraints
                .may_swap(&t.order, &t.place, (low, mid, high))
            || turned && !self.constraints.may_reverse(&t.order, &t.place, from, to)
        {
            return None;
        }
        // All turned round, then what must not be turned once more.
        let (run, others) = if gap > to {
            ((high + 1 - length, high), (low, high - length))
        } else {
            ((low, low + length - 1), (low + length, high))
        };
        Some([(low, high), others, if turned { NO_TURN } else { run }])
    }
}

/// xorshift64* (Vigna 2016): small, fast, the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32;
        (high * bound) >> 32
    }
}
