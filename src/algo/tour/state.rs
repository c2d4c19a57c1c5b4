//! The tour as arrays: who stands where, which way round.

use super::constraint::Constraints;
use super::{Problem, Stroke, Visit};
use crate::geom::Point;
use std::ops::Range;

/// Stroke `i` is node `i + 1`; node 0 is home. Its entry is where the head must end,
/// its exit where it starts. End `2 * node + side` is a node's end as given.
///
/// The order goes round: behind the last place comes the first. It may be the tour
/// run backwards, and home may stand anywhere, but where there is precedence: there
/// home stays in place 0.
pub(super) struct Tour<'a, H> {
    /// Ends of each node, as given.
    pub(super) ends: Vec<[Point; 2]>,
    /// Nodes in order.
    pub(super) order: Vec<u32>,
    /// Where each node stands in `order`.
    pub(super) place: Vec<u32>,
    /// Whether each node is drawn from its second end to its first.
    pub(super) flipped: Vec<bool>,
    /// The start point of each closed node, counted within its own range.
    pub(super) chosen: Vec<u32>,
    /// Whether both ends of a node are one point.
    pub(super) closed: Vec<bool>,
    ends_home: bool,
    hop: &'a H,
    /// What stood in places before they were rewritten, the oldest first.
    undo: Vec<(u32, u32)>,
    keeps_undo: bool,
    scratch: Vec<u32>,
}

/// Places `from` and on, round the end, as they follow each other in a new order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) from: usize,
    pub(super) length: usize,
    pub(super) turned: bool,
}

