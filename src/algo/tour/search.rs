//! Search on the tour: a descent, then kicks.

use super::chain::{DEPTH, Moves, Queue, Width};
use super::constraint::Constraints;
use super::groups::Groups;
use super::hops::Hops;
use super::neighbours::Neighbours;
use super::progress::Progress;
use super::state::Tour;
use crate::geom::Point;

/// Moves of a tour are tried in vain more often the longer they are.
const DESCENT: Width = Width {
    depth: 6,
    tries: 300,
    eager: false,
    least: 0.0,
};
/// While the damage of a kick is repaired: what matters is found soon.
const fn repair(hops: usize) -> Width {
    Width {
        depth: if hops < DEPTH { hops } else { DEPTH },
        tries: 10 * hops,
        eager: true,
        least: 3e-3,
    }
}
/// Less may be rounding.
const LEAST_GAIN: f64 = 1e-9;
/// More places are not rewritten for one move.
const MOST_REWRITTEN: usize = 50_000;
/// What a kick may lose at first, about, as a share of the mean hop: less and less
/// until nothing.
const HEAT: f64 = 0.1;
/// Longest run that a kick moves.
const KICK_LENGTH: u64 = 50;
/// Most groups that a kick moves at once.
const KICK_GROUPS: u64 = 8;
/// The caller is asked once in so many kicks whether to go on.
const KICKS_AT_ONCE: usize = 256;
/// How often a place is drawn until one has a hop that costs something before it:
/// where strokes touch, there is little to gain.
const DRAWS: usize = 20;

/// One local search over a tour.
pub(super) struct Search<'t, 'a, H> {
    moves: OneTour<'t, 'a, H>,
    near: &'t Neighbours,
    queue: Queue<'t>,
    progress: &'t Progress<'t>,
}

/// Moves that keep the tour one, and what constrains it.
struct OneTour<'t, 'a, H> {
    tour: &'t mut Tour<'a, H>,
    constraints: &'t Constraints,
}

impl<'a, H: Fn(Point, Point) -> f64 + Sync> Moves<'a, H> for OneTour<'_, 'a, H> {
    fn hops(&self) -> &Hops<'a, H> {
        &self.tour.hops
    }

    fn exchange(&mut self, pairs: &[u32]) -> bool {
        self.tour.exchange(pairs, MOST_REWRITTEN, self.constraints)
    }

    fn start_at(&mut self, node: u32, choice: u32) {
        self.tour.start_at(node, choice);
    }
}

impl<'t, 'a, H: Fn(Point, Point) -> f64 + Sync> Search<'t, 'a, H> {
    pub(super) fn new(
        tour: &'t mut Tour<'a, H>,
        near: &'t Neighbours,
        constraints: &'t Constraints,
        progress: &'t Progress<'t>,
    ) -> Self {
        Self {
            queue: Queue::new(tour.len(), progress),
            progress,
            near,
            moves: OneTour { tour, constraints },
        }
    }

    /// Improves until no move helps any more.
    pub(super) fn descend(&mut self) {
        for place in 0..self.moves.tour.len() {
            let exit = self.moves.tour.exit_before(place);
            self.queue.push(exit);
            self.queue.push(self.moves.tour.hops.mate(exit).end);
        }
        self.drain();
    }

    /// Improves until no move from where hops are not what they `were` helps.
    pub(super) fn descend_from(&mut self, were: &[u32]) {
        let changed: Vec<u32> = (0..)
            .zip(self.moves.tour.hops.mates())
            .filter(|(end, mate)| were[*end as usize] != *mate)
            .map(|(end, _)| end)
            .collect();
        for end in changed {
            self.queue.push(end);
        }
        self.drain();
    }

    fn drain(&mut self) {
        self.moves.tour.keep_undo(false);
        let _ = self.queue.drain(&mut self.moves, self.near, &DESCENT);
    }

