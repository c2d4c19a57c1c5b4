//! The tour: its hops, and who stands where.

use super::constraint::Constraints;
use super::groups::Groups;
use super::hops::Hops;
use crate::geom::Point;
use std::ops::Range;

/// Nodes in order. It goes round: behind the last place comes the first. It may be
/// the tour run backwards, and home may stand anywhere, but where there is
/// precedence: there home stays in place 0.
pub(super) struct Tour<'a, H> {
    pub(super) hops: Hops<'a, H>,
    /// The end at which the node at each place is entered.
    order: Vec<u32>,
    /// Where each node stands in `order`.
    place: Vec<u32>,
    /// Exchanges that can be taken back: their pairs, then how many ends that is.
    undo: Vec<u32>,
    keeps_undo: bool,
    pieces: Vec<Piece>,
    scratch: Vec<u32>,
}

/// A tour to come back to.
pub(super) struct Saved {
    cost: f64,
    order: Vec<u32>,
    chosen: Vec<u32>,
}

impl Saved {
    pub(super) const fn cost(&self) -> f64 {
        self.cost
    }
}

/// Places `from` and on, round the end, as they follow each other in a new order.
#[derive(Clone, Copy, Debug)]
struct Piece {
    from: usize,
    length: usize,
    turned: bool,
}

impl<'a, H: Fn(Point, Point) -> f64 + Sync> Tour<'a, H> {
    /// The nodes as they are numbered, each from its first end to its second.
    pub(super) fn new(hops: Hops<'a, H>) -> Self {
        let n = hops.nodes() as u32;
        let mut tour = Self {
            hops,
            order: Vec::new(),
            place: vec![0; n as usize],
            undo: Vec::new(),
            keeps_undo: false,
            pieces: Vec::new(),
            scratch: Vec::new(),
        };
        tour.set_order((1..n).map(|node| 2 * node));
        tour
    }

    pub(super) const fn len(&self) -> usize {
        self.place.len()
    }

    /// Takes over an order of nodes (home not named) by the ends where they are
    /// entered.
    pub(super) fn set_order(&mut self, entries: impl IntoIterator<Item = u32>) {
        self.order.clear();
        self.order.push(0);
        self.order.extend(entries);
        self.renumber();
        self.rejoin();
    }

    /// Makes the hops those of the order.
    fn rejoin(&mut self) {
        for place in 0..self.len() {
            let exit = self.exit_before(place);
            self.hops.join(exit, self.order[place]);
        }
    }

    /// The ends where nodes are entered, in order, home left out, once the tour is
    /// settled.
    pub(super) fn entries(&self) -> &[u32] {
        &self.order[1..]
    }

    /// The tour as it is, to come back to.
    pub(super) fn saved(&self) -> Saved {
        Saved {
            cost: self.cost(),
            order: self.order.clone(),
            chosen: self.hops.choices().chosen.clone(),
        }
    }

    /// Goes back to what was saved if that costs less.
    pub(super) fn keep_better(&mut self, saved: Saved) {
        if self.cost() <= saved.cost {
            return;
        }
        for (node, choice) in (0..).zip(saved.chosen) {
            if choice != self.hops.start_of(node) {
                self.hops.start_at(node, choice);
            }
        }
        self.order = saved.order;
        self.renumber();
        self.rejoin();
    }

    /// Notes where each node stands.
    fn renumber(&mut self) {
        for (place, &entry) in self.order.iter().enumerate() {
            self.place[(entry / 2) as usize] = place as u32;
        }
    }

    /// What all hops cost.
    fn cost(&self) -> f64 {
        let costs = self.order.iter().map(|&entry| self.hops.mate(entry).cost);
        costs.map(f64::from).sum()
    }

    /// The node at a place.
    pub(super) fn at(&self, place: usize) -> u32 {
        self.order[place] / 2
    }