impl<'a, H: Fn(Point, Point) -> f64 + Sync> Tour<'a, H> {
    pub(super) fn new(problem: &Problem<'_>, hop: &'a H) -> Self {
        let n = problem.strokes.len() + 1;
        let home = [problem.end.unwrap_or(problem.start), problem.start];
        let mut ends = Vec::with_capacity(n);
        let mut closed = vec![false; n];
        ends.push(home);
        for (i, stroke) in problem.strokes.iter().enumerate() {
            ends.push(match stroke {
                Stroke::Open { ends, .. } => {
                    closed[i + 1] = ends[0] == ends[1];
                    *ends
                }
                Stroke::Closed { starts } => {
                    closed[i + 1] = true;
                    [problem.starts[starts.start as usize]; 2]
                }
            });
        }
        Self {
            ends,
            order: (0..n as u32).collect(),
            place: (0..n as u32).collect(),
            flipped: vec![false; n],
            chosen: vec![0; n],
            closed,
            ends_home: problem.end.is_some(),
            hop,
            undo: Vec::new(),
            keeps_undo: false,
            scratch: Vec::new(),
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether the tour's last hop counts.
    pub(super) const fn ends_home(&self) -> bool {
        self.ends_home
    }

    /// Takes over an order of nodes (home not named) with their directions.
    pub(super) fn set_order(&mut self, order: Vec<(u32, bool)>) {
        self.order.clear();
        self.put(0, false);
        for (node, flipped) in order {
            self.put(node, flipped);
        }
    }

    fn put(&mut self, node: u32, flipped: bool) {
        self.flipped[node as usize] = flipped;
        self.place[node as usize] = self.order.len() as u32;
        self.order.push(node);
    }

    pub(super) fn entry(&self, node: u32) -> Point {
        self.point(self.entry_end(node))
    }

    pub(super) fn exit(&self, node: u32) -> Point {
        self.point(self.entry_end(node) ^ 1)
    }

    fn point(&self, end: u32) -> Point {
        self.ends[(end / 2) as usize][(end % 2) as usize]
    }

    fn entry_end(&self, node: u32) -> u32 {
        2 * node + u32::from(self.flipped[node as usize])
    }

    pub(super) fn is_exit(&self, end: u32) -> bool {
        (end % 2 == 1) != self.flipped[(end / 2) as usize]
    }

    /// The end at the other side of the hop at `end`.
    pub(super) fn partner(&self, end: u32) -> u32 {
        let place = self.place[(end / 2) as usize] as usize;
        if self.is_exit(end) {
            self.entry_end(self.at(place + 1))
        } else {
            self.end_before(place)
        }
    }

    /// The place behind an exit.
    pub(super) fn place_behind(&self, exit: u32) -> usize {
        let next = self.place[(exit / 2) as usize] as usize + 1;
        if next == self.len() { 0 } else { next }
    }

    /// The exit of the node before a place.
    pub(super) fn end_before(&self, place: usize) -> u32 {
        let before = if place == 0 { self.len() } else { place } - 1;
        self.entry_end(self.order[before]) ^ 1
    }

    pub(super) fn hop(&self, a: Point, b: Point) -> f64 {
        (self.hop)(a, b)
    }

    /// The node at a place; that in the first behind the last.
    pub(super) fn at(&self, place: usize) -> u32 {
        self.order[if place == self.len() { 0 } else { place }]
    }

    /// The cost of a hop between two ends; going home is free when the head may end
    /// anywhere.
    pub(super) fn link(&self, a: u32, b: u32) -> f64 {
        if (a == 0 || b == 0) && !self.ends_home {
            0.0
        } else {
            self.hop(self.point(a), self.point(b))
        }
    }

    /// Puts pieces, which are all of the tour, into a new order. One stays where it
    /// is; `false`, and nothing is changed, where the others have more than `most`
    /// nodes, or where the constraints forbid it.
    pub(super) fn rewrite(
        &mut self,
        pieces: &[Piece],
        most: usize,
        constraints: &Constraints,
    ) -> bool {
        let n = self.len();
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
            let turned = piece.turned != backwards;
            for k in 0..piece.length {
                let k = if turned { piece.length - 1 - k } else { k };
                let place = piece.from + k;
                let node = self.order[if place >= n { place - n } else { place }];
                if turned && constraints.one_way(node) {
                    return false;
                }
                let flipped = self.flipped[node as usize] != turned;
                self.scratch.push(2 * node + u32::from(flipped));
            }
        }
        let begin = pieces[fixed].from + pieces[fixed].length;
        let mark = self.undo.len();
        let keep = self.keeps_undo || constraints.has_order();
        let scratch = std::mem::take(&mut self.scratch);
        for (k, &now) in scratch.iter().enumerate() {
            let place = if begin + k >= n {
                begin + k - n
            } else {
                begin + k
            };
            if keep {
                let was = self.order[place];
                self.undo.push((place as u32, self.entry_end(was)));
            }
            self.order[place] = now / 2;
        }
        for (k, &now) in scratch.iter().enumerate() {
            let place = if begin + k >= n {
                begin + k - n
            } else {
                begin + k
            };
            self.place[(now / 2) as usize] = place as u32;
            self.flipped[(now / 2) as usize] = now % 2 == 1;
        }
        let allowed = !constraints.has_order()
            || scratch
                .iter()
                .all(|&now| constraints.keeps(&self.place, now / 2));
        self.scratch = scratch;
        if !allowed {
            self.undo_to(mark);
        } else if !self.keeps_undo {
            self.undo.clear();
        }
        allowed
    }

    /// Whether rewritten places are remembered until [`Tour::forget`].
    pub(super) fn keep_undo(&mut self, keep: bool) {
        self.undo.clear();
        self.keeps_undo = keep;
    }

    pub(super) fn forget(&mut self) {
        self.undo.clear();
    }

    /// Takes back what was rewritten since the last [`Tour::forget`].
    pub(super) fn undo(&mut self) {
        self.undo_to(0);
    }

    fn undo_to(&mut self, mark: usize) {
        while self.undo.len() > mark
            && let Some((place, was)) = self.undo.pop()
        {
            let node = was / 2;
            self.order[place as usize] = node;
            self.place[node as usize] = place;
            self.flipped[node as usize] = was % 2 == 1;
        }
    }

    /// Brings home to place 0, and the rest into the direction in which it is run.
    pub(super) fn settle(&mut self) {
        let home = self.place[0] as usize;
        self.order.rotate_left(home);
        if self.flipped[0] {
            self.order[1..].reverse();
            for f in &mut self.flipped {
                *f = !*f;
            }
        }
        for (i, &node) in self.order.iter().enumerate() {
            self.place[node as usize] = i as u32;
        }
    }

    /// A stretch of a settled tour as a tour of its own: node `i` stands for the one
    /// at the `i`th place of the stretch, not flipped. Home is what is around it.
    pub(super) fn window(&self, places: Range<usize>) -> Self {
        let last = places.end == self.len();
        let around = [
            self.entry(self.at(places.end)),
            self.exit(self.at(places.start - 1)),
        ];
        let nodes = || self.order[places.clone()].iter();
        let n = places.len() + 1;
        Self {
            ends: std::iter::once(around)
                .chain(nodes().map(|&node| [self.entry(node), self.exit(node)]))
                .collect(),
            order: (0..n as u32).collect(),
            place: (0..n as u32).collect(),
            flipped: vec![false; n],
            chosen: vec![0; n],
            closed: std::iter::once(false)
                .chain(nodes().map(|&node| self.closed[node as usize]))
                .collect(),
            ends_home: self.ends_home || !last,
            hop: self.hop,
            undo: Vec::new(),
            keeps_undo: false,
            scratch: Vec::new(),
        }
    }

    /// The nodes of a settled tour without home, each with whether it is flipped.
    pub(super) fn order_of_nodes(&self) -> Vec<(u32, bool)> {
        let nodes = self.order[1..].iter();
        nodes.map(|&n| (n, self.flipped[n as usize])).collect()
    }

    /// Takes over what became of the window that begins at a place.
    pub(super) fn put_window(&mut self, begin: usize, order: &[(u32, bool)]) {
        let was: Vec<u32> = self.order[begin..begin + order.len()].to_vec();
        for (i, &(node, flipped)) in order.iter().enumerate() {
            let node = was[node as usize - 1];
            self.order[begin + i] = node;
            self.place[node as usize] = (begin + i) as u32;
            self.flipped[node as usize] ^= flipped;
        }
    }

    /// The strokes in order, once home is in place 0.
    pub(super) fn visits(&self) -> Vec<Visit> {
        self.order[1..]
            .iter()
            .map(|&node| {
                let closed = self.closed[node as usize];
                Visit {
                    stroke: node - 1,
                    reversed: !closed && self.flipped[node as usize],
                    start: self.chosen[node as usize],
                }
            })
            .collect()
    }
}
