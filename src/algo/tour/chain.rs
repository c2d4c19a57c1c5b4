//! Alternating moves: hops are taken away and others put in, one after the other
//! (Lin & Kernighan 1973).
//!
//! From an end whose hop is taken away to a near one, whose own hop goes too, and so
//! on, as long as more is taken than given. As each end has one hop, only what is
//! put in has to be chosen. What is most open is looked at first, and an end that was
//! reached as cheaply before is not looked at again: within a budget that sees longer
//! moves than a search that tries a fixed number of ends at each depth. Nothing is
//! changed before a move is known to help.

use super::hops::Hops;
use super::neighbours::Neighbours;
use super::progress::Progress;
use crate::geom::Point;
use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

/// Most hops that a move takes away.
pub(super) const DEPTH: usize = 16;

/// Gains below this share of what is taken away are not worth the work.
const ROUNDING: f64 = 1e-9;

/// What may be done with hops.
pub(super) trait Moves<'a, H: 'a> {
    fn hops(&self) -> &Hops<'a, H>;
    /// Takes the hops between the ends of each pair away, and joins the second of
    /// each pair to the first of the next, round the end; `false`, and nothing is
    /// changed, where that is not allowed.
    fn exchange(&mut self, pairs: &[u32]) -> bool;
    /// Starts a closed node elsewhere.
    fn start_at(&mut self, node: u32, choice: u32);
}

/// How far a search goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Width {
    /// Most hops of a move, [`DEPTH`] at most.
    pub(super) depth: usize,
    /// Most ends that are gone on from, for one hop that is taken away first.
    pub(super) tries: usize,
    /// Whether a move that helps is made as soon as it is seen, the best of those that
    /// are seen at once first; else when nothing is more open. Where few moves are
    /// allowed that finds more of them, where all are, less.
    pub(super) eager: bool,
    /// Least gain of a move, as a share of the first hop taken away.
    pub(super) least: f64,
}

/// The caller is asked once in so many ends whether to go on.
const ASKED: usize = 4096;

/// Ends that are still to be looked at, each once.
pub(super) struct Queue<'p> {
    progress: &'p Progress<'p>,
    looked_at: usize,
    queue: VecDeque<u32>,
    queued: Vec<bool>,
    steps: Vec<Step>,
    open: BinaryHeap<Open>,
    /// In which search each end was reached, and what was open then.
    reached: Vec<(u32, f32)>,
    searches: u32,
    /// Moves that help, if they are allowed.
    closing: Vec<Closing>,
    /// Ends of the hops taken away, in pairs.
    chain: Vec<u32>,
}

/// A hop that is taken away.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// What has been taken away so far less what has been put in.
    rest: f64,
    /// What has been taken away so far.
    taken: f64,
    /// The end that was hopped to, and where its hop led.
    ends: [u32; 2],
    /// The step before, by number; the first is its own.
    before: u32,
    depth: u16,
    /// How many of the hops taken away lead from one group to another, less those put in:
    /// never below 0, as a group would be taken apart.
    between: i16,
}

/// A move that ends with a step.
#[derive(Clone, Copy, Debug)]
struct Closing {
    gain: f64,
    step: u32,
}

/// A step to go on from.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Open {
    rest: f64,
    step: u32,
}

impl Eq for Open {}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        // Among equals the one found first.
        let rest = self.rest.total_cmp(&other.rest);
        rest.then(other.step.cmp(&self.step))
    }
}

impl<'p> Queue<'p> {
    pub(super) fn new(nodes: usize, progress: &'p Progress<'p>) -> Self {
        Self {
            progress,
            looked_at: 0,
            queue: VecDeque::new(),
            queued: vec![false; 2 * nodes],
            steps: Vec::new(),
            open: BinaryHeap::new(),
            reached: vec![(0, 0.0); 2 * nodes],
            searches: 0,
            closing: Vec::new(),
            chain: Vec::with_capacity(2 * DEPTH),
        }
    }

    pub(super) fn push(&mut self, end: u32) {
        if !std::mem::replace(&mut self.queued[end as usize], true) {
            self.queue.push_back(end);
        }
    }

    /// Makes moves until none that begins at a queued end helps, or the caller wants
    /// no more; gives what was gained.
    pub(super) fn drain<'a, H: Fn(Point, Point) -> f64 + Sync + 'a>(
        &mut self,
        moves: &mut impl Moves<'a, H>,
        near: &Neighbours,
        width: &Width,
    ) -> f64 {
        let mut gained = 0.0;
        while let Some(end) = self.queue.pop_front() {
            self.queued[end as usize] = false;
            self.looked_at += 1;
            if self.looked_at.is_multiple_of(ASKED) && !self.progress.add(0) {
                self.clear();
                break;
            }
            if let Some((choice, gain)) = moves.hops().better_start(end / 2) {
                moves.start_at(end / 2, choice);
                gained += gain;
                self.push(end ^ 1);
            }
            while let Some(gain) = self.improve(end, moves, near, width) {
                gained += gain;
            }
        }
        gained
    }

    fn clear(&mut self) {
        for end in self.queue.drain(..) {
            self.queued[end as usize] = false;
        }
    }

