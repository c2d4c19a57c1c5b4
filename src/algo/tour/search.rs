//! Search on the tour: a descent, then kicks.

use super::chain::{DEPTH, Hops, Queue, Width};
use super::constraint::Constraints;
use super::neighbours::Neighbours;
use super::state::{Piece, Tour};
use crate::geom::Point;

pub(super) const DESCENT: Width = Width {
    breadth: [5, 5, 3, 2, 1, 1, 1, 1, 1, 1],
    least: 0.0,
};
/// While the damage of a kick is repaired: what matters is found soon.
const REPAIR: Width = Width {
    breadth: [5, 3, 1, 1, 1, 1, 1, 1, 1, 1],
    least: 3e-3,
};
/// Less may be rounding: the order is kept as it was.
const LEAST_GAIN: f64 = 1e-9;
/// More places are not rewritten for one move.
const MOST_REWRITTEN: usize = 50_000;
/// Longest run that a kick moves.
const KICK_LENGTH: u64 = 10;

/// One local search over a tour.
pub(super) struct Search<'t, 'a, H> {
    hops: Rewriting<'t, 'a, H>,
    near: &'t Neighbours,
    queue: Queue,
}

/// The hops of a tour; moves keep it one tour, and what constrains it.
struct Rewriting<'t, 'a, H> {
    tour: &'t mut Tour<'a, H>,
    constraints: &'t Constraints,
    pieces: Vec<Piece>,
}

impl<'t, 'a, H: Fn(Point, Point) -> f64 + Sync> Search<'t, 'a, H> {
    pub(super) fn new(
        tour: &'t mut Tour<'a, H>,
        near: &'t Neighbours,
        constraints: &'t Constraints,
    ) -> Self {
        Self {
            queue: Queue::new(tour.len()),
            near,
            hops: Rewriting {
                tour,
                constraints,
                pieces: Vec::with_capacity(DEPTH),
            },
        }
    }

    /// Improves until no move helps any more.
    pub(super) fn descend(&mut self) {
        self.hops.tour.keep_undo(false);
        for i in 0..self.hops.tour.len() {
            self.queue.push(self.hops.tour.order[i]);
        }
        let _ = self.queue.drain(&mut self.hops, self.near, &DESCENT);
    }

    /// Kicks the tour so often: two neighbouring runs change places, the damage is
    /// repaired, and the result is kept when it is shorter.
    pub(super) fn kick(&mut self, seed: u64, kicks: usize) {
        let n = self.hops.tour.len();
        if n < 5 {
            return;
        }
        self.hops.tour.keep_undo(true);
        // The generator must not start at 0.
        let mut random = Random((seed ^ 0x9e37_79b9_7f4a_7c15).max(1));
        for _ in 0..kicks {
            let length = |r: &mut Random| 1 + r.below(KICK_LENGTH.min(n as u64 / 3)) as usize;
            let (first, second) = (length(&mut random), length(&mut random));
            let from = random.below(n as u64) as usize;
            let mut gain = self.swap(from, first, second);
            gain += self.queue.drain(&mut self.hops, self.near, &REPAIR);
            if gain > LEAST_GAIN {
                self.hops.tour.forget();
            } else {
                self.hops.tour.undo();
            }
        }
        self.hops.tour.keep_undo(false);
    }

    /// The runs of `first` and `second` nodes from place `from` on change places;
    /// gives what that gains, which is seldom above 0.
    fn swap(&mut self, from: usize, first: usize, second: usize) -> f64 {
        let t = &*self.hops.tour;
        let n = t.len();
        let cuts = [from, (from + first) % n, (from + first + second) % n];
        let [a, c, e] = cuts.map(|place| t.end_before(place));
        let [b, d, f] = [a, c, e].map(|end| t.partner(end));
        let old = t.link(a, b) + t.link(c, d) + t.link(e, f);
        let new = t.link(a, d) + t.link(e, b) + t.link(c, f);
        // a b … c d … e f becomes a d … e b … c f.
        let pairs = [a, b, e, f, c, d];
        if !self.hops.exchange(&pairs) {
            return 0.0;
        }
        for end in pairs {
            self.queue.push(end / 2);
        }
        old - new
    }
}

impl<H: Fn(Point, Point) -> f64 + Sync> Hops for Rewriting<'_, '_, H> {
    fn partner(&self, end: u32) -> u32 {
        self.tour.partner(end)
    }

    fn link(&self, a: u32, b: u32) -> f64 {
        self.tour.link(a, b)
    }

    fn is_point(&self, node: u32) -> bool {
        self.tour.closed[node as usize]
    }

    fn exchange(&mut self, pairs: &[u32]) -> bool {
        self.leaves_one_tour(pairs)
            && self
                .tour
                .rewrite(&self.pieces, MOST_REWRITTEN, self.constraints)
    }
}

impl<H: Fn(Point, Point) -> f64 + Sync> Rewriting<'_, '_, H> {
    /// Whether an exchange leaves one tour; if so, its pieces in order.
    fn leaves_one_tour(&mut self, pairs: &[u32]) -> bool {
        let t = &*self.tour;
        let hops = pairs.len() / 2;
        // Where the hops taken away lead, sorted: piece `i` begins at place `cuts[i]`.
        // With it stand the exit before and the entry, as indices into the pairs.
        let mut cuts = [(0_usize, 0_usize, 0_usize); DEPTH];
        for (i, pair) in pairs.chunks_exact(2).enumerate() {
            let (a, b) = (2 * i, 2 * i + 1);
            cuts[i] = if t.is_exit(pair[0]) {
                (t.place_behind(pair[0]), a, b)
            } else {
                (t.place_behind(pair[1]), b, a)
            };
        }
        let cuts = &mut cuts[..hops];
        cuts.sort_unstable();
        // Which piece an end bounds, and whether the piece ends there.
        let mut piece_of = [(0, false); 2 * DEPTH];
        for (i, &(_, exit, entry)) in cuts.iter().enumerate() {
            piece_of[entry] = (i, false);
            piece_of[exit] = ((i + hops - 1) % hops, true);
        }
        let piece = |i: usize, turned| {
            let (from, to) = (cuts[i].0, cuts[(i + 1) % hops].0);
            let length = if to > from {
                to - from
            } else {
                to + t.len() - from
            };
            Piece {
                from,
                length,
                turned,
            }
        };
        self.pieces.clear();
        let (mut i, mut turned) = (0, false);
        loop {
            self.pieces.push(piece(i, turned));
            let at = if turned {
                cuts[i].2
            } else {
                cuts[(i + 1) % hops].1
            };
            // The second of each pair is joined to the first of the next.
            let joined = if at % 2 == 1 {
                at + 1
            } else {
                at + 2 * hops - 1
            };
            (i, turned) = piece_of[joined % (2 * hops)];
            if i == 0 || self.pieces.len() == hops {
                return i == 0 && self.pieces.len() == hops;
            }
        }
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