    /// The first place of the group at a place, where groups are together and home
    /// stands first.
    pub(super) fn begin_of_group(&self, groups: &Groups, place: usize) -> usize {
        let group = groups.of(self.at(place));
        let (mut from, mut to) = (
            (place + 1).saturating_sub(groups.size(self.at(place))),
            place,
        );
        while from < to {
            let middle = usize::midpoint(from, to);
            if groups.of(self.at(middle)) == group {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        to
    }

    /// The exit of the node before a place, round the end.
    pub(super) fn exit_before(&self, place: usize) -> u32 {
        let before = if place == 0 { self.len() } else { place } - 1;
        self.order[before] ^ 1
    }

    /// The place that the hop between `a` and `b` leads to, and whether `a` is the
    /// entry there.
    fn cut(&self, a: u32, b: u32) -> (usize, bool) {
        let place = self.place[(a / 2) as usize] as usize;
        if self.order[place] == a {
            (place, true)
        } else {
            (self.place[(b / 2) as usize] as usize, false)
        }
    }

    /// Takes hops away and puts others in, see [`Hops::exchange`]; `false`, and
    /// nothing is changed, where that leaves more than one tour, where all but the
    /// longest piece have more than `most` nodes, or where the constraints forbid it.
    pub(super) fn exchange(
        &mut self,
        pairs: &[u32],
        most: usize,
        constraints: &Constraints,
    ) -> bool {
        if !constraints.keeps_groups(pairs)
            || !self.leaves_one_tour(pairs)
            || !self.rewrite(most, constraints)
        {
            return false;
        }
        self.hops.exchange(pairs);
        if constraints.has_order() && !self.keeps_order(constraints) {
            self.take_back(pairs.to_vec(), constraints);
            return false;
        }
        if self.keeps_undo {
            self.undo.extend_from_slice(pairs);
            self.undo.push(pairs.len() as u32);
        }
        true
    }

    /// Whether an exchange leaves one tour; if so, `pieces` are its parts in order.
    fn leaves_one_tour(&mut self, pairs: &[u32]) -> bool {
        let hops = pairs.len() / 2;
        // Where the hops taken away lead, sorted: piece `i` begins at place `cuts[i]`.
        // With it stand the exit before and the entry, as indices into the pairs.
        let mut cuts = [(0_usize, 0_usize, 0_usize); MOST_PAIRS];
        for (i, pair) in pairs.chunks_exact(2).enumerate() {
            let (place, first_is_entry) = self.cut(pair[0], pair[1]);
            let (exit, entry) = if first_is_entry {
                (2 * i + 1, 2 * i)
            } else {
                (2 * i, 2 * i + 1)
            };
            cuts[i] = (place, exit, entry);
        }
        let cuts = &mut cuts[..hops];
        cuts.sort_unstable();
        // Which piece an end bounds, and whether the piece ends there.
        let mut piece_of = [(0, false); 2 * MOST_PAIRS];
        for (i, &(_, exit, entry)) in cuts.iter().enumerate() {
            piece_of[entry] = (i, false);
            piece_of[exit] = ((i + hops - 1) % hops, true);
        }
        self.pieces.clear();
        let (mut i, mut turned) = (0, false);
        loop {
            let (from, to) = (cuts[i].0, cuts[(i + 1) % hops].0);
            let round = if to > from { 0 } else { self.place.len() };
            self.pieces.push(Piece {
                from,
                length: to + round - from,
                turned,
            });
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

    /// Puts `pieces`, which are all of the tour, into their order. One stays where it
    /// is: that of home where there are constraints, else the longest.
    fn rewrite(&mut self, most: usize, constraints: &Constraints) -> bool {
        let n = self.len();
        let pieces = &self.pieces;
        let home = |p: &Piece| (self.place[0] as usize + n - p.from) % n < p.length;
        let fixed = if constraints.any() {
            pieces.iter().position(home)
        } else {
            (0..pieces.len()).max_by_key(|&i| pieces[i].length)
        };
        let Some(fixed) = fixed else {
            return false;
        };
        if n - pieces[fixed].length > most {
            return false;
        }
        let backwards = pieces[fixed].turned;
        self.scratch.clear();
        for i in 1..pieces.len() {
            let i = if backwards {
                fixed + pieces.len() - i
            } else {
                fixed + i
            };
            let piece = pieces[i % pieces.len()];
            let end = piece.from + piece.length;
            let parts = [
                &self.order[piece.from..end.min(n)],
                &self.order[..end.saturating_sub(n)],
            ];
            if piece.turned == backwards {
                for part in parts {
                    self.scratch.extend_from_slice(part);
                }
                continue;
            }
            for part in parts.into_iter().rev() {
                if constraints.directed() && part.iter().any(|e| constraints.one_way(e / 2)) {
                    return false;
                }
                self.scratch.extend(part.iter().rev().map(|e| e ^ 1));
            }
        }
        let begin = (pieces[fixed].from + pieces[fixed].length) % n;
        let (first, rest) = self.scratch.split_at(self.scratch.len().min(n - begin));
        for (from, part) in [(begin, first), (0, rest)] {
            self.order[from..from + part.len()].copy_from_slice(part);
            for (place, &entry) in (from as u32..).zip(part) {
                self.place[(entry / 2) as usize] = place;
            }
        }
        true
    }

    /// Whether what was rewritten last stands where it may.
    fn keeps_order(&self, constraints: &Constraints) -> bool {
        self.scratch
            .iter()
            .all(|&entry| constraints.keeps(&self.place, entry / 2))
    }

    /// Does the reverse of an exchange.
    fn take_back(&mut self, mut pairs: Vec<u32>, constraints: &Constraints) {
        // What hops now, run backwards: the first, then the others from the last.
        pairs[1..].reverse();
        let was_so = self.leaves_one_tour(&pairs) && self.rewrite(usize::MAX, constraints);
        debug_assert!(was_so, "the tour was one before, and kept the constraints");
        self.hops.exchange(&pairs);
    }

    /// Whether exchanges are remembered until [`Tour::forget`].
    pub(super) fn keep_undo(&mut self, keep: bool) {
        self.undo.clear();
        self.keeps_undo = keep;
    }

    pub(super) fn forget(&mut self) {
        self.undo.clear();
    }

    /// Takes back what was exchanged since the last [`Tour::forget`].
    pub(super) fn undo(&mut self, constraints: &Constraints) {
        while let Some(ends) = self.undo.pop() {
            if ends == STARTED {
                let was = self.undo.split_off(self.undo.len() - 2);
                self.hops.start_at(was[0], was[1]);
                continue;
            }
            let pairs = self.undo.split_off(self.undo.len() - ends as usize);
            self.take_back(pairs, constraints);
        }
    }

    /// Brings home to place 0, and the rest into the direction in which it is run.
    pub(super) fn settle(&mut self) {
        let home = self.place[0] as usize;
        self.order.rotate_left(home);
        if self.order[0] != 0 {
            self.order[1..].reverse();
            for entry in &mut self.order {
                *entry ^= 1;
            }
        }
        self.renumber();
    }

    /// A settled tour as some of its nodes see it, `nodes` by number: a tour of its
    /// own. A hop between two of them is one of it; all that lies between two such hops
    /// is one node. Also gives the ends that its ends stand for. `None` where there is
    /// nothing to change.
    pub(super) fn region(&self, nodes: Range<u32>) -> Option<(Self, Vec<u32>)> {
        let mut places: Vec<u32> = self.place[nodes.start as usize..nodes.end as usize].to_vec();
        places.sort_unstable();
        let mut cuts: Vec<usize> = places
            .windows(2)
            .filter(|pair| pair[0] + 1 == pair[1])
            .map(|pair| pair[1] as usize)
            .collect();
        let (first, last) = (*places.first()?, *places.last()?);
        let from_home = first == 0 && last as usize + 1 == self.len();
        if from_home {
            cuts.insert(0, 0);
        } else {
            // Home is in the middle of the node that begins at the last cut.
            cuts.rotate_right(1);
        }
        if cuts.len() < 3 {
            return None;
        }
        let mut ends = Vec::with_capacity(2 * cuts.len());
        let mut single = Vec::with_capacity(cuts.len());
        for (i, &from) in cuts.iter().enumerate() {
            let to = cuts[(i + 1) % cuts.len()];
            ends.extend([self.order[from], self.exit_before(to)]);
            let whole = ends[2 * i] ^ 1 == ends[2 * i + 1];
            single.push(whole.then_some(self.order[from] / 2));
        }
        let choices = self.hops.choices().of_some(&single);
        let points = ends.iter().map(|&e| self.hops.point(e)).collect();
        let ends_home = self.hops.ends_home() || !from_home;
        let hops = Hops::new(points, choices, ends_home, self.hops.cost());
        Some((Self::new(hops), ends))
    }

    /// Starts a closed node elsewhere.
    pub(super) fn start_at(&mut self, node: u32, choice: u32) {
        if self.keeps_undo {
            self.undo.extend([node, self.hops.start_of(node), STARTED]);
        }
        self.hops.start_at(node, choice);
    }
}

/// Stands in the log of what can be taken back where a node was started elsewhere.
const STARTED: u32 = u32::MAX;

/// Most hops that an exchange takes away.
const MOST_PAIRS: usize = super::chain::DEPTH;