    /// Takes away the hop at `end` if that leads to something shorter; gives the gain.
    fn improve<'a, H: Fn(Point, Point) -> f64 + Sync + 'a>(
        &mut self,
        end: u32,
        moves: &mut impl Moves<'a, H>,
        near: &Neighbours,
        width: &Width,
    ) -> Option<f64> {
        let mate = moves.hops().mate(end);
        if mate.cost <= 0.0 {
            return None;
        }
        let old = f64::from(mate.cost);
        let least = width.least * old;
        self.searches += 1;
        self.steps.clear();
        self.open.clear();
        self.steps.push(Step {
            rest: old,
            between: moves.hops().between(end, mate.end),
            taken: old,
            ends: [end, mate.end],
            before: 0,
            depth: 1,
        });
        self.closing.clear();
        self.extend(0, moves.hops(), near, width);
        for _ in 1..width.tries {
            if let Some(gain) = self.close(moves, least) {
                return Some(gain);
            }
            let Open { step, .. } = self.open.pop()?;
            let Step {
                rest, ends, depth, ..
            } = self.steps[step as usize];
            if !width.eager {
                let gain = rest - f64::from(moves.hops().link(ends[1], end));
                self.closing.push(Closing { gain, step });
                if let Some(gain) = self.close(moves, least) {
                    return Some(gain);
                }
            }
            if (depth as usize) < width.depth {
                self.extend(step, moves.hops(), near, width);
            }
        }
        None
    }

    /// Makes the best of the moves that have been found and are allowed; gives its gain.
    fn close<'a, H: Fn(Point, Point) -> f64 + Sync + 'a>(
        &mut self,
        moves: &mut impl Moves<'a, H>,
        least: f64,
    ) -> Option<f64> {
        let by_gain =
            |a: &Closing, b: &Closing| a.gain.total_cmp(&b.gain).then(b.step.cmp(&a.step));
        self.closing.sort_unstable_by(by_gain);
        while let Some(Closing { gain, step }) = self.closing.pop() {
            let Step {
                taken,
                ends,
                between,
                ..
            } = self.steps[step as usize];
            let more = moves.hops().between(ends[1], self.steps[0].ends[0]);
            if gain <= least.max(ROUNDING * taken) || between < more {
                continue;
            }
            self.follow(step);
            if moves.exchange(&self.chain) {
                for i in 0..self.chain.len() {
                    self.push(self.chain[i]);
                }
                return Some(gain);
            }
        }
        None
    }

    /// Notes the steps that can follow a step.
    fn extend<H: Fn(Point, Point) -> f64 + Sync>(
        &mut self,
        before: u32,
        hops: &Hops<'_, H>,
        near: &Neighbours,
        width: &Width,
    ) {
        // Where there are no groups, nothing is asked about them.
        if hops.groups().is_some() {
            self.extend_among::<H, true>(before, hops, near, width);
        } else {
            self.extend_among::<H, false>(before, hops, near, width);
        }
    }

    fn extend_among<H: Fn(Point, Point) -> f64 + Sync, const GROUPS: bool>(
        &mut self,
        before: u32,
        hops: &Hops<'_, H>,
        near: &Neighbours,
        width: &Width,
    ) {
        let Step {
            rest,
            taken,
            ends: [_, last],
            depth,
            between,
            ..
        } = self.steps[before as usize];
        let first = self.steps[0].ends[0];
        let stale = hops.has_moved(last / 2);
        // Between groups hops are few and long: one may cost more for now.
        let most = if GROUPS && between > 0 {
            rest + self.steps[0].taken
        } else {
            rest
        };
        for link in near.of(last) {
            let mut added = f64::from(link.cost);
            if stale || hops.has_moved(link.end() / 2) {
                added = f64::from(hops.link(last, link.end()));
                if added >= most {
                    continue;
                }
            }
            // The others cost more.
            if added >= most {
                break;
            }
            let sides = if link.is_either() { 2 } else { 1 };
            for end in (0..sides).map(|side| link.end() ^ side) {
                let next = hops.mate(end);
                let rest = rest - added + f64::from(next.cost);
                let mut left = between;
                if GROUPS {
                    left -= hops.between(last, end);
                    if left < 0 {
                        continue;
                    }
                    left += hops.between(end, next.end);
                }
                let reached = &mut self.reached[end as usize];
                let known = reached.0 == self.searches && f64::from(reached.1) >= rest;
                if known || end / 2 == last / 2 || on_the_way(&self.steps, before, end) {
                    continue;
                }
                *reached = (self.searches, rest as f32);
                let gain = if width.eager {
                    rest - f64::from(hops.link(next.end, first))
                } else {
                    0.0
                };
                let goes_on = !width.eager || (depth as usize) + 1 < width.depth;
                if gain <= 0.0 && !goes_on {
                    continue;
                }
                let step = self.steps.len() as u32;
                self.steps.push(Step {
                    rest,
                    taken: taken + f64::from(next.cost),
                    ends: [end, next.end],
                    before,
                    depth: depth + 1,
                    between: left,
                });
                if gain > 0.0 {
                    self.closing.push(Closing { gain, step });
                }
                if goes_on {
                    self.open.push(Open { rest, step });
                }
            }
        }
    }

    /// Makes the chain that of the steps up to one.
    fn follow(&mut self, step: u32) {
        self.chain.clear();
        let mut at = step;
        loop {
            let Step { ends, before, .. } = self.steps[at as usize];
            self.chain.extend([ends[1], ends[0]]);
            if at == before {
                break;
            }
            at = before;
        }
        self.chain.reverse();
    }
}

/// Whether a hop at `end` is taken away by a step or one before it.
fn on_the_way(steps: &[Step], mut step: u32, end: u32) -> bool {
    loop {
        let Step { ends, before, .. } = steps[step as usize];
        if ends.contains(&end) {
            return true;
        }
        if step == before {
            return false;
        }
        step = before;
    }
}