    /// Kicks the tour so often: two neighbouring runs change places, the damage is
    /// repaired by moves of so many hops at most, and the result is kept when it is
    /// shorter, or, by chance, when it is little longer: the later, the less (Metropolis
    /// et al. 1953). What comes out is never longer than what was there.
    pub(super) fn kick(&mut self, seed: u64, kicks: usize, hops: usize) {
        let repair = repair(hops);
        let n = self.moves.tour.len();
        if n < 5 {
            return;
        }
        self.moves.tour.keep_undo(true);
        let before = self.moves.tour.saved();
        let warm = before.cost() / n as f64 * HEAT;
        // The generator must not start at 0.
        let mut random = Random((seed ^ 0x9e37_79b9_7f4a_7c15).max(1));
        for i in 0..kicks {
            if i % KICKS_AT_ONCE == 0 && !self.progress.add(KICKS_AT_ONCE.min(kicks - i)) {
                break;
            }
            let length = |r: &mut Random| 1 + r.below(KICK_LENGTH.min(n as u64 / 3)) as usize;
            let lengths = [length(&mut random), length(&mut random)];
            let from = self.worth_a_kick(&mut random);
            let cuts = match self.moves.constraints.groups() {
                Some(groups) => self.cuts_among(groups, from, &mut random),
                None => [from, from + lengths[0], from + lengths[0] + lengths[1]].map(|p| p % n),
            };
            let mut gain = self.swap(cuts);
            gain += self.queue.drain(&mut self.moves, self.near, &repair);
            let heat = warm * (1.0 - i as f64 / kicks as f64);
            let least = LEAST_GAIN + heat * random.share().ln();
            if gain > least && gain != 0.0 {
                self.moves.tour.forget();
            } else {
                self.moves.tour.undo(self.moves.constraints);
            }
        }
        self.moves.tour.keep_undo(false);
        self.moves.tour.keep_better(before);
    }

    /// A place whose hop may be saved.
    fn worth_a_kick(&self, random: &mut Random) -> usize {
        let tour = &self.moves.tour;
        let mut place = 0;
        for _ in 0..DRAWS {
            place = random.below(tour.len() as u64) as usize;
            if tour.hops.mate(tour.exit_before(place)).cost > 0.0 {
                break;
            }
        }
        place
    }

    /// Three places whose runs may change places without taking a group apart: either
    /// all in the group of a place, or all between groups.
    fn cuts_among(&self, groups: &Groups, place: usize, random: &mut Random) -> [usize; 3] {
        let tour = &self.moves.tour;
        let n = tour.len();
        let size = |place: usize| groups.size(tour.at(place % n));
        // Home is alone.
        let may_move_groups = groups.count() > 1;
        let place = if may_move_groups { place } else { place.max(1) };
        let begin = tour.begin_of_group(groups, place);
        let end = begin + size(begin);
        if size(begin) > 1 && (random.below(2) == 0 || !may_move_groups) {
            let from = place.min(end - 2);
            let first = 1 + random.below(KICK_LENGTH.min((end - from - 1) as u64)) as usize;
            let second = 1 + random.below(KICK_LENGTH.min((end - from - first) as u64)) as usize;
            return [from, from + first, from + first + second].map(|p| p % n);
        }
        let most = KICK_GROUPS.min((groups.count() as u64 + 1) / 3);
        let mut cuts = [begin; 3];
        for i in 1..3 {
            cuts[i] = cuts[i - 1];
            for _ in 0..=random.below(most) {
                cuts[i] += size(cuts[i]);
            }
        }
        cuts.map(|p| p % n)
    }

    /// The runs of nodes between three places change places; gives what that gains,
    /// which is seldom above 0.
    fn swap(&mut self, cuts: [usize; 3]) -> f64 {
        let t = &*self.moves.tour;
        let [a, c, e] = cuts.map(|place| t.exit_before(place));
        let [b, d, f] = [a, c, e].map(|exit| t.hops.mate(exit));
        let link = |a, b| f64::from(t.hops.link(a, b));
        let old = f64::from(b.cost) + f64::from(d.cost) + f64::from(f.cost);
        let new = link(a, d.end) + link(e, b.end) + link(c, f.end);
        // a b … c d … e f becomes a d … e b … c f.
        let pairs = [a, b.end, e, f.end, c, d.end];
        if !self.moves.exchange(&pairs) {
            return 0.0;
        }
        for end in pairs {
            self.queue.push(end);
        }
        old - new
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

    /// Above 0, and 1 at most.
    fn share(&mut self) -> f64 {
        (self.below(1 << 24) + 1) as f64 / (1 << 24) as f64
    }
}
